"""A server that behaves like api.weixin.qq.com, errors included, for development and tests.

Start it with `python -m devtools.wechat_simulator`. What no client of WeChat can do (being the
user, moving time, breaking connections) is under `/_control/`, for this machine only.
"""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from . import (
    content_safety,
    control,
    control_apps,
    control_push,
    links,
    phone,
    qr_codes,
    quotas,
    risk,
    sessions,
    subscribe,
    tokens,
    web_authorization,
)
from .clock import Clock
from .control_input import CONTROLS, handle_control
from .defaults import (
    APPOINTMENT_TEMPLATE,
    DEFAULT_APPID,
    DEFAULT_OFFICIAL_APPID,
    DEFAULT_OFFICIAL_SECRET,
    DEFAULT_SECRET,
    NOTICE_TEMPLATE,
    OTHER_APPID,
    OTHER_SECRET,
    PROGRESS_TEMPLATE,
)
from .endpoint import ENDPOINTS, handle, unknown_path
from .state import State

__all__ = [
    "APPOINTMENT_TEMPLATE",
    "DEFAULT_APPID",
    "DEFAULT_OFFICIAL_APPID",
    "DEFAULT_OFFICIAL_SECRET",
    "DEFAULT_SECRET",
    "NOTICE_TEMPLATE",
    "OTHER_APPID",
    "OTHER_SECRET",
    "PROGRESS_TEMPLATE",
    "create_app",
]

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

# Importing these modules fills the tables ENDPOINTS and CONTROLS.
ROUTE_MODULES = (
    content_safety,
    control,
    control_apps,
    control_push,
    links,
    phone,
    qr_codes,
    quotas,
    risk,
    sessions,
    subscribe,
    tokens,
    web_authorization,
)


def create_app(
    clock: Callable[[], float] | None = None, apps: list[dict[str, Any]] | None = None
) -> Flask:
    """The simulator as a WSGI app.

    `clock` gives seconds since 1970 (the real time when None); `apps` are settings as for
    POST /_control/apps and replace the preconfigured ones. Raises RuntimeError in production.
    """
    if os.environ.get("SAIN_ENV") == "production":
        raise RuntimeError("The WeChat simulator refuses to run with SAIN_ENV=production.")
    state = State(Clock(clock) if clock else Clock())
    control_apps.start_afresh(state, apps)
    app = Flask(__name__)
    app.extensions["wechat_simulator"] = state
    for endpoint in ENDPOINTS.values():
        _route(app, endpoint.path, METHODS, lambda endpoint=endpoint: handle(state, endpoint))
    for entry in CONTROLS:
        _route(app, entry.path, [entry.method], lambda entry=entry: handle_control(state, entry))
    app.register_error_handler(404, lambda error: _not_found(state))
    app.register_error_handler(405, lambda error: _not_found(state))
    return app


def _not_found(state: State) -> ResponseReturnValue:
    if request.path.startswith("/_control"):
        return jsonify(error=f"There is no {request.method} {request.path}."), 404
    return unknown_path(state)


def _route(app: Flask, path: str, methods: list[str], view: Callable) -> None:
    app.add_url_rule(path, f"{methods[0]} {path}".replace(".", "_"), view, methods=methods)
