"""The votes of a quarter, over all campaigns that somebody's permission reaches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from models import Campaign, Contest, Entry, Organization
from services.access import Permission, is_within_reach
from services.clock import Quarter, local_day, quarter_of
from services.context import Context
from services.voting.counting import Counted, DayCounts, count_days

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayBallots:
    """The ballots of a day of Asia/Shanghai."""

    on: date
    ballots: int


@dataclass(frozen=True, slots=True)
class ContestBallots:
    """The ballots in the campaigns of one contest."""

    code: str
    name: str
    ballots: int


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A quarter's announced campaigns, what competes in them, and all their ballots.

    Somebody who votes in two campaigns is two voters. Days are those of the quarter up to now,
    and others on which its campaigns got ballots.
    """

    code: str
    starts_on: date
    ends_on: date
    campaigns: int
    entries: int
    institutions: int
    ballots: int
    voters: int
    ballots_by_day: Sequence[DayBallots]
    ballots_by_contest: Sequence[ContestBallots]


def sum_up_quarter(ctx: Context) -> QuarterFigures:
    """The present quarter's figures, of campaigns that VIEW_CAMPAIGNS reaches."""
    today = local_day(ctx.now)
    quarter = quarter_of(today)
    campaigns = _read_campaigns(ctx, quarter)
    counts = count_days(ctx, list(campaigns))
    entries, institutions = _count_entries(ctx, campaigns)
    return QuarterFigures(
        code=quarter.code,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
        campaigns=len(campaigns),
        entries=entries,
        institutions=institutions,
        ballots=counts.all.ballots,
        voters=counts.all.voters,
        ballots_by_day=_by_day(quarter, today, counts.by_day),
        ballots_by_contest=_by_contest(ctx, campaigns, counts),
    )


def _read_campaigns(ctx: Context, quarter: Quarter) -> dict[int, str]:
    """The contests of the quarter's campaigns, by their ids."""
    rows = ctx.session.execute(
        select(Campaign.id, Campaign.contest_code)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(
            Campaign.quarter == quarter.code,
            Campaign.state != "draft",
            is_within_reach(ctx.actor, Permission.VIEW_CAMPAIGNS),
        )
    )
    return dict(tuple(row) for row in rows)


def _count_entries(ctx: Context, campaigns: Mapping[int, str]) -> tuple[int, int]:
    """How many entries stand, and from how many institutions."""
    row = ctx.session.execute(
        select(func.count(), func.count(Entry.organization_id.distinct())).where(
            Entry.campaign_id.in_(campaigns), Entry.withdrawn_at.is_(None)
        )
    ).one()
    return tuple(row)


def _by_day(quarter: Quarter, today: date, counted: Mapping[date, Counted]) -> list[DayBallots]:
    first, last = min([quarter.starts_on, *counted]), max([today, *counted])
    days = (first + number * DAY for number in range((last - first).days + 1))
    return [DayBallots(day, counted.get(day, Counted()).ballots) for day in days]


def _by_contest(
    ctx: Context, campaigns: Mapping[int, str], counts: DayCounts
) -> list[ContestBallots]:
    """All nine contests, in their order."""
    ballots: Counter[str] = Counter()
    for campaign_id, counted in counts.by_campaign.items():
        ballots[campaigns[campaign_id]] += counted.ballots
    contests = ctx.session.execute(select(Contest.code, Contest.name).order_by(Contest.position))
    return [ContestBallots(code, name, ballots[code]) for code, name in contests]
