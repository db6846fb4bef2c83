"""A right ledger and the site that publishes it, for tests to spoil."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from tests.verifier.writer import Log, Site, campaign_view, serving, standings_view

TOOL = Path(__file__).parent.parent.parent / "tools" / "verify_ledger.py"
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ ᠶᠢᠨ ᠬᠦᠷᠢᠶᠡᠯᠡᠩ"
PUBLISHED, HIDDEN, RUNNING = 7, 8, 9


@pytest.fixture(scope="session")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_ledger", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.RETRY_WAITS = (0, 0)
    return module


@dataclass
class World:
    """Three campaigns: one published, one hidden until it closed, one running."""

    log: Log = field(default_factory=Log)
    names: dict[int, dict[int, str]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def write(self) -> None:
        self._write_published()
        self._write_hidden()
        self._write_running()

    def _write_published(self) -> None:
        log, here = self.log, self.places
        names = {42: "阿拉坦", 40: f"{MONGOLIAN} {'很长的名称' * 30}", 41: '引号"与\\斜线'}
        self.names[PUBLISHED] = names
        here["rules"] = log.rules(PUBLISHED, event="announced", at="2025-11-18T00:00:00Z")
        log.entries(PUBLISHED, names)
        here["first"] = log.ballot(PUBLISHED, 42, voter=1)
        for voter in range(2, 300):
            log.ballot(PUBLISHED, 40 + voter % 3, voter)
        for voter in range(300, 304):
            here[f"doubtful {voter}"] = log.ballot(PUBLISHED, 41, voter)
        a, b, c, d = (here[f"doubtful {voter}"] for voter in range(300, 304))
        here["quarantine"] = log.decide("quarantine", PUBLISHED, a, b, c)
        log.decide("release", PUBLISHED, a)
        here["annulment"] = log.decide("annulment", PUBLISHED, b, c, d, persons=2)
        log.decide("release", PUBLISHED, d)
        here["last"] = log.ballot(PUBLISHED, 42, voter=1, day="2025-11-21")
        here["closing"] = log.closing(PUBLISHED, 304)
        here["result"] = log.result(PUBLISHED, self.published_votes, annulled=2)

    def _write_hidden(self) -> None:
        log = self.log
        names = self.names[HIDDEN] = {50: "百草园", 51: "中医馆"}
        choices = {}
        for voter in range(200):
            choices[log.hidden_ballot(HIDDEN, 50 + voter % 2, voter)] = 50 + voter % 2
        # Of one batch, the ballots come before what was noted in it.
        log.rules(HIDDEN, event="announced", standings_mode="hidden")
        log.entries(HIDDEN, names)
        self.places["hidden"] = min(choices)
        self.places["hidden closing"] = log.closing(HIDDEN, 200)
        self.places["openings"] = log.openings(HIDDEN, choices)

    def _write_running(self) -> None:
        self.names[RUNNING] = {60: "甲", 61: "乙", 62: "丙"}
        self.log.rules(RUNNING, closes_at="2099-11-24T00:00:00Z", ballots_in_all=5)
        self.log.entries(RUNNING, self.names[RUNNING])
        for voter in range(100):
            self.log.ballot(RUNNING, 60 + voter % 2, voter)
        self.log.add(
            type="withdrawal", campaign=RUNNING, entry=62, reason="本人申请", persons=2, at=DAY_AT
        )

    @property
    def published_votes(self) -> dict[int, int]:
        """A third of 298 each; 42 has the first and the last besides, 41 what was released."""
        return {42: 100 + 2, 40: 99, 41: 99 + 2}

    def publish(self, site: Site) -> None:
        site.files = self.log.publish()
        site.answer("/ledger", {"verifier_key": self.log.signer.verifier_key})
        views = [
            campaign_view(PUBLISHED, "closed", is_published=True),
            campaign_view(HIDDEN, "closed"),
            campaign_view(RUNNING, "open"),
        ]
        more = {"items": views[2:], "next_cursor": None}
        site.answer("/campaigns?limit=100", {"items": views[:2], "next_cursor": "a&b=/"})
        site.answer("/campaigns?limit=100&cursor=a%26b%3D%2F", more)
        site.show(PUBLISHED, self.names[PUBLISHED], standings_view(self.published_votes))
        site.show(HIDDEN, self.names[HIDDEN], standings_view({50: 100, 51: 100}))
        running = standings_view({60: 1, 61: 1}, is_final=False)
        site.show(RUNNING, self.names[RUNNING], running, without=(62,))


DAY_AT = "2025-11-20T04:00:00Z"


@pytest.fixture
def world() -> World:
    world = World()
    world.write()
    return world


@pytest.fixture(scope="session")
def server() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    """A site with nothing on it yet."""
    server.files, server.asked, server.refusals = {}, [], []
    return server


@pytest.fixture
def check(tool: ModuleType, site: Site, tmp_path: Path) -> Callable:
    """Runs the check; without patience, and with the state file of this test."""

    def run(*arguments: str, url: str | None = site.url):
        state = ["--state", str(tmp_path / "state.json"), "--patience", "0"]
        options = tool.read_options([*([url] if url else []), *state, *arguments])
        return tool.check(options)

    return run


@pytest.fixture
def findings(check: Callable, world: World, site: Site) -> Callable:
    """Publishes the world, lets `spoil` have its way with the files, and tells what is found."""

    def run(spoil: Callable[[dict], None] = lambda files: None, *arguments: str) -> list[dict]:
        world.publish(site)
        spoil(site.files)
        return check(*arguments).report.findings

    return run


def codes(found: list[dict]) -> list[str]:
    return [finding["code"] for finding in found]
