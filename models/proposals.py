"""What one person proposes and another has to agree to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import one_of
from models.staff import StaffAccount
from models.voting import Campaign

PROPOSAL_KINDS = (
    "annul_ballots",
    "extend",
    "close",
    "withdraw_entry",
    "change_screening",
    "publish_result",
)
# A lapsed one could no longer be carried out when somebody agreed to it.
PROPOSAL_STATES = ("open", "approved", "declined", "withdrawn", "lapsed")


class Proposal(Base):
    """An act on a campaign that waits for a second person. It is done when that person agrees."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(one_of("kind", PROPOSAL_KINDS), name="kind_known"),
        CheckConstraint(one_of("state", PROPOSAL_STATES), name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_its_moment"),
        CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by_id <> proposed_by_id",
            name="two_persons",
        ),
        Index(
            "uq_proposals_open",
            "campaign_id",
            "kind",
            unique=True,
            postgresql_where=text(
                "state = 'open' AND kind NOT IN ('annul_ballots', 'withdraw_entry')"
            ),
        ),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    # What the act takes, as its kind says.
    content: Mapped[dict] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="open")
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)

    campaign: Mapped[Campaign] = relationship(lazy="raise_on_sql")
    proposed_by: Mapped[StaffAccount] = relationship(
        lazy="raise_on_sql", foreign_keys=[proposed_by_id]
    )
    decided_by: Mapped[StaffAccount | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )
