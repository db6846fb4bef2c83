"""The citizens' pages as the server sends them; what the pages do is tested in tests/browser."""

import gzip
from pathlib import Path

import pytest

from tests.http import code_of
from tests.platform.builds import SCRIPT, leave_build


@pytest.fixture
def built(tmp_path: Path, app, monkeypatch) -> Path:
    folder = leave_build(tmp_path, "citizens")
    (folder / "static").mkdir()
    (folder / "static" / "leaf.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "secret.txt").write_text("not part of the pages")
    monkeypatch.setitem(app.config, "SITE_FILES", folder)
    return folder


@pytest.fixture
def get(app):
    """Asks for a path and reads the whole answer."""

    def ask(path: str, **headers: str):
        with app.test_client().get(path, headers=headers) as answer:
            answer.get_data()
            return answer

    return ask


@pytest.mark.parametrize("path", ["/", "/?code=081abc&state=x1"])
def test_the_bare_address_is_the_page_also_on_the_way_back_from_wechat(built, get, path):
    answer = get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "<title>citizens</title>" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_an_address_to_print_leads_to_the_page_of_verification(built, get):
    answer = get("/verify")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/#/pages-vote/verify/index")


def test_a_label_leads_to_the_page_of_its_item(get):
    """Whether or not there is one: the page says so."""
    for path in ("/k/7", "/k/999999"):
        answer = get(path)
        page = f"/#/pages-knowledge/item/index?id={path[3:]}"
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    for path in ("/k/", "/k/x", "/k/0", "/k/-1", "/k/1/2", f"/k/{10**19}"):
        assert get(path).status_code == 404


def test_the_page_has_a_strict_policy_of_its_own(built, get):
    headers = get("/").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_an_unchanged_page_is_not_sent_again(built, get):
    etag = get("/").headers["ETag"]
    assert get("/", **{"If-None-Match": etag}).status_code == 304
    (built / "index.html").write_text("<!doctype html><title>the next release</title>")
    assert "the next release" in get("/", **{"If-None-Match": etag}).text


def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(built, get):
    kept = get("/assets/index-abc123.js")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (kept.mimetype, kept.text) == ("text/javascript", SCRIPT)
    picture = get("/static/leaf.svg")
    assert picture.headers["Cache-Control"] == "no-cache"
    assert picture.mimetype == "image/svg+xml"
    # A drawing opened by itself may not run anything.
    assert picture.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_files_are_sent_as_the_build_packed_them(built, get):
    packed = get("/assets/index-abc123.js", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).decode() == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone-000000.js",
        "/assets/",
        "/static/gone.svg",
        "/static",
        "/assets/..%2f..%2fwsgi.py",
        "/static/%2e%2e/%2e%2e/wsgi.py",
        "/secret.txt",
        "/index.html",
        "/campaigns/7",
        "/api/v1/nowhere",
        "/wsgi.py",
    ],
)
def test_all_else_is_not_found(built, get, path):
    answer = get(path)
    assert answer.status_code == 404
    assert code_of(answer) == "not_found"


@pytest.mark.parametrize(
    ("path", "mimetype"),
    [
        ("/healthz", "application/json"),
        ("/docs/", "text/html"),
        ("/api/v1/contests", "application/json"),
        ("/console/", "text/html"),
    ],
)
def test_what_was_there_before_is_still_there(built, get, path, mimetype):
    answer = get(path)
    assert answer.mimetype == mimetype
    assert "<title>citizens</title>" not in answer.text


def test_only_reading_is_possible(built, app):
    assert app.test_client().post("/").status_code == 405


def test_without_a_build_the_page_says_what_to_do(app, get, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_FILES", tmp_path)
    answer = get("/")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "市民端还没有构建" in answer.text
    assert "make run" in answer.text
