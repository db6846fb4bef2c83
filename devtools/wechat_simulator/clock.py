"""The simulator's time: the real one plus an offset that tests move forward."""

import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970; `source` gives the base and `advance` adds to it."""

    def __init__(self, source: Callable[[], float] = time.time):
        self._source = source
        self._offset = 0.0

    def now(self) -> float:
        return self._source() + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def reset(self) -> None:
        self._offset = 0.0
