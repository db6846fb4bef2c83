"""The engines of `make run` and `make test`: they start anywhere, keep data and harm no one."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from devtools import embedded
from devtools.embedded import EmbeddedPostgres, EmbeddedRedis, EngineError
from devtools.embedded.redis_server import NO_RETRY

ROOT = Path(__file__).resolve().parents[2]


def wait_until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "The condition did not come true in time."
        time.sleep(0.02)


def ask(url: str, query: str) -> list[tuple]:
    """Runs one statement through the URL, as SQLAlchemy would, and returns its rows."""
    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def has_ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like a user's: with spaces, Chinese characters and more than 107 bytes."""
    return tmp_path / "我的 项目" / ("很长的文件夹" * 6) / "var"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("shared") / "postgres") as engine:
        yield engine


def test_engines_start_in_a_long_folder_with_spaces_and_chinese_names(folder: Path) -> None:
    assert len(str(folder).encode()) > 107
    with embedded.engines(folder, durable=False) as running:
        [row] = ask(
            running.database_url,
            "SELECT current_user, current_database(), current_setting('server_encoding'),"
            " current_setting('TimeZone'), current_setting('fsync'), upper('é'),"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)",
        )
        with redis.Redis.from_url(running.redis_url) as client:
            policy = client.config_get("maxmemory*")
    assert row == ("sain", "sain", "UTF8", "UTC", "off", "É", False)
    assert policy["maxmemory-policy"] == "volatile-lru"
    assert policy["maxmemory"] == str(256 * 1024 * 1024)


def test_chinese_characters_are_letters_to_trigram_search(postgres: EmbeddedPostgres) -> None:
    ask(postgres.owner_url, "CREATE EXTENSION pg_trgm")
    assert ask(postgres.url, "SELECT similarity('黄芪', '黄芪') > 0") == [(True,)]


def test_data_and_url_survive_a_restart_and_a_crash(postgres: EmbeddedPostgres) -> None:
    url = postgres.owner_url
    ask(url, "CREATE TABLE note AS SELECT '艾灸' AS text")
    assert ask(url, "SHOW fsync") == [("on",)]
    postgres.restart()
    assert ask(url, "SELECT text FROM note") == [("艾灸",)]

    os.kill(postgres.pid, signal.SIGKILL)
    wait_until(lambda: postgres.pid is None)
    postgres.start()
    assert postgres.owner_url == url
    assert ask(url, "SELECT text FROM note") == [("艾灸",)]


def test_redis_keeps_its_url_over_a_restart_and_refuses_strangers(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as engine:
        url = engine.url
        engine.restart()
        assert engine.url == url
        with redis.Redis.from_url(url) as client:
            assert client.ping()
        port = int(url.rpartition(":")[2].partition("/")[0])
        with (
            redis.Redis(port=port, retry=NO_RETRY) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()


def test_no_other_user_of_the_machine_reaches_the_socket(postgres: EmbeddedPostgres) -> None:
    socket_dir = Path(postgres.url.partition("host=")[2])
    found = socket_dir.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == postgres.data_dir.stat().st_uid
    rules = (postgres.data_dir / "pg_hba.conf").read_text()
    assert rules == "local all all peer map=sain\n"


def test_an_orphaned_server_is_taken_over(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as first:
        orphan = first.pid
        with EmbeddedPostgres(tmp_path / "postgres", durable=False) as second:
            assert first.pid is None
            assert second.pid != orphan
            assert ask(second.url, "SELECT 1") == [(1,)]


OWNER = """
import json, sys
from devtools.embedded import engines

with engines(sys.argv[1], durable=False) as running:
    print(json.dumps([running.postgres.pid, running.redis.pid]), flush=True)
    sys.stdin.read()
"""


def test_engines_die_with_a_killed_owner_and_start_again(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        pids = json.loads(owner.stdout.readline())
        owner.kill()
    with embedded.engines(tmp_path, durable=False) as running:
        assert ask(running.database_url, "SELECT 1") == [(1,)]
        wait_until(lambda: all(has_ended(pid) for pid in pids))


def test_a_stale_pid_that_belongs_to_someone_else_is_left_alone(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "other", durable=False) as other:
        with EmbeddedPostgres(tmp_path / "ours", durable=False) as ours:
            os.kill(ours.pid, signal.SIGKILL)
            wait_until(lambda: ours.pid is None)
        pid_file = tmp_path / "ours" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")

        with EmbeddedPostgres(tmp_path / "ours", durable=False) as ours:
            assert ask(ours.url, "SELECT 1") == [(1,)]
            assert ask(other.url, "SELECT 1") == [(1,)]


def assert_one_sentence(error: EngineError, *parts: str) -> None:
    text = str(error)
    assert "\n" not in text
    for part in parts:
        assert part in text


def test_data_of_another_version_is_named(folder: Path) -> None:
    with EmbeddedPostgres(folder / "postgres", durable=False) as engine:
        pass
    (engine.data_dir / "PG_VERSION").write_text("15\n")
    with pytest.raises(EngineError) as caught:
        engine.start()
    assert_one_sentence(caught.value, str(engine.data_dir), "15", str(engine.log_path))


def test_missing_files_are_named(folder: Path) -> None:
    with EmbeddedPostgres(folder / "postgres", durable=False) as engine:
        pass
    (engine.data_dir / "global" / "pg_control").unlink()
    with pytest.raises(EngineError) as caught:
        engine.start()
    assert_one_sentence(caught.value, "could not", str(engine.log_path))
    assert engine.pid is None


def test_a_folder_with_other_files_is_not_touched(tmp_path: Path) -> None:
    treasure = tmp_path / "postgres" / "论文.txt"
    treasure.parent.mkdir()
    treasure.write_text("三年的工作")
    with pytest.raises(EngineError) as caught:
        EmbeddedPostgres(tmp_path / "postgres").start()
    assert_one_sentence(caught.value, str(tmp_path / "postgres"), "PG_VERSION")
    assert treasure.read_text() == "三年的工作"


def test_an_interrupted_initialisation_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as engine:
        assert ask(engine.url, "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    not_a_folder = tmp_path / "var"
    not_a_folder.write_text("")
    with pytest.raises(EngineError) as caught:
        embedded.start_engines(not_a_folder)
    assert_one_sentence(caught.value, str(not_a_folder), "无法写入")


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    with embedded.own_folder(tmp_path):
        with pytest.raises(EngineError) as caught:
            embedded.start_engines(tmp_path)
        assert_one_sentence(caught.value, str(tmp_path), f"pid {os.getpid()}")
    with embedded.own_folder(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_given_urls_replace_the_engines(tmp_path: Path) -> None:
    with embedded.engines(
        tmp_path, database_url="postgresql://db/sain", redis_url="redis://cache/0"
    ) as running:
        assert running.database_url == "postgresql://db/sain"
        assert running.postgres is None
        assert running.redis is None
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


# Started once as root first: that loads every module while its files can be read, and opens the
# way to the folder for other users.
ORDINARY_USER = """
import os, pwd, sys
from pathlib import Path
import psycopg, redis
from devtools.embedded import engines

def use(folder):
    with engines(folder, durable=False) as running:
        url = running.database_owner_url.replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS t ()")
        redis.Redis.from_url(running.redis_url).ping()

folder = Path(sys.argv[1])
if os.geteuid() == 0:
    use(folder / "root")
    user = pwd.getpwnam("nobody")
    (folder / "user").mkdir()
    os.chown(folder / "user", user.pw_uid, user.pw_gid)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
use(folder / "user")
use(folder / "user")
print(os.geteuid(), (folder / "user" / "postgres").stat().st_uid)
"""


def test_an_ordinary_user_runs_the_engines_as_themselves(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORDINARY_USER, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    user, owner = done.stdout.split()
    assert user == owner != "0"
