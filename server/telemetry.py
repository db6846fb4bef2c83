"""What each request leaves behind: an id, metrics and, if it was refused or slow, a log line.

None of it names a person. All of it sits in one WSGI wrapper, so that it also covers what never
reaches a view, and costs little on the way of a vote. Requests that went well are counted, not
logged: the proxy in front writes every one of them down, with the same id. LOG_LEVEL=DEBUG logs
them here too.
"""

import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from random import getrandbits
from typing import TextIO

from flask import Flask
from prometheus_client import Counter, Histogram
from pythonjsonlogger.json import JsonFormatter

from server.config import Config
from server.security import security_headers

access_log = logging.getLogger("sain.access")
WELL_FORMED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
UNMATCHED = "(no route)"
# Where the public cache, which answers before any routing, puts the route of what it kept.
ROUTE = "sain.route"
SLOW_SECONDS = 1.0
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_request_id: ContextVar[str] = ContextVar("request_id", default="")

REQUESTS = Counter("sain_http_requests_total", "Requests answered.", ["method", "route", "status"])
LATENCY = Histogram(
    "sain_http_request_seconds", "Time to answer.", ["route"], buckets=LATENCY_BUCKETS
)


def current_request_id() -> str:
    """The id of the request being handled; empty outside one."""
    return _request_id.get()


def init_app(app: Flask, config: Config) -> None:
    configure_logging(config.log_level)
    app.wsgi_app = Telemetry(app.wsgi_app, security_headers(config))


def configure_logging(level: str, stream: TextIO = sys.stderr) -> None:
    """One JSON object per line."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )
    )
    handler.addFilter(_add_request_id)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # At DEBUG it writes down addresses, which hold WeChat's secrets and codes.
    logging.getLogger("urllib3").setLevel(logging.INFO)


def _add_request_id(record: logging.LogRecord) -> bool:
    if request_id := current_request_id():
        record.request_id = request_id
    return True


class Telemetry:
    """WSGI wrapper that gives every request an id and records how it was answered.

    Every answer gets `headers`, the same for all.
    """

    def __init__(self, app: Callable, headers: list[tuple[str, str]]) -> None:
        self._app = app
        self._headers = headers
        self._requests: dict[tuple[str, str, str], Counter] = {}
        self._latency: dict[str, Histogram] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        began = time.perf_counter()
        request_id = _choose_id(environ)
        token = _request_id.set(request_id)

        def start(status: str, headers: list, exc_info=None):
            headers += self._headers
            headers.append(("X-Request-ID", request_id))
            self._record(environ, status[:3], time.perf_counter() - began)
            return start_response(status, headers, exc_info)

        try:
            return self._app(environ, start)
        finally:
            _request_id.reset(token)

    def _record(self, environ: dict, status: str, seconds: float) -> None:
        method, route = _method(environ), route_of(environ)
        self._counter(method, route, status).inc()
        self._histogram(route).observe(seconds)
        is_notable = status >= "400" or seconds > SLOW_SECONDS
        level = logging.INFO if is_notable else logging.DEBUG
        if access_log.isEnabledFor(level):
            milliseconds = round(seconds * 1000, 1)
            access_log.log(
                level, "%s %s %s", method, route, status, extra={"milliseconds": milliseconds}
            )

    def _counter(self, *labels: str) -> Counter:
        counter = self._requests.get(labels)
        if counter is None:
            counter = self._requests[labels] = REQUESTS.labels(*labels)
        return counter

    def _histogram(self, route: str) -> Histogram:
        histogram = self._latency.get(route)
        if histogram is None:
            histogram = self._latency[route] = LATENCY.labels(route)
        return histogram


def _choose_id(environ: dict) -> str:
    """The id a proxy in front gave the request, if it looks like one, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID")
    if given is not None and WELL_FORMED_ID.fullmatch(given):
        return given
    return f"{getrandbits(64):016x}"


def _method(environ: dict) -> str:
    """The method, if it is a usual one: anybody may invent others, and each would be counted."""
    method = environ["REQUEST_METHOD"]
    return method if method in METHODS else "OTHER"


def route_of(environ: dict) -> str:
    """The pattern that matched; never the path itself, which may hold ids."""
    if ROUTE in environ:
        return environ[ROUTE]
    request = environ.get("werkzeug.request")
    rule = request.url_rule if request is not None else None
    return rule.rule if rule is not None else UNMATCHED
