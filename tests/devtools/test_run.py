"""`make run` as a newcomer meets it: one process to start, one Ctrl-C to stop.

Stand-ins take the places of the site and its steps; the launcher, the engines and the signals
are real.
"""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from devtools import secrets
from devtools.run import ROOT, Launcher, LaunchError

LAUNCH = """
import sys
from pathlib import Path
from devtools import run

step = run.Step("准备", ("timeit", "-n1", sys.argv[2]))
sys.exit(run.main(procfile=Path(sys.argv[1]), steps=[step]))
"""
SITE = 'python -m http.server "$PORT" --bind 127.0.0.1 --directory "$VAR_DIR/../site"'


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "The condition did not come true in time."
        time.sleep(0.05)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class Copy:
    """One copy of the system under a folder with spaces and Chinese characters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.var_dir = folder / "数据 var"
        self.step = "pass"
        self.environ = {"PORT": free_port(), "SIMULATOR_PORT": free_port()}
        self._launcher: subprocess.Popen | None = None
        site = folder / "site"
        site.mkdir(parents=True)
        (site / "readyz").touch()
        self.declare(web=SITE, worker="sleep 1000")

    def declare(self, **processes: str) -> None:
        lines = [f"{name}: {command}\n" for name, command in processes.items()]
        (self.folder / "Procfile").write_text("".join(lines))

    def start(self) -> None:
        with (self.folder / "output").open("w") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-c", LAUNCH, str(self.folder / "Procfile"), self.step],
                cwd=ROOT,
                env=os.environ | {"VAR_DIR": str(self.var_dir)} | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own stands for the terminal, whose Ctrl-C reaches the whole group.
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    @property
    def pid(self) -> int:
        return self._launcher.pid

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.output or self._launcher.poll() is not None)
        assert text in self.output, self.output

    def family(self) -> list[psutil.Process]:
        """The launcher's children, down to the last."""
        return psutil.Process(self.pid).children(recursive=True)

    def send(self, sent: signal.Signals) -> None:
        os.killpg(self.pid, sent)

    def end(self, seconds: float = 20) -> int:
        return self._launcher.wait(seconds)

    def clean_up(self) -> None:
        if self._launcher and self._launcher.poll() is None:
            family = self.family()
            self._launcher.kill()
            self._launcher.wait()
            psutil.wait_procs(family, timeout=15)


def assert_all_ended(family: list[psutil.Process]) -> None:
    assert family
    _gone, alive = psutil.wait_procs(family, timeout=15)
    assert alive == []


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    copy = Copy(tmp_path / "我的 项目")
    yield copy
    copy.clean_up()


def test_ctrl_c_stops_everything_and_a_second_run_keeps_the_data(copy: Copy) -> None:
    copy.start()
    copy.wait_for("已就绪")
    assert f"http://127.0.0.1:{copy.environ['PORT']}/docs/" in copy.output
    assert "[2/4]" in copy.output
    family = copy.family()
    names = {process.name() for process in family}
    assert {"postgres", "sleep"} < names
    kept = (copy.var_dir / "secrets.env").read_text()
    cluster = (copy.var_dir / "postgres" / "global" / "pg_control").read_bytes()[:8]

    copy.send(signal.SIGINT)
    assert copy.end() == 0
    assert_all_ended(family)
    assert "Traceback" not in copy.output
    assert copy.output.endswith("已全部停止。\n")

    copy.start()
    copy.wait_for("已就绪")
    assert (copy.var_dir / "secrets.env").read_text() == kept
    assert (copy.var_dir / "postgres" / "global" / "pg_control").read_bytes()[:8] == cluster
    copy.send(signal.SIGTERM)
    assert copy.end() == 0


def test_links_of_this_start_are_shown_and_those_of_the_last_are_not(copy: Copy) -> None:
    copy.var_dir.mkdir(parents=True)
    (copy.var_dir / "links.txt").write_text("旧的链接\n", encoding="utf-8")
    copy.step = (
        "import os, pathlib; file = pathlib.Path(os.environ['VAR_DIR'], 'links.txt'); "
        "file.exists() or file.write_text('第一次使用\\n  /console/invitation#x\\n', 'utf-8')"
    )
    copy.start()
    copy.wait_for("└")
    site = f"http://127.0.0.1:{copy.environ['PORT']}"
    frame = copy.output.partition("┌")[2].partition("└")[0]
    assert f"│ 市民端      {site}/\n│ 管理台      {site}/console/\n" in frame
    assert "│ 第一次使用\n│   /console/invitation#x\n" in frame
    assert "旧的链接" not in copy.output
    copy.send(signal.SIGTERM)
    assert copy.end() == 0

    copy.step = "pass"
    copy.start()
    copy.wait_for("└")
    assert "invitation" not in copy.output
    copy.send(signal.SIGTERM)
    assert copy.end() == 0


def test_a_second_ctrl_c_forces_the_end(copy: Copy) -> None:
    copy.declare(web=SITE, worker="sh -c 'trap \"echo 不想停\" TERM; while :; do sleep 0.1; done'")
    copy.start()
    copy.wait_for("已就绪")
    family = copy.family()
    copy.send(signal.SIGINT)
    copy.wait_for("不想停")
    copy.send(signal.SIGINT)
    assert copy.end(5) == 0
    assert_all_ended(family)


def test_nothing_outlives_a_killed_launcher(copy: Copy) -> None:
    copy.start()
    copy.wait_for("已就绪")
    family = copy.family()
    os.kill(copy.pid, signal.SIGKILL)
    copy.end()
    assert_all_ended(family)


def test_ctrl_c_during_a_step_stops_cleanly(copy: Copy) -> None:
    copy.step = "import time; time.sleep(1000)"
    copy.start()
    copy.wait_for("准备")
    family = copy.family()
    copy.send(signal.SIGINT)
    assert copy.end() == 0
    assert_all_ended(family)
    assert "Traceback" not in copy.output


def assert_fails_saying(copy: Copy, *parts: str) -> None:
    """The launcher ends with exit code 1, one sentence with these parts, and no traceback."""
    assert copy.end() == 1
    assert "Traceback" not in copy.output
    sentence = copy.output.partition("✗ ")[2]
    for part in parts:
        assert part in sentence, copy.output


def test_a_port_in_use_is_named(copy: Copy) -> None:
    port = copy.environ["SIMULATOR_PORT"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(port)))
        other.listen()
        copy.start()
        assert_fails_saying(copy, f"端口 {port} 已被占用", "SIMULATOR_PORT=")


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "²"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(LaunchError, match=f"PORT={port} "):
        Launcher({"PORT": port})


def test_the_site_and_the_simulator_need_two_ports() -> None:
    with pytest.raises(LaunchError, match="9000"):
        Launcher({"PORT": "9000", "SIMULATOR_PORT": "9000"})


def test_a_second_copy_on_the_same_folder_names_the_first(copy: Copy, tmp_path: Path) -> None:
    copy.start()
    copy.wait_for("已就绪")
    second = Copy(tmp_path / "second")
    second.var_dir = copy.var_dir
    second.start()
    assert_fails_saying(second, str(copy.var_dir), f"pid {copy.pid}")
    copy.send(signal.SIGTERM)
    assert copy.end() == 0


def test_a_broken_data_folder_is_named(copy: Copy) -> None:
    broken = copy.var_dir / "postgres"
    broken.mkdir(parents=True)
    (broken / "something").touch()
    copy.start()
    assert_fails_saying(copy, str(broken), "无法使用", "日志")


def test_a_failed_step_shows_its_last_words(copy: Copy) -> None:
    copy.step = "import os; os.write(2, '表已存在'.encode()); os._exit(1)"
    copy.start()
    assert_fails_saying(copy, "准备失败", "表已存在")


def test_a_process_that_dies_is_named_with_its_last_words(copy: Copy) -> None:
    copy.declare(web="sh -c 'echo 配置不对; exit 3'", worker="sleep 1000")
    copy.start()
    assert_fails_saying(copy, "进程 web 意外退出", "配置不对")


def test_given_servers_replace_the_engines(copy: Copy) -> None:
    copy.environ |= {"DATABASE_URL": "postgresql://db/sain", "REDIS_URL": "redis://cache/0"}
    copy.declare(web=SITE, worker="sh -c 'echo $DATABASE_URL $REDIS_URL; exec sleep 1000'")
    copy.start()
    copy.wait_for("已就绪")
    assert "postgresql://db/sain redis://cache/0" in copy.output
    assert not (copy.var_dir / "postgres").exists()
    copy.send(signal.SIGTERM)
    assert copy.end() == 0


def test_secrets_are_private_kept_and_completed(tmp_path: Path) -> None:
    made = secrets.load_or_create(tmp_path)
    path = tmp_path / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(made) == {
        "SECRET_KEY",
        "DATA_KEYS",
        "INDEX_KEY",
        "LEDGER_KEY",
        "METRICS_TOKEN",
    }
    assert secrets.load_or_create(tmp_path) == made

    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("METRICS_TOKEN")))
    completed = secrets.load_or_create(tmp_path)
    assert completed.pop("METRICS_TOKEN") != made.pop("METRICS_TOKEN")
    assert completed == made
