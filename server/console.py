"""The staff's console at /console: files that Vite built, under a strict policy."""

from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from server.security import PAGE_HEADERS

PREFIX = "/console"
BUILT_FILES = Path(__file__).parent.parent / "console" / "dist"
PAGE = "index.html"
ASSETS = "assets/"
# Vite puts a hash of the content into the names below assets/; only those may be kept for ever.
KEEP = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# Browsers are told not to guess, and machines differ in what they know of these.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# What the build has packed, the smallest first.
PACKED = {"br": ".br", "gzip": ".gz"}
# Vue sets styles through the DOM, which needs no 'unsafe-inline'. Pictures come from our own
# /files, from files just chosen (blob:) and from drawings (data:).
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NOT_BUILT = """\
<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<title>赛音管理台</title>
<h1>管理台还没有构建</h1>
<p>请在源码目录运行 <code>make run</code>，它会先把管理台构建好。</p>
</html>
"""

blueprint = Blueprint("console", __name__, url_prefix=PREFIX)


def init_app(app: Flask) -> None:
    app.config["CONSOLE_FILES"] = BUILT_FILES
    app.register_blueprint(blueprint)


@blueprint.get("/", defaults={"name": PAGE})
@blueprint.get("/<path:name>")
def show_console(name: str) -> Response:
    """A built file; any other path is a page of the console, which index.html draws."""
    if name != PAGE and _is_file(name):
        return _send(name, KEEP if name.startswith(ASSETS) else ASK_AGAIN)
    if name != PAGE and (PurePosixPath(name).suffix or name.startswith(ASSETS)):
        raise NotFound
    return _send_page()


def _send_page() -> Response:
    if _is_file(PAGE):
        response = _send(PAGE, ASK_AGAIN)
    else:
        response = Response(NOT_BUILT, 503, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CSP
    response.headers.update(PAGE_HEADERS)
    return response


def _send(name: str, cache_control: str) -> Response:
    """The file, packed if the browser takes it and the build has packed it."""
    encoding = next((each for each in PACKED if _has_packed(name, each)), None)
    response = send_from_directory(
        current_app.config["CONSOLE_FILES"],
        name + PACKED.get(encoding, ""),
        mimetype=TYPES.get(PurePosixPath(name).suffix),
    )
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = cache_control
    return response


def _has_packed(name: str, encoding: str) -> bool:
    return request.accept_encodings[encoding] > 0 and _is_file(name + PACKED[encoding])


def _is_file(name: str) -> bool:
    path = safe_join(str(current_app.config["CONSOLE_FILES"]), name)
    return path is not None and Path(path).is_file()
