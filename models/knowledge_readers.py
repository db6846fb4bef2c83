"""What readers of health knowledge leave: views, favourites, opinions, reports, comments, gifts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

UNHELPFUL_REASONS = ("hard_to_read", "incomplete", "not_what_i_sought", "outdated", "other")
REPORT_STATES = ("open", "corrected", "declined")
COMMENT_STATES = ("pending", "shown", "rejected")
# What WeChat's content check said of a comment; unchecked where it could not be asked.
COMMENT_CHECKS = ("passed", "suspicious", "unchecked")
CONTRIBUTION_STATES = ("received", "accepted", "declined")


class KnowledgeView(Base):
    """That somebody read an item on a day, once however often; gone when it is counted.

    `visitor_key` is a keyed hash that means nothing on another day.
    """

    __tablename__ = "knowledge_views"
    __table_args__ = (Index(None, "day"),)

    item_id: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    visitor_key: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    is_counted: Mapped[bool] = mapped_column(default=False, server_default="false")


class KnowledgeCount(Base):
    """How often an item was read, kept and judged; apart from what is searched, which is large.

    Whatever is published has one, be it of zeros.
    """

    __tablename__ = "knowledge_counts"
    __table_args__ = (Index(None, "views", "item_id"),)

    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_items.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    views: Mapped[BigInt] = mapped_column(default=0, server_default="0")
    favourites: Mapped[BigInt] = mapped_column(default=0, server_default="0")
    helpful: Mapped[BigInt] = mapped_column(default=0, server_default="0")
    unhelpful: Mapped[BigInt] = mapped_column(default=0, server_default="0")


class KnowledgeFavourite(Base):
    """An item a citizen wants to find again."""

    __tablename__ = "knowledge_favourites"

    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class KnowledgeOpinion(Base):
    """Whether an item helped a citizen, and if not, why."""

    __tablename__ = "knowledge_opinions"
    __table_args__ = (
        CheckConstraint(one_of("reason", UNHELPFUL_REASONS), name="reason_known"),
        CheckConstraint("NOT is_helpful OR reason IS NULL", name="reasons_of_unhelpful"),
    )

    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class KnowledgeReport(Base):
    """An error a citizen found in an item, for its author and reviewer."""

    __tablename__ = "knowledge_reports"
    __table_args__ = (
        UniqueConstraint("citizen_id", "request_key"),
        CheckConstraint(one_of("state", REPORT_STATES), name="state_known"),
        CheckConstraint("(state = 'open') = (answer IS NULL)", name="closed_has_an_answer"),
        Index(None, "state", "created_at"),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_items.id", ondelete="CASCADE"), index=True
    )
    revision_number: Mapped[int]
    # None once the citizen is gone; what was wrong stays.
    citizen_id: Mapped[BigInt | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    # Equal for all tries of one request.
    request_key: Mapped[UUID]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="open")
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))


class KnowledgeComment(Base):
    """What a citizen says below an item; seen by others only once staff have let it through."""

    __tablename__ = "knowledge_comments"
    __table_args__ = (
        UniqueConstraint("citizen_id", "request_key"),
        CheckConstraint(one_of("state", COMMENT_STATES), name="state_known"),
        CheckConstraint(one_of("safety", COMMENT_CHECKS), name="safety_known"),
        CheckConstraint("state <> 'rejected' OR reason IS NOT NULL", name="rejected_says_why"),
        Index("ix_knowledge_comments_pending", "id", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_knowledge_comments_shown",
            "item_id",
            "id",
            postgresql_where=text("state = 'shown'"),
        ),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("knowledge_items.id", ondelete="CASCADE"))
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    # Equal for all tries of one request.
    request_key: Mapped[UUID]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="pending")
    safety: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))


class KnowledgeContribution(Base):
    """Traditional knowledge a citizen sent in; accepted, it becomes a draft of kind `collected`."""

    __tablename__ = "knowledge_contributions"
    __table_args__ = (
        UniqueConstraint("citizen_id", "request_key"),
        CheckConstraint(one_of("state", CONTRIBUTION_STATES), name="state_known"),
        CheckConstraint("(state = 'accepted') = (item_id IS NOT NULL)", name="accepted_as"),
        CheckConstraint("state <> 'declined' OR answer IS NOT NULL", name="declined_says_why"),
        Index(None, "state", "created_at"),
    )

    id: Mapped[RowId]
    # None once the citizen is gone; what became public of it stays, as the form says.
    citizen_id: Mapped[BigInt | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    # The commission it was sent to.
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # From whom, where and since when it is known: collected_from, collected_in, known_since.
    provenance: Mapped[dict] = mapped_column(JSONB)
    picture_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    safety: Mapped[str] = mapped_column(Text)
    # Equal for all tries of one request.
    request_key: Mapped[UUID]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="received")
    answer: Mapped[str | None] = mapped_column(Text)
    item_id: Mapped[BigInt | None] = mapped_column(ForeignKey("knowledge_items.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))

    @property
    def collected_from(self) -> str | None:
        return self.provenance.get("collected_from")

    @property
    def collected_in(self) -> str | None:
        return self.provenance.get("collected_in")

    @property
    def known_since(self) -> str | None:
        return self.provenance.get("known_since")
