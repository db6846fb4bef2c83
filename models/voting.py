"""Contests, campaigns, entries, ballots and their tallies."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import Organization, one_of

CAMPAIGN_STATES = ("draft", "announced", "suspended")
STANDINGS_MODES = ("live", "delayed", "ranks_only", "hidden")


class Contest(Base):
    """One of the nine contests of the region's plan (内卫办中（蒙）综合字〔2022〕88号)."""

    __tablename__ = "contests"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_mn: Mapped[str | None] = mapped_column(Text)


class Campaign(Base):
    """A public vote in one contest and quarter, run by one organization under its own rules."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint(one_of("state", CAMPAIGN_STATES), name="state_known"),
        CheckConstraint(one_of("standings_mode", STANDINGS_MODES), name="standings_mode_known"),
        CheckConstraint("quarter ~ '^[0-9]{4}Q[1-4]$'", name="quarter_form"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        CheckConstraint("ballots_per_day BETWEEN 1 AND 1000", name="ballots_per_day_range"),
        CheckConstraint(
            "ballots_per_entry_per_day BETWEEN 1 AND ballots_per_day",
            name="ballots_per_entry_per_day_range",
        ),
        CheckConstraint("ballots_in_all BETWEEN 1 AND 100000", name="ballots_in_all_range"),
        CheckConstraint(
            "standings_delay_minutes BETWEEN 1 AND 10080", name="standings_delay_minutes_range"
        ),
    )

    id: Mapped[RowId]
    contest_code: Mapped[str] = mapped_column(ForeignKey("contests.code"), index=True)
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    quarter: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_mn: Mapped[str | None] = mapped_column(Text)
    introduction: Mapped[str] = mapped_column(Text, default="")
    introduction_mn: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="draft")
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
    ballots_per_day: Mapped[int]
    ballots_per_entry_per_day: Mapped[int]
    ballots_in_all: Mapped[int | None]
    phone_required: Mapped[bool] = mapped_column(default=False)
    standings_mode: Mapped[str] = mapped_column(Text, default="live")
    standings_delay_minutes: Mapped[int] = mapped_column(default=60)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    contest: Mapped[Contest] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")

    def status_at(self, moment: datetime) -> str:
        """draft, scheduled, open, suspended or closed; opening is inclusive, closing exclusive."""
        return campaign_status(self.state, self.opens_at, self.closes_at, moment)


def campaign_status(state: str, opens_at: datetime, closes_at: datetime, moment: datetime) -> str:
    """The status a campaign of this state and span has at `moment`."""
    if state == "draft":
        return "draft"
    if moment >= closes_at:
        return "closed"
    if state == "suspended":
        return "suspended"
    return "open" if moment >= opens_at else "scheduled"


class Entry(Base):
    """Who or what competes in a campaign."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        # The target of the ballots' foreign key: a ballot's entry is one of its own campaign.
        UniqueConstraint("campaign_id", "id"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"))
    number: Mapped[int]
    organization_id: Mapped[BigInt | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text, default="")
    statement_mn: Mapped[str | None] = mapped_column(Text)
    portrait_url: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")


class Ballot(Base):
    """One vote. Written only by the ballot box, never changed, never deleted.

    `number` counts a voter's ballots in a campaign from 1 without gaps. Whoever inserts number n
    has therefore seen the n-1 before it, so the one unique constraint on it upholds every limit
    (per day, per entry and day, in all) whatever runs at the same time.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        # Led by the voter, so that the same index lists a citizen's own ballots.
        UniqueConstraint("voter_id", "campaign_id", "number"),
        ForeignKeyConstraint(["campaign_id", "entry_id"], ["entries.campaign_id", "entries.id"]),
        CheckConstraint("number > 0", name="number_positive"),
        # Ballots arrive in order of time, where a block-range index costs almost nothing.
        Index(None, "cast_at", postgresql_using="brin"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt]
    entry_id: Mapped[BigInt]
    voter_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"))
    receipt_secret: Mapped[BigInt]
    cast_at: Mapped[datetime]
    request_key: Mapped[UUID]
    cast_on: Mapped[date]
    number: Mapped[int]
    number_today: Mapped[int]
    number_today_for_entry: Mapped[int]


class Tally(Base):
    """A part of the ballots an entry has: written in their own transaction, so always exact.

    An entry's votes are the sum over its shards. Each ballot box adds to one shard of its own, as
    processes that all add to the same row would wait for each other's disk.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        Index(None, "campaign_id"),
        # Free room on each page keeps the constant updates out of the index.
        {"postgresql_with": {"fillfactor": 50}},
    )

    entry_id: Mapped[BigInt] = mapped_column(
        ForeignKey("entries.id"), primary_key=True, autoincrement=False
    )
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    campaign_id: Mapped[BigInt]
    votes: Mapped[BigInt]


class StandingsSnapshot(Base):
    """What a campaign with delayed standings shows until its next batch."""

    __tablename__ = "standings_snapshots"

    campaign_id: Mapped[BigInt] = mapped_column(
        ForeignKey("campaigns.id"), primary_key=True, autoincrement=False
    )
    batch_at: Mapped[datetime]
    # Pairs of entry id and votes, in order of the entries' numbers.
    votes: Mapped[list] = mapped_column(JSONB)


def batch_start(moment: datetime, minutes: int) -> datetime:
    """The start of the batch of `minutes` that `moment` lies in, counted from 1970 UTC."""
    step = timedelta(minutes=minutes)
    epoch = datetime.fromtimestamp(0, tz=moment.tzinfo)
    return moment - (moment - epoch) % step
