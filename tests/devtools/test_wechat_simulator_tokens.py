"""The two token endpoints and how tokens stop working."""

import re

import pytest

from devtools.wechat_simulator import DEFAULT_APPID, DEFAULT_SECRET, OTHER_APPID, OTHER_SECRET

PLAIN = {"grant_type": "client_credential", "appid": DEFAULT_APPID, "secret": DEFAULT_SECRET}


def test_success_has_a_token_and_no_errcode(weixin):
    for answer in (
        weixin.get("/cgi-bin/token", **PLAIN),
        weixin.post("/cgi-bin/stable_token", PLAIN),
    ):
        assert set(answer.json()) == {"access_token", "expires_in"}
        assert answer.json()["expires_in"] == 7200
        assert weixin.token_errcode(answer.json()["access_token"]) == 0


def test_each_plain_call_issues_a_new_token_and_the_old_one_works_five_minutes(weixin):
    first, second = weixin.plain_token(), weixin.plain_token()
    assert first != second
    weixin.advance(299)
    assert weixin.token_errcode(first) == 0
    weixin.advance(1)
    assert weixin.token_errcode(first) == 40001
    assert weixin.token_errcode(second) == 0


def test_a_plain_token_two_generations_back_is_dead(weixin):
    first = weixin.plain_token()
    weixin.plain_token()
    weixin.plain_token()
    assert weixin.token_errcode(first) == 40001


def test_the_stable_token_stays_the_same_until_its_last_five_minutes(weixin):
    first = weixin.token()
    weixin.advance(6900)
    answer = weixin.post("/cgi-bin/stable_token", PLAIN).json()
    assert answer == {"access_token": first, "expires_in": 300}
    weixin.advance(1)
    second = weixin.token()
    assert second != first
    assert weixin.token_errcode(first) == weixin.token_errcode(second) == 0
    weixin.advance(299)
    assert weixin.token_errcode(first) == 42001
    assert weixin.token_errcode(second) == 0


def test_the_two_families_do_not_touch_each_other(weixin):
    plain, stable = weixin.plain_token(), weixin.token()
    weixin.token(force_refresh=True)
    assert weixin.token_errcode(plain) == 0
    second = weixin.token()
    weixin.plain_token()
    weixin.plain_token()
    assert weixin.token_errcode(second) == 0
    assert weixin.token_errcode(stable) == 40001


def test_force_refresh_kills_the_old_token_at_once(weixin):
    first = weixin.token()
    second = weixin.token(force_refresh=True)
    assert first != second
    assert weixin.token_errcode(first) == 40001


def test_force_refresh_within_30_seconds_does_not_refresh(weixin):
    first = weixin.token(force_refresh=True)
    weixin.advance(29)
    assert weixin.token(force_refresh=True) == first
    weixin.advance(1)
    assert weixin.token(force_refresh=True) != first


def test_force_refresh_works_20_times_a_day(weixin):
    for _ in range(20):
        weixin.token(force_refresh=True)
        weixin.advance(30)
    refused = weixin.post("/cgi-bin/stable_token", {**PLAIN, "force_refresh": True}).json()
    assert refused["errcode"] == 45009
    weixin.advance(86_400)
    assert (
        "access_token"
        in weixin.post("/cgi-bin/stable_token", {**PLAIN, "force_refresh": True}).json()
    )


def test_force_refresh_must_be_a_boolean(weixin):
    answer = weixin.post("/cgi-bin/stable_token", {**PLAIN, "force_refresh": "true"}).json()
    assert answer["errcode"] == 47001


def test_missing_malformed_unknown_and_expired_tokens(weixin):
    token = weixin.token()
    assert weixin.get("/cgi-bin/getcallbackip").json()["errcode"] == 41001
    assert weixin.token_errcode("not a token") == 40014
    unknown = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")
    assert weixin.token_errcode(unknown) == 40001
    weixin.advance(7199)
    assert weixin.token_errcode(token) == 0
    weixin.advance(1)
    assert weixin.token_errcode(token) == 42001


def test_an_unknown_token_is_explained_in_wechats_words_with_a_rid(weixin):
    token = weixin.token()
    weixin.token(force_refresh=True)
    words = weixin.get("/cgi-bin/getcallbackip", access_token=token).json()["errmsg"]
    assert words.startswith("invalid credential, access_token is invalid or not latest")
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", words)


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxunknown"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_wrong_credentials(weixin, change, errcode):
    given = {**PLAIN, **change}
    assert weixin.get("/cgi-bin/token", **given).json()["errcode"] == errcode
    assert weixin.post("/cgi-bin/stable_token", given).json()["errcode"] == errcode


def test_a_frozen_secret(weixin):
    weixin.control("/apps", appid=DEFAULT_APPID, secret_frozen=True)
    assert weixin.get("/cgi-bin/token", **PLAIN).json()["errcode"] == 40243


def test_the_ip_whitelist_is_checked_by_the_token_endpoints_only(weixin):
    token = weixin.token()
    weixin.control("/apps", appid=DEFAULT_APPID, ip_whitelist=["203.0.113.9"])
    for answer in (
        weixin.get("/cgi-bin/token", **PLAIN).json(),
        weixin.post("/cgi-bin/stable_token", PLAIN).json(),
    ):
        assert answer["errcode"] == 40164
        assert answer["errmsg"].startswith(
            "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist"
        )
    assert weixin.token_errcode(token) == 0
    weixin.control("/apps", appid=DEFAULT_APPID, ip_whitelist=["127.0.0.1"])
    assert weixin.token() == token


def test_the_plain_endpoint_has_a_daily_limit(weixin):
    weixin.control("/quotas", path="/cgi-bin/token", window="day", used=2000)
    assert weixin.get("/cgi-bin/token", **PLAIN).json()["errcode"] == 45009


@pytest.mark.parametrize(
    ("window", "used", "errcode"), [("minute", 10_000, 45011), ("day", 500_000, 45009)]
)
def test_the_stable_endpoint_has_limits(weixin, window, used, errcode):
    weixin.control("/quotas", path="/cgi-bin/stable_token", window=window, used=used - 1)
    weixin.token()
    assert weixin.post("/cgi-bin/stable_token", PLAIN).json()["errcode"] == errcode


def test_a_token_speaks_for_its_own_app(weixin):
    other = weixin.token(OTHER_APPID, OTHER_SECRET)
    answer = weixin.post("/cgi-bin/clear_quota", {"appid": DEFAULT_APPID}, access_token=other)
    assert answer.json()["errcode"] == 40013
