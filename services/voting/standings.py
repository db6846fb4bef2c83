"""Standings, as far as the campaign shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from models import Ballot, Campaign, Entry, StandingsSnapshot, Tally
from models.voting import batch_start
from services.access import Permission, permits
from services.context import Context
from services.voting.campaigns import fetch_announced_campaign
from services.voting.set_aside import count_mismatched_set_aside, select_not_counted

# Longer than a ballot can be on its way to the disk: what the ballot box waits for an answer, and
# its statements' time limits, twice.
SETTLING_TIME = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class StandingsItem:
    """An entry's place; equal votes share a rank, and the next rank is skipped (1, 1, 3)."""

    entry_id: int
    rank: int
    votes: int | None


@dataclass(frozen=True, slots=True)
class Standings:
    """Places by votes, then by number; `shown` is how much of them the campaign shows.

    Frozen ones stand still until the campaign closes.
    """

    items: list[StandingsItem]
    total_votes: int | None
    as_of: datetime
    shown: str
    is_final: bool
    is_frozen: bool = False


def get_standings(ctx: Context, *, campaign_id: int) -> Standings:
    """The standings as the campaign shows them to this actor now; raises Missing.

    After closing everybody sees them whole. They are final once every ballot that was sent in
    time must be on disk.
    """
    return show_standings(ctx, fetch_announced_campaign(ctx, campaign_id))


def show_standings(
    ctx: Context, campaign: Campaign, *, votes: Mapping[int, int] | None = None
) -> Standings:
    """The standings of a fetched campaign as it shows them to this actor now.

    `votes` of the entries that stand, in order of their numbers, spare counting them again.
    """
    is_final = ctx.now >= campaign.closes_at + SETTLING_TIME
    sees_all = may_see_votes(ctx, campaign)
    shown = "live" if sees_all else campaign.standings_mode
    if shown == "hidden":
        return Standings([], None, ctx.now, shown, is_final)
    frozen_since = None if sees_all else campaign.frozen_since(ctx.now)
    as_of = _moment_shown(ctx, campaign, shown, frozen_since)
    if as_of is not None:
        votes = _votes_before(ctx, campaign, as_of)
    else:
        votes = read_votes(ctx, campaign) if votes is None else votes
        as_of = campaign.closes_at if is_final else ctx.now
    items, total = rank(votes), sum(votes.values())
    if shown == "ranks_only":
        items, total = [StandingsItem(item.entry_id, item.rank, None) for item in items], None
    is_frozen = frozen_since is not None
    return Standings(items, total, as_of, shown, is_final, is_frozen)


def _moment_shown(
    ctx: Context, campaign: Campaign, shown: str, frozen_since: datetime | None
) -> datetime | None:
    """The moment before which votes are shown, where it is not the present one.

    A freeze stops the clock that the batches go by, too.
    """
    if shown == "delayed":
        settled_at = (frozen_since or ctx.now) - SETTLING_TIME
        return batch_start(settled_at, campaign.standings_delay_minutes)
    return frozen_since


def rank(votes: Mapping[int, int]) -> list[StandingsItem]:
    """Items in order of votes, ties in the given order."""
    items: list[StandingsItem] = []
    ordered = sorted(votes.items(), key=lambda pair: -pair[1])
    for place, (entry_id, count) in enumerate(ordered, start=1):
        is_tie = bool(items) and items[-1].votes == count
        items.append(StandingsItem(entry_id, items[-1].rank if is_tie else place, count))
    return items


def count_mismatched_tallies(ctx: Context) -> int:
    """How many entries have a tally that differs from a recount of their ballots; 0 is right.

    What is set aside has tallies of its own, which are recounted as well.
    """
    recount = (
        select(Ballot.entry_id, func.count().label("votes")).group_by(Ballot.entry_id).subquery()
    )
    counted = (
        select(Tally.entry_id, func.sum(Tally.votes).label("votes"))
        .group_by(Tally.entry_id)
        .subquery()
    )
    both = recount.join(counted, counted.c.entry_id == recount.c.entry_id, full=True)
    differs = recount.c.votes.is_distinct_from(counted.c.votes)
    wrong = ctx.session.scalar(select(func.count()).select_from(both).where(differs))
    return wrong + count_mismatched_set_aside(ctx)


def may_see_votes(ctx: Context, campaign: Campaign) -> bool:
    """Whether the actor sees exact votes whatever the campaign shows: all do after closing."""
    return ctx.now >= campaign.closes_at or permits(
        ctx.session,
        ctx.actor,
        Permission.SEE_HIDDEN_STANDINGS,
        organization_id=campaign.organization_id,
    )


def read_votes(
    ctx: Context, campaign: Campaign, *, before: datetime | None = None
) -> dict[int, int]:
    """Votes by entry id, in order of the entries' numbers; those cast before a moment, if given.

    What is set aside is not among them.
    """
    counted = (
        select(Tally.entry_id, func.sum(Tally.votes).label("votes"))
        .where(Tally.campaign_id == campaign.id)
        .group_by(Tally.entry_id)
        .subquery()
    )
    not_counted = select_not_counted(campaign.id, before)
    votes = func.coalesce(counted.c.votes, 0) - func.coalesce(not_counted.c.votes, 0)
    query = (
        select(Entry.id)
        .outerjoin(counted, counted.c.entry_id == Entry.id)
        .outerjoin(not_counted, not_counted.c.entry_id == Entry.id)
        .where(Entry.campaign_id == campaign.id, Entry.withdrawn_at.is_(None))
        .order_by(Entry.number)
    )
    if before is not None:
        later = (
            select(Ballot.entry_id, func.count().label("votes"))
            .where(Ballot.campaign_id == campaign.id, Ballot.cast_at >= before)
            .group_by(Ballot.entry_id)
            .subquery()
        )
        query = query.outerjoin(later, later.c.entry_id == Entry.id)
        votes = votes - func.coalesce(later.c.votes, 0)
    rows = ctx.session.execute(query.add_columns(votes))
    return {entry_id: int(count) for entry_id, count in rows}


def _votes_before(ctx: Context, campaign: Campaign, moment: datetime) -> dict[int, int]:
    """The votes cast before a moment for the entries that still stand.

    Once they have settled, the first reader works them out and keeps them for all others.
    """
    kept = ctx.session.get(StandingsSnapshot, campaign.id)
    if kept is not None and kept.batch_at == moment:
        return _of_standing_entries(ctx, campaign, kept)
    votes = read_votes(ctx, campaign, before=moment)
    if ctx.now >= moment + SETTLING_TIME:
        _keep_snapshot(ctx, campaign, moment, votes)
    return votes


def _of_standing_entries(
    ctx: Context, campaign: Campaign, kept: StandingsSnapshot
) -> dict[int, int]:
    """What a snapshot holds without the entries that were withdrawn since."""
    standing = set(
        ctx.session.scalars(
            select(Entry.id).where(Entry.campaign_id == campaign.id, Entry.withdrawn_at.is_(None))
        )
    )
    return {entry_id: votes for entry_id, votes in kept.votes if entry_id in standing}


def _keep_snapshot(
    ctx: Context, campaign: Campaign, moment: datetime, votes: Mapping[int, int]
) -> None:
    snapshot = insert(StandingsSnapshot).values(
        campaign_id=campaign.id, batch_at=moment, votes=list(votes.items())
    )
    ctx.session.execute(
        snapshot.on_conflict_do_update(
            index_elements=["campaign_id"],
            set_={"batch_at": snapshot.excluded.batch_at, "votes": snapshot.excluded.votes},
            # A slow reader must not put an older batch back.
            where=StandingsSnapshot.batch_at < snapshot.excluded.batch_at,
        )
    )
