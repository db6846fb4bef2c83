"""Files that people uploaded; their bytes are in the storage."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId

PUBLIC_PATH = "/files/"
VIDEO = "video/mp4"


class StoredFile(Base):
    """A picture or a video. Its name is random and all that is needed to see it.

    Until something refers to it, it is only kept for a while; `attached_at` says since when
    something does.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(uploaded_by_staff_id, uploaded_by_citizen_id) = 1",
            name="one_uploader",
        ),
        CheckConstraint("bytes > 0 AND width > 0 AND height > 0", name="sizes_positive"),
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
    uploaded_by_staff_id: Mapped[BigInt | None] = mapped_column(
        ForeignKey("staff_accounts.id"), index=True
    )
    uploaded_by_citizen_id: Mapped[BigInt | None] = mapped_column(
        ForeignKey("citizens.id"), index=True
    )
    attached_at: Mapped[datetime | None]

    @property
    def url(self) -> str:
        """Where it can be seen: a path on this site."""
        return f"{PUBLIC_PATH}{self.name}"

    @property
    def thumbnail_url(self) -> str:
        """Where a picture can be seen small; videos have none."""
        return f"{PUBLIC_PATH}{thumbnail_name(self.name)}"


def thumbnail_name(name: str) -> str:
    """abc.jpg → abc-thumb.jpg"""
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-thumb{dot}{extension}"
