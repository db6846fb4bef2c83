"""The application under real gunicorn, for tests of what several processes do at once."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import text
from sqlalchemy.orm import Session

from devtools.message_templates import SETTING
from server.config import Config

ROOT = Path(__file__).parent.parent


def environment(config: Config, **changes: str) -> dict[str, str]:
    """The variables that give a served copy the settings of the tests; no rate limits."""
    keys = ",".join(
        f"{name}:{suite}:{b64encode(key).decode()}"
        for name, (suite, key) in config.data_keys.items()
    )
    settings = {
        "SAIN_ENV": "test",
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "SECRET_KEY": ",".join(config.secret_keys),
        "DATA_KEYS": keys,
        "INDEX_KEY": b64encode(config.index_key).decode(),
        "LEDGER_KEY": b64encode(config.ledger_key).decode(),
        "WECHAT_APPID": config.wechat_appid,
        "WECHAT_SECRET": config.wechat_secret,
        "WECHAT_BASE_URL": config.wechat_base_url,
        "WECHAT_OPEN_URL": config.wechat_base_url,
        "WECHAT_TEMPLATES": SETTING,
        "STORAGE_FOLDER": str(config.storage),
        "RATE_LIMIT_FACTOR": "100000",
        "LOG_LEVEL": "ERROR",
        "FLASK_APP": "wsgi.py",
    }
    if config.wechat_official is not None:
        appid, secret = config.wechat_official
        settings |= {"WECHAT_OFFICIAL_APPID": appid, "WECHAT_OFFICIAL_SECRET": secret}
    return os.environ | settings | changes


@dataclass
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@contextmanager
def served(env: dict[str, str]) -> Iterator[Server]:
    """gunicorn with two gevent workers on a free port, answering."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "server/gunicorn_conf.py", "wsgi:app"],
        cwd=ROOT,
        env=env | {"PORT": str(port), "WEB_CONCURRENCY": "2"},
    )
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), seconds=90)
        assert process.poll() is None, "gunicorn did not start"
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(20)


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> None:
    """Poll a condition for a bounded time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s")
        time.sleep(0.02)


def someone_waits_for_a_lock(session: Session) -> bool:
    """Whether any transaction waits for another; ends the session's own."""
    session.rollback()
    return session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) > 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@dataclass
class Voter:
    """One client with a kept-alive connection, which notes every answer."""

    port: int
    token: str
    receipts: list[dict] = field(default_factory=list)
    refusals: list[tuple[int, str | None]] = field(default_factory=list)
    dropped: int = 0
    _connection: http.client.HTTPConnection | None = None

    def vote(self, campaign_id: int, entry_id: int, key: str | None = None) -> int | None:
        """Cast a ballot; returns the status, or None when the connection broke."""
        try:
            return self._send(campaign_id, entry_id, key or str(uuid.uuid4()))
        except (OSError, http.client.HTTPException):
            self.dropped += 1
            self.close()
            return None

    def _send(self, campaign_id: int, entry_id: int, key: str) -> int:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self._connection.request(
            "POST",
            f"/api/v1/campaigns/{campaign_id}/ballots",
            json.dumps({"entry_id": entry_id}),
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status == 201:
            self.receipts.append(json.loads(body))
        else:
            self.refusals.append((answer.status, answer.headers.get("Retry-After")))
        return answer.status

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
