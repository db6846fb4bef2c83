"""How many ballots a voter has left: the same arithmetic before a ballot and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select

from models import Ballot, Campaign, Entry
from services.ballot_box import Limits
from services.clock import local_day
from services.context import Context
from services.voting.campaigns import fetch_announced_campaign


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many ballots the voter has left; `in_all` is None where the campaign sets no total."""

    today: int
    today_for_entry: int
    in_all: int | None


@dataclass(frozen=True, slots=True)
class EntryToday:
    """An entry the voter gave ballots today, and how many more it may get from them."""

    entry_id: int
    cast: int
    left: int


@dataclass(frozen=True, slots=True)
class RemainingNow(Remaining):
    """What is left at this moment; `today_for_entry` is for entries not in `entries_today`."""

    entries_today: Sequence[EntryToday]


def work_out_remaining(
    limits: Limits, *, in_all: int, today: int, today_for_entry: int
) -> Remaining:
    """What `limits` leave of so many ballots cast: in all, today, and today for one entry."""
    left_in_all = None if limits.in_all is None else max(0, limits.in_all - in_all)
    left_today = max(0, limits.per_day - today)
    if left_in_all is not None:
        left_today = min(left_today, left_in_all)
    left_for_entry = max(0, limits.per_entry_per_day - today_for_entry)
    return Remaining(left_today, min(left_for_entry, left_today), left_in_all)


def get_remaining(ctx: Context, *, campaign_id: int) -> RemainingNow:
    """What the ballot box would still take from the actor now; raises Missing.

    Nothing is left today while the campaign is not open, nor for a withdrawn entry. A phone number
    that is asked for and not bound does not count: the voter can bind one.
    """
    campaign = fetch_announced_campaign(ctx, campaign_id)
    limits = _limits_at(ctx, campaign)
    counts = _count_ballots(ctx, campaign_id)
    in_all, today = sum(row.in_all for row in counts), sum(row.today for row in counts)

    def left_for(cast: int) -> Remaining:
        return work_out_remaining(limits, in_all=in_all, today=today, today_for_entry=cast)

    entries_today = [
        EntryToday(row.entry_id, row.today, left_for(row.today).today_for_entry * row.stands)
        for row in counts
        if row.today
    ]
    left = left_for(0)
    return RemainingNow(left.today, left.today_for_entry, left.in_all, entries_today)


def _limits_at(ctx: Context, campaign: Campaign) -> Limits:
    if campaign.status_at(ctx.now) != "open":
        return Limits(0, 0, campaign.ballots_in_all)
    return Limits(
        campaign.ballots_per_day, campaign.ballots_per_entry_per_day, campaign.ballots_in_all
    )


def _count_ballots(ctx: Context, campaign_id: int) -> Sequence[Row]:
    """The actor's ballots by entry; the unique index on the voter's numbers finds them."""
    is_today = Ballot.cast_on == local_day(ctx.now)
    return ctx.session.execute(
        select(
            Ballot.entry_id,
            Entry.withdrawn_at.is_(None).label("stands"),
            func.count().label("in_all"),
            func.count().filter(is_today).label("today"),
        )
        .join(Entry, Entry.id == Ballot.entry_id)
        .where(Ballot.voter_id == ctx.actor.citizen_id, Ballot.campaign_id == campaign_id)
        .group_by(Ballot.entry_id, Entry.withdrawn_at)
        .order_by(Ballot.entry_id)
    ).all()
