"""Signing in on web pages: WeChat's page, its choices, and the codes it gives."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from devtools.wechat_simulator import (
    DEFAULT_APPID,
    DEFAULT_OFFICIAL_APPID,
    DEFAULT_OFFICIAL_SECRET,
    DEFAULT_SECRET,
)

PAGE = "/connect/oauth2/authorize"
EXCHANGE = "/sns/oauth2/access_token"
BACK = "http://127.0.0.1:8000/"


def open_page(weixin, **changes):
    asked = {
        "appid": DEFAULT_OFFICIAL_APPID,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_userinfo",
        "state": "k3Xw9sQ2",
    }
    return weixin.get(PAGE, **asked | changes)


def follow(weixin, page, name: str) -> str:
    """Where the choice with these words leads back to."""
    for link, words in re.findall('<a class="[a-z]+" href="(.*?)">(.*?)</a>', page.text):
        if name in words:
            answer = weixin.http.get(weixin.url + unescape(link), allow_redirects=False, timeout=5)
            assert answer.status_code == 302
            return answer.headers["Location"]
    raise AssertionError(f"nothing is called {name}")


def exchange(weixin, code="made-up", **changes):
    asked = {
        "appid": DEFAULT_OFFICIAL_APPID,
        "secret": DEFAULT_OFFICIAL_SECRET,
        "code": code,
        "grant_type": "authorization_code",
    }
    return weixin.get(EXCHANGE, **asked | changes)


def test_the_page_says_what_it_is_and_runs_no_script(weixin):
    page = open_page(weixin)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "模拟器" in page.text
    assert "不是微信" in page.text
    for name in ("萨仁高娃", "王秀兰", "新的微信用户", "取消"):
        assert name in page.text
    assert "<script" not in page.text
    assert 'name="viewport"' in page.text


def test_whoever_agrees_goes_back_with_code_and_state(weixin):
    location = urlsplit(follow(weixin, open_page(weixin), "萨仁高娃"))
    assert location._replace(query="").geturl() == BACK
    query = parse_qs(location.query)
    assert list(query) == ["code", "state"]
    assert query["state"] == ["k3Xw9sQ2"]
    answer = exchange(weixin, query["code"][0])
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.json().keys() == {
        "access_token",
        "expires_in",
        "refresh_token",
        "openid",
        "scope",
        "unionid",
    }


def test_whoever_refuses_goes_back_without_a_code(weixin):
    location = follow(weixin, open_page(weixin), "取消")
    assert parse_qs(urlsplit(location).query) == {"state": ["k3Xw9sQ2"]}


def test_what_the_address_has_already_stays(weixin):
    page = open_page(weixin, redirect_uri="http://localhost/a?b=1#c", state="x y&z")
    location = urlsplit(follow(weixin, page, "巴特尔"))
    assert (location.path, location.fragment) == ("/a", "c")
    query = parse_qs(location.query)
    assert (query["b"], query["state"]) == (["1"], ["x y&z"])


def test_a_person_has_one_unionid_and_an_openid_for_each_app(weixin):
    web = exchange(weixin, weixin.control("/web-codes", person="wang")["code"]).json()
    again = exchange(weixin, weixin.control("/web-codes", person="wang")["code"]).json()
    mini = weixin.login(weixin.control("/login-codes", person="wang")["code"]).json()
    assert web["unionid"] == mini["unionid"] == again["unionid"]
    assert web["openid"] == again["openid"] != mini["openid"]
    other = exchange(weixin, weixin.control("/web-codes", person="batu")["code"]).json()
    assert other["unionid"] != web["unionid"]


def test_a_new_user_is_somebody_else_each_time(weixin):
    seen = set()
    for _ in range(2):
        location = follow(weixin, open_page(weixin), "新的微信用户")
        code = parse_qs(urlsplit(location).query)["code"][0]
        seen.add(exchange(weixin, code).json()["unionid"])
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"appid": ""}, 10012),
        ({"appid": "wxnobody"}, 10016),
        ({"redirect_uri": ""}, 10011),
        ({"redirect_uri": "http://127.0.0.2:8000/"}, 10003),
        ({"redirect_uri": "https://127.0.0.1.example.com/"}, 10003),
        ({"redirect_uri": "http://127.0.0.1@example.com/"}, 10003),
        ({"redirect_uri": "javascript:alert(1)//127.0.0.1"}, 10003),
        ({"redirect_uri": "//127.0.0.1/"}, 10003),
        ({"appid": DEFAULT_APPID}, 10003),
        ({"scope": ""}, 10010),
        ({"scope": "snsapi_login"}, 10005),
        ({"response_type": "token"}, 10005),
    ],
)
def test_a_wrong_request_gets_a_page_that_says_so(weixin, changes, number):
    page = open_page(weixin, **changes)
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"错误码 {number}" in page.text
    assert "href" not in page.text


def test_the_choice_checks_the_address_again(weixin):
    """Else the link of a choice would lead anywhere."""
    answer = weixin.http.get(
        f"{weixin.url}/connect/oauth2/choose",
        params={
            "appid": DEFAULT_OFFICIAL_APPID,
            "redirect_uri": "https://example.com/",
            "response_type": "code",
            "scope": "snsapi_userinfo",
            "person": "wang",
        },
        allow_redirects=False,
        timeout=5,
    )
    assert (answer.status_code, "错误码 10003" in answer.text) == (200, True)


def test_what_a_page_sends_along_cannot_become_markup(weixin):
    page = open_page(weixin, state='"><script>alert(1)</script>')
    assert "<script" not in page.text


def test_domains_are_configured_like_in_wechats_console(weixin):
    weixin.control("/apps", appid=DEFAULT_OFFICIAL_APPID, oauth_domains=["vote.example.cn"])
    assert "10003" in open_page(weixin).text
    assert "10003" not in open_page(weixin, redirect_uri="https://vote.example.cn/").text


def test_a_code_works_once_for_five_minutes_and_for_its_app(weixin):
    code = weixin.control("/web-codes", person="li")["code"]
    other = {"appid": DEFAULT_APPID, "secret": DEFAULT_SECRET}
    assert exchange(weixin, code, **other).json()["errcode"] == 40029
    assert "openid" in exchange(weixin, code).json()
    assert exchange(weixin, code).json()["errcode"] == 40163
    late = weixin.control("/web-codes", person="li")["code"]
    weixin.advance(300)
    assert exchange(weixin, late).json()["errcode"] == 40029


def test_codes_of_the_mini_program_and_of_web_pages_are_two_things(weixin):
    web = weixin.control("/web-codes", person="li")["code"]
    assert weixin.login(web).json()["errcode"] == 40029
    mini = weixin.control("/login-codes", person="li")["code"]
    assert exchange(weixin, mini).json()["errcode"] == 40029


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"grant_type": "client_credential"}, 40002),
        ({"appid": "wxnobody"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({}, 40029),
    ],
)
def test_wrong_exchanges(weixin, changes, errcode):
    assert exchange(weixin, **changes).json()["errcode"] == errcode


def test_no_code_at_all(weixin):
    assert exchange(weixin, "").json()["errcode"] == 41008


def test_a_high_risk_user_is_blocked(weixin):
    weixin.control("/users", appid=DEFAULT_OFFICIAL_APPID, openid="o-risky", blocked=True)
    code = weixin.control("/web-codes", openid="o-risky")["code"]
    assert exchange(weixin, code).json()["errcode"] == 40226


def test_without_asking_the_person_wechat_tells_no_unionid(weixin):
    code = weixin.control("/web-codes", person="suri", scope="snsapi_base")["code"]
    answer = exchange(weixin, code).json()
    assert answer["scope"] == "snsapi_base"
    assert "unionid" not in answer
    nameless = weixin.control("/web-codes", openid="o-of-an-unbound-account")["code"]
    assert "unionid" not in exchange(weixin, nameless).json()


def test_a_snapshot_is_looked_at_by_an_invented_user(weixin):
    unionids = set()
    for _ in range(2):
        code = weixin.control("/web-codes", person="suri", is_snapshot=True)["code"]
        answer = exchange(weixin, code).json()
        assert answer["is_snapshotuser"] == 1
        unionids.add(answer["unionid"])
    assert len(unionids) == 2


@pytest.mark.parametrize("body", [{}, {"openid": "o-a", "person": "wang"}, {"person": "nobody"}])
@pytest.mark.parametrize("path", ["/login-codes", "/web-codes"])
def test_a_code_is_for_one_user_of_the_apps(weixin, path, body):
    answer = weixin.try_control(path, **body)
    assert answer.status_code == 400
    assert "person" in answer.json()["error"]
