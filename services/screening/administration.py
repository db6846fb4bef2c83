"""A campaign's screening as a whole: its settings, how many ballots are in which state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models import (
    BallotGroup,
    BallotObjection,
    Campaign,
    SetAsideBallot,
    Tally,
)
from services import audit, ledger, voting
from services.access import Permission
from services.context import Context
from services.errors import Conflict
from services.screening.risk_ranks import RiskRankState, read_risk_rank_state
from services.screening.rules import DEFAULTS, Settings, merge, resolve

CHANGED_ALONE = ("draft", "scheduled")


@dataclass(frozen=True, slots=True)
class Counts:
    """A campaign's ballots; what is not set aside counts, for withdrawn entries too."""

    cast: int
    counted: int
    quarantined: int
    annulled: int
    released: int


@dataclass(frozen=True, slots=True)
class Screening:
    """What staff see first; `revision` is the campaign's."""

    settings: Settings
    defaults: Settings
    counts: Counts
    risk_ranks: RiskRankState
    open_groups: int
    open_objections: int
    annulments_alone: int
    revision: int


def get_screening(ctx: Context, *, campaign_id: int) -> Screening:
    """Raises Missing."""
    campaign = voting.fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    return view_screening(ctx, campaign)


def view_screening(ctx: Context, campaign: Campaign) -> Screening:
    return Screening(
        resolve(campaign.screening),
        DEFAULTS,
        _count(ctx, campaign.id),
        read_risk_rank_state(ctx, campaign.id),
        _how_many(ctx, BallotGroup, campaign.id, ("open", "proposed")),
        _how_many(ctx, BallotObjection, campaign.id, ("open",)),
        campaign.annulments_alone,
        campaign.revision,
    )


def _count(ctx: Context, campaign_id: int) -> Counts:
    set_aside = voting.count_set_aside(ctx, campaign_id)
    cast = ctx.session.scalar(
        select(func.coalesce(func.sum(Tally.votes), 0)).where(Tally.campaign_id == campaign_id)
    )
    released = _how_many(ctx, SetAsideBallot, campaign_id, ("released",))
    cast = int(cast)
    return Counts(cast, cast - set_aside.all, set_aside.quarantined, set_aside.annulled, released)


def _how_many(ctx: Context, table, campaign_id: int, states: tuple[str, ...]) -> int:
    return ctx.session.scalar(
        select(func.count())
        .select_from(table)
        .where(table.campaign_id == campaign_id, table.state.in_(states))
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """The screening after a change, or as it is while a proposal waits for a second person."""

    settings: Settings
    annulments_alone: int
    revision: int
    proposal_id: int | None = None


def change_screening(
    ctx: Context,
    *,
    campaign_id: int,
    revision: int,
    reason: str | None = None,
    **changes: Any,
) -> Changed:
    """Change it alone; raises what carry_out_change raises."""
    screening = carry_out_change(
        ctx,
        campaign_id=campaign_id,
        revision=revision,
        changes=changes,
        reason=reason,
        persons=1,
    )
    return Changed(screening.settings, screening.annulments_alone, screening.revision)


def carry_out_change(
    ctx: Context,
    *,
    campaign_id: int,
    changes: Mapping[str, Any],
    reason: str | None,
    persons: int,
    revision: int | None = None,
) -> Screening:
    """Change threshold, signals, or annulments_alone; what is left out stays as it is.

    Ballots that were judged already stay as they are. Raises Missing, Conflict, Invalid, and
    second_person_needed_for_this once the campaign has opened and only one person agreed.
    """
    campaign = voting.fetch_campaign(
        ctx, campaign_id, Permission.REVIEW_BALLOTS, revision=revision, is_locked=True
    )
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    if persons < 2 and campaign.status_at(ctx.now) not in CHANGED_ALONE:
        raise Conflict("second_person_needed_for_this")
    before = {"screening": campaign.screening, "annulments_alone": campaign.annulments_alone}
    campaign.screening = merge(campaign.screening, changes)
    campaign.annulments_alone = changes.get("annulments_alone", campaign.annulments_alone)
    campaign.revision += 1
    after = {"screening": campaign.screening, "annulments_alone": campaign.annulments_alone}
    if campaign.state != "draft":
        ledger.note_rules(ctx, campaign, event="screening_changed", reason=reason, persons=persons)
    before, after = audit.changes(before, after)
    audit.record(
        ctx,
        "campaign.screening_changed",
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        before=before,
        after=after | ({"reason": reason} if reason else {}) | {"persons": persons},
    )
    ctx.session.flush()
    return view_screening(ctx, campaign)


def check_change(ctx: Context, *, campaign_id: int, changes: Mapping[str, Any]) -> None:
    """Raise Missing, Conflict or Invalid for a change nobody could carry out."""
    campaign = voting.fetch_campaign(ctx, campaign_id, Permission.REVIEW_BALLOTS)
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    merge(campaign.screening, changes)
