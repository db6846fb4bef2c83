"""Ballots by hour: summed up once for hours that are over, counted anew for those since.

The figures are exact whether or not the summing up happened, and when. They are compared with the
tallies in one snapshot; where they differ, because a ballot reached the disk later than any should
or hours were tampered with, the campaign's hours are summed up again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text

from models import BallotHour, Campaign
from services.clock import hour_start
from services.context import Context
from services.voting.standings import SETTLING_TIME

HOUR = timedelta(hours=1)
BEFORE_ALL_BALLOTS = datetime(1970, 1, 1, tzinfo=UTC)
# How long after its end a campaign's hours are still compared with its tallies by the job.
WATCHED_AFTER_CLOSING = timedelta(days=1)

SUM_UP = text("""
    INSERT INTO ballot_hours (campaign_id, hour_at, entry_id, source, ballots, voters)
    SELECT campaign_id, date_trunc('hour', cast_at, 'UTC'), entry_id, coalesce(source, ''),
           count(*), count(*) FILTER (WHERE number = 1)
    FROM ballots
    WHERE cast_at >= :since AND cast_at < :until
      AND (CAST(:campaign_ids AS bigint[]) IS NULL OR campaign_id = ANY(:campaign_ids))
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (campaign_id, hour_at, entry_id, source)
    DO UPDATE SET ballots = excluded.ballots, voters = excluded.voters
""")
FORGET = text(
    "DELETE FROM ballot_hours WHERE campaign_id = ANY(:campaign_ids) AND hour_at < :until"
)
# A row of the result has one of the four columns filled in: what it is the sum for.
COUNT = """
    WITH counted AS (
        SELECT campaign_id, hour_at, entry_id, source, ballots, voters, 0 AS tallied
        FROM ballot_hours
        WHERE campaign_id = ANY(:campaign_ids) AND hour_at < :since
        UNION ALL
        SELECT campaign_id, date_trunc('hour', cast_at, 'UTC'), entry_id, coalesce(source, ''),
               count(*), count(*) FILTER (WHERE number = 1), 0
        FROM ballots
        WHERE campaign_id = ANY(:campaign_ids) AND cast_at >= :since
        GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT campaign_id, NULL, NULL, NULL, 0, 0, sum(votes)
        FROM tallies WHERE campaign_id = ANY(:campaign_ids) GROUP BY campaign_id
    )
    SELECT campaign_id, hour_at, {columns}, CAST(sum(ballots) AS bigint) AS ballots,
           CAST(sum(voters) AS bigint) AS voters, CAST(sum(tallied) AS bigint) AS tallied
    FROM counted GROUP BY GROUPING SETS ({sets})
"""
COUNT_IN_DETAIL = text(
    COUNT.format(columns="entry_id, source", sets="campaign_id, hour_at, entry_id, source")
)
COUNT_BY_HOUR = text(
    COUNT.format(columns="NULL AS entry_id, NULL AS source", sets="campaign_id, hour_at")
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Ballots, and people by their first ballot in the campaign."""

    ballots: int = 0
    voters: int = 0


@dataclass(frozen=True, slots=True)
class BallotCounts:
    """The same ballots, counted in several ways; what has none may be left out.

    The source is "" where the client did not say.
    """

    by_campaign: dict[int, Counted] = field(default_factory=dict)
    by_hour: dict[datetime, Counted] = field(default_factory=dict)
    by_entry: Counter[int] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> Counted:
        return add_up(self.by_campaign.values())


def add_up(parts: Iterable[Counted]) -> Counted:
    parts = list(parts)
    return Counted(sum(part.ballots for part in parts), sum(part.voters for part in parts))


def count_ballots(
    ctx: Context, campaign_ids: Sequence[int], *, is_detailed: bool = True
) -> BallotCounts:
    """The exact counts of all ballots on disk; without details not by entry and source.

    It reads sums of hours and the ballots since the last of them. Campaigns whose tallies say
    otherwise are summed up again first, which takes as long as counting all their ballots.
    """
    since = summed_up_until(ctx)
    counts, differing = _count(ctx, campaign_ids, since, is_detailed)
    if differing and since > BEFORE_ALL_BALLOTS:
        _sum_up_again(ctx, differing, since)
        counts, _ = _count(ctx, campaign_ids, since, is_detailed)
    return counts


def roll_up_ballots(ctx: Context) -> None:
    """Sum up the hours that are over and settled and have not been; then compare with the tallies.

    It may run at any time, twice at once or never.
    """
    until = hour_start(ctx.now - SETTLING_TIME)
    ctx.session.execute(
        SUM_UP, {"since": summed_up_until(ctx), "until": until, "campaign_ids": None}
    )
    watched = ctx.session.scalars(
        select(Campaign.id).where(
            Campaign.state != "draft", Campaign.closes_at > ctx.now - WATCHED_AFTER_CLOSING
        )
    ).all()
    count_ballots(ctx, watched, is_detailed=False)


def summed_up_until(ctx: Context) -> datetime:
    """The first hour that may not have been summed up, in any campaign.

    Hours are summed up for all campaigns at once, in order, so all before the latest have been.
    """
    latest = ctx.session.scalar(select(func.max(BallotHour.hour_at)))
    return BEFORE_ALL_BALLOTS if latest is None else latest + HOUR


def _count(
    ctx: Context, campaign_ids: Sequence[int], since: datetime, is_detailed: bool
) -> tuple[BallotCounts, list[int]]:
    """The counts, and the campaigns in which they differ from the tallies."""
    rows = ctx.session.execute(
        COUNT_IN_DETAIL if is_detailed else COUNT_BY_HOUR,
        {"campaign_ids": list(campaign_ids), "since": since},
    )
    counts, differing = BallotCounts(), []
    for row in rows:
        counted = Counted(row.ballots, row.voters)
        if row.campaign_id is not None:
            counts.by_campaign[row.campaign_id] = counted
            if row.tallied != row.ballots:
                differing.append(row.campaign_id)
        elif row.hour_at is not None:
            counts.by_hour[row.hour_at] = counted
        elif row.entry_id is not None:
            counts.by_entry[row.entry_id] = row.ballots
        elif row.source is not None:
            counts.by_source[row.source] = row.ballots
    return counts, differing


def _sum_up_again(ctx: Context, campaign_ids: Sequence[int], until: datetime) -> None:
    asked = {"campaign_ids": list(campaign_ids), "until": until}
    ctx.session.execute(FORGET, asked)
    ctx.session.execute(SUM_UP, asked | {"since": BEFORE_ALL_BALLOTS})
