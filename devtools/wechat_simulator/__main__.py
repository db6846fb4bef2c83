"""`python -m devtools.wechat_simulator`: serve on 127.0.0.1, port SIMULATOR_PORT (8001)."""

import os
import signal
import socket
import sys

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from . import create_app

HOST = "127.0.0.1"


class PathOnlyLog(WSGIRequestHandler):
    """Log calls without their query, which carries tokens and secrets."""

    def log_request(self, code="-", size="-"):
        path = getattr(self, "path", "").split("?")[0]
        sys.stderr.write(f"wechat-simulator {self.command} {path} {int(code)}\n")


def main() -> int:
    try:
        app = create_app()
        port = _port()
        listener = _listen(port)
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    with listener:
        server = make_server(
            HOST, port, app, threaded=True, request_handler=PathOnlyLog, fd=listener.fileno()
        )
    print(f"WeChat simulator ready on http://{HOST}:{server.port}", flush=True)
    _serve(server, app)
    return 0


def _port() -> int:
    given = os.environ.get("SIMULATOR_PORT", "8001")
    if not given.isdigit() or int(given) > 65535:
        raise ValueError(f"SIMULATOR_PORT must be a port number, not '{given}'.")
    return int(given)


def _listen(port: int) -> socket.socket:
    """Bind here rather than in werkzeug, whose words for a port in use are of another matter."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise RuntimeError(
            f"The WeChat simulator cannot use port {port} ({error.strerror}); "
            "stop what uses it or set SIMULATOR_PORT."
        ) from error
    listener.listen(128)
    return listener


def _serve(server: BaseWSGIServer, app) -> None:
    """Until SIGINT or SIGTERM, which also end held connections and pending pushes."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.serve_forever()
    finally:
        app.extensions["wechat_simulator"].stopping.set()


if __name__ == "__main__":
    sys.exit(main())
