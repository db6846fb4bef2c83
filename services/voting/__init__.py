"""Public votes: campaigns, their entries, ballots and standings."""

from models.voting import BALLOT_SOURCES
from services.voting.ballots import cast_ballot, list_own_ballots
from services.voting.campaigns import (
    get_campaign,
    get_entry,
    list_campaigns,
    list_contests,
    list_entries,
)
from services.voting.codes import find_scene, get_code
from services.voting.counting import roll_up_ballots
from services.voting.live import get_live_figures
from services.voting.live_export import export_live_figures
from services.voting.quarter import QuarterFigures, sum_up_quarter
from services.voting.standings import count_mismatched_tallies, get_standings

__all__ = [
    "BALLOT_SOURCES",
    "QuarterFigures",
    "cast_ballot",
    "count_mismatched_tallies",
    "export_live_figures",
    "find_scene",
    "get_campaign",
    "get_code",
    "get_entry",
    "get_live_figures",
    "get_standings",
    "list_campaigns",
    "list_contests",
    "list_entries",
    "list_own_ballots",
    "roll_up_ballots",
    "sum_up_quarter",
]
