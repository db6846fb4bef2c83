"""Builds and checks the citizens' mini-program.

`python -m devtools.miniprogram build` makes what browsers get, miniprogram/dist/build/h5; `weapp`
makes what WeChat gets, miniprogram/dist/build/mp-weixin, for WECHAT_APPID and the server at
SITE_URL; `tests` makes the WeChat build that the tests run in Chromium; `check` runs formatter,
linter, type checker and unit tests, then WeChat's own compiler and our budgets; `format` formats.
"""

import json
import os
import sys
from pathlib import Path

from devtools import npm

PACKAGE = npm.Package(npm.ROOT / "miniprogram", "小程序")
COMPILER = npm.Package(PACKAGE.folder / "tools" / "wxcheck", "微信编译器")
RUNNER = npm.Package(PACKAGE.folder / "tools" / "wxrun", "小程序运行环境")
BUILT = PACKAGE.folder / "dist" / "build"
SOURCES = ("build", "src", "index.html", "tsconfig.json", "vite.config.ts")
CHECKED = (
    *SOURCES,
    "tests",
    "eslint.config.mjs",
    "vitest.config.mts",
    ".prettierignore",
    "openapi.json",
)
RUNTIME = ("src", "bundle.mjs")
CHECKS = {
    "格式检查": "check-format",
    "代码检查": "lint",
    "接口类型": "api",
    "类型检查": "check-types",
    "单元测试": "test",
}
# Of no real account and no real site: for the checks and the tests.
EXAMPLE_APPID = "wx0000000000000000"
EXAMPLE_SITE = "https://sain.example.cn"


def build() -> None:
    with PACKAGE.alone():
        PACKAGE.make(BUILT / "h5", SOURCES, _build_for_browsers)


def build_for_wechat() -> None:
    """What an operator uploads; both settings are asked for by name when they are missing."""
    appid, site = os.environ.get("WECHAT_APPID"), os.environ.get("SITE_URL")
    if not appid or not site:
        sys.exit(
            "✗ 请先设置 WECHAT_APPID（小程序的 AppID）和 SITE_URL（https://…，服务器的地址）。"
        )
    with PACKAGE.alone():
        _make_for_wechat(BUILT / "mp-weixin", appid, site.rstrip("/"))
    print(f"✓ 微信小程序在 {(BUILT / 'mp-weixin').relative_to(npm.ROOT)}，用微信开发者工具打开它。")


def build_for_tests() -> None:
    """The WeChat build of the example site, and the same made to run in Chromium."""
    with PACKAGE.alone():
        _make_for_wechat(BUILT / "mp-weixin-example", EXAMPLE_APPID, EXAMPLE_SITE)
        RUNNER.make(
            BUILT / "wxrun",
            RUNTIME,
            _bundle_for_chromium,
            npm.read(BUILT / "mp-weixin-example" / npm.STAMP) or "",
        )


def check() -> None:
    with PACKAGE.alone():
        PACKAGE.describe_api()
        PACKAGE.check(CHECKED, CHECKS)
    RUNNER.check((*RUNTIME, "tests"), {"单元测试": "test"})
    build_for_tests()
    check_for_wechat()


def check_for_wechat() -> None:
    """WeChat's own compiler, and how large the packages are."""
    built = BUILT / "mp-weixin-example"
    passed = COMPILER.installed / ".passed-with"
    COMPILER.install()
    tools = ("compile.mjs", "problems.mjs", "budgets.mjs", "sizes.mjs")
    wanted = COMPILER.digest(tools, npm.read(built / npm.STAMP) or "")
    if npm.read(passed) == wanted:
        return
    COMPILER.run("小程序包大小检查", "run", "budgets", "--", str(built))
    COMPILER.run("微信编译器检查", "run", "compile", "--", str(built))
    passed.write_text(wanted)


def format_sources() -> None:
    with PACKAGE.alone():
        PACKAGE.install()
        PACKAGE.run("小程序格式", "run", "format")


def _build_for_browsers(folder: Path) -> None:
    # Outside CI the compiler asks a foreign host for news of itself.
    PACKAGE.run("构建市民端", "run", "build:h5", CI="1", UNI_OUTPUT_DIR=str(folder))


def _make_for_wechat(made: Path, appid: str, site: str) -> None:
    def build_into(folder: Path) -> None:
        PACKAGE.run(
            "构建微信小程序",
            "run",
            "build:weapp",
            CI="1",
            UNI_OUTPUT_DIR=str(folder),
            VITE_SITE_URL=site,
        )
        name_app(folder / "project.config.json", appid)

    PACKAGE.make(made, SOURCES, build_into, appid, site)


def name_app(path: Path, appid: str) -> None:
    """Writes the app id into the project file that WeChat's tools read."""
    project = json.loads(path.read_text())
    path.write_text(json.dumps(project | {"appid": appid}, ensure_ascii=False, indent=2))


def _bundle_for_chromium(folder: Path) -> None:
    built = str(BUILT / "mp-weixin-example")
    RUNNER.run(
        "准备小程序运行环境", "run", "bundle", "--", built, str(folder), "--site", EXAMPLE_SITE
    )


COMMANDS = {
    "build": build,
    "weapp": build_for_wechat,
    "tests": build_for_tests,
    "check": check,
    "format": format_sources,
}

if __name__ == "__main__":
    sys.exit(npm.main(COMMANDS, sys.argv[1:]))
