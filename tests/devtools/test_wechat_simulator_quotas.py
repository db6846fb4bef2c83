"""Limits per window, and the APIs that read and clear them."""

import pytest

from devtools.wechat_simulator import (
    DEFAULT_APPID,
    DEFAULT_SECRET,
    OTHER_APPID,
    OTHER_SECRET,
)

RISK = "/wxa/getuserriskrank"
CODE = "/wxa/getwxacodeunlimit"
TEXT = "/wxa/msg_sec_check"
CLEAR = "/cgi-bin/clear_quota"


def code_errcode(weixin, **token):
    answer = weixin.post(CODE, {"scene": "a"}, access_token=weixin.token(**token))
    return 0 if answer.headers["Content-Type"] == "image/jpeg" else answer.json()["errcode"]


def limit(weixin, path, window, calls, **more):
    weixin.control("/quotas", path=path, window=window, limit=calls, **more)


def test_the_minute_limit_is_45011_until_the_next_minute(weixin):
    limit(weixin, CODE, "minute", 2)
    assert [code_errcode(weixin) for _ in range(3)] == [0, 0, 45011]
    weixin.advance(60)
    assert code_errcode(weixin) == 0


def test_the_day_limit_is_45009_until_midnight_in_beijing(weixin):
    limit(weixin, CODE, "day", 1)
    assert [code_errcode(weixin) for _ in range(2)] == [0, 45009]
    # The tests' clock stands at 16:00 in Beijing.
    weixin.advance(8 * 3600 - 1)
    assert code_errcode(weixin) == 45009
    weixin.advance(1)
    assert code_errcode(weixin) == 0


def test_the_text_check_has_its_own_minute_code(weixin):
    limit(weixin, TEXT, "minute", 0)
    assert weixin.call(TEXT, {"content": "a"})["errcode"] == 44991


def test_any_api_can_be_limited_also_where_none_is_published(weixin):
    limit(weixin, "/sns/jscode2session", "day", 1)
    assert "openid" in weixin.login(weixin.login_code()).json()
    assert weixin.login(weixin.login_code()).json()["errcode"] == 45009


def test_limits_are_per_app_and_can_be_restored(weixin):
    limit(weixin, CODE, "minute", 0)
    assert code_errcode(weixin) == 45011
    assert code_errcode(weixin, appid=OTHER_APPID, secret=OTHER_SECRET) == 0
    limit(weixin, CODE, "minute", None)
    assert code_errcode(weixin) == 0


@pytest.mark.parametrize(
    ("path", "window", "published"),
    [
        (CODE, "minute", 5000),
        (TEXT, "minute", 4000),
        (TEXT, "day", 2_000_000),
        ("/wxa/media_check_async", "minute", 2000),
        ("/wxa/media_check_async", "day", 200_000),
        ("/cgi-bin/message/subscribe/send", "day", 10_000_000),
        ("/wxa/resetusersessionkey", "minute", 60_000),
    ],
)
def test_published_limits(weixin, path, window, published):
    answer = weixin.call("/cgi-bin/openapi/quota/get", {"cgi_path": path})
    if window == "day":
        assert answer["quota"]["daily_limit"] == published
    else:
        assert answer["rate_limit"] == {"call_count": published, "refresh_second": 60}


def test_quota_get_counts(weixin):
    limit(weixin, CODE, "day", 10)
    for _ in range(3):
        code_errcode(weixin)
    answer = weixin.call("/cgi-bin/openapi/quota/get", {"cgi_path": CODE})
    assert answer["quota"] == {"daily_limit": 10, "used": 3, "remain": 7}
    unknown = weixin.call("/cgi-bin/openapi/quota/get", {"cgi_path": "/no/such"})
    assert unknown["errcode"] == 76021


def test_clear_quota_works_ten_times_a_month(weixin):
    limit(weixin, CODE, "day", 1)
    for _ in range(10):
        assert code_errcode(weixin) == 0
        assert code_errcode(weixin) == 45009
        assert weixin.call(CLEAR, {"appid": DEFAULT_APPID})["errcode"] == 0
    assert weixin.call(CLEAR, {"appid": DEFAULT_APPID})["errcode"] == 48006
    weixin.advance(31 * 86_400)
    assert weixin.call(CLEAR, {"appid": DEFAULT_APPID})["errcode"] == 0


def test_clear_quota_by_secret_needs_no_token_and_shares_the_ten(weixin):
    body = {"appid": DEFAULT_APPID, "appsecret": DEFAULT_SECRET}
    limit(weixin, CODE, "day", 1)
    code_errcode(weixin)
    assert weixin.post(f"{CLEAR}/v2", body).json()["errcode"] == 0
    assert code_errcode(weixin) == 0
    wrong = weixin.post(f"{CLEAR}/v2", {**body, "appsecret": "wrong"}).json()
    assert wrong["errcode"] == 40125
    for _ in range(9):
        assert weixin.post(f"{CLEAR}/v2", body).json()["errcode"] == 0
    assert weixin.call(CLEAR, {"appid": DEFAULT_APPID})["errcode"] == 48006


def test_clear_quota_only_for_the_tokens_app(weixin):
    assert weixin.call(CLEAR, {"appid": OTHER_APPID})["errcode"] == 40013


def test_a_rid_can_be_looked_up_for_seven_days(weixin):
    words = weixin.call(RISK, {"appid": "x"})["errmsg"]
    rid = words.rsplit(" ", 1)[1]
    found = weixin.call("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert found["request_body"] == '{"appid": "x"}'
    assert rid in found["response_body"]
    assert found["invoke_time"] == 1_800_000_000
    weixin.advance(7 * 86_400)
    gone = weixin.call("/cgi-bin/openapi/rid/get", {"rid": rid})
    assert gone["errcode"] == 76001
