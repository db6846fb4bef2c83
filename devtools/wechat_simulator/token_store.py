"""Access tokens: two independent families per app, and how a token stops working.

WeChat: getAccessToken, getStableAccessToken.
"""

import math
import re
import secrets
from dataclasses import dataclass, field

from .errors import ApiError
from .state import State, WeChatApp

LIFETIME_SECONDS = 7200
OVERLAP_SECONDS = 300
WELL_FORMED = re.compile(r"\d{2,3}_[A-Za-z0-9_-]{100,}")


@dataclass
class Token:
    value: str
    app: WeChatApp
    expires_at: float
    replaced_at: float | None = None

    def seconds_left(self, now: float) -> int:
        return math.ceil(self.expires_at - now)

    def stop_at(self, moment: float) -> None:
        """Stop working at `moment`, or earlier when that was decided before."""
        self.replaced_at = min(moment, self.replaced_at or moment)


@dataclass
class TokenFamily:
    """The newest token of one endpoint and the one before it, which may still overlap."""

    current: Token | None = None
    previous: Token | None = None
    forced: list[float] = field(default_factory=list)

    def issue(self, state: State, app: WeChatApp, overlap: float = OVERLAP_SECONDS) -> Token:
        now = state.now()
        if self.previous:
            self.previous.stop_at(now)
        if self.current:
            self.current.stop_at(now + overlap)
        self.previous = self.current
        self.current = Token(_new_value(), app, now + LIFETIME_SECONDS)
        state.tokens[self.current.value] = self.current
        return self.current


def check_token(state: State, value: str | None) -> WeChatApp:
    """The app a token speaks for. WeChat: 41001, 40014, 40001, 42001."""
    if not value:
        raise ApiError(41001)
    if not WELL_FORMED.fullmatch(value):
        raise ApiError(40014)
    token = state.tokens.get(value)
    now = state.now()
    if token is None or (token.replaced_at is not None and now >= token.replaced_at):
        raise ApiError(40001)
    if now >= token.expires_at:
        raise ApiError(42001)
    return token.app


def _new_value() -> str:
    return f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(100)}"
