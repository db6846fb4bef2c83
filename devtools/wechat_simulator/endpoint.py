"""One decorator for every API: recording, faults, method, token, quota, body, rid.

WeChat answers HTTP 200 even for errors, with {"errcode", "errmsg"} and a ` rid: …` tail.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from .errors import ApiError
from .faults import Fault, spoil
from .limits import Limit, spend
from .state import CallRecord, State, User, WeChatApp
from .token_store import check_token

JSON_TYPE = "application/json; encoding=utf-8"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Endpoint:
    path: str
    method: str
    view: Callable[["Call"], Any]
    needs_token: bool = True
    takes_body: bool = True
    limits: tuple[Limit, ...] = ()
    content_type: str = JSON_TYPE
    format_errcode: int = 47001
    holds_lock: bool = True


ENDPOINTS: dict[str, Endpoint] = {}


@dataclass
class Call:
    """One request, checked; `app` is the token's app, or None where no token is needed."""

    state: State
    endpoint: Endpoint
    query: dict[str, str]
    client_ip: str
    rid: str
    app: WeChatApp | None = None
    raw: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    def now(self) -> float:
        return self.state.now()

    def text(self, name: str, errcode: int = 47001) -> str:
        """A required string of the body; `errcode` when it is missing or something else."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise ApiError(errcode)
        return value


def api(path: str, method: str = "POST", *, needs_token: bool = True, **options):
    """Register a view `(call) -> dict | Response` in the table of routes."""

    def register(view):
        options.setdefault("takes_body", method == "POST")
        ENDPOINTS[path] = Endpoint(path, method, view, needs_token, **options)
        return view

    return register


def ok(**fields) -> dict[str, Any]:
    """A success as most APIs word it; token and jscode2session leave errcode out."""
    return {"errcode": 0, "errmsg": "ok", **fields}


def handle(state: State, endpoint: Endpoint) -> Response:
    """Answer one HTTP request to an API."""
    with state.lock:
        record = _record_call(state, endpoint.path)
        fault = state.faults.take(endpoint.path)
        record.fault = fault.kind if fault else None
    if fault is None:
        return _execute(state, endpoint, record)
    if fault.kind == "errcode":
        return _scripted_error(state, endpoint, record, fault)
    answer = _execute(state, endpoint, record) if fault.executed else None
    return spoil(fault, answer, state.stopping)


def unknown_path(state: State) -> Response:
    """WeChat: 40066 invalid url, with HTTP 200 like every other error."""
    with state.lock:
        record = _record_call(state, request.path)
    return _error_response(record, ApiError(40066), JSON_TYPE)


def identify_app(state: State, appid: str | None, secret: str | None) -> WeChatApp:
    """The app of these credentials. WeChat: 41002, 41004, 40013, 40125, 40243."""
    if not appid:
        raise ApiError(41002)
    if not secret:
        raise ApiError(41004)
    app = state.apps.get(appid)
    if app is None:
        raise ApiError(40013)
    if app.secret_frozen:
        raise ApiError(40243)
    if app.secret != secret:
        raise ApiError(40125)
    return app


def known_user(call: Call) -> User:
    """The user named by the body's openid. WeChat: 40003 unknown, 43104 of another app."""
    openid = call.text("openid", 40003)
    if openid in call.app.users:
        return call.app.users[openid]
    if any(openid in app.users for app in call.state.apps.values()):
        raise ApiError(43104)
    raise ApiError(40003)


def _record_call(state: State, path: str) -> CallRecord:
    record = CallRecord(
        rid=state.new_rid(),
        path=path,
        method=request.method,
        at=state.now(),
        query=request.args.to_dict(),
        body=request.get_data(cache=True, parse_form_data=False).decode("utf-8", "replace"),
        client_ip=request.remote_addr or "127.0.0.1",
    )
    state.calls.append(record)
    return record


def _execute(state: State, endpoint: Endpoint, record: CallRecord) -> Response:
    try:
        with state.lock:
            call = _admit(state, endpoint, record)
            result = endpoint.view(call) if endpoint.holds_lock else None
        if not endpoint.holds_lock:
            result = endpoint.view(call)
    except ApiError as error:
        return _error_response(record, error, endpoint.content_type)
    record.errcode = 0
    if isinstance(result, Response):
        return result
    return _json_response(record, result, endpoint.content_type)


def _admit(state: State, endpoint: Endpoint, record: CallRecord) -> Call:
    """The checks every API makes before it looks at its own arguments."""
    if request.method != endpoint.method:
        raise ApiError(43002 if endpoint.method == "POST" else 43001)
    call = Call(state, endpoint, record.query, record.client_ip, record.rid)
    if endpoint.needs_token:
        call.app = check_token(state, record.query.get("access_token"))
        _check_opened(call.app, endpoint.path)
        spend(state, call.app, endpoint.path, endpoint.limits)
    if endpoint.takes_body:
        call.raw, call.body = _read_body(endpoint)
    return call


def _check_opened(app: WeChatApp, path: str) -> None:
    if app.opened_apis is not None and path not in app.opened_apis:
        raise ApiError(48001)


def _read_body(endpoint: Endpoint) -> tuple[str, dict[str, Any]]:
    data = request.get_data(cache=True, parse_form_data=False)
    if not data:
        raise ApiError(44002)
    if request.mimetype in FORM_TYPES:
        raise ApiError(endpoint.format_errcode)
    try:
        raw = data.decode("utf-8")
        body = json.loads(raw, parse_constant=_refuse_constant)
    except ValueError:
        raise ApiError(endpoint.format_errcode) from None
    if not isinstance(body, dict):
        raise ApiError(endpoint.format_errcode)
    return raw, body


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _scripted_error(state, endpoint, record, fault: Fault) -> Response:
    if fault.executed:
        _execute(state, endpoint, record)
    return _error_response(record, ApiError(fault.errcode, fault.errmsg), endpoint.content_type)


def _error_response(record: CallRecord, error: ApiError, content_type: str) -> Response:
    record.errcode = error.errcode
    payload = {"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {record.rid}"}
    return _json_response(record, payload, content_type)


def _json_response(record: CallRecord, payload: dict, content_type: str) -> Response:
    record.response = json.dumps(payload, ensure_ascii=False)
    return Response(record.response, content_type=content_type)


def is_whole_number(value: Any, low: float = -math.inf, high: float = math.inf) -> bool:
    """True for a JSON integer in the range; JSON's true and false are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
