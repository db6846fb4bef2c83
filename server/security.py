"""Headers that tell browsers to distrust what we did not mean to send."""

from flask import Flask, Response

from server.config import Config

# For JSON, which loads nothing and may be framed by nobody.
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
HSTS = "max-age=31536000; includeSubDomains"
# A page needs a policy of its own besides these.
PAGE_HEADERS = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.after_request(_add_policy)


def _add_policy(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", API_POLICY)
    return response


def security_headers(config: Config) -> list[tuple[str, str]]:
    """The headers of every answer."""
    headers = [("X-Content-Type-Options", "nosniff")]
    if config.is_production:
        headers.append(("Strict-Transport-Security", HSTS))
    return headers
