"""Uploaded pictures at /files: public, kept by browsers for good, and trusted by them with nothing.

A name is random and never used again for other bytes, so it is its own ETag.
"""

from flask import Blueprint, Flask, Response, request

from server.extensions import runtime
from services.files import PUBLIC_PATH, read_public_file

PREFIX = PUBLIC_PATH
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # Should a browser ever take a picture for a page, the page may do nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # The mini-program and its build for browsers show pictures under origins of their own.
    "Cross-Origin-Resource-Policy": "cross-origin",
}

blueprint = Blueprint("files", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get(f"{PREFIX}<name>")
def send_picture(name: str) -> Response:
    """A picture or its thumbnail, or 304 for who has it already."""
    content, media_type = read_public_file(runtime().context(), name=name)
    response = Response(content, mimetype=media_type)
    response.headers.update(HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(name)
    response.make_conditional(request)
    # Put there on the way; the server under us tells the date itself.
    del response.headers["Date"]
    return response
