"""Looking for farms after the fact: many accounts with one pattern over a whole campaign.

The search proposes groups to staff and decides nothing. It sees what the screening could not while
the ballots came in: what is alike over days. A group is proposed once, whatever becomes of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from models import BallotGroup, Campaign
from services import audit
from services.context import Context, unit_of_work
from services.errors import Missing
from services.screening.clusters import (
    DeviceCounts,
    Facts,
    expected_share,
    find_regular,
    group_by,
)
from services.screening.deciding import lock_campaign
from services.screening.rules import Settings, resolve
from services.screening.scoring import is_hot
from services.screening.screening import count_batches
from services.screening.statements import READ_CAMPAIGN

# Fewer voters than this are no farm.
LEAST_VOTERS = 15
LEAST_SEQUENCE = 4
# Ten-minute batches that make one farm: those of six hours.
BATCHES_TOGETHER = 36
# Voters of one pattern share a second likeness, or people who merely share a phone model would be
# proposed: of those alike so many must be new, without a phone, or from few networks.
LEAST_LIKENESS = 0.7
# Or all of them, but for a few, signed up for this very vote: in an honest crowd many did not.
FRESH_SECONDS = 600
LEAST_FRESH = 0.9
ROWS_AT_ONCE = 5000
SEARCHED_AFTER_CLOSING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Farm:
    """Ballots for one entry that are alike, with figures that say how."""

    pattern: str
    key: str
    entry_id: int
    ballots: tuple[Facts, ...]

    @property
    def voters(self) -> int:
        return len({each.voter_id for each in self.ballots})


def search_farms(ctx: Context) -> None:
    """Search every campaign whose result is not published, each in a transaction of its own."""
    with unit_of_work(ctx.session):
        ids = ctx.session.scalars(
            select(Campaign.id)
            .where(
                Campaign.state != "draft",
                Campaign.opens_at <= ctx.now,
                Campaign.closes_at > ctx.now - SEARCHED_AFTER_CLOSING,
                Campaign.result_published_at.is_(None),
            )
            .order_by(Campaign.id)
        ).all()
    for campaign_id in ids:
        with unit_of_work(ctx.session):
            # A whole campaign takes longer than a request may.
            ctx.session.execute(text("SET LOCAL statement_timeout = '10min'"))
            propose_farms(ctx, ctx.session.get(Campaign, campaign_id))


def search_campaign(ctx: Context, *, campaign_id: int) -> int:
    """Search one campaign for its staff; returns how many groups are new.

    Raises Missing, Conflict.
    """
    campaign = lock_campaign(ctx, campaign_id)
    proposed = propose_farms(ctx, campaign)
    audit.record(
        ctx,
        "campaign.farms_searched",
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        after={"proposed": proposed},
    )
    return proposed


def search_any_campaign(ctx: Context, *, campaign_id: int) -> int:
    """The same for whoever runs the system; raises Missing."""
    campaign = ctx.session.get(Campaign, campaign_id)
    if campaign is None:
        raise Missing("campaign_not_found")
    return propose_farms(ctx, campaign)


def propose_farms(ctx: Context, campaign: Campaign) -> int:
    """Write down the farms found that nobody knew of; returns how many."""
    facts = _read_campaign(ctx, campaign.id)
    farms = find_farms(facts, resolve(campaign.screening))
    known = _ids_in_groups(ctx, campaign.id)
    proposed = 0
    for farm in farms:
        fresh = [
            each for each in farm.ballots if not each.is_judged and each.ballot_id not in known
        ]
        if len({each.voter_id for each in fresh}) < LEAST_VOTERS:
            continue
        if _propose(ctx, campaign.id, farm, fresh):
            known.update(each.ballot_id for each in fresh)
            proposed += 1
    return proposed


def _read_campaign(ctx: Context, campaign_id: int) -> list[Facts]:
    rows = ctx.session.execute(
        READ_CAMPAIGN,
        {"campaign_id": campaign_id},
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    return [Facts(*row) for row in rows]


def _ids_in_groups(ctx: Context, campaign_id: int) -> set[int]:
    """Ballots that a proposed or dismissed group already holds."""
    groups = ctx.session.scalars(
        select(BallotGroup.signals["ballot_ids"]).where(
            BallotGroup.campaign_id == campaign_id, BallotGroup.signals.has_key("ballot_ids")
        )
    )
    return {ballot_id for ids in groups for ballot_id in ids}


def _propose(ctx: Context, campaign_id: int, farm: Farm, ballots: Sequence[Facts]) -> bool:
    signals = {
        **{name: {"ballots": len(ballots), **figures(ballots)} for name in (farm.pattern,)},
        "ballot_ids": sorted(each.ballot_id for each in ballots),
    }
    added = ctx.session.scalar(
        insert(BallotGroup)
        .values(
            campaign_id=campaign_id,
            entry_id=farm.entry_id,
            origin="search",
            state="proposed",
            pattern=farm.pattern,
            key=farm.key,
            signals=signals,
            created_at=ctx.now,
            revision=1,
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "pattern", "key"])
        .returning(BallotGroup.id)
    )
    return added is not None


def figures(ballots: Sequence[Facts]) -> dict[str, int]:
    """What staff judge a proposed group by."""
    return {
        "voters": len({each.voter_id for each in ballots}),
        "networks": len({each.network for each in ballots} - {None}),
        "devices": len({each.device for each in ballots} - {None}),
        "without_phone": sum(not each.has_phone for each in ballots),
    }


def find_farms(facts: Sequence[Facts], settings: Settings) -> list[Farm]:
    """Everything alike in a whole campaign, the largest first; `facts` are all its ballots."""
    batches = count_batches(each for each in facts if each.batch is not None)
    shares = Counter(each.entry_id for each in facts)
    devices = _count_devices(facts)
    farms: list[Farm] = []
    for entry_id, ballots in group_by(facts, lambda each: each.entry_id).items():
        share = shares[entry_id] / len(facts) if len(shares) > 1 else 0.0

        def is_batch(each: Facts, entry_id: int = entry_id, share: float = share) -> bool:
            batch = batches.get((entry_id, each.batch)) if each.batch is not None else None
            return is_hot(batch, share, settings)

        together = _find(
            "made_together",
            entry_id,
            filter(is_batch, ballots),
            lambda each: each.batch // BATCHES_TOGETHER,
        )
        farms += [farm for farm in together if _is_phoneless(farm.ballots)]
        farms += _find_devices(entry_id, ballots, devices, settings)
        farms += _find_regular(entry_id, ballots, settings)
        farms += _find_networks(entry_id, ballots)
    farms += _find_sequences(facts)
    return sorted(farms, key=lambda farm: (-farm.voters, farm.pattern, farm.key))


def _find(
    pattern: str, entry_id: int, ballots: Iterable[Facts], key: Callable[[Facts], object]
) -> list[Farm]:
    farms = (
        Farm(pattern, f"{entry_id}:{value}", entry_id, tuple(cluster))
        for value, cluster in group_by(ballots, key).items()
    )
    return [farm for farm in farms if farm.voters >= LEAST_VOTERS]


def _count_devices(facts: Iterable[Facts]) -> DeviceCounts:
    counts = Counter((each.device, each.entry_id) for each in facts)
    return DeviceCounts((device, entry, count) for (device, entry), count in counts.items())


def _find_devices(
    entry_id: int, ballots: Sequence[Facts], devices: DeviceCounts, settings: Settings
) -> list[Farm]:
    """Far more of one device than elsewhere, most of them accounts nobody can be reached by."""
    elsewhere = devices.shares_elsewhere(entry_id)
    lift = settings.of("device_burst", "lift")
    return [
        farm
        for farm in _find("same_device", entry_id, ballots, lambda each: each.device)
        if len(farm.ballots)
        >= expected_share(elsewhere.get(farm.ballots[0].device, 0.0), lift) * len(ballots)
        and _is_anonymous(farm.ballots)
    ]


def _find_networks(entry_id: int, ballots: Sequence[Facts]) -> list[Farm]:
    """One network on which few devices stand for many anonymous voters."""
    return [
        farm
        for farm in _find("same_network", entry_id, ballots, lambda each: each.network)
        if 8 * len({each.device for each in farm.ballots}) <= farm.voters
        and _is_anonymous(farm.ballots)
    ]


def _find_regular(entry_id: int, ballots: Sequence[Facts], settings: Settings) -> list[Farm]:
    """By network and by device, what came like clockwork."""
    least = settings.of("clock_pattern", "least")
    spread = settings.of("clock_pattern", "spread") / 100
    farms = []
    for name, key in (("n", lambda each: each.network), ("d", lambda each: each.device)):
        for value, cluster in group_by(ballots, key).items():
            ids = find_regular(cluster, least=least, spread=spread)
            found = tuple(each for each in cluster if each.ballot_id in ids)
            farm = Farm("regular_clock", f"{entry_id}:{name}{value}", entry_id, found)
            if 2 * len(found) >= len(cluster) and farm.voters >= LEAST_VOTERS:
                farms.append(farm)
    return farms


def _find_sequences(facts: Sequence[Facts]) -> list[Farm]:
    """Voters of one network or device who voted for the same entries in the same order."""
    by_voter = group_by(facts, lambda each: each.voter_id)
    alike: dict[tuple, list[list[Facts]]] = {}
    for ballots in by_voter.values():
        sequence = tuple(each.entry_id for each in ballots)
        if len(sequence) >= LEAST_SEQUENCE:
            alike.setdefault((sequence, ballots[0].device), []).append(ballots)
    farms = []
    for (sequence, device), members in alike.items():
        ballots = tuple(each for own in members for each in own)
        if len(members) >= LEAST_VOTERS and _is_anonymous(ballots):
            entry_id = Counter(sequence).most_common(1)[0][0]
            key = f"{'-'.join(map(str, sequence[:20]))}:{device}"
            farms.append(Farm("same_sequence", key, entry_id, ballots))
    return farms


def _is_phoneless(ballots: Sequence[Facts]) -> bool:
    """Whether hardly anybody bound a phone: a staff that signed up at one meeting partly did."""
    return sum(not each.has_phone for each in ballots) >= LEAST_LIKENESS * len(ballots)


def _is_anonymous(ballots: Sequence[Facts]) -> bool:
    """Whether nearly all of the voters have no phone and nothing to show for being people."""
    suspicious = sum(
        not each.has_phone and (each.batch is not None or _is_risky(each) or each.source is None)
        for each in ballots
    )
    fresh = sum(
        not each.has_phone and each.first_at - each.made_at < FRESH_SECONDS for each in ballots
    )
    return suspicious >= LEAST_LIKENESS * len(ballots) or fresh >= LEAST_FRESH * len(ballots)


def _is_risky(each: Facts) -> bool:
    return each.refusal == "no_visit" or (each.risk_rank or 0) >= 2
