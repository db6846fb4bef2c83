"""Ballots by hour and by day: summed up once for times that are over, counted anew since then.

The figures are exact whether or not the summing up happened, and when. They are compared with the
tallies in one snapshot; where they differ, because a ballot reached the disk later than any should
or sums were tampered with, the campaign is summed up again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Row, TextClause, func, select

from models import BallotHour, Campaign
from services.clock import day_start, hour_start, local_day
from services.context import Context
from services.voting.standings import SETTLING_TIME
from services.voting.statements import (
    COUNT_DAYS,
    COUNT_HOURS,
    FORGET_DAYS,
    FORGET_HOURS,
    SUM_UP_DAYS,
    SUM_UP_HOURS,
)

HOUR = timedelta(hours=1)
BEFORE_ALL_BALLOTS = datetime(1970, 1, 1, tzinfo=UTC)
# How long after its end the job still compares a campaign's sums with its tallies.
WATCHED_AFTER_CLOSING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Ballots, and people by their first ballot in the campaign."""

    ballots: int = 0
    voters: int = 0


@dataclass(frozen=True, slots=True)
class HourCounts:
    """One campaign's ballots; "" is the source where the client did not say."""

    by_hour: dict[datetime, Counted] = field(default_factory=dict)
    by_entry: Counter[int] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> Counted:
        return add_up(self.by_hour.values())


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The ballots of several campaigns; campaigns and days without any may be left out."""

    by_campaign: dict[int, Counted] = field(default_factory=dict)
    by_day: dict[date, Counted] = field(default_factory=dict)

    @property
    def all(self) -> Counted:
        return add_up(self.by_campaign.values())


def add_up(parts: Iterable[Counted]) -> Counted:
    parts = list(parts)
    return Counted(sum(part.ballots for part in parts), sum(part.voters for part in parts))


def count_hours(ctx: Context, campaign_id: int) -> HourCounts:
    """The exact counts of all of a campaign's ballots on disk.

    It reads sums, and ballots since the last hour summed up. When the tallies say otherwise the
    campaign is summed up again first, which takes as long as counting all its ballots.
    """
    since = summed_up_until(ctx)
    counts, is_right = _read_hours(ctx, campaign_id, since)
    if not is_right:
        _sum_up_again(ctx, [campaign_id], since)
        counts, _ = _read_hours(ctx, campaign_id, since)
    return counts


def count_days(ctx: Context, campaign_ids: Sequence[int]) -> DayCounts:
    """The same by campaign and day, fast for thousands of campaigns."""
    since = summed_up_until(ctx)
    counts, differing = _read_days(ctx, campaign_ids, since)
    if differing:
        _sum_up_again(ctx, differing, since)
        counts, _ = _read_days(ctx, campaign_ids, since)
    return counts


def roll_up_ballots(ctx: Context) -> None:
    """Sum up the hours that are over and settled and have not been; then compare with the tallies.

    It may run at any time, twice at once or never.
    """
    since, until = summed_up_until(ctx), hour_start(ctx.now - SETTLING_TIME)
    _run(ctx, SUM_UP_HOURS, since=since, until=until, campaign_ids=None)
    # Only whole days: the days before the one of the last hour summed up.
    day_at = day_start(summed_up_until(ctx))
    _run(ctx, SUM_UP_DAYS, since=day_start(since), until=day_at, campaign_ids=None)
    watched = ctx.session.scalars(
        select(Campaign.id).where(
            Campaign.state != "draft", Campaign.closes_at > ctx.now - WATCHED_AFTER_CLOSING
        )
    ).all()
    count_days(ctx, watched)


def summed_up_until(ctx: Context) -> datetime:
    """The first hour that may not have been summed up, in any campaign.

    Hours are summed up for all campaigns at once, in order, so all before the latest have been.
    """
    latest = ctx.session.scalar(select(func.max(BallotHour.hour_at)))
    return BEFORE_ALL_BALLOTS if latest is None else latest + HOUR


def _read_hours(ctx: Context, campaign_id: int, since: datetime) -> tuple[HourCounts, bool]:
    """The counts, and whether the tallies agree."""
    counts, tallied = HourCounts(), 0
    for row in _run(ctx, COUNT_HOURS, campaign_id=campaign_id, since=since):
        if row.hour_at is not None:
            counts.by_hour[row.hour_at] = Counted(row.ballots, row.voters)
        elif row.entry_id is not None:
            counts.by_entry[row.entry_id] = row.ballots
        elif row.source is not None:
            counts.by_source[row.source] = row.ballots
        else:
            tallied = row.tallied
    return counts, tallied == counts.all.ballots


def _read_days(
    ctx: Context, campaign_ids: Sequence[int], since: datetime
) -> tuple[DayCounts, list[int]]:
    """The counts, and the campaigns whose tallies do not agree."""
    counts, differing = DayCounts(), []
    asked = {
        "campaign_ids": list(campaign_ids),
        "day_on": local_day(since),
        "day_at": day_start(since),
        "since": since,
    }
    for row in _run(ctx, COUNT_DAYS, **asked):
        counted = Counted(row.ballots, row.voters)
        if row.campaign_id is not None:
            counts.by_campaign[row.campaign_id] = counted
            if row.tallied != row.ballots:
                differing.append(row.campaign_id)
        elif row.day_on is not None:
            counts.by_day[row.day_on] = counted
    return counts, differing


def _sum_up_again(ctx: Context, campaign_ids: Sequence[int], until: datetime) -> None:
    """Replace all sums of these campaigns, up to where the others' are."""
    ids, day_at = list(campaign_ids), day_start(until)
    _run(ctx, FORGET_HOURS, campaign_ids=ids, until=until)
    _run(ctx, FORGET_DAYS, campaign_ids=ids, day_on=local_day(until))
    _run(ctx, SUM_UP_HOURS, campaign_ids=ids, since=BEFORE_ALL_BALLOTS, until=until)
    _run(ctx, SUM_UP_DAYS, campaign_ids=ids, since=BEFORE_ALL_BALLOTS, until=day_at)


def _run(ctx: Context, statement: TextClause, **asked: object) -> Iterable[Row]:
    return ctx.session.execute(statement, asked)
