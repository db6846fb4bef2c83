"""The two token endpoints. WeChat: getAccessToken, getStableAccessToken."""

from .endpoint import Call, api, identify_app
from .errors import ApiError
from .limits import Limit, slot, spend
from .state import WeChatApp
from .token_store import OVERLAP_SECONDS, Token, TokenFamily

FORCED_PER_DAY = 20
FORCED_GAP_SECONDS = 30
PLAIN_LIMITS = (Limit(2000, "day"),)
STABLE_LIMITS = (Limit(10_000, "minute"), Limit(500_000, "day"))


@api("/cgi-bin/token", "GET", needs_token=False, limits=PLAIN_LIMITS)
def issue_plain_token(call: Call) -> dict:
    """Each call issues a new token; the one before it works five minutes longer."""
    app = _authenticate(call, call.query)
    return _answer(call, app.plain_tokens.issue(call.state, app))


@api("/cgi-bin/stable_token", needs_token=False, limits=STABLE_LIMITS)
def issue_stable_token(call: Call) -> dict:
    """The same token until its last five minutes, unless force_refresh kills it at once."""
    app = _authenticate(call, call.body)
    force = call.body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise ApiError(47001)
    token = _force_refresh(call, app) if force else _current_or_new(call, app)
    return _answer(call, token)


def _authenticate(call: Call, given: dict) -> WeChatApp:
    if given.get("grant_type") != "client_credential":
        raise ApiError(40002)
    app = identify_app(call.state, given.get("appid"), given.get("secret"))
    if app.ip_whitelist is not None and call.client_ip not in app.ip_whitelist:
        ip = call.client_ip
        raise ApiError(40164, f"invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist")
    spend(call.state, app, call.endpoint.path, call.endpoint.limits)
    return app


def _current_or_new(call: Call, app: WeChatApp) -> Token:
    family = app.stable_tokens
    if family.current and family.current.seconds_left(call.now()) >= OVERLAP_SECONDS:
        return family.current
    return family.issue(call.state, app)


def _force_refresh(call: Call, app: WeChatApp) -> Token:
    """WeChat: 20 a day, and calls less than 30 s after the last refresh do not refresh."""
    family: TokenFamily = app.stable_tokens
    now = call.now()
    if family.forced and now - family.forced[-1] < FORCED_GAP_SECONDS:
        return _current_or_new(call, app)
    today = [moment for moment in family.forced if slot("day", moment) == slot("day", now)]
    if len(today) >= FORCED_PER_DAY:
        raise ApiError(45009)
    family.forced = [*today, now]
    return family.issue(call.state, app, overlap=0)


def _answer(call: Call, token: Token) -> dict:
    return {"access_token": token.value, "expires_in": token.seconds_left(call.now())}
