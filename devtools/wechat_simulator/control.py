"""The control plane: users, codes, time, risk, faults, quotas, and what was called."""

from collections import Counter
from dataclasses import asdict

from .control_input import InputError, chosen_app, control, flag, number, one_of, text, texts, whole
from .defaults import DEFAULT_OFFICIAL_APPID
from .endpoint import ENDPOINTS
from .faults import KINDS, Fault, FaultPlan
from .limits import DEFAULT_ERRCODES, WINDOWS, Limit, counter_key
from .people import USER_FIELDS, chosen_user
from .phone import remember_encrypted
from .sessions import mint_code
from .state import State
from .web_authorization import BASE, USERINFO


@control(
    "POST",
    "/login-codes",
    **USER_FIELDS,
    rotate_session_key=flag(default=True),
)
def mint_login_code(state: State, given: dict) -> dict:
    """What wx.login gives the client. By default the exchange changes the session_key, as
    WeChat may; with rotate_session_key false a living session keeps its key.
    """
    app = chosen_app(state, given)
    user = chosen_user(app, given)
    rotate = given["rotate_session_key"]
    code = mint_code(state, state.login_codes, app, openid=user.openid, rotate_session_key=rotate)
    return {"code": code.code}


@control(
    "POST",
    "/web-codes",
    **USER_FIELDS,
    scope=one_of(BASE, USERINFO, default=USERINFO),
    is_snapshot=flag(),
)
def mint_web_code(state: State, given: dict) -> dict:
    """What a web page gets back from somebody who agreed to sign in, by default to the
    preconfigured official account. `is_snapshot` is for who only looks at WeChat's snapshot of it.
    """
    app = chosen_app(state, {"appid": DEFAULT_OFFICIAL_APPID} | given)
    code = mint_code(
        state,
        state.web_codes,
        app,
        openid=chosen_user(app, given).openid,
        scope=given["scope"],
        is_snapshot=given.get("is_snapshot", False),
    )
    return {"code": code.code}


@control(
    "POST",
    "/phone-codes",
    phone=text(required=True),
    openid=text(),
    appid=text(),
    country_code=text(default="86"),
)
def mint_phone_code(state: State, given: dict) -> dict:
    """What the getPhoneNumber button gives the client."""
    if not given["phone"].isdigit() or not given["country_code"].isdigit():
        raise InputError("The fields 'phone' and 'country_code' must consist of digits.")
    app = chosen_app(state, given)
    code = mint_code(
        state,
        state.phone_codes,
        app,
        openid=given.get("openid"),
        phone=given["phone"],
        country_code=given["country_code"],
    )
    return {"code": code.code}


@control("POST", "/encrypted-data", encrypted_data=text(required=True))
def note_encrypted_data(state: State, given: dict) -> dict:
    """Let checkencryptedmsg vouch for this data."""
    remember_encrypted(state, given["encrypted_data"])
    return {}


@control("POST", "/time", advance_seconds=number(0, 10 * 365 * 86_400, required=True))
def advance_time(state: State, given: dict) -> dict:
    """Time moves forward only, as it does elsewhere."""
    state.clock.advance(given["advance_seconds"])
    return {"now": state.now()}


@control("POST", "/risk", openid=text(required=True), rank=whole(0, 4, required=True), appid=text())
def set_risk(state: State, given: dict) -> dict:
    chosen_app(state, given).user(given["openid"]).risk_rank = given["rank"]
    return {}


@control(
    "POST",
    "/users",
    openid=text(required=True),
    appid=text(),
    unionid=text(),
    blocked=flag(),
    last_visit_seconds_ago=number(0, 10 * 365 * 86_400, nullable=True),
)
def set_user(state: State, given: dict) -> dict:
    """Make a user known or change one; a new user has never visited unless said so."""
    user = chosen_app(state, given).user(given["openid"])
    user.blocked = given.get("blocked", user.blocked)
    user.unionid = given.get("unionid", user.unionid)
    if "last_visit_seconds_ago" in given:
        ago = given["last_visit_seconds_ago"]
        user.last_visit_at = None if ago is None else state.now() - ago
    return {"openid": user.openid}


@control(
    "POST",
    "/faults",
    path=text(required=True),
    kind=one_of(*KINDS, required=True),
    times=whole(1, 1_000_000),
    skip=whole(0, 1_000_000),
    errcode=whole(-100_000, 100_000_000),
    errmsg=text(),
    status=whole(400, 599),
    seconds=number(0, 600),
    executed=flag(),
    drop_connection=flag(),
)
def add_fault(state: State, given: dict) -> dict:
    if given["path"] != "*":
        _check_path(given["path"])
    state.faults.faults.append(Fault(**given))
    return _pending_faults(state)


@control("GET", "/faults")
def list_faults(state: State, given: dict) -> dict:
    return _pending_faults(state)


@control("DELETE", "/faults")
def clear_faults(state: State, given: dict) -> dict:
    state.faults = FaultPlan()
    return {}


def _pending_faults(state: State) -> dict:
    return {"faults": [asdict(fault) for fault in state.faults.pending()]}


def _check_path(path: str) -> None:
    if path not in ENDPOINTS:
        known = ", ".join(sorted(ENDPOINTS))
        raise InputError(f"There is no API '{path}'; the paths are: {known}.")


@control(
    "POST",
    "/quotas",
    path=text(required=True),
    window=one_of(*WINDOWS, required=True),
    limit=whole(0, 10**9, nullable=True),
    used=whole(0, 10**9),
    appid=text(),
)
def set_quota(state: State, given: dict) -> dict:
    """Change what a window allows (null restores the published number) or what it has used."""
    _check_path(given["path"])
    app = chosen_app(state, given)
    key = (given["path"], given["window"])
    if "limit" in given:
        app.limits.pop(key, None)
        if given["limit"] is not None:
            app.limits[key] = given["limit"]
    if "used" in given:
        limit = _limit_of(*key)
        state.counters[counter_key(app, given["path"], limit, state.now())] = given["used"]
    return {}


def _limit_of(path: str, window: str) -> Limit:
    for limit in ENDPOINTS[path].limits:
        if limit.window == window:
            return limit
    return Limit(0, window, DEFAULT_ERRCODES[window])


@control("POST", "/sensitive-words", words=texts(required=True))
def set_sensitive_words(state: State, given: dict) -> dict:
    """Words that make subscribe/send answer 45168."""
    state.sensitive_words = given["words"]
    return {}


@control("GET", "/messages", openid=text())
def list_messages(state: State, given: dict) -> dict:
    """Subscribe messages that were sent, oldest first."""
    wanted = given.get("openid")
    return {"messages": [m for m in state.messages if wanted in (None, m["touser"])]}


@control("GET", "/calls", path=text())
def list_calls(state: State, given: dict) -> dict:
    """Requests received by the WeChat side, oldest first, with counts per path."""
    path = given.get("path")
    calls = [asdict(call) for call in state.calls if path in (None, call.path)]
    counts = Counter(call["path"] for call in calls)
    return {"count": len(calls), "counts": counts, "calls": calls}
