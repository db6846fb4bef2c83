"""Fixtures for tests in a real browser: Debian's Chromium against gunicorn.

A page fails its test when it writes an error to the console, breaks its content security policy or
asks any other host for anything.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session

from models import Ballot, Campaign, Organization
from server import create_app
from server.config import Config
from server.extensions import Clock, runtime
from services.context import unit_of_work
from services.jobs import run_job
from services.screening.moving import set_aside
from tests.browser.phone import PHONES, Phone
from tests.browser.watching import Watch
from tests.conftest import close_connections
from tests.factories import Factory
from tests.served import Server, environment, served
from tests.wechat import WeChatControl

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and os.environ.get("SAIN_REQUIRE_BROWSER") != "1":
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    assert path, "SAIN_REQUIRE_BROWSER=1, but there is no chromium"
    assert (ROOT / "console/dist/index.html").exists(), "the console is not built: make env"
    # For the package only: while it runs, nothing else in this process can run an event loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(app: Flask, config: Config) -> Iterator[Server]:
    """The served application, whose clock is the real one."""
    with served(environment(config)) as server:
        yield server


@pytest.fixture
def make(app: Flask, session: Session) -> Factory:
    """Rows whose moments fit the clock of what is served."""
    return Factory(session, app, Clock)


@pytest.fixture
def seal(config: Config, site: Server) -> Iterator[Callable[[], None]]:
    """Seals what waits as a worker beside the served copy would, whose address names the log."""
    worker = create_app(replace(config, site_url=f"http://127.0.0.1:{site.port}"), clock=Clock)

    def seal_now() -> None:
        with worker.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, "seal_ledger")

    yield seal_now
    close_connections(worker)


@pytest.fixture
def quarantine(app: Flask, session: Session) -> Callable[[int, str], None]:
    """Sets a ballot aside as the screening would, for a public reason."""

    def put_aside(ballot_id: int, reason: str) -> None:
        ballot = session.get(Ballot, ballot_id)
        names = ("entry_id", "voter_id", "cast_at")
        row = {name: getattr(ballot, name) for name in names}
        row |= {"ballot_id": ballot_id, "score": 100, "signals": {"network_burst": 100}}
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                campaign = ctx.session.get(Campaign, ballot.campaign_id)
                set_aside(ctx, campaign, [row | {"group_id": None}], reasons=[reason])

    return put_aside


@pytest.fixture
def open_browser(chromium: Browser, site: Server) -> Iterator[Callable[..., Page]]:
    """Opens pages in browsers of their own, watched until the test ends.

    They stand in another time zone than the users, so that nothing may rely on the browser's.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        width: int = 1280, height: int = 800, *, is_dark: bool = False, **options: object
    ) -> Page:
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{site.port}",
            viewport={"width": width, "height": height},
            color_scheme="dark" if is_dark else "light",
            reduced_motion="reduce",
            locale="zh-CN",
            timezone_id="America/New_York",
            **options,
        )
        page = context.new_page()
        opened.append((context, Watch(page)))
        return page

    yield open_page
    for context, _ in opened:
        context.close()
    assert [fault for _, watch in opened for fault in watch.faults] == []


@pytest.fixture
def pick_up_phone(open_browser, site: Server, wechat: WeChatControl) -> Callable[..., Phone]:
    """A citizen's phone with one of the mini-program's builds; see tests/browser/phone.py."""

    def pick_up(build: str, *, width: int = 390, height: int = 844, **options: object) -> Phone:
        page = open_browser(width, height, is_mobile=True, has_touch=True, **options)
        return PHONES[build](page, f"http://127.0.0.1:{site.port}", wechat)

    return pick_up


@pytest.fixture
def page(open_browser) -> Page:
    return open_browser()


@pytest.fixture
def signed_in(open_browser, make, site) -> Callable[..., Page]:
    """Opens a page for somebody who has signed in with this role."""

    def open_page(
        role: str | None = "district_manager",
        at: Organization | None = None,
        *,
        name: str = "乌兰其其格",
        **options,
    ) -> Page:
        console = make.console(role, at, name=name)
        page = open_browser(**options)
        cookie = console.client.get_cookie("sain_staff")
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": f"http://127.0.0.1:{site.port}"}]
        )
        return page

    return open_page


@pytest.fixture
def invitation(app: Flask) -> str:
    """The path of the link that `flask staff create-admin` prints."""
    result = app.test_cli_runner().invoke(args=["staff", "create-admin", "--name", "乌兰"])
    token = result.output.strip().partition("#")[2]
    return f"/console/invitation#{token}"


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a picture of a page in var/screenshots, named after the test."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")

    def take(page: Page, name: str = "") -> None:
        page.screenshot(path=folder / f"{test}{'-' * bool(name)}{name}.png")

    return take
