"""The staff's console at /console: files that Vite built, under a strict policy."""

from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import NotFound

from server.front_ends import ASSETS, PAGE, FrontEnd

PREFIX = "/console"
FRONT_END = FrontEnd(
    name="管理台",
    setting="CONSOLE_FILES",
    folder=Path(__file__).parent.parent / "console" / "dist",
    # Vue sets styles through the DOM, which needs no 'unsafe-inline'. Pictures come from our own
    # /files, from files just chosen (blob:) and from drawings (data:), videos from /files alone.
    policy=(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
)

blueprint = Blueprint("console", __name__, url_prefix=PREFIX)


def init_app(app: Flask) -> None:
    FRONT_END.init_app(app)
    app.register_blueprint(blueprint)


@blueprint.get("/", defaults={"name": PAGE})
@blueprint.get("/<path:name>")
def show_console(name: str) -> Response:
    """A built file; any other path is a page of the console, which index.html draws."""
    if name != PAGE and FRONT_END.has(name):
        return FRONT_END.send_file(name)
    if name != PAGE and (PurePosixPath(name).suffix or name.startswith(ASSETS)):
        raise NotFound
    return FRONT_END.send_page()
