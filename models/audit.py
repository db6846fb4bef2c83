"""The trail of who did what: append-only, and chained so that a change or a gap shows."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt


class AuditRecord(Base):
    """One act. `number` counts from 1 without gaps; `seal` covers the row and the seal before it.

    The application's database role may insert and read these rows, and nothing else. There are no
    foreign keys: checking them could wait for a lock while everybody waits for the end of the
    chain, and the trail outlives what it tells of.
    """

    __tablename__ = "audit_records"
    __table_args__ = (
        Index(None, "object_type", "object_id"),
        Index(None, "organization_id"),
        Index(None, "staff_id"),
        Index(None, "at"),
        Index(None, "action"),
    )

    number: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    # None for what the system or its operator did.
    staff_id: Mapped[BigInt | None]
    staff_name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # The organization the act concerns, by which auditors of a district see theirs.
    organization_id: Mapped[BigInt | None]
    action: Mapped[str] = mapped_column(Text)
    object_type: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str] = mapped_column(Text)
    object_label: Mapped[str] = mapped_column(Text)
    before: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    address: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(Text)
    seal: Mapped[bytes] = mapped_column(LargeBinary)
