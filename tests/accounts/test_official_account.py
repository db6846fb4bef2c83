"""Signing in outside the mini-program, over HTTP and against the simulator."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from sqlalchemy import func, select

from models import Citizen, LoginSession, WeChatIdentity
from tests.http import code_of

PATH = "/auth/wechat-official"
ADDRESS = "/auth/wechat-official/address"
EXCHANGE = "/sns/oauth2/access_token"
STATE = "k3Xw9sQ2mL7a"


def sign_in(http, code: str, path: str = PATH):
    version = http.get("/settings").get_json()["policy_version"]
    return http.post(path, {"code": code, "policy_version": version})


def sign_in_at_the_mini_program(http, code: str):
    return sign_in(http, code, "/auth/wechat")


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_the_address_leads_to_wechat_and_back_to_the_site(http, simulator):
    answer = http.get(ADDRESS, state=STATE)
    assert answer.status_code == 200
    address = urlsplit(answer.get_json()["url"])
    assert f"{address.scheme}://{address.netloc}" == simulator
    assert address.path == "/connect/oauth2/authorize"
    assert address.fragment == "wechat_redirect"
    # In this order, which WeChat insists on.
    assert parse_qsl(address.query) == [
        ("appid", "wxofficial00000000"),
        ("redirect_uri", "http://127.0.0.1:8000/"),
        ("response_type", "code"),
        ("scope", "snsapi_userinfo"),
        ("state", STATE),
    ]


def test_the_way_back_is_never_taken_from_the_request(http):
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = http.get(ADDRESS, headers=headers, state=STATE)
    assert "evil" not in answer.get_data(as_text=True)
    refused = http.get(ADDRESS, state=STATE, redirect_uri="https://evil.example/")
    assert code_of(refused) == "invalid_request"


@pytest.mark.parametrize(
    "state", ["", "short", "a" * 129, "with space", "漢字漢字漢字漢字", "a&b=c%0d%0a"]
)
def test_a_state_that_wechat_would_not_bring_back(http, state):
    answer = http.get(ADDRESS, state=state)
    assert code_of(answer) == "invalid_request"
    assert list(answer.get_json()["errors"]) == ["state"]
    assert code_of(http.get(ADDRESS)) == "invalid_request"


def test_a_person_clicks_through_to_a_session(http):
    """The whole way: address, WeChat's page, a choice, back with a code, signed in."""
    url = http.get(ADDRESS, state=STATE).get_json()["url"]
    page = requests.get(url, timeout=5)
    link = next(each for each in re.findall('href="(.*?)"', page.text) if "person=wang" in each)
    choice = f"{urlsplit(url)._replace(path='', query='', fragment='').geturl()}{unescape(link)}"
    back = requests.get(choice, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith("http://127.0.0.1:8000/?")
    returned = parse_qs(urlsplit(back).query)
    assert returned["state"] == [STATE]

    answer = sign_in(http, returned["code"][0])

    assert answer.status_code == 200
    assert set(answer.get_json()) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert http.get("/me", token=answer.get_json()["access_token"]).status_code == 200


@pytest.mark.parametrize("first", ["browser", "mini-program"])
def test_one_person_has_one_account_in_the_browser_and_in_the_mini_program(
    http, wechat, session, make, first
):
    campaign = make.campaign(ballots_per_day=1)
    entry_id = make.entries(campaign)[0]
    ways = {
        "browser": lambda: sign_in(http, wechat.web_code(person="wang")),
        "mini-program": lambda: sign_in_at_the_mini_program(http, wechat.login_code_of("wang")),
    }
    order = sorted(ways, key=lambda way: way != first)
    tokens = [ways[way]().get_json()["access_token"] for way in order]

    assert (count(session, Citizen), count(session, LoginSession)) == (1, 2)
    assert http.vote(campaign.id, entry_id, token=tokens[0]).status_code == 201
    again = http.vote(campaign.id, entry_id, token=tokens[1])
    assert code_of(again) == "daily_limit_reached"


def test_who_comes_by_both_ways_at_once_has_one_account(app, http, wechat, session):
    """Whoever meets the person first makes the account; the unique unionid is the judge."""
    version = http.get("/settings").get_json()["policy_version"]
    web = [(PATH, wechat.web_code(person="zhang")) for _ in range(4)]
    mini = [("/auth/wechat", wechat.login_code_of("zhang")) for _ in range(4)]
    start = Barrier(8)

    def come(path: str, code: str) -> int:
        start.wait(timeout=10)
        body = {"code": code, "policy_version": version}
        return app.test_client().post(f"/api/v1{path}", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda way: come(*way), web + mini))

    assert statuses == [200] * 8
    assert (count(session, Citizen), count(session, WeChatIdentity)) == (1, 2)


def test_a_consent_is_asked_for_once_for_both_ways(http, wechat, session):
    refused = http.post(PATH, {"code": wechat.web_code(person="suri")})
    assert (refused.status_code, code_of(refused)) == (403, "consent_required")
    assert count(session, Citizen) == 0
    assert sign_in(http, wechat.web_code(person="suri")).status_code == 200
    again = http.post("/auth/wechat", {"code": wechat.login_code_of("suri")})
    assert again.status_code == 200


def test_another_person_has_another_account(http, wechat, session):
    for person in ("wang", "batu"):
        assert sign_in(http, wechat.web_code(person=person)).status_code == 200
    assert count(session, Citizen) == 2


def test_without_a_unionid_nobody_is_signed_in(http, wechat, session):
    """Nobody could tell them from somebody who votes in the mini-program."""
    for code in (
        wechat.web_code(openid="o-unbound"),
        wechat.web_code(person="wang", scope="snsapi_base"),
    ):
        answer = sign_in(http, code)
        assert (answer.status_code, code_of(answer)) == (403, "wechat_unionid_missing")
        assert "小程序" in answer.get_json()["detail"]
    assert (count(session, Citizen), count(session, WeChatIdentity)) == (0, 0)


def test_the_stand_in_of_a_snapshot_is_nobody(http, wechat, session):
    answer = sign_in(http, wechat.web_code(person="wang", is_snapshot=True))
    assert (answer.status_code, code_of(answer)) == (403, "wechat_snapshot_page")
    assert "使用完整服务" in answer.get_json()["detail"]
    assert count(session, Citizen) == 0


def test_used_expired_and_foreign_codes(http, wechat):
    code = wechat.web_code(person="li")
    assert sign_in(http, code).status_code == 200
    used = sign_in(http, code)
    assert (used.status_code, code_of(used)) == (422, "wechat_code_used")
    late = wechat.web_code(person="li")
    wechat.advance(301)
    for invalid in (late, "made-up", wechat.login_code_of("li")):
        answer = sign_in(http, invalid)
        assert (answer.status_code, code_of(answer)) == (422, "wechat_code_invalid")


def test_a_code_of_a_web_page_does_not_sign_in_as_the_mini_program(http, wechat):
    answer = http.post("/auth/wechat", {"code": wechat.web_code(person="li")})
    assert (answer.status_code, code_of(answer)) == (422, "wechat_code_invalid")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "errcode", "errcode": 40226}, 403, "wechat_user_blocked"),
        ({"kind": "errcode", "errcode": 45011}, 429, "wechat_busy"),
        ({"kind": "errcode", "errcode": 40125}, 503, "wechat_misconfigured"),
        ({"kind": "errcode", "errcode": -1}, 503, "wechat_unreachable"),
        ({"kind": "timeout", "seconds": 20}, 504, "wechat_timeout"),
        ({"kind": "slow", "seconds": 20}, 504, "wechat_timeout"),
        ({"kind": "reset"}, 503, "wechat_unreachable"),
        ({"kind": "truncated"}, 502, "wechat_bad_answer"),
        ({"kind": "html"}, 502, "wechat_bad_answer"),
    ],
    ids=lambda value: str(value.get("errcode", value["kind"])) if isinstance(value, dict) else None,
)
def test_trouble_at_wechat_has_its_own_error_and_leaves_no_account(
    http, wechat, session, fault, status, code
):
    wechat.fail(EXCHANGE, **fault)
    answer = sign_in(http, wechat.web_code(person="zhang"))
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert count(session, Citizen) == 0


def test_a_disabled_account_is_disabled_everywhere(http, wechat, session, clock):
    sign_in_at_the_mini_program(http, wechat.login_code_of("suri"))
    session.scalars(select(Citizen)).one().disabled_at = clock.now()
    session.commit()
    answer = sign_in(http, wechat.web_code(person="suri"))
    assert (answer.status_code, code_of(answer)) == (403, "account_disabled")


def test_nothing_of_wechat_reaches_the_client(http, wechat):
    code = wechat.web_code(openid="o-canary", unionid="u-canary")
    answer = sign_in(http, code)
    token = answer.get_json()["access_token"]
    shown = answer.get_data(as_text=True) + http.get("/me", token=token).get_data(as_text=True)
    assert "canary" not in shown
    assert "openid" not in shown


def test_where_it_is_not_configured_it_is_not_there(another_client):
    client = another_client(wechat_official=None)
    assert client.get("/api/v1/settings").get_json()["browser_sign_in"] is False
    asked = client.get(f"/api/v1{ADDRESS}?state={STATE}")
    sent = client.post(f"/api/v1{PATH}", json={"code": "any"})
    for answer in (asked, sent):
        assert (answer.status_code, code_of(answer)) == (404, "browser_sign_in_off")
