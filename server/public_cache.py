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

MOST_BYTES = 32 * 1024 * 1024
# What an entry costs besides its body: headers, key and bookkeeping.
BYTES_BESIDES = 2048
# How long after its time an answer may still stand in for one that is being renewed.
STALE_SECONDS = 5
MAX_AGE = re.compile(r"public, max-age=(\d+)")

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class _Kept:
    route: str
    headers: Headers
    etag: str
    body: bytes
    seconds: int
    fresh_until: float
    renewed_by: float = 0.0

    @property
    def size(self) -> int:
        return len(self.body) + BYTES_BESIDES


class PublicCache:
    """WSGI wrapper. While one request renews a stale answer, all others still get it."""

    def __init__(
        self,
        app: Callable,
        *,
        below: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        # All else is files and pages, which are the browser's and the proxy's to keep.
        self._below = below
        self._monotonic = monotonic
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._bytes = 0

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "GET" or not path.startswith(self._below):
            return self._app(environ, start_response)
        key = path, environ.get("QUERY_STRING", "")
        # The application always answers whole, so that there is something to keep.
        known_etags = environ.pop("HTTP_IF_NONE_MATCH", "")
        kept = self._find(key)
        if kept is None:
            return self._ask(key, known_etags, environ, start_response)
        environ[ROUTE] = kept.route
        return _send(kept, known_etags, start_response)

    def _find(self, key: tuple[str, str]) -> _Kept | None:
        """The answer to repeat, or None for the one request that has to renew it."""
        kept, now = self._kept.get(key), self._monotonic()
        if kept is None or now >= kept.fresh_until + STALE_SECONDS:
            return None
        if now >= kept.fresh_until and now >= kept.renewed_by:
            kept.renewed_by = now + kept.seconds
            return None
        self._kept.move_to_end(key)
        return kept

    def _ask(
        self, key: tuple[str, str], known_etags: str, environ: dict, start_response: Callable
    ) -> Iterable[bytes]:
        answer: list = []

        def note(*start: object) -> None:
            # Flask forgets the route as soon as it has answered.
            environ[ROUTE] = route_of(environ)
            answer.extend(start)

        body = self._app(environ, note)
        status, headers = answer[:2]
        seconds = _seconds_to_keep(status, dict(headers))
        if not seconds:
            if status < "500":
                self._drop(key)
            start_response(*answer)
            return body
        kept = _Kept(
            environ[ROUTE],
            headers,
            dict(headers).get("ETag", ""),
            b"".join(body),
            seconds,
            self._monotonic() + seconds,
        )
        body.close()
        self._keep(key, kept)
        return _send(kept, known_etags, start_response)

    def _keep(self, key: tuple[str, str], kept: _Kept) -> None:
        self._drop(key)
        self._kept[key] = kept
        self._bytes += kept.size
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[str, str]) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size


def _send(kept: _Kept, known_etags: str, start_response: Callable) -> list[bytes]:
    # A proxy that compresses makes W/"…" of "…"; the quotes keep one tag from matching another.
    if kept.etag and kept.etag in known_etags:
        cache_control = f"public, max-age={kept.seconds}"
        start_response("304 NOT MODIFIED", [("ETag", kept.etag), ("Cache-Control", cache_control)])
        return []
    start_response("200 OK", kept.headers.copy())
    return [kept.body]


def _seconds_to_keep(status: str, headers: dict[str, str]) -> int:
    """How long an answer may be kept; files are the proxy's to keep."""
    found = MAX_AGE.fullmatch(headers.get("Cache-Control", ""))
    is_json = headers.get("Content-Type") == "application/json"
    return int(found[1]) if status == "200 OK" and found is not None and is_json else 0
