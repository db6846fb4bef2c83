"""Flask: HTTP in, HTTP out."""

from flask import Flask

from server import (
    api,
    cli,
    console,
    docs,
    errors,
    extensions,
    files,
    health,
    ledger,
    requests,
    security,
    site,
    telemetry,
    verifier,
    wechat_push,
)
from server.config import Config
from server.public_cache import PublicCache


def create_app(config: Config, *, clock: type[extensions.Clock] = extensions.Clock) -> Flask:
    """The application, ready to serve; it contacts nothing until the first request."""
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False
    app.json.sort_keys = False
    extensions.init_app(app, config, clock)
    security.init_app(app)
    # The wrappers around Flask, from the innermost to the outermost.
    app.wsgi_app = PublicCache(app.wsgi_app, below=api.PREFIX)
    telemetry.init_app(app, config)
    requests.init_app(app, config)
    api.init_app(app)
    # After the API, whose library brings an error shape of its own.
    errors.init_app(app)
    site.init_app(app)
    console.init_app(app)
    docs.init_app(app, config)
    files.init_app(app)
    verifier.init_app(app)
    ledger.init_app(app)
    health.init_app(app)
    wechat_push.init_app(app)
    cli.init_app(app)
    return app
