"""What one person proposes and another has to agree to before it is done."""

from services.proposals.acts import VOTING_ACTS
from services.proposals.deciding import approve_proposal, decline_proposal, withdraw_proposal
from services.proposals.proposing import propose, propose_act
from services.proposals.screening_acts import annul_ballots, annul_group, change_screening
from services.proposals.views import (
    SCOPES,
    ProposalView,
    get_proposal,
    list_campaign_proposals,
    list_proposals,
    select_to_decide,
)

__all__ = [
    "SCOPES",
    "VOTING_ACTS",
    "ProposalView",
    "annul_ballots",
    "annul_group",
    "approve_proposal",
    "change_screening",
    "decline_proposal",
    "get_proposal",
    "list_campaign_proposals",
    "list_proposals",
    "propose",
    "propose_act",
    "select_to_decide",
    "withdraw_proposal",
]
