"""Front ends that a build has left as static files, sent under strict policies."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

from server.security import PAGE_HEADERS

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
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# What a build may have packed, the smallest first.
PACKED = {"br": ".br", "gzip": ".gz"}
NOT_BUILT = """\
<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>赛音</title>
<h1>{name}还没有构建</h1>
<p>请在源码目录运行 <code>make run</code>，它会先把{name}构建好。</p>
</html>
"""


@dataclass(frozen=True)
class FrontEnd:
    """What a build left in `folder`, which tests replace in the app's config under `setting`.

    `name` is what Chinese readers call it; `policy` is the page's Content-Security-Policy.
    """

    name: str
    setting: str
    folder: Path
    policy: str

    def init_app(self, app: Flask) -> None:
        app.config[self.setting] = self.folder

    def has(self, name: str) -> bool:
        """Whether the build left a file of this name; a way out of the folder is none."""
        path = safe_join(str(self._folder), name)
        return path is not None and Path(path).is_file()

    def send_page(self) -> Response:
        """The page that draws all others; without a build, one that says what to do."""
        if self.has(PAGE):
            response = self._send(PAGE, ASK_AGAIN)
        else:
            text = NOT_BUILT.format(name=self.name)
            response = Response(text, 503, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = self.policy
        response.headers.update(PAGE_HEADERS)
        return response

    def send_file(self, name: str) -> Response:
        """A file of the build other than the page; the caller knows that it is there."""
        return self._send(name, KEEP if name.startswith(ASSETS) else ASK_AGAIN)

    def _send(self, name: str, cache_control: str) -> Response:
        """The file, packed if the browser takes it and the build has packed it."""
        encoding = next((each for each in PACKED if self._has_packed(name, each)), None)
        response = send_from_directory(
            self._folder,
            name + PACKED.get(encoding, ""),
            mimetype=TYPES.get(PurePosixPath(name).suffix),
        )
        if encoding:
            response.content_encoding = encoding
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = cache_control
        return response

    def _has_packed(self, name: str, encoding: str) -> bool:
        return request.accept_encodings[encoding] > 0 and self.has(name + PACKED[encoding])

    @property
    def _folder(self) -> Path:
        return current_app.config[self.setting]
