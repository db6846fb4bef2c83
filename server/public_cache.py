"""Answers that are the same for everybody, kept for a moment in the process's memory."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_ANSWERS = 512


@dataclass(slots=True)
class _Kept:
    body: bytes
    fresh_until: float


class PublicCache:
    """Bodies by key. While one request renews a stale answer, the others still get it."""

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get_or_build(self, key: str, build: Callable[[], bytes]) -> bytes:
        """The body under this key, at most `seconds` old (0: always new)."""
        if not self._seconds:
            return build()
        now = self._monotonic()
        kept = self._kept.get(key)
        if kept is not None:
            if now < kept.fresh_until:
                return kept.body
            kept.fresh_until = now + self._seconds
        body = build()
        self._kept[key] = _Kept(body, self._monotonic() + self._seconds)
        if len(self._kept) > MOST_ANSWERS:
            self._kept.popitem(last=False)
        return body
