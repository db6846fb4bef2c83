"""Letting one request do what many ask for at the same time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis, RedisError
from redis.exceptions import LockError
from redis.lock import Lock

from services.errors import Unavailable

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5


class Turnstile:
    """Lets one in at a time, in all processes. Nothing may depend on it but costs.

    Without Redis everybody walks through, and so do two when one stays inside too long: what must
    not happen twice is a constraint in the database.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @contextmanager
    def alone(self, name: str, *, seconds: float) -> Iterator[None]:
        """Wait until nobody else is inside under this name, and be alone for so many seconds.

        Raises Unavailable when the wait is longer than that.
        """
        lock = self._redis.lock(f"sain:alone:{name}", timeout=seconds, blocking_timeout=seconds)
        self._enter(lock)
        try:
            yield
        finally:
            # It may have run out or been flushed meanwhile; then it is not ours to release.
            with suppress(LockError, RedisError):
                lock.release()

    @staticmethod
    def _enter(lock: Lock) -> None:
        try:
            is_alone = lock.acquire()
        except RedisError:
            log.warning("Redis is away; nobody waits at the turnstile")
            return
        if not is_alone:
            raise Unavailable("service_unavailable", retry_after=RETRY_AFTER_SECONDS)
