"""An application that takes pushes, and WeChat's side of them."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from devtools.wechat_simulator import push
from devtools.wechat_simulator.state import WeChatApp
from models import WeChatEvent
from server import create_app
from server.config import Config
from tests.conftest import StoppedClock, close_connections
from tests.wechat import WeChatControl

TOKEN = "PushTokenOfTheTests"
AES_KEY = base64.b64encode(bytes(range(100, 132))).decode().rstrip("=")
APPID = "wxsimulator0000000"
PATH = "/wechat/push"


@dataclass
class Pusher:
    """Makes envelopes as the simulator does, at the test's own time, and posts them."""

    client: FlaskClient
    clock: type
    app: WeChatApp

    def now(self) -> float:
        return self.clock.now().timestamp()

    def envelope(self, event: dict) -> tuple[dict[str, str], str]:
        created_at = int(self.now())
        whole = {
            "ToUserName": "gh_simulator0001",
            "FromUserName": "o-1",
            "CreateTime": created_at,
            "MsgType": "event",
        } | event
        return push.envelope(self, self.app, whole)

    def push(self, event: dict) -> TestResponse:
        return self.post(*self.envelope(event))

    def post(self, query: dict[str, str], body: str | bytes) -> TestResponse:
        return self.client.post(PATH, query_string=query, data=body)


@pytest.fixture(scope="session")
def plain_app(config: Config) -> Iterator[Flask]:
    app = create_app(replace(config, wechat_push_token=TOKEN), clock=StoppedClock)
    yield app
    close_connections(app)


@pytest.fixture(scope="session")
def safe_app(config: Config) -> Iterator[Flask]:
    keys = {"wechat_push_token": TOKEN, "wechat_push_aes_key": AES_KEY}
    app = create_app(replace(config, **keys), clock=StoppedClock)
    yield app
    close_connections(app)


@pytest.fixture
def plain(app: Flask, plain_app: Flask, clock) -> Pusher:
    """Pushes in plain mode, as JSON."""
    return Pusher(plain_app.test_client(), clock, WeChatApp(APPID, "", token=TOKEN))


@pytest.fixture
def safe(app: Flask, safe_app: Flask, clock) -> Pusher:
    """Pushes in safe mode, as JSON."""
    known = WeChatApp(APPID, "", token=TOKEN, aes_key=AES_KEY)
    return Pusher(safe_app.test_client(), clock, known)


@pytest.fixture(params=["plain json", "plain xml", "safe json", "safe xml"])
def pusher(request: pytest.FixtureRequest) -> Pusher:
    """Pushes in every way WeChat can."""
    mode, push_format = request.param.split()
    pusher = request.getfixturevalue(mode)
    pusher.app.push_format = push_format
    return pusher


@pytest.fixture
def events(app: Flask, session) -> Callable[[], list[WeChatEvent]]:
    """The events that were kept."""

    def read() -> list[WeChatEvent]:
        session.rollback()
        query = select(WeChatEvent).order_by(WeChatEvent.id)
        return list(session.scalars(query.execution_options(populate_existing=True)))

    return read


@pytest.fixture
def connected(safe: Pusher, wechat: WeChatControl, clock) -> Iterator[WeChatControl]:
    """The simulator with our address entered, at the real time, in safe mode."""
    clock.set(datetime.now(UTC))
    server = make_server("127.0.0.1", 0, safe.client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    wechat.set_app(
        callback_url=f"http://127.0.0.1:{server.port}{PATH}",
        token=TOKEN,
        aes_key=AES_KEY,
        push_retry_seconds=0.02,
    )
    yield wechat
    server.shutdown()
    thread.join()
    server.server_close()


def as_text(event: dict) -> str:
    return json.dumps(event, ensure_ascii=False)
