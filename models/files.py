"""Files that people uploaded; the bytes lie in the storage."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId


class StoredFile(Base):
    """A picture as re-encoded by us; `name` is random and the only way to find it."""

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint("bytes > 0", name="bytes_positive"),
        Index(
            "ix_stored_files_unattached", "created_at", postgresql_where=text("attached_at IS NULL")
        ),
    )

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(Text, unique=True)
    media_type: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime]
    uploaded_by_staff_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    uploaded_by_citizen_id: Mapped[BigInt | None] = mapped_column(ForeignKey("citizens.id"))
    # When something first showed it; what nothing shows for a day is deleted.
    attached_at: Mapped[datetime | None]

    @property
    def url(self) -> str:
        return f"/files/{self.name}"

    @property
    def thumbnail_url(self) -> str:
        return f"/files/thumbnails/{self.name}"
