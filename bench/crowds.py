"""Crowds that vote: honest people in their habits, and farms in typical patterns.

Everything is drawn from one random generator, so that a seed gives the same crowd again.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

MINUTE, HOUR, DAY = 60, 3600, 86400
ENTRIES = 20
DAYS = 5
# Local hours of honest votes: few at night, most after work.
RHYTHM = (1, 1, 1, 1, 1, 2, 6, 14, 20, 22, 22, 26, 34, 24, 18, 18, 18, 20, 26, 34, 40, 36, 20, 6)
HONEST_SOURCES = ("list", "list", "search", "share", "share", "scan", "notice")


@dataclass(frozen=True, slots=True)
class Vote:
    """A ballot to be cast; `made_at` and `at` are seconds since the campaign opened at midnight."""

    crowd: str
    voter: tuple[str, int]
    entry: int
    at: float
    made_at: float
    network: int
    device: int
    source: str | None
    has_phone: bool
    risk_rank: int | None
    refusal: str | None


@dataclass(frozen=True, slots=True)
class World:
    """What honest people have: phones as common as they are, and ways into the net."""

    chance: random.Random

    def device(self) -> int:
        """Few strings are common, as all iPhones of one version have the same; many are rare."""
        if self.chance.random() < 0.22:
            return self.chance.choices(range(4), weights=(8, 6, 5, 3))[0]
        return 10 + int(self.chance.paretovariate(0.8) * 3) % 400

    def network(self) -> int:
        """A carrier's gateway that thousands share, or a home's own range."""
        if self.chance.random() < 0.6:
            return self.chance.randrange(40)
        return self.chance.randrange(1000, 1_000_000)

    def honest_risk(self) -> tuple[int | None, str | None]:
        if self.chance.random() < 0.005:
            return None, "no_visit"
        weights = (860, 105, 28, 6, 1)
        return self.chance.choices(range(5), weights=weights)[0], None

    def moment(self, first_day: float = 0) -> float:
        hour = self.chance.choices(range(24), weights=RHYTHM)[0]
        day = self.chance.randrange(int(first_day), DAYS)
        return day * DAY + hour * HOUR + self.chance.random() * HOUR

    def person(self, name: str, number: int, at: float, **known) -> Vote:
        """Somebody honest, who signed up just now or in one of the months before."""
        is_new = self.chance.random() < 0.6
        made_at = at - (
            self.chance.uniform(20, 500) if is_new else self.chance.uniform(1, 200) * DAY
        )
        rank, refusal = self.honest_risk()
        source = None if self.chance.random() < 0.03 else self.chance.choice(HONEST_SOURCES)
        values = {
            "entry": self.favourite(),
            "made_at": made_at,
            "network": self.network(),
            "device": self.device(),
            "source": source,
            "has_phone": self.chance.random() < 0.55,
            "risk_rank": rank,
            "refusal": refusal,
        }
        return Vote(name, (name, number), at=at, **(values | known))

    def favourite(self) -> int:
        return min(int(self.chance.expovariate(0.18)), ENTRIES - 1)


def citizens(world: World) -> Iterator[Vote]:
    """Six thousand people through the days; a third come again, mostly for the same."""
    for number in range(6000):
        vote = world.person("citizens", number, world.moment())
        yield vote
        if world.chance.random() < 0.33 and vote.at < (DAYS - 1) * DAY:
            yield _again(world, vote)


def _again(world: World, vote: Vote) -> Vote:
    later = (int(vote.at // DAY) + 1) * DAY + 7 * HOUR + world.chance.random() * 15 * HOUR
    entry = vote.entry if world.chance.random() < 0.8 else world.favourite()
    return replace(vote, at=later, entry=entry, network=world.network())


def hospital(world: World) -> Iterator[Vote]:
    """Three hundred staff behind one address, at lunch, for their own doctor; half come again."""
    for number in range(300):
        at = DAY + 11.8 * HOUR + min(world.chance.expovariate(1 / 1500), 5400)
        vote = world.person("hospital", number, at, entry=7, network=500)
        yield vote
        if world.chance.random() < 0.5:
            later = 2 * DAY + 11.8 * HOUR + world.chance.random() * 4000
            yield replace(vote, at=later)


def signed_up_hospital(world: World) -> Iterator[Vote]:
    """A hospital that had its staff sign up at one meeting, and votes at lunch the next day."""
    for number in range(120):
        made_at = 2 * DAY + 15 * HOUR + world.chance.random() * HOUR
        at = 3 * DAY + 12 * HOUR + world.chance.random() * 3000
        yield world.person("signed-up hospital", number, at, entry=8, network=501, made_at=made_at)


def chat_group(world: World) -> Iterator[Vote]:
    """A link shared in large groups: five hundred within the hour, from everywhere."""
    for number in range(500):
        at = 2 * DAY + 20 * HOUR + min(world.chance.expovariate(1 / 900), HOUR)
        yield world.person("chat group", number, at, entry=9, source="share")


def elders(world: World) -> Iterator[Vote]:
    """People of a village who were given the same phone, in the mornings, day after day."""
    for number in range(200):
        at = world.chance.randrange(DAYS) * DAY + 7 * HOUR + world.chance.random() * 3 * HOUR
        yield world.person("elders", number, at, entry=10, device=900, has_phone=number % 10 == 0)


def _risk(world: World, no_visit: float, *weights: int) -> dict[str, object]:
    if world.chance.random() < no_visit:
        return {"risk_rank": None, "refusal": "no_visit"}
    return {"risk_rank": world.chance.choices(range(5), weights=weights)[0], "refusal": None}


def script(world: World) -> Iterator[Vote]:
    """A script behind one address with one browser's name, a vote every twelve seconds."""
    at = 1 * DAY + 14 * HOUR
    for number in range(800):
        at += world.chance.uniform(8, 16)
        yield Vote(
            "script", ("script", number), 11, at, at - world.chance.uniform(20, 120), 600, 950,
            None, has_phone=False, **_risk(world, 0.7, 40, 20, 20, 15, 5),
        )  # fmt: skip


def proxies(world: World) -> Iterator[Vote]:
    """A thousand new accounts through three hundred rented ranges, all with one browser's name."""
    at = 2 * DAY + 9 * HOUR
    for number in range(1000):
        at += world.chance.expovariate(1 / 28)
        source = None if world.chance.random() < 0.5 else "list"
        yield Vote(
            "proxies", ("proxies", number), 12, at, at - world.chance.uniform(30, 500),
            2_000_000 + world.chance.randrange(300), 951, source, has_phone=False,
            **_risk(world, 0.35, 35, 20, 20, 20, 5),
        )  # fmt: skip


def click_farm(world: World) -> Iterator[Vote]:
    """Rows of real phones of a few models behind one address; accounts new, or made days ago."""
    at = 3 * DAY + 9 * HOUR
    for number in range(600):
        at += world.chance.lognormvariate(3.1, 0.5)
        is_new = world.chance.random() < 0.6
        made_at = at - 400 if is_new else 1 * DAY + world.chance.random() * 2 * HOUR
        yield Vote(
            "click farm", ("click farm", number), 13, at, made_at, 601,
            960 + world.chance.randrange(9), "share" if world.chance.random() < 0.8 else "list",
            has_phone=world.chance.random() < 0.1, **_risk(world, 0.02, 25, 20, 28, 24, 3),
        )  # fmt: skip


def drip(world: World) -> Iterator[Vote]:
    """Accounts made in bulk one night that vote slowly over days, from many places."""
    at = 0.5 * DAY
    for number in range(700):
        at += world.chance.uniform(300, 700)
        if not 8 * HOUR <= at % DAY <= 22 * HOUR:
            at += 10 * HOUR
        made_at = -1 * DAY + 3 * HOUR + world.chance.random() * 3 * HOUR
        yield Vote(
            "drip", ("drip", number), 14, at, made_at, 3_000_000 + world.chance.randrange(250),
            970 + world.chance.randrange(40), None if world.chance.random() < 0.6 else "share",
            has_phone=False, **_risk(world, 0.1, 35, 20, 25, 17, 3),
        )  # fmt: skip


HONEST: tuple[Callable[[World], Iterator[Vote]], ...] = (
    citizens,
    hospital,
    signed_up_hospital,
    chat_group,
    elders,
)
FARMS: tuple[Callable[[World], Iterator[Vote]], ...] = (script, proxies, click_farm, drip)
FARM_NAMES = ("script", "proxies", "click farm", "drip")


def draw(seed: int) -> list[Vote]:
    """All votes of a seed, in order of time; within the campaign's days."""
    world = World(random.Random(seed))
    votes = [vote for crowd in (*HONEST, *FARMS) for vote in crowd(world)]
    return sorted((vote for vote in votes if vote.at < DAYS * DAY), key=lambda vote: vote.at)
