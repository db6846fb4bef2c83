"""What appeared in the media about an institution's work (宣传报道)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.files import StoredFile
from models.organizations import Organization, one_of
from models.staff import StaffAccount

MEDIA = ("radio", "television", "press", "official_account", "website", "short_video", "other")
MEDIA_LEVELS = ("national", "region", "city", "district", "institution")
PUBLICITY_STATES = ("recorded", "confirmed", "returned")


class PublicityRecord(Base):
    """One appearance in the media, recorded by an institution and confirmed by a commission.

    Confirmed ones count for the contest `outreach` in the quarter of `appeared_on`.
    """

    __tablename__ = "publicity_records"
    __table_args__ = (
        CheckConstraint(one_of("medium", MEDIA), name="medium_known"),
        CheckConstraint(one_of("level", MEDIA_LEVELS), name="level_known"),
        CheckConstraint(one_of("state", PUBLICITY_STATES), name="state_known"),
        CheckConstraint("state <> 'returned' OR reason IS NOT NULL", name="returned_says_why"),
        CheckConstraint(
            "url IS NOT NULL OR cardinality(picture_ids) > 0 OR video_id IS NOT NULL",
            name="shows_where_it_appeared",
        ),
        CheckConstraint("(state = 'recorded') = (decided_at IS NULL)", name="decided_when"),
        # Nothing counts twice.
        UniqueConstraint(
            "organization_id",
            "appeared_on",
            "outlet",
            "title",
            name="uq_publicity_records_appearance",
        ),
        Index(
            "uq_publicity_records_url",
            "organization_id",
            text("md5(url)"),
            unique=True,
            postgresql_where=text("url IS NOT NULL"),
        ),
        Index(None, "state", "appeared_on"),
    )

    id: Mapped[RowId]
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"))
    title: Mapped[str] = mapped_column(Text)
    medium: Mapped[str] = mapped_column(Text)
    outlet: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    appeared_on: Mapped[date]
    # Whose work it is: the person who may stand for 健康达人.
    person_name: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default="")
    picture_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    # A recording of what radio or television broadcast.
    video_id: Mapped[BigInt | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[str] = mapped_column(Text, default="recorded")
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_by_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"))
    recorded_at: Mapped[datetime]
    decided_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    decided_at: Mapped[datetime | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    video: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    recorded_by: Mapped[StaffAccount] = relationship(
        foreign_keys=[recorded_by_id], lazy="raise_on_sql"
    )
    decided_by: Mapped[StaffAccount | None] = relationship(
        foreign_keys=[decided_by_id], lazy="raise_on_sql"
    )

    @property
    def decided_by_name(self) -> str | None:
        """Who confirmed it or gave it back."""
        return self.decided_by and self.decided_by.name
