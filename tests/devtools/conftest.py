"""A WeChat simulator over real HTTP, with a clock that only tests move."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from devtools.wechat_simulator import DEFAULT_APPID, DEFAULT_SECRET, create_app

NOW = 1_800_000_000.0


class SimulatorClient:
    """What the tests say to the simulator; `state` is its memory, for the rare look inside."""

    def __init__(self, url, state):
        self.url = url
        self.state = state
        self.http = requests.Session()
        self.http.trust_env = False

    def get(self, path, **params):
        return self.http.get(self.url + path, params=params, timeout=5)

    def post(self, path, body=None, **params):
        return self.http.post(self.url + path, params=params, data=_raw(body), timeout=5)

    def control(self, path, method="POST", /, **body):
        answer = self.try_control(path, method, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def try_control(self, path, method="POST", /, **body):
        url = f"{self.url}/_control{path}"
        if method == "GET":
            return self.http.get(url, params=body, timeout=5)
        return self.http.request(method, url, json=body, timeout=20)

    def advance(self, seconds):
        self.control("/time", advance_seconds=seconds)

    def token(self, appid=DEFAULT_APPID, secret=DEFAULT_SECRET, **more):
        body = {"grant_type": "client_credential", "appid": appid, "secret": secret, **more}
        return self.post("/cgi-bin/stable_token", body).json()["access_token"]

    def plain_token(self):
        answer = self.get(
            "/cgi-bin/token",
            grant_type="client_credential",
            appid=DEFAULT_APPID,
            secret=DEFAULT_SECRET,
        )
        return answer.json()["access_token"]

    def call(self, path, body, **params):
        """POST with a valid token; the answer as JSON."""
        return self.post(path, body, access_token=self.token(), **params).json()

    def token_errcode(self, token):
        """0 when the token works."""
        return self.get("/cgi-bin/getcallbackip", access_token=token).json().get("errcode", 0)

    def login_code(self, openid="o-citizen", **more):
        return self.control("/login-codes", openid=openid, **more)["code"]

    def login(self, code, appid=DEFAULT_APPID, secret=DEFAULT_SECRET):
        return self.get(
            "/sns/jscode2session",
            appid=appid,
            secret=secret,
            js_code=code,
            grant_type="authorization_code",
        )


def _raw(body):
    """Dicts as raw UTF-8 JSON, the way WeChat wants it; anything else as it is."""
    if isinstance(body, dict):
        return json.dumps(body, ensure_ascii=False).encode()
    return body


class QuietHandler(WSGIRequestHandler):
    def log(self, *args):
        pass


def serve_simulator(**options):
    """A running simulator as (url, state, stop)."""
    app = create_app(**options)
    state = app.extensions["wechat_simulator"]
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def stop():
        state.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()

    return f"http://127.0.0.1:{server.port}", state, stop


@pytest.fixture(scope="session")
def simulator_server():
    url, state, stop = serve_simulator(clock=lambda: NOW)
    yield url, state
    stop()


@pytest.fixture
def weixin(simulator_server):
    client = SimulatorClient(*simulator_server)
    yield client
    client.control("/reset")
    client.http.close()


class Callback:
    """An app's callback address that notes what it gets and answers as scripted."""

    def __init__(self):
        self.received = []
        self.answers = []
        self.arrived = threading.Semaphore(0)
        self.echo = None
        self.delay = 0.0

    def wait(self, count=1):
        for _ in range(count):
            assert self.arrived.acquire(timeout=3), "no push arrived"
        return self.received[-1]

    def answer(self):
        return self.answers.pop(0) if self.answers else (200, b"success")


@pytest.fixture
def callback():
    """A listening callback with `.url`; requests are dicts of method, query, body, type."""
    notes = Callback()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._note(body)
            time.sleep(notes.delay)
            self._send(*notes.answer())

        def do_GET(self):
            self._note(b"")
            query = dict(parse_qsl(urlsplit(self.path).query))
            self._send(200, (notes.echo or query["echostr"]).encode())

        def _note(self, body):
            query = dict(parse_qsl(urlsplit(self.path).query))
            kind = self.headers.get("Content-Type")
            notes.received.append(
                {"method": self.command, "query": query, "body": body.decode(), "type": kind}
            )
            notes.arrived.release()

        def _send(self, status, body):
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    notes.url = f"http://127.0.0.1:{server.server_port}/wechat"
    yield notes
    server.shutdown()
    thread.join()
    server.server_close()
