"""The job that screens what comes in: it follows the ballots, and sets aside what looks farmed.

It never stands between a voter and the ballot box. Each campaign is a transaction of its own; when
all are done the cut moves on. Whatever was done twice by then is done once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from models import Ballot, BallotCut, Campaign
from services.context import Context, unit_of_work
from services.screening.clusters import BATCH_SECONDS, DeviceCounts, Facts, Timeline, group_by
from services.screening.moving import set_aside
from services.screening.risk_ranks import ask_risk_ranks
from services.screening.rules import Settings, public_reason, resolve
from services.screening.scoring import Batch, Surroundings, Verdict, is_hot, judge
from services.screening.statements import (
    COUNT_DEVICES,
    COUNT_MINUTES,
    COUNT_NETWORKS,
    KEEP_GROUP,
    LOCK_CAMPAIGN,
    MOVE_CUT,
    READ_BALLOTS_OF_BATCHES,
    READ_NEW,
    READ_TOUCHED,
)

# Later than this a ballot is not screened any more, only searched for.
SCREENED_WITHIN = timedelta(days=1)
BASELINE = timedelta(days=1)
# No transaction has this number.
NEVER = 2**63 - 1
GREATEST_SCORE = 2**15 - 1


def screen_ballots(ctx: Context) -> None:
    """Screen the ballots that have come in since the last time, and those alike."""
    with unit_of_work(ctx.session):
        cut = ctx.session.get(BallotCut, "screening", populate_existing=True)
        cut = 0 if cut is None else cut.xact
        since = ctx.now - SCREENED_WITHIN
        rows = ctx.session.execute(READ_NEW, {"cut": cut, "since": since}).all()
    for row in rows:
        if row.campaign_id is not None:
            with unit_of_work(ctx.session):
                screen_campaign(ctx, row.campaign_id, cut=cut, first_at=row.first_at)
    with unit_of_work(ctx.session):
        ctx.session.execute(MOVE_CUT, {"cut": rows[0].next_cut})


def ask_and_screen(ctx: Context) -> None:
    """Ask WeChat about late voters, and screen their ballots with the answers."""
    if voter_ids := ask_risk_ranks(ctx):
        screen_voters(ctx, voter_ids)


def screen_voters(ctx: Context, voter_ids: Collection[int]) -> None:
    """Screen the late ballots of voters of whom something has become known since."""
    since = ctx.now - timedelta(hours=3)
    with unit_of_work(ctx.session):
        rows = ctx.session.execute(
            select(Ballot.campaign_id, func.min(Ballot.cast_at))
            .where(Ballot.voter_id.in_(voter_ids), Ballot.cast_at > since)
            .group_by(Ballot.campaign_id)
            .order_by(Ballot.campaign_id)
        ).all()
    for campaign_id, first_at in rows:
        with unit_of_work(ctx.session):
            screen_campaign(ctx, campaign_id, cut=None, first_at=first_at, voters=voter_ids)


def screen_campaign(
    ctx: Context,
    campaign_id: int,
    *,
    cut: int | None,
    first_at: datetime,
    voters: Collection[int] = (),
) -> int:
    """Judge the campaign's new ballots with those alike; returns how many were set aside.

    New are those written since the `cut`, if given, and those of `voters`. The campaign is locked
    against decisions and publication meanwhile; after publication nothing is set aside.
    """
    campaign = ctx.session.get(Campaign, campaign_id)
    settings = resolve(campaign.screening)
    span_start = first_at - timedelta(minutes=_longest_window(settings))
    facts = _read_touched(ctx, campaign_id, cut, span_start, voters, settings)
    facts, batches = _with_batches(ctx, campaign_id, facts, settings)
    by_entry = group_by(facts, lambda each: each.entry_id)
    around = survey(ctx, campaign_id, by_entry, batches, span_start)
    verdicts = [
        verdict
        for entry_id, ballots in by_entry.items()
        for verdict in judge(ballots, around[entry_id], settings)
    ]
    guilty = [
        each for each in verdicts if each.score >= settings.threshold and not each.facts.is_judged
    ]
    return _set_aside(ctx, campaign_id, guilty) if guilty else 0


def _longest_window(settings: Settings) -> int:
    return max(settings.of(name, "minutes") for name in ("network_burst", "device_burst"))


def _read_touched(
    ctx: Context,
    campaign_id: int,
    cut: int | None,
    span_start: datetime,
    voters: Collection[int],
    settings: Settings,
) -> list[Facts]:
    least = min(
        settings.of(name, "least") for name in ("network_burst", "device_burst", "clock_pattern")
    )
    rows = ctx.session.execute(
        READ_TOUCHED,
        {
            "campaign_id": campaign_id,
            "cut": NEVER if cut is None else cut,
            "since": ctx.now - SCREENED_WITHIN,
            "span_start": span_start,
            "voters": list(voters),
            "least": least,
        },
    )
    return [Facts(*row) for row in rows]


def _with_batches(
    ctx: Context, campaign_id: int, facts: Sequence[Facts], settings: Settings
) -> tuple[list[Facts], dict[tuple[int, int], Batch]]:
    """The ballots with all of suspicious batches of accounts, and the batches by entry.

    Those of a batch that voted days ago are judged with the one that made it too many.
    """
    numbers = {each.batch for each in facts} - {None}
    if not numbers:
        return list(facts), {}
    rows = ctx.session.execute(
        READ_BALLOTS_OF_BATCHES,
        {"campaign_id": campaign_id, "batches": sorted(numbers), "seconds": BATCH_SECONDS},
    )
    members = [each for each in (Facts(*row) for row in rows) if each.batch is not None]
    batches = count_batches(members)
    by_id = {each.ballot_id: each for each in facts}
    for each in members:
        if is_hot(batches[each.entry_id, each.batch], 0.0, settings):
            by_id.setdefault(each.ballot_id, each)
    return list(by_id.values()), batches


def count_batches(members: Iterable[Facts]) -> dict[tuple[int, int], Batch]:
    """How many accounts of each batch vote for each entry, and how many of it vote at all."""
    in_all: dict[int, set[int]] = {}
    for_entry: dict[tuple[int, int], set[int]] = {}
    for each in members:
        in_all.setdefault(each.batch, set()).add(each.voter_id)
        for_entry.setdefault((each.entry_id, each.batch), set()).add(each.voter_id)
    return {key: Batch(len(voters), len(in_all[key[1]])) for key, voters in for_entry.items()}


def survey(
    ctx: Context,
    campaign_id: int,
    by_entry: Mapping[int, Sequence[Facts]],
    batches: Mapping[tuple[int, int], Batch],
    span_start: datetime,
) -> dict[int, Surroundings]:
    """What each entry's ballots are compared with."""
    facts = [each for ballots in by_entry.values() for each in ballots]
    asked = {
        "campaign_id": campaign_id,
        "entry_ids": sorted(by_entry),
        "span_start": span_start,
        "day_before": span_start - BASELINE,
        "networks": sorted({each.network for each in facts} - {None}),
        "devices": sorted({each.device for each in facts} - {None}),
    }
    minutes: dict[int, list[tuple[int, int]]] = {}
    for entry_id, minute, count in ctx.session.execute(COUNT_MINUTES, asked):
        minutes.setdefault(entry_id, []).append((minute, count))
    networks = dict(ctx.session.execute(COUNT_NETWORKS, asked).all())
    devices = DeviceCounts(ctx.session.execute(COUNT_DEVICES, asked).all())
    return {
        entry_id: Surroundings(
            Timeline(minutes.get(entry_id, ())),
            networks,
            devices.shares_elsewhere(entry_id),
            {number: batch for (entry, number), batch in batches.items() if entry == entry_id},
            devices.share_of(entry_id),
        )
        for entry_id in by_entry
    }


def _set_aside(ctx: Context, campaign_id: int, guilty: Sequence[Verdict]) -> int:
    if ctx.session.execute(LOCK_CAMPAIGN, {"campaign_id": campaign_id}).first() is None:
        return 0
    campaign = ctx.session.get(Campaign, campaign_id)
    groups = _keep_groups(ctx, campaign_id, guilty)
    rows = [
        {
            "ballot_id": each.facts.ballot_id,
            "entry_id": each.facts.entry_id,
            "voter_id": each.facts.voter_id,
            "cast_at": datetime.fromtimestamp(each.facts.at, UTC),
            "score": min(each.score, GREATEST_SCORE),
            "signals": each.points,
            "group_id": groups[each.pattern],
        }
        for each in guilty
    ]
    return len(set_aside(ctx, campaign, rows, reasons=[public_reason(v.points) for v in guilty]))


def _keep_groups(
    ctx: Context, campaign_id: int, guilty: Sequence[Verdict]
) -> dict[tuple[str, str], int]:
    """The group of each pattern and key, opened again if it had been decided; in a fixed order."""
    entries = {each.pattern: each.facts.entry_id for each in guilty}
    return {
        pattern: ctx.session.scalar(
            KEEP_GROUP,
            {
                "campaign_id": campaign_id,
                "entry_id": entry_id,
                "pattern": pattern[0],
                "key": pattern[1],
                "now": ctx.now,
            },
        )
        for pattern, entry_id in sorted(entries.items())
    }
