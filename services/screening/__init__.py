"""The defence against farmed votes: what looks farmed is set aside, and people decide about it.

Nobody is kept from voting. A ballot that was set aside does not count until staff release it.
"""

from services.screening.administration import (
    Changed,
    carry_out_change,
    change_screening,
    check_change,
    get_screening,
)
from services.screening.ballots import list_set_aside_ballots
from services.screening.counts import get_ballot_count
from services.screening.deciding import (
    Decided,
    GroupDecided,
    annul_ballots,
    annul_group,
    carry_out_annulment,
    dismiss_group,
    quarantine_group,
    release_ballots,
    release_group,
)
from services.screening.description import describe_citizen, erase_citizen
from services.screening.farms import search_any_campaign, search_campaign, search_farms
from services.screening.forgetting import forget_addresses, forget_origins
from services.screening.groups import get_group, list_groups, list_quarantined
from services.screening.objections import (
    answer_objection,
    get_own_set_aside,
    list_objections,
    make_objection,
)
from services.screening.screening import ask_and_screen, screen_ballots

__all__ = [
    "Changed",
    "Decided",
    "GroupDecided",
    "annul_ballots",
    "annul_group",
    "answer_objection",
    "ask_and_screen",
    "carry_out_annulment",
    "carry_out_change",
    "change_screening",
    "check_change",
    "describe_citizen",
    "dismiss_group",
    "erase_citizen",
    "forget_addresses",
    "forget_origins",
    "get_ballot_count",
    "get_group",
    "get_own_set_aside",
    "get_screening",
    "list_groups",
    "list_objections",
    "list_quarantined",
    "list_set_aside_ballots",
    "make_objection",
    "quarantine_group",
    "release_ballots",
    "release_group",
    "screen_ballots",
    "search_any_campaign",
    "search_campaign",
    "search_farms",
]
