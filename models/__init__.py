"""Tables, and rules that need nothing but the row. Importing this package registers them all."""

from models.accounts import Citizen, LoginSession, RefreshToken, WeChatIdentity
from models.base import Base, db
from models.files import StoredFile
from models.jobs import JobRun
from models.organizations import Division, Organization
from models.voting import Ballot, Campaign, Contest, Entry, StandingsSnapshot, Tally

__all__ = [
    "Ballot",
    "Base",
    "Campaign",
    "Citizen",
    "Contest",
    "Division",
    "Entry",
    "JobRun",
    "LoginSession",
    "Organization",
    "RefreshToken",
    "StandingsSnapshot",
    "StoredFile",
    "Tally",
    "WeChatIdentity",
    "db",
]
