"""Whatever is sent, the answer is a problem with a 4xx, never a 5xx and never HTML."""

import json

import pytest

from tests.http import code_of

SIGN_IN = "/api/v1/auth/wechat"


@pytest.fixture
def send(app):
    def post(data: bytes, content_type: str = "application/json", path: str = SIGN_IN):
        return app.test_client().post(path, data=data, content_type=content_type)

    return post


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'code': 'x'}",
        b'{"code": "x",}',
        b'{"code": NaN}',
        b'{"code": Infinity}',
        b'{"code": "x", "code": "y"}',
        b'\xff\xfe{"code"}',
        b'{"code": ' + b"9" * 5000 + b"}",
        b"[" * 30_000 + b"]" * 30_000,
        b'{"code":' * 7_000 + b"1" + b"}" * 7_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_malformed_json(send, body):
    answer = send(body)
    assert (answer.status_code, code_of(answer)) == (400, "malformed_request")


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"text"', b"true"])
def test_json_that_is_no_object(send, body):
    answer = send(body)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert answer.get_json()["errors"] == {"body": ["应是一个 JSON 对象。"]}


@pytest.mark.parametrize(
    "value", [7, 1.5, True, None, [], {}, "", "x" * 513, "a\0b", "\ud800", "a\x1bb"]
)
def test_wrong_values(send, value):
    answer = send(json.dumps({"code": value}).encode())
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert list(answer.get_json()["errors"]) == ["code"]


def test_the_name_of_an_unknown_field_may_be_anything(send):
    answer = send(b'{"code": "x", "\\ud800": 1}')
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


def test_a_route_without_parameters_refuses_them(app):
    """Each spelling of a query would otherwise be an answer of its own to keep."""
    answer = app.test_client().get("/api/v1/contests?x=1")
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


class BrokenStream:
    """A client that hangs up, or whose chunks are none: gunicorn raises errors of its own."""

    def read(self, *_size):
        raise RuntimeError("bad chunk")


@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "20"}, {"wsgi.input_terminated": True}])
def test_a_body_that_cannot_be_read(app, length):
    answer = app.test_client().post(
        SIGN_IN,
        content_type="application/json",
        environ_overrides={"wsgi.input": BrokenStream()} | length,
    )
    assert (answer.status_code, code_of(answer)) == (400, "malformed_request")


@pytest.mark.parametrize("value", [0, -1, 2**63, 10**30, 1.0, "1", True, None, [1]])
def test_wrong_ids_in_a_body(http, make, value):
    campaign = make.campaign()
    answer = http.post(
        f"/campaigns/{campaign.id}/ballots",
        {"entry_id": value},
        token=make.citizen().token,
        headers={"Idempotency-Key": "k"},
    )
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_other_formats_than_json(send, content_type):
    answer = send(b'{"code": "x"}', content_type)
    assert (answer.status_code, code_of(answer)) == (415, "not_json")


def test_a_body_of_ten_megabytes(send):
    answer = send(b'{"code": "' + b"x" * 10_000_000 + b'"}')
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page",
        "/api/v1/none",
        "/api/v1/campaigns/0",
        "/api/v1/campaigns/-1",
        "/api/v1/campaigns/01",
        "/api/v1/campaigns/9223372036854775808",
        "/api/v1/campaigns/99999999999999999999999",
        "/api/v1/campaigns/1%00",
        "/api/v1/campaigns/%E2%91%A0",
        "/api/v1/campaigns/../../etc/passwd",
        "/docs/..%2f..%2fwsgi.py",
        "/docs/%00",
    ],
)
def test_paths_to_nothing(app, path):
    answer = app.test_client().get(path)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=１０",
        "limit=1e9",
        "limit=99999999999999999999",
        "limit=",
        "limit=1&limit=2",
        "status=unknown",
        "status=",
        "cursor=",
        "unknown=1",
        "contest=%00",
        "division=1506021",
    ],
)
def test_wrong_queries(app, query):
    answer = app.test_client().get(f"/api/v1/campaigns?{query}")
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert answer.get_json()["errors"]


def test_errors_name_the_field_in_the_readers_language(app):
    answer = app.test_client().get("/api/v1/campaigns?limit=0&colour=red")
    assert answer.get_json()["errors"] == {
        "limit": ["应在 1 到 100 之间。"],
        "colour": ["不认识这一项，请去掉。"],
    }
    assert answer.headers["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("en-US,en;q=0.9", "zh-Hans"),
        ("mn-Mong", "mn-Mong"),
        ("mn;q=0.9,zh;q=0.5", "mn-Mong"),
        ("zh;q=0.9,mn;q=0.5", "zh-Hans"),
        (";;;,q=x", "zh-Hans"),
    ],
)
def test_the_language_is_the_one_asked_for(app, accepted, language):
    answer = app.test_client().get("/api/v1/me", headers={"Accept-Language": accepted})
    assert answer.headers["Content-Language"] == language
    detail = answer.get_json()["detail"]
    assert detail == ("请先登录。" if language == "zh-Hans" else "ᠡᠬᠢᠯᠡᠭᠡᠳ ᠨᠡᠪᠲᠡᠷᠡᠭᠡᠷᠡᠢ᠃")


def test_a_text_without_a_mongolian_translation_is_shown_in_chinese(app):
    answer = app.test_client().delete("/api/v1/contests", headers={"Accept-Language": "mn-Mong"})
    assert answer.get_json()["detail"] == "这个地址不支持这种操作。"


def test_a_bug_is_a_500_with_an_id_and_without_its_insides(app, monkeypatch, caplog):
    from services import voting

    def fail(*_args, **_kwargs):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(voting, "list_contests", fail)
    answer = app.test_client().get("/api/v1/contests")
    assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    assert "secret" not in answer.get_data(as_text=True)
    assert "secret inside" in caplog.text


def test_every_answer_carries_the_security_headers(app):
    for path in ("/api/v1/campaigns", "/healthz", "/no/such/page", "/docs/"):
        answer = app.test_client().get(path)
        answer.close()
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in headers


def test_what_concerns_one_person_is_never_stored_on_the_way(http, make):
    login = make.citizen()
    for path in ("/me", "/me/ballots"):
        assert http.get(path, token=login.token).headers["Cache-Control"] == "no-store"
    assert http.get("/me").headers["Cache-Control"] == "no-store"
