"""Interactive API documents at /docs, from our own files only."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound

from server.config import Config
from server.security import PAGE_HEADERS

OWN_FILES = Path(__file__).parent / "static" / "docs"
# flask-swagger-ui is used as a carrier of Swagger UI's files: its own blueprint writes inline
# scripts, which our content security policy forbids.
SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"
SWAGGER_NAMES = {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}
# Swagger UI styles elements inline and draws its icons from data: addresses.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)

blueprint = Blueprint("docs", __name__, url_prefix="/docs")


def init_app(app: Flask, config: Config) -> None:
    if config.has_docs:
        app.register_blueprint(blueprint)


@blueprint.get("/")
def show_page() -> Response:
    """The page that shows /api/v1/openapi.json."""
    response = send_from_directory(OWN_FILES, "index.html")
    response.headers["Content-Security-Policy"] = CSP
    response.headers.update(PAGE_HEADERS)
    return response


@blueprint.get("/<name>")
def send_file(name: str) -> Response:
    """A script, style or picture of the page."""
    if name in SWAGGER_NAMES:
        return send_from_directory(SWAGGER_FILES, name, max_age=86400)
    if name in {"start.js", "page.css"}:
        return send_from_directory(OWN_FILES, name)
    raise NotFound
