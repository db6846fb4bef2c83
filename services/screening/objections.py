"""A voter's own ballots that were set aside, and their one objection in each campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from models import (
    Ballot,
    BallotObjection,
    Campaign,
    Organization,
    SetAsideBallot,
    StaffAccount,
)
from services import audit, notifications, voting
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.screening.ballots import ReviewedBallot, select_ballots, short_name, view_ballot
from services.screening.deciding import lock_campaign, release_voters_ballots

STILL_SET_ASIDE = ("quarantined", "annulled")


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One's own ballot; "counted" once it was released. The reason is the public one."""

    ballot_id: int
    entry_id: int
    state: str
    reason: str | None
    quarantined_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSetAside:
    """One's ballots that were ever set aside, and one's objection."""

    ballots: Sequence[OwnBallot]
    objection: BallotObjection | None
    may_object: bool


@dataclass(frozen=True, slots=True)
class ReviewedObjection:
    """An objection as staff read it, with the ballots it is about."""

    id: int
    voter: str
    text: str
    created_at: datetime
    state: str
    answer: str | None
    answered_at: datetime | None
    answered_by_name: str | None
    ballots: Sequence[ReviewedBallot]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, and how many ballots count again by it."""

    id: int
    state: str
    answer: str
    answered_at: datetime
    released: int


def get_own_set_aside(ctx: Context, *, campaign_id: int) -> OwnSetAside:
    """The actor's; raises Missing."""
    campaign = voting.fetch_announced_campaign(ctx, campaign_id)
    ballots = _read_own(ctx, campaign.id)
    objection = _read_objection(ctx, campaign.id)
    may_object = (
        objection is None
        and campaign.result_published_at is None
        and any(ballot.state in STILL_SET_ASIDE for ballot in ballots)
    )
    return OwnSetAside(ballots, objection, may_object)


def make_objection(
    ctx: Context,
    *,
    campaign_id: int,
    text: str,
    idempotency_key: str,
) -> BallotObjection:
    """Object once, while something of the actor's is set aside; the same text again is the same.

    Raises Missing, and Conflict: objection_made, nothing_set_aside, result_published.
    """
    campaign = voting.fetch_announced_campaign(ctx, campaign_id)
    # Shared with other objections; whoever publishes the result waits, or comes first.
    ctx.session.refresh(campaign, ["result_published_at"], with_for_update={"read": True})
    if (made := _read_objection(ctx, campaign.id)) is not None:
        return _repeat(made, text)
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    if not any(ballot.state in STILL_SET_ASIDE for ballot in _read_own(ctx, campaign.id)):
        raise Conflict("nothing_set_aside")
    ctx.session.execute(
        insert(BallotObjection)
        .values(
            campaign_id=campaign.id,
            citizen_id=ctx.actor.citizen_id,
            text=text,
            created_at=ctx.now,
            state="open",
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "citizen_id"])
    )
    return _repeat(_read_objection(ctx, campaign.id), text)


def list_objections(
    ctx: Context,
    *,
    campaign_id: int,
    limit: int,
    state: str | None = None,
    cursor: str | None = None,
) -> Page:
    """A campaign's, the oldest first, as they are answered in turn; raises Missing."""
    voting.fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    answerer = aliased(StaffAccount)
    query = (
        select(BallotObjection, answerer.name)
        .outerjoin(answerer, answerer.id == BallotObjection.answered_by_id)
        .where(BallotObjection.campaign_id == campaign_id)
        .order_by(BallotObjection.id)
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(BallotObjection.state == state)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(BallotObjection.id > last_id)
    rows = ctx.session.execute(query).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(row[0].id))
    ballots = _read_ballots_of(ctx, campaign_id, [row[0].citizen_id for row in page.items])
    items = [_review(ctx, objection, name, ballots) for objection, name in page.items]
    return Page(items, page.next_cursor)


def answer_objection(ctx: Context, *, objection_id: int, uphold: bool, answer: str) -> Answered:
    """Answer it for good; upheld, all that is set aside of that person counts again.

    Raises Missing, and Conflict: objection_answered, result_published.
    """
    objection = _fetch(ctx, objection_id)
    campaign = lock_campaign(ctx, objection.campaign_id)
    ctx.session.refresh(objection, with_for_update=True)
    if objection.state != "open":
        raise Conflict("objection_answered")
    objection.state = "upheld" if uphold else "rejected"
    objection.answer = answer
    objection.answered_at = ctx.now
    objection.answered_by_id = ctx.actor.staff_id
    voter_id = objection.citizen_id
    released = 0
    if uphold:
        released = release_voters_ballots(
            ctx, campaign, voter_id=voter_id, reason="经当事人提出异议，复核后计入"
        )
    _tell(ctx, campaign, voter_id, answer)
    audit.record(
        ctx,
        "objection.answered",
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        after={"objection_id": objection.id, "state": objection.state, "ballots": released},
    )
    ctx.session.flush()
    return Answered(objection.id, objection.state, answer, ctx.now, released)


def _repeat(objection: BallotObjection, text: str) -> BallotObjection:
    if objection.text != text:
        raise Conflict("objection_made")
    return objection


def _read_own(ctx: Context, campaign_id: int) -> list[OwnBallot]:
    rows = ctx.session.scalars(
        select(SetAsideBallot)
        .join(Ballot, Ballot.id == SetAsideBallot.ballot_id)
        .where(Ballot.campaign_id == campaign_id, Ballot.voter_id == ctx.actor.citizen_id)
        .order_by(SetAsideBallot.ballot_id)
    )
    return [
        OwnBallot(
            row.ballot_id,
            row.entry_id,
            "counted" if row.state == "released" else row.state,
            row.reason,
            row.quarantined_at,
            row.decided_at,
        )
        for row in rows
    ]


def _read_objection(ctx: Context, campaign_id: int) -> BallotObjection | None:
    return ctx.session.scalar(
        select(BallotObjection).where(
            BallotObjection.campaign_id == campaign_id,
            BallotObjection.citizen_id == ctx.actor.citizen_id,
        )
    )


def _read_ballots_of(
    ctx: Context, campaign_id: int, voter_ids: Sequence[int]
) -> dict[str, list[ReviewedBallot]]:
    query = select_ballots(campaign_id).where(Ballot.voter_id.in_(voter_ids)).order_by(Ballot.id)
    found: dict[str, list[ReviewedBallot]] = {}
    for row in ctx.session.execute(query):
        ballot = view_ballot(ctx, campaign_id, row)
        found.setdefault(ballot.voter, []).append(ballot)
    return found


def _review(
    ctx: Context,
    objection: BallotObjection,
    answered_by_name: str | None,
    ballots: dict[str, list[ReviewedBallot]],
) -> ReviewedObjection:
    voter = short_name(ctx, objection.campaign_id, objection.citizen_id)
    return ReviewedObjection(
        objection.id,
        voter,
        objection.text,
        objection.created_at,
        objection.state,
        objection.answer,
        objection.answered_at,
        answered_by_name,
        ballots.get(voter, []),
    )


def _fetch(ctx: Context, objection_id: int) -> BallotObjection:
    objection = ctx.session.scalar(
        select(BallotObjection)
        .join(Campaign, Campaign.id == BallotObjection.campaign_id)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(
            BallotObjection.id == objection_id,
            is_within_reach(ctx.actor, Permission.REVIEW_BALLOTS),
        )
    )
    if objection is None:
        raise Missing("objection_not_found")
    return objection


def _tell(ctx: Context, campaign: Campaign, citizen_id: int, answer: str) -> None:
    notifications.tell_citizens(
        ctx,
        kind="objection_answered",
        cause=f"campaign:{campaign.id}",
        title="您的异议有了答复",
        bodies={citizen_id: f"您对“{campaign.title}”中选票处理的异议：{answer}"},
        target=notifications.Target("campaign", campaign.id),
    )
