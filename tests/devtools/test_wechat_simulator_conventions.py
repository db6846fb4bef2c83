"""What every API has in common."""

import re

import pytest

RISK = "/wxa/getuserriskrank"
RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")


def test_errors_are_http_200_with_a_rid(weixin):
    answer = weixin.post(RISK, {"a": 1}, access_token=weixin.token())
    assert answer.status_code == 200
    assert set(answer.json()) == {"errcode", "errmsg"}
    assert RID.search(answer.json()["errmsg"])
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"


def test_rids_differ(weixin):
    words = {weixin.get("/cgi-bin/token").json()["errmsg"] for _ in range(5)}
    assert len(words) == 5


@pytest.mark.parametrize(
    "path",
    [
        "/cgi-bin/stable_token",
        "/wxa/business/getuserphonenumber",
        "/wxa/msg_sec_check",
        "/wxa/media_check_async",
        RISK,
        "/cgi-bin/message/subscribe/send",
        "/wxa/getwxacodeunlimit",
        "/wxa/getwxacode",
        "/wxa/generate_urllink",
        "/wxa/generatescheme",
        "/cgi-bin/clear_quota",
        "/cgi-bin/openapi/quota/get",
        "/wxa/business/getuserencryptkey",
    ],
)
def test_get_to_a_post_api_is_43002(weixin, path):
    assert weixin.get(path, access_token=weixin.token()).json()["errcode"] == 43002


def test_post_to_a_get_api_is_43001(weixin):
    assert weixin.post("/wxa/checksession", {}).json()["errcode"] == 43001


def test_the_token_belongs_in_the_query(weixin):
    body = {"access_token": weixin.token()}
    assert weixin.post(RISK, body).json()["errcode"] == 41001


def test_an_empty_body_is_44002(weixin):
    assert weixin.call(RISK, b"")["errcode"] == 44002


@pytest.mark.parametrize(
    "body", [b"a=1", b"[1]", b'"text"', b"{", '{"a": "你"}'.encode("gbk"), b'{"a": NaN}']
)
def test_a_body_that_is_no_json_object_is_47001(weixin, body):
    assert weixin.call(RISK, body)["errcode"] == 47001


def test_form_bodies_are_refused_even_when_they_hold_json(weixin):
    url = weixin.url + RISK
    params = {"access_token": weixin.token()}
    form = weixin.http.post(url, params=params, data={"a": "1"}, timeout=5)
    assert form.json()["errcode"] == 47001
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    disguised = weixin.http.post(url, params=params, data=b"{}", headers=kind, timeout=5)
    assert disguised.json()["errcode"] == 47001
    multipart = weixin.http.post(url, params=params, files={"a": b"1"}, timeout=5)
    assert multipart.json()["errcode"] == 47001


def test_an_unknown_api_is_40066(weixin):
    answer = weixin.get("/wxa/no_such_api")
    assert answer.status_code == 200
    assert answer.json()["errcode"] == 40066
