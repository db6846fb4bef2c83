"""Uploaded pictures and videos at /files: public, kept by browsers for good, trusted with nothing.

A name is random and never used again for other bytes, so it is its own ETag. Any part can be asked
for by itself (RFC 9110, 14), without which players of some telephones show no video at all.
"""

from itertools import chain

from flask import Blueprint, Flask, Response, request

from server.extensions import runtime
from services.files import PUBLIC_PATH, PublicFile, open_public_file

PREFIX = PUBLIC_PATH
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # Should a browser ever take a file for a page, the page may do nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # The mini-program and its build for browsers show files under origins of their own.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Accept-Ranges": "bytes",
}

blueprint = Blueprint("files", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get(f"{PREFIX}<name>")
def send_file(name: str) -> Response:
    """A file or the part asked for, or 304 for who has it already."""
    file = open_public_file(runtime().context(), name=name)
    response = Response(mimetype=file.media_type)
    response.headers.update(HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(name)
    response.make_conditional(request)
    # Put there on the way; the server under us tells the date itself.
    del response.headers["Date"]
    if response.status_code == 200:
        _fill(response, file, _wanted_part(file))
    return response


def _wanted_part(file: PublicFile) -> range | None:
    """The bytes asked for, an empty range if there are none of them; None for the whole file.

    What cannot be understood, and several parts at once, get the whole file, as they may.
    """
    wanted = request.range if request.method == "GET" else None
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    if "If-Range" in request.headers and request.if_range.etag != file.name:
        return None
    ((start, end),) = wanted.ranges
    if start < 0:
        return range(max(file.bytes + start, 0), file.bytes)
    return range(start, min(end or file.bytes, file.bytes))


def _fill(response: Response, file: PublicFile, part: range | None) -> None:
    if part is not None:
        response.status_code = 206 if part else 416
        span = f"{part.start}-{part.stop - 1}" if part else "*"
        response.headers["Content-Range"] = f"bytes {span}/{file.bytes}"
    sent = range(file.bytes) if part is None else part
    response.headers["Content-Length"] = str(len(sent))
    if sent and request.method == "GET":
        pieces = file.read(sent.start, len(sent))
        # The first is read while a storage that fails can still be told.
        response.response = chain((next(pieces),), pieces)
