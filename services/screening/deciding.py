"""What staff decide about ballots that were set aside or are proposed to be.

Every decision locks the campaign's row first, so two of them never meet: the second finds the
ballots decided, by which a double click, two people, and a release against an annulment all decide
once. After the result is published nothing is decided any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from models import Ballot, BallotGroup, Campaign, SetAsideBallot
from services import audit, voting
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Missing
from services.screening.groups import GroupView, fetch_group, ids_of_proposed, view_group
from services.screening.moving import move, set_aside

ACTS = {"released": "ballots.released", "annulled": "ballots.annulled"}


@dataclass(frozen=True, slots=True)
class Decided:
    """How many ballots were decided. A proposal waits for a second person instead."""

    ballots: int
    proposal_id: int | None = None


@dataclass(frozen=True, slots=True)
class GroupDecided:
    """The group after a decision, or as it was where a proposal waits for a second person."""

    group: GroupView
    proposal_id: int | None = None


def release_group(ctx: Context, *, group_id: int, revision: int, reason: str) -> GroupDecided:
    """Let all of a group's quarantined ballots count again; raises Missing, Conflict."""
    campaign, group = lock_group(ctx, group_id, revision)
    rows = _lock_quarantined(ctx, group)
    _decide(ctx, campaign, rows, to="released", reason=reason, group_id=group.id)
    return GroupDecided(view_group(ctx, group))


def annul_group(ctx: Context, *, group_id: int, revision: int, reason: str) -> GroupDecided:
    """Annul all of a group's quarantined ballots alone; raises what carry_out_annulment raises."""
    group = fetch_group(ctx, group_id, Permission.REVIEW_BALLOTS)
    carry_out_annulment(
        ctx,
        campaign_id=group.campaign_id,
        group_id=group_id,
        revision=revision,
        reason=reason,
        persons=1,
    )
    return GroupDecided(view_group(ctx, group))


def quarantine_group(ctx: Context, *, group_id: int, revision: int, reason: str) -> GroupDecided:
    """Set aside the ballots of a proposed group that still count; raises Missing, Conflict."""
    campaign, group = lock_group(ctx, group_id, revision, state="proposed")
    rows = ctx.session.execute(
        select(
            Ballot.id.label("ballot_id"), Ballot.entry_id, Ballot.voter_id, Ballot.cast_at
        ).where(Ballot.id.in_(ids_of_proposed(group)))
    ).mappings()
    common = {"group_id": group.id, "score": 0, "signals": {group.pattern: 0}}
    values = [dict(row) | common for row in rows]
    ids = set_aside(ctx, campaign, values, reasons=[reason] * len(values))
    group.state = "open"
    group.signals = {key: value for key, value in group.signals.items() if key != "ballot_ids"}
    group.revision += 1
    _record(ctx, "ballots.quarantined", campaign, len(ids), reason, group_id=group.id)
    return GroupDecided(view_group(ctx, group))


def dismiss_group(ctx: Context, *, group_id: int, revision: int, reason: str) -> GroupDecided:
    """Leave a proposed group's ballots as they are; raises Missing, Conflict."""
    campaign, group = lock_group(ctx, group_id, revision, state="proposed")
    group.state = "dismissed"
    group.revision += 1
    _record(ctx, "ballots.dismissed", campaign, 0, reason, group_id=group.id)
    return GroupDecided(view_group(ctx, group))


def release_ballots(
    ctx: Context,
    *,
    campaign_id: int,
    ballot_ids: Sequence[int],
    reason: str,
    state: str = "quarantined",
) -> Decided:
    """Let ballots count that are all in this state, all or none; raises Missing, Conflict.

    `state` is the one in which whoever decides saw them: quarantined, or annulled by mistake.
    """
    campaign = lock_campaign(ctx, campaign_id)
    rows = _lock_ballots(ctx, campaign, ballot_ids, state, to="released")
    _decide(ctx, campaign, rows, to="released", reason=reason)
    return Decided(len(rows))


def annul_ballots(
    ctx: Context,
    *,
    campaign_id: int,
    ballot_ids: Sequence[int],
    reason: str,
    state: str = "quarantined",
) -> Decided:
    """Annul ballots that are all in this state alone; raises what carry_out_annulment raises."""
    return carry_out_annulment(
        ctx,
        campaign_id=campaign_id,
        ballot_ids=ballot_ids,
        reason=reason,
        persons=1,
        state=state,
    )


def carry_out_annulment(
    ctx: Context,
    *,
    campaign_id: int,
    ballot_ids: Sequence[int] | None = None,
    group_id: int | None = None,
    reason: str,
    persons: int,
    state: str = "quarantined",
    revision: int | None = None,
) -> Decided:
    """Annul these ballots, all or none, or what of a group is quarantined.

    `persons` is how many agreed. Raises Missing, Conflict, and second_person_needed_for_this for
    more than one person may annul alone; `ballots` then says how many.
    """
    campaign = lock_campaign(ctx, campaign_id)
    if group_id is not None:
        campaign, group = lock_group(ctx, group_id, revision, campaign_id=campaign_id)
        rows = _lock_quarantined(ctx, group)
    else:
        rows = _lock_ballots(ctx, campaign, ballot_ids or (), state, to="annulled")
    if persons < 2 and len(rows) > campaign.annulments_alone:
        raise Conflict("second_person_needed_for_this", ballots=len(rows))
    _decide(ctx, campaign, rows, to="annulled", reason=reason, persons=persons, group_id=group_id)
    return Decided(len(rows))


def release_voters_ballots(ctx: Context, campaign: Campaign, *, voter_id: int, reason: str) -> int:
    """Let all that is set aside of one voter count; the campaign is locked. Returns how many."""
    released = 0
    for state in ("quarantined", "annulled"):
        rows = ctx.session.scalars(
            _select_rows(campaign.id, state).where(SetAsideBallot.voter_id == voter_id)
        ).all()
        if rows:
            _decide(ctx, campaign, rows, to="released", reason=reason)
            released += len(rows)
    return released


def lock_campaign(ctx: Context, campaign_id: int) -> Campaign:
    """The campaign, kept from others until the end; raises Missing, and Conflict once published."""
    campaign = voting.fetch_campaign(ctx, campaign_id, Permission.REVIEW_BALLOTS, is_locked=True)
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    return campaign


def lock_group(
    ctx: Context,
    group_id: int,
    revision: int | None,
    *,
    state: str = "open",
    campaign_id: int | None = None,
) -> tuple[Campaign, BallotGroup]:
    """The group with its campaign, both locked; raises Missing and Conflict for another state."""
    group = fetch_group(ctx, group_id, Permission.REVIEW_BALLOTS)
    if campaign_id not in (None, group.campaign_id):
        raise Missing("ballot_group_not_found")
    campaign = lock_campaign(ctx, group.campaign_id)
    ctx.session.refresh(group, with_for_update=True)
    if revision is not None and group.revision != revision:
        raise Conflict("edited_meanwhile")
    if group.state != state:
        raise Conflict("ballots_decided")
    return campaign, group


def _lock_quarantined(ctx: Context, group: BallotGroup) -> Sequence[SetAsideBallot]:
    return ctx.session.scalars(
        _select_rows(group.campaign_id, "quarantined").where(SetAsideBallot.group_id == group.id)
    ).all()


def _lock_ballots(
    ctx: Context, campaign: Campaign, ballot_ids: Sequence[int], state: str, *, to: str
) -> Sequence[SetAsideBallot]:
    """All of the ballots; raises Missing for one not set aside here, Conflict for one decided."""
    wanted = set(ballot_ids)
    rows = ctx.session.scalars(
        _select_rows(campaign.id, None).where(SetAsideBallot.ballot_id.in_(wanted))
    ).all()
    if len(rows) != len(wanted):
        raise Missing("ballot_not_found")
    if state == to or any(row.state != state for row in rows):
        raise Conflict("ballots_decided")
    return rows


def _select_rows(campaign_id: int, state: str | None):
    query = (
        select(SetAsideBallot)
        .where(SetAsideBallot.campaign_id == campaign_id)
        .order_by(SetAsideBallot.ballot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return query if state is None else query.where(SetAsideBallot.state == state)


def _decide(
    ctx: Context,
    campaign: Campaign,
    rows: Sequence[SetAsideBallot],
    *,
    to: str,
    reason: str,
    persons: int = 1,
    group_id: int | None = None,
) -> None:
    if not rows:
        raise Conflict("ballots_decided")
    move(ctx, campaign, rows, to=to, reason=reason, persons=persons)
    _close_groups(ctx, {row.group_id for row in rows} - {None})
    _record(ctx, ACTS[to], campaign, len(rows), reason, group_id=group_id, persons=persons)


def _close_groups(ctx: Context, group_ids: set[int]) -> None:
    """Groups of which nothing awaits review any more are decided."""
    waiting = select(SetAsideBallot.group_id).where(
        SetAsideBallot.group_id.in_(group_ids), SetAsideBallot.state == "quarantined"
    )
    ctx.session.execute(
        update(BallotGroup)
        .where(
            BallotGroup.id.in_(group_ids),
            BallotGroup.state == "open",
            BallotGroup.id.not_in(waiting),
        )
        .values(state="decided", revision=BallotGroup.revision + 1)
        .execution_options(synchronize_session="fetch")
    )


def _record(
    ctx: Context, action: str, campaign: Campaign, ballots: int, reason: str, **more: object
) -> None:
    given = {name: value for name, value in more.items() if value is not None}
    audit.record(
        ctx,
        action,
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        after={"ballots": ballots, "reason": reason} | given,
    )
