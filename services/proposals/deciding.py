"""Agreeing to a proposal, which carries it out, declining it, and taking it back.

The campaign is locked before the proposal, here as where one is made.
"""

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError

from models import Campaign, Proposal
from services import voting
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Forbidden, Invalid, Missing, ServiceError
from services.proposals.acts import ACTS
from services.proposals.proposing import record
from services.proposals.views import ProposalView, get_proposal, may_act, select_visible
from services.proposals.wording import content_shown

TWO_PERSONS = "ck_proposals_two_persons"
# What passes: the proposal stays open, and agreeing can be tried again.
NOT_YET = frozenset({"result_not_settled", "ballots_awaiting_review"})


def approve_proposal(ctx: Context, *, proposal_id: int) -> ProposalView:
    """Agree, and carry the act out at once.

    Raises Missing for who may not do the act, Forbidden for one's own proposal, Conflict for one
    that is decided. What the act itself refuses is raised as it is, and the proposal lapses unless
    it is only too early.
    """
    campaign, proposal = _fetch_to_decide(ctx, proposal_id)
    _decide(ctx, proposal, "approved")
    try:
        with ctx.session.begin_nested():
            ACTS[proposal.kind].carry_out(ctx, proposal)
    except (Conflict, Invalid, Missing) as refusal:
        if refusal.code not in NOT_YET:
            _lapse(ctx, campaign, proposal, refusal)
        raise
    record(ctx, "proposal.approved", campaign, proposal, after=_account_of(proposal))
    return get_proposal(ctx, proposal_id=proposal_id)


def decline_proposal(ctx: Context, *, proposal_id: int, reason: str) -> ProposalView:
    """Say no, and why; raises Missing, Forbidden for one's own, Conflict."""
    campaign, proposal = _fetch_to_decide(ctx, proposal_id)
    proposal.decision_reason = reason
    _decide(ctx, proposal, "declined")
    after = _account_of(proposal) | {"reason": reason}
    record(ctx, "proposal.declined", campaign, proposal, after=after)
    return get_proposal(ctx, proposal_id=proposal_id)


def withdraw_proposal(ctx: Context, *, proposal_id: int) -> ProposalView:
    """Take back one's own; raises Missing, Conflict."""
    campaign, proposal = _fetch_locked(
        ctx, proposal_id, Proposal.proposed_by_id == ctx.actor.staff_id
    )
    _decide(ctx, proposal, "withdrawn")
    record(ctx, "proposal.withdrawn", campaign, proposal)
    return get_proposal(ctx, proposal_id=proposal_id)


def _fetch_to_decide(ctx: Context, proposal_id: int) -> tuple[Campaign, Proposal]:
    return _fetch_locked(ctx, proposal_id, may_act(ctx))


def _fetch_locked(
    ctx: Context, proposal_id: int, condition: ColumnElement[bool]
) -> tuple[Campaign, Proposal]:
    """An open proposal and its campaign, both locked; raises Missing, Conflict."""
    query = select_visible(ctx).where(Proposal.id == proposal_id, condition)
    found = ctx.session.scalar(query)
    if found is None:
        raise Missing("proposal_not_found")
    campaign = voting.fetch_campaign(
        ctx, found.campaign_id, Permission.VIEW_CAMPAIGNS, is_locked=True
    )
    locked = query.with_for_update(of=Proposal).execution_options(populate_existing=True)
    proposal = ctx.session.scalar(locked)
    if proposal.state != "open":
        raise Conflict("proposal_decided")
    return campaign, proposal


def _decide(ctx: Context, proposal: Proposal, state: str) -> None:
    try:
        with ctx.session.begin_nested():
            proposal.state = state
            proposal.decided_at = ctx.now
            proposal.decided_by_id = ctx.actor.staff_id
    except IntegrityError as broken:
        if broken.orig.diag.constraint_name != TWO_PERSONS:
            raise
        raise Forbidden("second_person_needed") from None


def _lapse(ctx: Context, campaign: Campaign, proposal: Proposal, refusal: ServiceError) -> None:
    proposal.state = "lapsed"
    after = _account_of(proposal) | {"refusal": refusal.code}
    record(ctx, "proposal.lapsed", campaign, proposal, after=after)
    refusal.keep_changes = True


def _account_of(proposal: Proposal) -> dict[str, object]:
    """Who proposed what, for the record of who decided."""
    return {"proposed_by": proposal.proposed_by.name} | content_shown(proposal)
