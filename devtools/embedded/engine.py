"""What PostgreSQL and Redis have in common: one server process over one data folder."""

import ctypes
import importlib.util
import os
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

import psutil

from devtools.embedded.account import EngineError, account_for, open_path_for

START_SECONDS = 60
STOP_SECONDS = 8
PR_SET_PDEATHSIG = 1

# Loaded here because the code between fork and exec must not import anything.
_libc = ctypes.CDLL(None)


def die_with_parent(sent: signal.Signals) -> None:
    """Asks Linux to send this process a signal when its parent dies, even by kill -9.

    A change of user clears the setting; as a `preexec_fn` it runs after subprocess has made it.
    """
    _libc.prctl(PR_SET_PDEATHSIG, int(sent))


class Engine:
    """A server process that owns one data folder. Its log lies beside the folder."""

    title: str
    program: str
    stop_signal: signal.Signals

    def __init__(self, data_dir: Path | str) -> None:
        self.data_dir = Path(data_dir).absolute().resolve()
        self.log_path = self.data_dir.with_name(f"{self.data_dir.name}.log")
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs, else None."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        """Returns when the server answers; raises EngineError. Does nothing if it runs already.

        A server left behind in the same folder by a dead process is stopped first.
        """
        if self.pid:
            return
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self._stop_orphans()
            self._account = account_for(self.data_dir)
            self._start_once_reachable()
        except OSError as error:
            self.stop()
            raise EngineError(
                f"{self.title} 未能启动：{error.strerror or error}（{self.data_dir}）。"
            ) from error
        except BaseException:
            self.stop()
            raise

    def _start_once_reachable(self) -> None:
        """Tries again when someone closes the way to the folder meanwhile.

        pytest does that: every session of root makes the folder private which all of them share.
        """
        for attempt in (1, 2, 3):
            open_path_for(self._account, self.data_dir)
            try:
                self._prepare()
                self._launch()
            except EngineError as error:
                is_closed = self._account.is_other and "Permission denied" in str(error)
                if attempt == 3 or not is_closed:
                    raise
            else:
                return

    def stop(self) -> None:
        """Stops cleanly; by force after STOP_SECONDS or when interrupted."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(self.stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except BaseException as reason:
            process.send_signal(signal.SIGQUIT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
            process.kill()
            process.wait()
            if not isinstance(reason, subprocess.TimeoutExpired):
                raise

    def restart(self) -> None:
        """Stops and starts; the URL stays the same."""
        self.stop()
        self.start()

    def _prepare(self) -> None:
        raise NotImplementedError

    def _launch(self) -> None:
        raise NotImplementedError

    def _spawn(self, command: list[str]) -> None:
        with self.log_path.open("ab") as log, warnings.catch_warnings():
            # Python 3.12 warns of code between fork and exec while other threads run; ours is one
            # system call that takes no lock.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                command,
                cwd=self.data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                # Ctrl-C in the terminal must reach the launcher alone, which stops the engines
                # last; otherwise they would go before the programs that use them.
                start_new_session=True,
                preexec_fn=partial(die_with_parent, self.stop_signal),
                **self._account.run_as(),
            )

    def _wait_until(self, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.pid is None:
                raise self._failure(self._reason_in_log())
            if time.monotonic() > deadline:
                raise self._failure(f"{START_SECONDS} 秒内没有应答")
            time.sleep(0.02)

    def _failure(self, reason: str) -> EngineError:
        return EngineError(f"{self.title} 未能启动：{reason}。详见日志 {self.log_path}")

    def _reason_in_log(self) -> str:
        """The most telling line the server wrote since it was started."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
        for mark in ("No space left", "PANIC: ", "FATAL: ", "error: ", "could not", "Could not"):
            for line in lines:
                _before, found, after = line.partition(mark)
                if found:
                    return after.strip() if mark.endswith(": ") else line
        return lines[-1] if lines else "进程立即退出"

    def _stop_orphans(self) -> None:
        """Stops servers which a killed process left in this folder.

        A pid file can name a process that has nothing to do with us by now, so the running
        processes are asked instead: only one with the server's name that works inside this very
        folder is ours.
        """
        orphans = [p for p in psutil.process_iter(["name"]) if self._works_here(p)]
        for orphan in orphans:
            with suppress(psutil.Error):
                # PostgreSQL's helpers rename themselves "postgres: checkpointer" and the like.
                # They end with their server; a signal would tell them something else.
                if not "".join(orphan.cmdline()).startswith(f"{self.program}: "):
                    orphan.send_signal(self.stop_signal)
        _gone, alive = psutil.wait_procs(orphans, timeout=STOP_SECONDS)
        for orphan in alive:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        psutil.wait_procs(alive, timeout=STOP_SECONDS)

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return process.info["name"] == self.program and Path(process.cwd()) == self.data_dir
        except psutil.Error:
            return False


def find_in_package(module: str, pattern: str) -> Path | None:
    """A file that an installed package brings along, or None."""
    # Importing these packages would start their own life-time management.
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(pattern), None)


def missing_package(distribution: str) -> EngineError:
    return EngineError(f"缺少 Python 包 {distribution}；make run 和 make test 会自动安装它。")


def clean_environment() -> dict[str, str]:
    """The present environment without what would change a server's language or settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
