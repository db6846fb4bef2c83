"""Tables, and rules that need nothing but the row. Importing this package registers them all."""

from models.accounts import Citizen, Consent, LoginSession, RefreshToken, Trace, WeChatIdentity
from models.audit import AuditRecord
from models.base import Base, db
from models.files import StoredFile
from models.jobs import JobRun
from models.knowledge import (
    KnowledgeItem,
    KnowledgeLink,
    KnowledgePublication,
    KnowledgeReview,
    KnowledgeRevision,
    KnowledgeTopic,
)
from models.knowledge_readers import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeCount,
    KnowledgeFavourite,
    KnowledgeOpinion,
    KnowledgeReport,
    KnowledgeView,
)
from models.knowledge_search import (
    KnowledgeName,
    KnowledgeSearchRow,
    SearchedName,
    SynonymGroup,
    SynonymWord,
)
from models.ledger import (
    BallotCut,
    LedgerCheckpoint,
    LedgerQueueItem,
    LedgerRecord,
    LedgerTile,
)
from models.notifications import (
    Announcement,
    MessageAllowance,
    MessagePause,
    Notice,
    OutgoingMessage,
)
from models.organizations import Division, Organization
from models.proposals import Proposal
from models.publicity import PublicityRecord
from models.screening import (
    BallotGroup,
    BallotObjection,
    BallotOrigin,
    RiskRank,
    SetAsideBallot,
    SetAsideTally,
)
from models.staff import (
    StaffAccount,
    StaffGrant,
    StaffInvitation,
    StaffSession,
    StaffSignIn,
)
from models.voting import (
    Ballot,
    BallotDay,
    BallotHour,
    Campaign,
    CampaignEvent,
    Contest,
    Entry,
    Nomination,
    Scene,
    StandingsSnapshot,
    Tally,
)
from models.wechat_events import MediaCheck, WeChatEvent

__all__ = [
    "Announcement",
    "AuditRecord",
    "Ballot",
    "BallotCut",
    "BallotDay",
    "BallotGroup",
    "BallotHour",
    "BallotObjection",
    "BallotOrigin",
    "Base",
    "Campaign",
    "CampaignEvent",
    "Citizen",
    "Consent",
    "Contest",
    "Division",
    "Entry",
    "JobRun",
    "KnowledgeComment",
    "KnowledgeContribution",
    "KnowledgeCount",
    "KnowledgeFavourite",
    "KnowledgeItem",
    "KnowledgeLink",
    "KnowledgeName",
    "KnowledgeOpinion",
    "KnowledgePublication",
    "KnowledgeReport",
    "KnowledgeReview",
    "KnowledgeRevision",
    "KnowledgeSearchRow",
    "KnowledgeTopic",
    "KnowledgeView",
    "LedgerCheckpoint",
    "LedgerQueueItem",
    "LedgerRecord",
    "LedgerTile",
    "LoginSession",
    "MediaCheck",
    "MessageAllowance",
    "MessagePause",
    "Nomination",
    "Notice",
    "Organization",
    "OutgoingMessage",
    "Proposal",
    "PublicityRecord",
    "RefreshToken",
    "RiskRank",
    "Scene",
    "SearchedName",
    "SetAsideBallot",
    "SetAsideTally",
    "StaffAccount",
    "StaffGrant",
    "StaffInvitation",
    "StaffSession",
    "StaffSignIn",
    "StandingsSnapshot",
    "StoredFile",
    "SynonymGroup",
    "SynonymWord",
    "Tally",
    "Trace",
    "WeChatEvent",
    "WeChatIdentity",
    "db",
]
