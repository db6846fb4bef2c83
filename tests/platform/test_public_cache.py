"""The small cache in front of Flask."""

from collections.abc import Callable

import pytest

from server import public_cache
from server.public_cache import STALE_SECONDS, PublicCache


class Upstream:
    """A WSGI app that counts its calls and answers as it is told."""

    def __init__(self) -> None:
        self.calls = 0
        self.status = "200 OK"
        self.cache_control = "public, max-age=1"
        self.content_type = "application/json"
        self.while_answering: Callable[[], None] = lambda: None

    def __call__(self, environ, start_response):
        self.calls += 1
        self.known_etags = environ.get("HTTP_IF_NONE_MATCH")
        self.while_answering()
        headers = [
            ("Content-Type", self.content_type),
            ("Cache-Control", self.cache_control),
            ("ETag", f'"{self.calls}"'),
        ]
        start_response(self.status, headers)
        return Body([f"answer {self.calls}".encode()])


class Body(list):
    is_closed = False

    def close(self) -> None:
        Body.is_closed = True


class Ticks:
    now = 10.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def get(upstream, ticks):
    cache = PublicCache(upstream, below="/api/", monotonic=ticks)

    def ask(path: str = "/api/a", query: str = "", method: str = "GET", **headers: str):
        answer = {}

        def start(status, headers, exc_info=None):
            answer.update(status=status, headers=headers)

        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query} | headers
        body = cache(environ, start)
        # What a wrapper further out adds to one answer must not show in the next.
        answer["headers"].append(("X-Request-ID", "1"))
        return answer["status"], b"".join(body).decode(), answer["headers"]

    return ask


def test_an_answer_is_kept_as_long_as_it_says(get, upstream, ticks):
    assert [get()[1], get()[1]] == ["answer 1", "answer 1"]
    ticks.now += 0.999
    assert get()[1] == "answer 1"
    ticks.now += 0.001
    assert get()[1] == "answer 2"
    assert upstream.calls == 2
    assert Body.is_closed


def test_headers_of_one_answer_do_not_leak_into_the_next(get):
    get()
    _, _, headers = get()
    assert [name for name, _ in headers].count("X-Request-ID") == 1


def test_path_query_and_method_tell_answers_apart(get, upstream):
    answers = [
        get(),
        get(query="page=2"),
        get(path="/api/b"),
        get(method="POST"),
        get(method="HEAD"),
    ]
    assert len({body for _, body, _ in answers}) == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cache_control", "no-store"),
        ("cache_control", "public, max-age=0"),
        ("cache_control", "private, max-age=9"),
        ("status", "404 NOT FOUND"),
        ("status", "503 SERVICE UNAVAILABLE"),
        ("content_type", "text/html"),
    ],
)
def test_what_is_not_kept(get, upstream, name, value):
    setattr(upstream, name, value)
    assert [get()[1], get()[1]] == ["answer 1", "answer 2"]


def test_while_one_renews_the_others_get_the_stale_answer(get, upstream, ticks):
    get()
    ticks.now += 2
    seen = []
    upstream.while_answering = lambda: seen.append(get()[1])
    assert get()[1] == "answer 2"
    assert seen == ["answer 1"]


def test_an_answer_long_out_of_date_stands_in_for_nothing(get, upstream, ticks):
    get()
    ticks.now += 1 + STALE_SECONDS
    seen = []

    def look_once() -> None:
        upstream.while_answering = lambda: None
        seen.append(get()[1])

    upstream.while_answering = look_once
    get()
    assert seen == ["answer 3"]


def test_an_error_leaves_the_stale_answer_for_the_others_but_not_for_long(get, upstream, ticks):
    get()
    ticks.now += 2
    upstream.status = "503 SERVICE UNAVAILABLE"
    assert get()[0] == "503 SERVICE UNAVAILABLE"
    assert get()[:2] == ("200 OK", "answer 1")
    ticks.now += STALE_SECONDS
    assert [get()[0], get()[0]] == ["503 SERVICE UNAVAILABLE"] * 2


def test_what_is_gone_is_gone_for_everybody(get, upstream, ticks):
    get()
    ticks.now += 2
    upstream.status = "404 NOT FOUND"
    assert [get()[0], get()[0]] == ["404 NOT FOUND"] * 2


def test_an_unchanged_answer_is_not_sent_again(get):
    get()
    for known in ('"1"', 'W/"1"', '"0", "1"'):
        status, body, headers = get(HTTP_IF_NONE_MATCH=known)
        assert (status, body) == ("304 NOT MODIFIED", "")
        assert ("ETag", '"1"') in headers
        assert ("Cache-Control", "public, max-age=1") in headers
    assert get(HTTP_IF_NONE_MATCH='"11"')[1] == "answer 1"


def test_a_conditional_request_fills_the_cache_too(get, upstream):
    assert get(HTTP_IF_NONE_MATCH='"1"')[0] == "304 NOT MODIFIED"
    assert get()[1] == "answer 1"
    assert upstream.calls == 1


@pytest.mark.parametrize("path", ["/", "/files/a", "/console/", "/apiary"])
def test_pages_and_files_pass_by_with_all_that_was_asked(get, upstream, path):
    asked = [get(path=path, HTTP_IF_NONE_MATCH='"1"')[0] for _ in range(2)]
    assert (asked, upstream.calls) == (["200 OK", "200 OK"], 2)
    assert upstream.known_etags == '"1"'


def test_it_does_not_grow_without_bound_and_keeps_what_is_asked_for(get, upstream, monkeypatch):
    monkeypatch.setattr(public_cache, "MOST_BYTES", 10 * (public_cache.BYTES_BESIDES + 100))
    get(path="/api/popular")
    for number in range(50):
        get(path=f"/api/{number}")
        get(path="/api/popular")
    assert upstream.calls == 51
    get(path="/api/0")
    assert upstream.calls == 52
