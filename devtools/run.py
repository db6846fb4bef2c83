"""`make run`: the whole system on one developer's machine, until Ctrl-C.

Starts the engines, prepares the database, runs what the Procfile declares, waits until the site
answers and prints the addresses. Everything stops in reverse order.
"""

import errno
import http.client
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import honcho.process
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer

from devtools import message_templates, secrets
from devtools.embedded import EngineError, Engines, engines
from devtools.embedded.engine import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 90
STOP_SECONDS = 8
PORT_SECONDS = 3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class LaunchError(Exception):
    """One sentence, in Chinese, that says what is wrong and what to do."""


class Step(NamedTuple):
    """What has to be done before the processes start: `python -m` with these arguments."""

    title: str
    module: Sequence[str]


STEPS = (
    Step("迁移数据库", ("flask", "db", "upgrade")),
    Step("载入基础数据", ("flask", "reference-data", "load")),
    Step("载入演示数据", ("devtools.demo",)),
)


class Process(honcho.process.Process):
    """A process which does not outlive the launcher, even when that is killed."""

    def run(self, events=None, ignore_signals=False) -> None:
        # honcho runs this in a small process of its own, between the launcher and the program.
        die_with_parent(signal.SIGKILL)
        self._child_ctor = partial(
            honcho.process.Popen, preexec_fn=partial(die_with_parent, signal.SIGTERM)
        )
        super().run(events, ignore_signals)


class Signals:
    """How honcho ends programs: each one stops its own children first, unless forced."""

    def terminate(self, pid: int) -> None:
        self._send(os.kill, pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        self._send(os.killpg, pid, signal.SIGKILL)

    def _send(self, send: Callable, pid: int, sent: signal.Signals) -> None:
        try:
            send(pid, sent)
        except ProcessLookupError:
            return


class Tail(Printer):
    """honcho's printer, which also keeps the last lines of every process."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self.lines: dict[str, deque[str]] = defaultdict(partial(deque, maxlen=15))

    def write(self, message: Message) -> None:
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        self.lines[message.name].append(text.rstrip())
        super().write(message)


class Processes(Manager):
    """honcho's manager, with a watch beside its loop.

    The watch announces readiness, gives up when it does not come, and acts on Ctrl-C: signal
    handlers themselves only count, because they may interrupt a print halfway.
    """

    def __init__(self, is_ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        self.tail = Tail()
        super().__init__(self.tail)
        self._process_ctor = Process
        self._procmgr = Signals()
        self._is_ready = is_ready
        self._announce = announce
        self._interruptions = 0
        self._is_done = threading.Event()
        self.fallen: list[str] = []
        self.is_late = False

    def loop(self) -> None:
        """Returns when every process has ended, each with all of its children."""
        try:
            super().loop()
        finally:
            self._is_done.set()
            for process in self._processes.values():
                if pid := process.get("pid"):
                    self._procmgr.kill(pid)

    def terminate(self) -> None:
        if not self._terminating:
            self.fallen = [name for name, p in self._processes.items() if "returncode" in p]
        super().terminate()

    def _start(self) -> None:
        super()._start()
        on_stop_signals(self._count_interruption)
        threading.Thread(target=self._watch, daemon=True).start()

    def _count_interruption(self, *_arguments: object) -> None:
        self._interruptions += 1

    def _watch(self) -> None:
        # honcho can only end a process whose start it has seen.
        while not self._all_started():
            time.sleep(0.05)
        self._await_readiness()
        while not self._interruptions and not self.is_late and not self._is_done.wait(0.1):
            pass
        self._stop_all()

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._interruptions and not self._any_stopped():
            if self._is_ready():
                return self._announce()
            if time.monotonic() > deadline:
                self.is_late = True
                return None
            time.sleep(0.5)
        return None

    def _stop_all(self) -> None:
        if self._is_done.is_set():
            return
        say("正在停止……（再按一次 Ctrl-C 强制结束）")
        self.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while not self._is_done.wait(0.1):
            if self._interruptions > 1 or time.monotonic() > deadline:
                self.kill()


class Launcher:
    """`make run` without the words around it; `procfile` and `steps` are replaced in tests."""

    def __init__(
        self,
        environ: dict[str, str],
        *,
        procfile: Path = ROOT / "Procfile",
        steps: Sequence[Step] = STEPS,
    ) -> None:
        self._given = environ
        self._port = read_port(environ, "PORT", 8000)
        self._simulator_port = read_port(environ, "SIMULATOR_PORT", 8001)
        if self._port == self._simulator_port:
            raise LaunchError(f"PORT 与 SIMULATOR_PORT 不能相同（{self._port}）。")
        self._var_dir = (ROOT / environ.get("VAR_DIR", "var")).resolve()
        self._links = self._var_dir / "links.txt"
        self._procfile = procfile
        self._steps = steps
        self._done = 1  # The Makefile counts the installation as the first step.

    def run(self) -> int:
        """Blocks until everything has stopped; returns the exit code."""
        self._progress("启动 PostgreSQL 与 Redis")
        with self._engines() as running:
            for name, port in self._ports.items():
                ensure_port_is_free(name, port)
            environment = self._environment(running)
            # Links of the last start no longer work.
            self._links.unlink(missing_ok=True)
            for step in self._steps:
                self._progress(step.title)
                run_step(step, environment)
            self._progress("启动服务")
            return self._run_processes(environment)

    @property
    def _ports(self) -> dict[str, int]:
        return {"PORT": self._port, "SIMULATOR_PORT": self._simulator_port}

    def _engines(self) -> AbstractContextManager[Engines]:
        return engines(
            self._var_dir,
            database_url=self._given.get("DATABASE_URL"),
            redis_url=self._given.get("REDIS_URL"),
        )

    def _progress(self, title: str) -> None:
        self._done += 1
        say(f"[{self._done}/{len(self._steps) + 3}] {title}……")

    def _environment(self, running: Engines) -> dict[str, str]:
        """What the programs see. What the user has set wins over the values for development."""
        metrics = self._var_dir / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()
        defaults = secrets.load_or_create(self._var_dir) | {
            "SAIN_ENV": "development",
            "FLASK_APP": "wsgi.py",
            "WECHAT_APPID": "wxsimulator0000000",
            "WECHAT_SECRET": "simulator-secret",
            "WECHAT_OFFICIAL_APPID": "wxofficial00000000",
            "WECHAT_OFFICIAL_SECRET": "official-secret",
            "WECHAT_BASE_URL": f"http://127.0.0.1:{self._simulator_port}",
            "WECHAT_OPEN_URL": f"http://127.0.0.1:{self._simulator_port}",
            "WECHAT_TEMPLATES": message_templates.SETTING,
            "STORAGE_FOLDER": str(self._var_dir / "files"),
            "PYTHONUNBUFFERED": "1",
        }
        decided = {
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.redis_url,
            "DATABASE_OWNER_URL": running.database_owner_url
            or self._given.get("DATABASE_OWNER_URL", ""),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "VAR_DIR": str(self._var_dir),
            # `python` in the Procfile is the one that runs the launcher.
            "PATH": os.pathsep.join(
                [str(Path(sys.executable).parent), self._given.get("PATH", os.defpath)]
            ),
        }
        ports = {name: str(port) for name, port in self._ports.items()}
        return defaults | self._given | decided | ports

    def _run_processes(self, environment: dict[str, str]) -> int:
        processes = Processes(partial(answers_ready, self._port), self._announce)
        declared = parse_procfile(self._procfile.read_text()).processes
        for name, command in declared.items():
            # Without `exec`, signals would reach the shell instead of the program.
            processes.add_process(name, f"exec {command}", env=environment, cwd=str(ROOT))
        processes.loop()
        on_stop_signals(interrupt)
        if processes.fallen:
            raise LaunchError(describe_fall(processes))
        if processes.is_late:
            raise LaunchError(
                f"{READY_SECONDS} 秒内 {self._site}/readyz 没有就绪，原因见上面的日志。"
            )
        say("已全部停止。")
        return 0

    @property
    def _site(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _announce(self) -> None:
        lines = [
            "赛音 Sain 已就绪",
            f"市民端      {self._site}/",
            f"管理台      {self._site}/console/",
            f"接口文档    {self._site}/docs/",
            f"微信模拟器  http://127.0.0.1:{self._simulator_port}/",
            f"数据目录    {self._var_dir}",
            "用 curl 试用接口：见 README.md。按 Ctrl-C 停止。",
        ]
        if links := self._read_links():
            lines += ["", *links]
        # No frame on the right: terminals disagree about the width of Chinese characters.
        bar = "─" * 60
        say("\n".join(["", f"┌{bar}", *(f"│ {line}" for line in lines), f"└{bar}", ""]))

    def _read_links(self) -> list[str]:
        """What the steps left there for who has not joined the console yet."""
        if not self._links.exists():
            return []
        return self._links.read_text(encoding="utf-8").splitlines()


def read_port(environ: dict[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise LaunchError(f"{name}={text} 不是有效的端口号（1–65535）。")
    return int(text)


def ensure_port_is_free(name: str, port: int) -> None:
    """A killed launcher's programs may need a moment to leave the port, so it is asked again."""
    deadline = time.monotonic() + PORT_SECONDS
    while error := _listening_error(port):
        if error.errno != errno.EADDRINUSE:
            raise LaunchError(f"无法使用端口 {port}：{error.strerror}；请用 {name}=… 另选。")
        if time.monotonic() > deadline:
            raise LaunchError(f"端口 {port} 已被占用；请停止占用它的程序，或用 {name}=… 另选端口。")
        time.sleep(0.1)


def _listening_error(port: int) -> OSError | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
            probe.listen()
        except OSError as error:
            return error
    return None


def run_step(step: Step, environment: dict[str, str]) -> None:
    # Until its own program runs, a child has our signal handlers, and a Ctrl-C would end in a
    # traceback from between fork and exec; so signals are held back for that long.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    with subprocess.Popen(
        [sys.executable, "-m", *step.module],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Ctrl-C reaches the launcher alone, which ends the step without its traceback.
        start_new_session=True,
        preexec_fn=partial(begin_step, mask),
    ) as process:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            output, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        tail = "\n".join(output.strip().splitlines()[-15:])
        command = " ".join(["python -m", *step.module])
        raise LaunchError(f"{step.title}失败（{command}，退出码 {process.returncode}）：\n{tail}")


def begin_step(mask: set[signal.Signals]) -> None:
    """Runs between fork and exec: the step dies with the launcher and by any signal held back."""
    die_with_parent(signal.SIGTERM)
    on_stop_signals(signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def answers_ready(port: int) -> bool:
    # http.client rather than urllib, which would ask a proxy from the environment.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def describe_fall(processes: Processes) -> str:
    name = processes.fallen[0]
    tail = "\n".join(f"    {line}" for line in processes.tail.lines[name])
    return f"进程 {name} 意外退出，其余已停止。它最后的输出：\n{tail}"


def fail(sentence: str) -> int:
    print(f"✗ {sentence}", file=sys.stderr, flush=True)
    return 1


def say(text: str) -> None:
    print(text, flush=True)


def on_stop_signals(handler: Callable) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, handler)


def interrupt(*_arguments: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] = (), **options) -> int:
    """`--stop-with-parent` stops everything when the caller dies, as make needs.

    Options go to Launcher.
    """
    if "--stop-with-parent" in arguments:
        die_with_parent(signal.SIGTERM)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that is not UTF-8 lacks some characters; that is no reason to stop.
        stream.reconfigure(errors="replace")
    on_stop_signals(interrupt)
    # honcho hands live objects to its children, which only a fork can pass on.
    multiprocessing.set_start_method("fork")
    try:
        return Launcher(dict(os.environ), **options).run()
    except KeyboardInterrupt:
        say("已停止。")
        return 0
    except (LaunchError, EngineError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"无法读写 {error.filename}：{error.strerror}。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
