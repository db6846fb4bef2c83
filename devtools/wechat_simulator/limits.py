"""Counters of calls per app, API and window of time, and what happens when one is full.

WeChat: 45009 (day), 45011 / 44991 (minute), 44990 (second), 45029 (in total).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .errors import ApiError
from .state import State, WeChatApp

WINDOWS = ("second", "minute", "day", "month", "total")
DEFAULT_ERRCODES = {"second": 44990, "minute": 45011, "day": 45009, "month": 48006, "total": 45029}
SECONDS = {"second": 1, "minute": 60, "day": 86_400}
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Limit:
    """`calls` per window; APIs that share one allowance name the same `group`."""

    calls: int
    window: str
    errcode: int | None = None
    group: str | None = None

    def refusal(self) -> ApiError:
        return ApiError(self.errcode or DEFAULT_ERRCODES[self.window])


def slot(window: str, now: float) -> int:
    """The number of the window that `now` falls into; days begin at midnight in Beijing."""
    if window == "total":
        return 0
    local = datetime.fromtimestamp(now, BEIJING)
    if window == "month":
        return local.year * 12 + local.month
    return int(now + local.utcoffset().total_seconds()) // SECONDS[window]


def counter_key(app: WeChatApp, path: str, limit: Limit, now: float) -> tuple:
    return (app.appid, limit.group or path, limit.window, slot(limit.window, now))


def allowance(app: WeChatApp, path: str, limit: Limit) -> int:
    """How many calls the window allows; /_control/quotas overrides the published number."""
    return app.limits.get((path, limit.window), limit.calls)


def applicable_limits(app: WeChatApp, path: str, limits: tuple[Limit, ...]) -> list[Limit]:
    """The published limits and those that /_control/quotas added in other windows."""
    windows = {limit.window for limit in limits}
    added = [
        Limit(calls, window)
        for (limited_path, window), calls in app.limits.items()
        if limited_path == path and window not in windows
    ]
    return [*limits, *added]


def spend(state: State, app: WeChatApp, path: str, limits: tuple[Limit, ...]) -> None:
    """Count one call, or raise ApiError when a window is full; a refused call is not counted."""
    now = state.now()
    relevant = applicable_limits(app, path, limits)
    for limit in relevant:
        if state.counters[counter_key(app, path, limit, now)] >= allowance(app, path, limit):
            raise limit.refusal()
    for limit in relevant:
        state.counters[counter_key(app, path, limit, now)] += 1
