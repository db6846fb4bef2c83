"""Public votes: campaigns, their entries, ballots and standings, and how staff run them."""

from models.voting import BALLOT_SOURCES, NOMINATION_STATES
from services.voting.administration import SORTS as CAMPAIGN_SORTS
from services.voting.administration import (
    create_campaign,
    delete_campaign,
    edit_campaign,
)
from services.voting.administration import get_campaign as get_staff_campaign
from services.voting.administration import list_campaigns as list_staff_campaigns
from services.voting.agreed import (
    carry_out_closing,
    carry_out_extension,
    carry_out_publication,
    carry_out_withdrawal,
    check_closing,
    check_extension,
    check_publication,
    check_withdrawal,
)
from services.voting.ballots import cast_ballot, get_own_ballot, list_own_ballots
from services.voting.campaigns import (
    fetch_announced_campaign,
    get_campaign,
    get_entry,
    list_campaigns,
    list_contests,
    list_entries,
)
from services.voting.closing import close_campaigns
from services.voting.codes import find_scene, get_code, get_public_code
from services.voting.counting import roll_up_ballots
from services.voting.entries import SORTS as ENTRY_SORTS
from services.voting.entries import add_entry, delete_entry, edit_entry, withdraw_entry
from services.voting.entries import get_entry as get_staff_entry
from services.voting.entries import list_entries as list_staff_entries
from services.voting.entries_spreadsheet import (
    entries_template,
    export_entries,
    import_entries,
)
from services.voting.events import list_events
from services.voting.lifecycle import (
    announce_campaign,
    extend_campaign,
    open_campaign,
    resume_campaign,
    retract_campaign,
    suspend_campaign,
)
from services.voting.live import get_live_figures
from services.voting.live_export import export_live_figures
from services.voting.nominations import SORTS as NOMINATION_SORTS
from services.voting.nominations import (
    approve_nomination,
    create_nomination,
    delete_nomination,
    edit_nomination,
    get_nomination,
    list_calls,
    list_nominations,
    recall_nomination,
    return_nomination,
    submit_nomination,
)
from services.voting.quarter import QuarterFigures, sum_up_quarter
from services.voting.reach import fetch_campaign
from services.voting.receipts import draw_receipt_code, get_receipt
from services.voting.remaining import get_remaining
from services.voting.set_aside import SetAside, count_set_aside, read_set_aside
from services.voting.standings import (
    SETTLING_TIME,
    count_mismatched_tallies,
    get_standings,
    may_see_votes,
    read_votes,
)
from services.voting.voters import describe_citizen, voters_in_unclosed_campaigns

__all__ = [
    "BALLOT_SOURCES",
    "CAMPAIGN_SORTS",
    "ENTRY_SORTS",
    "NOMINATION_SORTS",
    "NOMINATION_STATES",
    "SETTLING_TIME",
    "QuarterFigures",
    "SetAside",
    "add_entry",
    "announce_campaign",
    "approve_nomination",
    "carry_out_closing",
    "carry_out_extension",
    "carry_out_publication",
    "carry_out_withdrawal",
    "cast_ballot",
    "check_closing",
    "check_extension",
    "check_publication",
    "check_withdrawal",
    "close_campaigns",
    "count_mismatched_tallies",
    "count_set_aside",
    "create_campaign",
    "create_nomination",
    "delete_campaign",
    "delete_entry",
    "delete_nomination",
    "describe_citizen",
    "draw_receipt_code",
    "edit_campaign",
    "edit_entry",
    "edit_nomination",
    "entries_template",
    "export_entries",
    "export_live_figures",
    "extend_campaign",
    "fetch_announced_campaign",
    "fetch_campaign",
    "find_scene",
    "get_campaign",
    "get_code",
    "get_entry",
    "get_live_figures",
    "get_nomination",
    "get_own_ballot",
    "get_public_code",
    "get_receipt",
    "get_remaining",
    "get_staff_campaign",
    "get_staff_entry",
    "get_standings",
    "import_entries",
    "list_calls",
    "list_campaigns",
    "list_contests",
    "list_entries",
    "list_events",
    "list_nominations",
    "list_own_ballots",
    "list_staff_campaigns",
    "list_staff_entries",
    "may_see_votes",
    "open_campaign",
    "read_set_aside",
    "read_votes",
    "recall_nomination",
    "resume_campaign",
    "retract_campaign",
    "return_nomination",
    "roll_up_ballots",
    "submit_nomination",
    "sum_up_quarter",
    "suspend_campaign",
    "voters_in_unclosed_campaigns",
    "withdraw_entry",
]
