"""A small HTTP cache inside each process, in front of Flask.

It keeps answers that say `Cache-Control: public` for as long as they say, which for us is about a
second: when a campaign opens and everybody looks at its standings, each process works them out
once a second instead of a thousand times.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server.telemetry import ROUTE, route_of

MOST_ANSWERS = 2048
MAX_AGE = re.compile(r"public, max-age=(\d+)")


@dataclass(slots=True)
class _Kept:
    route: str
    headers: list[tuple[str, str]]
    etag: str | None
    body: list[bytes]
    seconds: int
    fresh_until: float


class PublicCache:
    """WSGI wrapper. While one request renews a stale answer, all others still get it."""

    def __init__(self, app: Callable, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._monotonic = monotonic
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        key = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        kept = self._kept.get(key)
        if kept is not None:
            now = self._monotonic()
            if now < kept.fresh_until:
                return self._repeat(kept, environ, start_response)
            kept.fresh_until = now + kept.seconds
        return self._ask(key, environ, start_response)

    def _repeat(self, kept: _Kept, environ: dict, start_response: Callable) -> Iterable[bytes]:
        environ[ROUTE] = kept.route
        if kept.etag is not None and environ.get("HTTP_IF_NONE_MATCH") == kept.etag:
            start_response("304 NOT MODIFIED", [("ETag", kept.etag)])
            return []
        start_response("200 OK", kept.headers.copy())
        return kept.body

    def _ask(
        self, key: tuple[str, str], environ: dict, start_response: Callable
    ) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info=None):
            if status == "200 OK":
                answer.extend(headers)
            return start_response(status, headers, exc_info)

        answer: list[tuple[str, str]] = []
        body = self._app(environ, start)
        seconds = _seconds_to_keep(dict(answer))
        if not seconds:
            return body
        kept = _Kept(
            route_of(environ),
            answer,
            dict(answer).get("ETag"),
            list(body),
            seconds,
            self._monotonic() + seconds,
        )
        body.close()
        self._kept[key] = kept
        if len(self._kept) > MOST_ANSWERS:
            self._kept.popitem(last=False)
        return kept.body


def _seconds_to_keep(headers: dict[str, str]) -> int:
    """How long an answer with these headers may be kept; files are the proxy's to keep."""
    found = MAX_AGE.fullmatch(headers.get("Cache-Control", ""))
    is_json = headers.get("Content-Type") == "application/json"
    return int(found[1]) if found is not None and is_json else 0
