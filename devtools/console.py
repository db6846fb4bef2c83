"""Builds and checks the staff's console.

`python -m devtools.console build` makes console/dist; `check` runs formatter, linter, type checker
and unit tests; `format` formats.
"""

import sys
from pathlib import Path

from devtools import npm

PACKAGE = npm.Package(npm.ROOT / "console", "管理台")
SOURCES = ("build", "public", "src", "index.html", "tsconfig.json", "vite.config.ts")
CHECKED = (*SOURCES, "tests", "eslint.config.js", ".prettierignore", "README.md", "openapi.json")
CHECKS = {
    "格式检查": "check-format",
    "代码检查": "lint",
    "接口类型": "api",
    "类型检查": "check-types",
    "单元测试": "test",
}


def build() -> None:
    with PACKAGE.alone():
        PACKAGE.make(PACKAGE.folder / "dist", SOURCES, _run_vite)


def check() -> None:
    """Everything that can be said about the sources without a browser."""
    with PACKAGE.alone():
        PACKAGE.describe_api()
        PACKAGE.check(CHECKED, CHECKS)


def format_sources() -> None:
    with PACKAGE.alone():
        PACKAGE.install()
        PACKAGE.run("管理台格式", "run", "format")


def _run_vite(folder: Path) -> None:
    PACKAGE.run("构建管理台", "run", "build", "--", "--outDir", folder.name, "--emptyOutDir")


if __name__ == "__main__":
    commands = {"build": build, "check": check, "format": format_sources}
    sys.exit(npm.main(commands, sys.argv[1:]))
