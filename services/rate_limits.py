"""Limits on how often one person or one address may ask.

Each process counts in its own memory and a few times a second exchanges the counts that come near
their limit with the others through Redis, so a request pays no round trip, and a dead or flushed
Redis only makes the limits less strict for a moment. What must never be exceeded (ballots) is a
constraint in the database; this refuses floods early.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Network
from threading import Lock

from redis import Redis, RedisError

from services.errors import Limited

SYNC_SECONDS = 0.25
# What a process counts below this part of a limit, it keeps to itself: hardly anybody gets there.
SHARED_FROM = 0.1
SECONDS_WITHOUT_REDIS_AFTER_FAILURE = 5.0
PRUNE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in each window of `seconds`, per person and per address.

    An address may stand for thousands of citizens behind one carrier or hospital gateway, so its
    number is far above what any of them needs.
    """

    per_person: int
    per_address: int
    seconds: int = 60


@dataclass(slots=True)
class _Counter:
    window: int
    ends_at: float
    shared: int = 0
    unsynced: int = 0


class RateLimiter:
    """Counts requests by name and subject in fixed windows; safe to share between threads."""

    def __init__(
        self,
        redis: Redis,
        rates: Mapping[str, Rate],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._rates = rates
        self._monotonic = monotonic
        self._counters: dict[str, _Counter] = {}
        self._unsynced: set[str] = set()
        self._sync_lock = Lock()
        self._next_sync_at = 0.0
        self._next_prune_at = 0.0

    def hit(self, name: str, *, person: str | None, address: str, now: datetime) -> None:
        """Count one request; raises Limited once the person or the address has had its number."""
        rate = self._rates[name]
        timestamp = now.timestamp()
        # The person first: what one is refused must not use up the neighbours' part.
        if person is not None:
            self._count(f"{name}:{person}", rate.per_person, rate.seconds, timestamp)
        self._count(f"{name}:{_network(address)}", rate.per_address, rate.seconds, timestamp)
        if self._monotonic() >= self._next_sync_at:
            self.sync(now)

    def _count(self, key: str, limit: int, seconds: int, timestamp: float) -> None:
        window = int(timestamp // seconds)
        counter = self._counters.get(key)
        if counter is None or counter.window != window:
            counter = self._counters[key] = _Counter(window, (window + 1) * seconds)
        if counter.shared + counter.unsynced >= limit:
            wait = max(1, int(counter.ends_at - timestamp) + 1)
            raise Limited("too_many_requests", retry_after=wait)
        counter.unsynced += 1
        if counter.unsynced >= limit * SHARED_FROM:
            self._unsynced.add(key)

    def sync(self, now: datetime) -> None:
        """Add what was counted here to the shared counts and learn what others counted."""
        if not self._sync_lock.acquire(blocking=False):
            return
        try:
            self._next_sync_at = self._monotonic() + SYNC_SECONDS
            self._prune(now)
            self._exchange(now)
        except RedisError:
            self._next_sync_at = self._monotonic() + SECONDS_WITHOUT_REDIS_AFTER_FAILURE
        finally:
            self._sync_lock.release()

    def _exchange(self, now: datetime) -> None:
        keys = [key for key in list(self._unsynced) if key in self._counters]
        if not keys:
            return
        sent = []
        pipeline = self._redis.pipeline(transaction=False)
        for key in keys:
            counter = self._counters[key]
            shared_key = f"sain:rate:{key}:{counter.window}"
            pipeline.incrby(shared_key, counter.unsynced)
            pipeline.expire(shared_key, max(1, int(counter.ends_at - now.timestamp()) + 1))
            sent.append((counter, counter.unsynced))
        self._unsynced.difference_update(keys)
        try:
            totals = pipeline.execute()[::2]
        except RedisError:
            self._unsynced.update(keys)
            raise
        for (counter, amount), total in zip(sent, totals, strict=True):
            # A flushed Redis starts again from nothing; what this process knows stays true.
            counter.shared = max(counter.shared + amount, total)
            counter.unsynced -= amount

    def _prune(self, now: datetime) -> None:
        if self._monotonic() < self._next_prune_at:
            return
        self._next_prune_at = self._monotonic() + PRUNE_SECONDS
        timestamp = now.timestamp()
        for key, counter in list(self._counters.items()):
            if counter.ends_at < timestamp:
                self._counters.pop(key, None)
                self._unsynced.discard(key)


def _network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or 2^64 addresses of IPv6."""
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
