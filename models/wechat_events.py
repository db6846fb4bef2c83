"""What WeChat pushes: events until they are handled, and the answers to checks of pictures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

MEDIA_CHECK_STATES = ("pending", "passed", "rejected", "review")


class WeChatEvent(Base):
    """An event WeChat pushed, once however often it came.

    `key` is a keyed hash of what makes it this event. The content, in which people are named, is
    removed with the handling; the rest only keeps the same push from being taken for a new one.
    """

    __tablename__ = "wechat_events"
    __table_args__ = (
        CheckConstraint("handled_at IS NULL OR content IS NULL", name="handled_names_nobody"),
        Index("ix_wechat_events_due_at", "due_at", postgresql_where=text("handled_at IS NULL")),
        Index(None, "handled_at"),
    )

    id: Mapped[RowId]
    key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    handled_at: Mapped[datetime | None]


class MediaCheck(Base):
    """A picture WeChat was asked about; what gets no answer in time is for people to review."""

    __tablename__ = "media_checks"
    __table_args__ = (
        CheckConstraint(one_of("state", MEDIA_CHECK_STATES), name="state_known"),
        CheckConstraint("state <> 'pending' OR trace_id IS NOT NULL", name="pending_was_asked"),
        Index("ix_media_checks_pending", "asked_at", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[RowId]
    # None where WeChat would not look: then it was for review at once.
    trace_id: Mapped[str | None] = mapped_column(Text, unique=True)
    file_id: Mapped[BigInt] = mapped_column(
        ForeignKey("stored_files.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(Text)
    # WeChat's reason: 100 is normal, 20002 pornography and so on.
    label: Mapped[int | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
