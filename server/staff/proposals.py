"""What one person proposes and another agrees to."""

from server.endpoint import Routes
from server.schemas.common import ReasonBody
from server.schemas.proposals import (
    ProposalBody,
    ProposalList,
    ProposalPage,
    ProposalQuery,
    ProposalView,
)
from server.staff.campaigns import STEP
from services import proposals
from services.access import Permission

routes = Routes("staff_proposals", __name__, description="Acts that take two persons")

ACT = (
    "campaign_extension_too_early",
    "entry_not_found",
    "entry_withdrawn",
    "result_published",
    "result_not_settled",
    "ballots_awaiting_review",
    *STEP,
)
DECISION = ("proposal_not_found", "proposal_decided", "second_person_needed")


@routes.endpoint(
    "GET",
    "/proposals",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="Proposals of acts the caller may do",
    query=ProposalQuery(),
    returns=ProposalPage,
    refusals=("cursor_invalid",),
)
def list_proposals(ctx, **query):
    """Of all campaigns within reach, the latest first."""
    return proposals.list_proposals(ctx, **query)


@routes.endpoint(
    "GET",
    "/proposals/<id:proposal_id>",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="One proposal",
    returns=ProposalView(),
    refusals=("proposal_not_found",),
)
def get_proposal(ctx, proposal_id):
    """`may_decide` says whether it waits for the caller among others."""
    return proposals.get_proposal(ctx, proposal_id=proposal_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/proposals",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="All proposals about a campaign",
    returns=ProposalList(),
    refusals=("campaign_not_found",),
)
def list_campaign_proposals(ctx, campaign_id):
    """Open ones first, then the latest."""
    return {"items": proposals.list_campaign_proposals(ctx, campaign_id=campaign_id)}


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/proposals",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Propose what takes two persons",
    body=ProposalBody(),
    returns=ProposalView(),
    status=201,
    refusals=("proposal_open", *ACT),
)
def propose(ctx, campaign_id, **values):
    """Refused if it could not be done now. It is done when somebody else agrees."""
    return proposals.propose_act(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/proposals/<id:proposal_id>/approve",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Agree, which carries it out",
    returns=ProposalView(),
    refusals=(*DECISION, *ACT),
)
def approve_proposal(ctx, proposal_id):
    """Not one's own. What can no longer be done lapses, and the answer says why."""
    return proposals.approve_proposal(ctx, proposal_id=proposal_id)


@routes.endpoint(
    "POST",
    "/proposals/<id:proposal_id>/decline",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Say no",
    body=ReasonBody(),
    returns=ProposalView(),
    refusals=DECISION,
)
def decline_proposal(ctx, proposal_id, **values):
    """Not to one's own."""
    return proposals.decline_proposal(ctx, proposal_id=proposal_id, **values)


@routes.endpoint(
    "POST",
    "/proposals/<id:proposal_id>/withdraw",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Take back one's own",
    returns=ProposalView(),
    refusals=("proposal_not_found", "proposal_decided"),
)
def withdraw_proposal(ctx, proposal_id):
    """While nobody has decided."""
    return proposals.withdraw_proposal(ctx, proposal_id=proposal_id)
