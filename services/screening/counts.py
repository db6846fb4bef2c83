"""What everybody may know of a campaign's ballots that do not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models import Campaign, SetAsideBallot, Tally
from services import voting
from services.context import Context


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Ballots annulled for one reason, in the words the ledger has."""

    reason: str
    ballots: int


@dataclass(frozen=True, slots=True)
class EntryCount:
    """An entry's ballots by what became of them."""

    entry_id: int
    counted: int
    quarantined: int
    annulled: int


@dataclass(frozen=True, slots=True)
class BallotCount:
    """A campaign's ballots to the last one: cast = counted + withdrawn + quarantined + annulled.

    `counted` are votes of entries that stand, `withdrawn` those of entries that do not. These and
    `cast` are None, and `by_entry` is empty, while exact votes are not shown.
    """

    cast: int | None
    counted: int | None
    withdrawn: int | None
    quarantined: int
    annulled: int
    reasons: Sequence[ReasonCount]
    by_entry: Sequence[EntryCount]
    is_final: bool
    as_of: datetime


def get_ballot_count(ctx: Context, *, campaign_id: int) -> BallotCount:
    """Of an announced campaign; raises Missing."""
    campaign = voting.fetch_announced_campaign(ctx, campaign_id)
    set_aside = voting.count_set_aside(ctx, campaign.id)
    is_shown = shows_exact_votes(ctx, campaign)
    cast, votes = _count_cast(ctx, campaign) if is_shown else (None, {})
    counted = sum(votes.values()) if is_shown else None
    return BallotCount(
        cast,
        counted,
        cast - counted - set_aside.all if is_shown else None,
        set_aside.quarantined,
        set_aside.annulled,
        _count_reasons(ctx, campaign.id),
        _count_entries(ctx, campaign.id, votes) if is_shown else [],
        _is_final(ctx, campaign, set_aside.quarantined),
        ctx.now,
    )


def shows_exact_votes(ctx: Context, campaign: Campaign) -> bool:
    """Whether the actor sees how many votes there are at this moment."""
    if voting.may_see_votes(ctx, campaign):
        return True
    return campaign.standings_mode == "live" and campaign.frozen_since(ctx.now) is None


def _is_final(ctx: Context, campaign: Campaign, quarantined: int) -> bool:
    is_settled = ctx.now >= campaign.closes_at + voting.SETTLING_TIME
    return campaign.result_published_at is not None or (is_settled and quarantined == 0)


def _count_cast(ctx: Context, campaign: Campaign) -> tuple[int, dict[int, int]]:
    cast = ctx.session.scalar(
        select(func.coalesce(func.sum(Tally.votes), 0)).where(Tally.campaign_id == campaign.id)
    )
    return int(cast), voting.read_votes(ctx, campaign)


def _count_reasons(ctx: Context, campaign_id: int) -> list[ReasonCount]:
    ballots = func.count()
    rows = ctx.session.execute(
        select(SetAsideBallot.reason, ballots)
        .where(SetAsideBallot.campaign_id == campaign_id, SetAsideBallot.state == "annulled")
        .group_by(SetAsideBallot.reason)
        .order_by(ballots.desc(), SetAsideBallot.reason)
    )
    return [ReasonCount(*row) for row in rows]


def _count_entries(ctx: Context, campaign_id: int, votes: dict[int, int]) -> list[EntryCount]:
    set_aside = voting.read_set_aside(ctx, campaign_id)
    nothing = voting.SetAside()
    return [
        EntryCount(
            entry_id,
            count,
            set_aside.get(entry_id, nothing).quarantined,
            set_aside.get(entry_id, nothing).annulled,
        )
        for entry_id, count in votes.items()
    ]
