"""Proposing an act to whoever else may do it."""

from sqlalchemy.exc import IntegrityError

from models import Campaign, Proposal
from services import audit, voting
from services.context import Context
from services.errors import Conflict
from services.proposals.acts import ACTS
from services.proposals.views import ProposalView, get_proposal
from services.proposals.wording import KINDS, content_shown


def propose_act(
    ctx: Context, *, campaign_id: int, kind: str, reason: str, **content: object
) -> ProposalView:
    """Propose what could be done now; raises Missing, and what the act itself would refuse."""
    proposal = propose(ctx, campaign_id=campaign_id, kind=kind, content=content, reason=reason)
    return get_proposal(ctx, proposal_id=proposal.id)


def propose(
    ctx: Context, *, campaign_id: int, kind: str, content: dict[str, object], reason: str
) -> Proposal:
    """Have an act wait for a second person.

    Raises Missing out of reach of the act's permission, what the act itself would refuse now, and
    Conflict while another of its kind waits, where only one may.
    """
    act = ACTS[kind]
    # Locked, so that nobody decides meanwhile that it is no longer possible.
    campaign = voting.fetch_campaign(ctx, campaign_id, act.permission, is_locked=True)
    proposal = Proposal(
        campaign_id=campaign_id,
        kind=kind,
        content=act.prepare(ctx, campaign_id, content),
        reason=reason,
        state="open",
        proposed_at=ctx.now,
        proposed_by_id=ctx.actor.staff_id,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(proposal)
    except IntegrityError:
        raise Conflict("proposal_open") from None
    after = content_shown(proposal) | {"reason": reason}
    record(ctx, "proposal.made", campaign, proposal, after=after)
    return proposal


def record(
    ctx: Context, action: str, campaign: Campaign, proposal: Proposal, **values: object
) -> None:
    """Note what became of a proposal."""
    audit.record(
        ctx,
        action,
        about=("proposal", proposal.id, f"{campaign.title} · {KINDS[proposal.kind]}"),
        organization_id=campaign.organization_id,
        **values,
    )
