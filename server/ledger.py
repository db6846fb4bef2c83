"""The public ledger at /ledger, as c2sp.org/tlog-tiles wants it served: files that anyone may read.

A tile never changes once it is full, nor does the part of it that a `.p/` names.
"""

from flask import Blueprint, Flask, Response, request

from server.endpoint import OCTETS
from server.extensions import Runtime, runtime
from services import ledger

PREFIX = "/ledger"
IMMUTABLE = "public, max-age=31536000, immutable"
# Two seconds pass between two checkpoints.
FRESH = "public, max-age=2"
# Whoever checks the ledger may do so from a page of their own.
OPEN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

blueprint = Blueprint("ledger_files", __name__, url_prefix=PREFIX)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/checkpoint")
def send_checkpoint() -> Response:
    """The latest signed head of the tree."""
    head = ledger.read_head(_let_in().context())
    return _answer(head.note.encode(), "text/plain; charset=utf-8", FRESH)


@blueprint.get("/tile/<path:path>")
def send_tile(path: str) -> Response:
    """Up to 256 hashes or records; 404 for what does not exist or is written another way."""
    return _answer(ledger.read_tile(_let_in().context(), path=path), OCTETS, IMMUTABLE)


def _let_in() -> Runtime:
    parts = runtime()
    address = request.remote_addr or ""
    parts.services.rate_limiter.hit("ledger", person=None, address=address, now=parts.clock.now())
    return parts


def _answer(content: bytes, media_type: str, cache_control: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = cache_control
    response.headers.update(OPEN_HEADERS)
    return response
