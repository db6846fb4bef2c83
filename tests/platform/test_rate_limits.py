"""Limits per citizen and per address."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from server.config import RATES
from services.errors import Limited
from services.rate_limits import SYNC_SECONDS, Rate, RateLimiter
from tests.conftest import UNLIMITED
from tests.http import HTTPClient, code_of

NOW = datetime(2026, 11, 20, 4, 0, 30, tzinfo=UTC)


class Ticks:
    """A monotonic clock that a test turns by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def redis(config) -> Redis:
    with Redis.from_url(config.redis_url) as redis:
        redis.flushdb()
        yield redis


def make_limiter(redis, *, per_person=3, per_address=5, ticks=None) -> RateLimiter:
    rates = {"cast_ballot": Rate(per_person=per_person, per_address=per_address)}
    return RateLimiter(redis, rates, monotonic=ticks or Ticks())


def hits_until_limited(limiter, *, citizen_id=1, address="10.0.0.1", now=NOW) -> int:
    for count in range(100):
        try:
            limiter.hit("cast_ballot", person=str(citizen_id), address=address, now=now)
        except Limited:
            return count
    raise AssertionError("never limited")


def test_a_citizen_is_limited_in_each_window(redis):
    limiter = make_limiter(redis)
    assert hits_until_limited(limiter) == 3
    with pytest.raises(Limited) as refusal:
        limiter.hit("cast_ballot", person="1", address="10.0.0.9", now=NOW)
    assert refusal.value.retry_after == 31
    assert hits_until_limited(limiter, now=NOW + timedelta(seconds=30)) == 3


def test_an_address_is_limited_whoever_asks(redis):
    limiter = make_limiter(redis)
    for citizen_id in range(5):
        limiter.hit("cast_ballot", person=str(citizen_id), address="10.0.0.1", now=NOW)
    with pytest.raises(Limited):
        limiter.hit("cast_ballot", person="99", address="10.0.0.1", now=NOW)
    limiter.hit("cast_ballot", person="99", address="10.0.0.2", now=NOW)


def test_what_one_citizen_is_refused_does_not_use_up_the_address(redis):
    limiter = make_limiter(redis)
    assert hits_until_limited(limiter, citizen_id=1) == 3
    for _ in range(20):
        with pytest.raises(Limited):
            limiter.hit("cast_ballot", person="1", address="10.0.0.1", now=NOW)
    limiter.hit("cast_ballot", person="2", address="10.0.0.1", now=NOW)


def test_one_subscriber_of_ipv6_is_one_address(redis):
    limiter = make_limiter(redis)
    for place in range(5):
        limiter.hit("cast_ballot", person=None, address=f"2001:db8::{place}", now=NOW)
    with pytest.raises(Limited):
        limiter.hit("cast_ballot", person=None, address="2001:db8::ffff:1", now=NOW)
    limiter.hit("cast_ballot", person=None, address="2001:db8:0:1::1", now=NOW)


def test_two_processes_share_their_counts(redis):
    one, other = make_limiter(redis), make_limiter(redis)
    assert hits_until_limited(one) == 3
    one.sync(NOW)
    other.hit("cast_ballot", person="1", address="10.0.0.1", now=NOW)
    other.sync(NOW)
    assert hits_until_limited(other) == 0


def test_a_flushed_redis_forgets_nothing_that_this_process_knows(redis):
    ticks = Ticks()
    limiter = make_limiter(redis, ticks=ticks)
    for _ in range(2):
        limiter.hit("cast_ballot", person="1", address="10.0.0.1", now=NOW)
    limiter.sync(NOW)
    redis.flushdb()
    ticks.now += 2 * SYNC_SECONDS
    assert hits_until_limited(limiter) == 1


def test_without_redis_each_process_still_limits(config):
    limiter = make_limiter(Redis.from_url("redis://127.0.0.1:9/0"))
    assert hits_until_limited(limiter) == 3


def test_counters_of_past_windows_are_dropped(redis):
    ticks = Ticks()
    limiter = make_limiter(redis, ticks=ticks)
    for citizen_id in range(50):
        limiter.hit("cast_ballot", person=str(citizen_id), address=f"10.0.0.{citizen_id}", now=NOW)
    ticks.now += 60
    limiter.sync(NOW + timedelta(minutes=5))
    assert not limiter._counters


@pytest.fixture
def limited(another_client):
    """A client of an app that has only these limits."""

    def make_client(*, trusted_proxies: int = 0, **rates: Rate) -> HTTPClient:
        rates = dict.fromkeys(RATES, UNLIMITED) | rates
        return HTTPClient(another_client(rates=rates, trusted_proxies=trusted_proxies))

    return make_client


def test_too_many_ballots_are_answered_429_with_retry_after(limited, make):
    http = limited(cast_ballot=Rate(per_person=1, per_address=100))
    campaign = make.campaign()
    first, second = make.entries(campaign)[:2]
    token = make.citizen().token
    assert http.vote(campaign.id, first, token=token).status_code == 201
    answer = http.vote(campaign.id, second, token=token)
    assert (answer.status_code, code_of(answer)) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert http.vote(campaign.id, second, token=make.citizen().token).status_code == 201


def test_bad_tokens_count_for_their_address(limited):
    http = limited(account=Rate(per_person=100, per_address=2))
    codes = [code_of(http.get("/me", token="guess")) for _ in range(4)]
    assert codes == ["access_token_invalid"] * 2 + ["too_many_requests"] * 2


def test_an_invented_forwarded_address_changes_nothing(limited, app):
    http = limited(read=Rate(per_person=100, per_address=1))
    http.get("/contests")
    answer = http.get("/contests", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 429


def test_behind_a_trusted_proxy_its_word_counts(limited, app):
    http = limited(trusted_proxies=1, read=Rate(per_person=9, per_address=1))
    for address, status in (("203.0.113.7", 200), ("203.0.113.8", 200), ("203.0.113.7", 429)):
        answer = http.get("/contests", headers={"X-Forwarded-For": f"1.2.3.4, {address}"})
        assert answer.status_code == status


def test_the_defaults_leave_room_for_a_hospital_behind_one_address():
    assert RATES["cast_ballot"].per_address >= 50 * RATES["cast_ballot"].per_person
