"""What citizens are told: the inbox, what is announced to many, and messages through WeChat."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import Organization, one_of

NOTICE_KINDS = (
    "campaign_result",
    "ballots_set_aside",
    "ballots_decided",
    "objection_answered",
    "knowledge_report_answered",
    "comment_decided",
    "contribution_decided",
)
# What a notice can lead to.
NOTICE_TARGETS = ("campaign", "knowledge_item", "contribution")
MESSAGE_STATES = ("pending", "sending", "sent", "unconfirmed", "skipped", "dead")
# Why a message is skipped or dead; `last_errcode` says more where WeChat refused it.
MESSAGE_REASONS = (
    "no_allowance",
    "account_gone",
    "template_unset",
    "expired",
    "refused",
    "gave_up",
    "not_delivered",
)


class Announcement(Base):
    """Something told to all voters of a campaign: one row, written with what caused it.

    A job turns it into notices, batch after batch in order of the citizens' ids; `last_citizen_id`
    is how far it has come.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind"),
        CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind_known"),
        Index(
            "ix_announcements_unfinished",
            "id",
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(Text)
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"))
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"))
    title: Mapped[str] = mapped_column(Text)
    title_mn: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    body_mn: Mapped[str | None] = mapped_column(Text)
    # What a message template of the kind may show; moments are ISO 8601.
    fields: Mapped[dict] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    last_citizen_id: Mapped[BigInt] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class Target(NamedTuple):
    """What a notice leads to: one of NOTICE_TARGETS and its id."""

    type: str
    id: int


class Notice(Base):
    """An entry of a citizen's inbox. `cause` names what it tells of, once for each person."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("citizen_id", "kind", "cause"),
        CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind_known"),
        CheckConstraint(
            "(target_type IS NULL) = (target_id IS NULL)", name="target_type_and_id_together"
        ),
        Index(None, "citizen_id", "id"),
        Index("ix_notices_unread", "citizen_id", postgresql_where=text("read_at IS NULL")),
        Index(None, "created_at", postgresql_using="brin"),
    )

    id: Mapped[RowId]
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"))
    kind: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_mn: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    body_mn: Mapped[str | None] = mapped_column(Text)
    target_type: Mapped[str | None] = mapped_column(Text)
    target_id: Mapped[BigInt | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def target(self) -> "Target | None":
        """What the notice leads to, if anything."""
        return self.target_type and Target(self.target_type, self.target_id)


class OutgoingMessage(Base):
    """A subscribe message to be sent through WeChat for a notice, at most once.

    `next_attempt_at` is when a pending message is due; of one that is being sent, when its sender
    must be taken for dead. The unique index lets no two be on their way to one person.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint(one_of("state", MESSAGE_STATES), name="state_known"),
        CheckConstraint(one_of("reason", MESSAGE_REASONS), name="reason_known"),
        CheckConstraint(
            "(reason IS NOT NULL) = (state IN ('skipped', 'dead'))", name="reason_of_failures"
        ),
        Index(
            "uq_outgoing_messages_sending",
            "citizen_id",
            unique=True,
            postgresql_where=text("state = 'sending'"),
        ),
        Index(
            "ix_outgoing_messages_due",
            "next_attempt_at",
            "id",
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(None, "citizen_id"),
        Index(None, "organization_id", "id"),
        Index(None, "state", "id"),
    )

    id: Mapped[RowId]
    notice_id: Mapped[BigInt] = mapped_column(
        ForeignKey("notices.id", ondelete="CASCADE"), unique=True
    )
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"))
    # Whose act it tells of; staff who reach it see the message.
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"))
    template: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, default="pending")
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    # After that it is not sent any more: old news.
    expires_at: Mapped[datetime]
    last_errcode: Mapped[int | None]
    msgid: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class MessageAllowance(Base):
    """How many messages of one of WeChat's templates a citizen has agreed to get.

    `is_ahead` while the latest of them is known from WeChat's push only, and the client's report
    of the same tap may still come.
    """

    __tablename__ = "message_allowances"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining_not_negative"),)

    citizen_id: Mapped[BigInt] = mapped_column(
        ForeignKey("citizens.id"), primary_key=True, autoincrement=False
    )
    template_id: Mapped[str] = mapped_column(Text, primary_key=True)
    remaining: Mapped[int]
    is_ahead: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class MessagePause(Base):
    """Until when nothing is sent of one kind of message, or of any ("*"), and WeChat's reason."""

    __tablename__ = "message_pauses"

    template: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[datetime]
    errcode: Mapped[int | None]
