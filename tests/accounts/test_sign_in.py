"""Signing in with WeChat, over HTTP and against the simulator."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import Citizen, LoginSession, WeChatIdentity
from tests.http import HTTPClient, code_of

PATH = "/auth/wechat"
JSCODE2SESSION = "/sns/jscode2session"


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_the_first_sign_in_makes_an_account_and_the_next_finds_it(http, wechat, session):
    for expected_sessions in (1, 2):
        answer = http.sign_in(wechat.login_code("o-one"))
        assert answer.status_code == 200
        tokens = answer.get_json()
        assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token"}
        assert tokens["token_type"] == "Bearer"
        assert tokens["expires_in"] == 1800
        assert http.get("/me", token=tokens["access_token"]).status_code == 200
        session.rollback()
        assert count(session, Citizen) == 1
        assert count(session, LoginSession) == expected_sessions


def test_nothing_of_wechat_reaches_the_client(http, wechat):
    answer = http.sign_in(wechat.login_code("o-canary-openid", unionid="u-canary"))
    token = answer.get_json()["access_token"]
    shown = answer.get_data(as_text=True) + http.get("/me", token=token).get_data(as_text=True)
    for secret in ("canary", "session_key", "openid"):
        assert secret not in shown


def test_the_same_person_signing_in_twice_at_once_has_one_account(app, wechat, session):
    codes = [wechat.login_code("o-double-click") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(
                lambda code: HTTPClient(app.test_client()).sign_in(code).status_code,
                codes,
            )
        )
    assert statuses == [200] * 8
    assert count(session, Citizen) == 1
    assert count(session, WeChatIdentity) == 1


def test_a_used_code_is_told_from_an_expired_and_an_unknown_one(http, wechat):
    code = wechat.login_code()
    http.sign_in(code)
    used = http.sign_in(code)
    assert (used.status_code, code_of(used)) == (422, "wechat_code_used")

    late = wechat.login_code()
    wechat.advance(301)
    expired = http.sign_in(late)
    assert (expired.status_code, code_of(expired)) == (422, "wechat_code_invalid")

    for foreign in ("no-such-code", wechat.login_code(appid="wxother000000000000")):
        answer = http.sign_in(foreign)
        assert (answer.status_code, code_of(answer)) == (422, "wechat_code_invalid")


def test_a_high_risk_user_is_refused(http, wechat, session):
    wechat.block("o-risky")
    answer = http.sign_in(wechat.login_code("o-risky"))
    assert (answer.status_code, code_of(answer)) == (403, "wechat_user_blocked")
    assert count(session, Citizen) == 0


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "timeout", "seconds": 20}, 504, "wechat_timeout"),
        ({"kind": "reset"}, 503, "wechat_unreachable"),
        ({"kind": "http_status", "status": 502}, 503, "wechat_unreachable"),
        ({"kind": "errcode", "errcode": -1}, 503, "wechat_unreachable"),
        ({"kind": "errcode", "errcode": 45011}, 429, "wechat_busy"),
        ({"kind": "errcode", "errcode": 40125}, 503, "wechat_misconfigured"),
        ({"kind": "truncated"}, 502, "wechat_bad_answer"),
        ({"kind": "html"}, 502, "wechat_bad_answer"),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else str(value),
)
def test_trouble_at_wechat_has_its_own_error_and_leaves_no_account(
    http, wechat, session, fault, status, code
):
    wechat.fail(JSCODE2SESSION, **fault)
    answer = http.sign_in(wechat.login_code())
    assert (answer.status_code, code_of(answer)) == (status, code)
    if status != 502 and status != 504:
        assert int(answer.headers["Retry-After"]) >= 1
    assert count(session, Citizen) == 0


def test_a_slow_drip_from_wechat_ends_in_bounded_time(http, wechat):
    """Each byte comes in time, so only a limit on the whole answer helps."""
    wechat.fail(JSCODE2SESSION, "slow", seconds=20)
    answer = http.sign_in(wechat.login_code())
    assert (answer.status_code, code_of(answer)) == (504, "wechat_timeout")


def test_a_disabled_account_cannot_sign_in(http, wechat, session, clock):
    http.sign_in(wechat.login_code("o-disabled"))
    session.scalars(select(Citizen)).one().disabled_at = clock.now()
    session.commit()
    answer = http.sign_in(wechat.login_code("o-disabled"))
    assert (answer.status_code, code_of(answer)) == (403, "account_disabled")


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": None}, {"code": 7}, {"code": "a\0b"}])
def test_a_code_that_is_none_is_refused_before_wechat_is_asked(http, body):
    answer = http.post(PATH, body)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert list(answer.get_json()["errors"]) == ["code"]
