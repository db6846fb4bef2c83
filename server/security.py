"""Headers that tell browsers to distrust what we did not mean to send."""

from flask import Flask, Response

from server.config import Config

API_CSP = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask, config: Config) -> None:
    headers = HEADERS | ({"Strict-Transport-Security": HSTS} if config.is_production else {})
    pairs = [*headers.items()]

    @app.after_request
    def add_security_headers(response: Response) -> Response:
        response.headers.extend(pairs)
        response.headers.setdefault("Content-Security-Policy", API_CSP)
        return response
