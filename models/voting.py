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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.files import StoredFile
from models.organizations import Organization, one_of
from models.staff import StaffAccount

CAMPAIGN_STATES = ("draft", "announced", "suspended")
STANDINGS_MODES = ("live", "delayed", "ranks_only", "hidden")
NOMINATION_STATES = ("draft", "submitted", "returned", "approved")
# Where in the mini-program a ballot was cast from, as the client says.
BALLOT_SOURCES = ("list", "search", "share", "scan", "notice")
# An xid8 has no arithmetic and no block-range index, so its number is kept.
THIS_TRANSACTION = text("CAST(CAST(pg_current_xact_id() AS text) AS bigint)")


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
        CheckConstraint(
            "standings_freeze_minutes BETWEEN 0 AND 10080", name="standings_freeze_minutes_range"
        ),
        CheckConstraint("annulments_alone BETWEEN 0 AND 1000", name="annulments_alone_range"),
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
    # For how long before closing the public standings stand still; 0 for not at all.
    standings_freeze_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # The weights and thresholds that differ from those of services/screening.
    screening: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    # How many ballots one person may annul at a time; more need a second one.
    annulments_alone: Mapped[int] = mapped_column(default=20, server_default="20")
    # Until when institutions may nominate; None while they are not asked to.
    nominations_close_at: Mapped[datetime | None]
    suspension_reason: Mapped[str | None] = mapped_column(Text)
    result_notice: Mapped[str | None] = mapped_column(Text)
    result_published_at: Mapped[datetime | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    contest: Mapped[Contest] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")

    def status_at(self, moment: datetime) -> str:
        """draft, scheduled, open, suspended or closed; opening is inclusive, closing exclusive."""
        return campaign_status(self.state, self.opens_at, self.closes_at, moment)

    @property
    def freezes_at(self) -> datetime:
        """From when on the public standings stand still; without a freeze, when it closes."""
        return self.closes_at - timedelta(minutes=self.standings_freeze_minutes)

    def frozen_since(self, moment: datetime) -> datetime | None:
        """When the public standings stopped that stand still at `moment`; None while they move."""
        return self.freezes_at if self.freezes_at <= moment < self.closes_at else None


def campaign_status(state: str, opens_at: datetime, closes_at: datetime, moment: datetime) -> str:
    """The status a campaign of this state and span has at `moment`."""
    if state == "draft":
        return "draft"
    if moment >= closes_at:
        return "closed"
    if state == "suspended":
        return "suspended"
    return "open" if moment >= opens_at else "scheduled"


class Pictured:
    """A row with a portrait, which has to be loaded along with it."""

    @property
    def portrait_url(self) -> str | None:
        return self.portrait and self.portrait.url

    @property
    def thumbnail_url(self) -> str | None:
        return self.portrait and self.portrait.thumbnail_url


class Entry(Pictured, Base):
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
    portrait_id: Mapped[BigInt | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    search_text: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")
    portrait: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


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
        CheckConstraint(one_of("source", BALLOT_SOURCES), name="source_known"),
        # Ballots arrive in order of time, where a block-range index costs almost nothing. Without
        # autosummarize it would know the latest blocks, the ones asked for, only after a vacuum.
        Index(
            None,
            "cast_at",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
        Index(None, "xact", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
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
    source: Mapped[str | None] = mapped_column(Text)
    # The transaction that wrote it, by which jobs find what has come in since they last looked.
    xact: Mapped[BigInt] = mapped_column(server_default=THIS_TRANSACTION)


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


class BallotHour(Base):
    """The ballots an entry got in one past hour from one source; a job sums them up for charts.

    `voters` counts those whose first ballot in the campaign it was, so that the sum over all hours
    is how many people voted.
    """

    __tablename__ = "ballot_hours"
    # To find the latest hour of all.
    __table_args__ = (Index(None, "hour_at"),)

    campaign_id: Mapped[BigInt] = mapped_column(
        ForeignKey("campaigns.id"), primary_key=True, autoincrement=False
    )
    hour_at: Mapped[datetime] = mapped_column(primary_key=True)
    entry_id: Mapped[BigInt] = mapped_column(
        ForeignKey("entries.id"), primary_key=True, autoincrement=False
    )
    # "" where the client did not say.
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    ballots: Mapped[int]
    voters: Mapped[int]


class BallotDay(Base):
    """The ballots a campaign got on one past day in Asia/Shanghai, all hours of it together."""

    __tablename__ = "ballot_days"

    campaign_id: Mapped[BigInt] = mapped_column(
        ForeignKey("campaigns.id"), primary_key=True, autoincrement=False
    )
    day_on: Mapped[date] = mapped_column(primary_key=True)
    ballots: Mapped[int]
    voters: Mapped[int]


class CampaignEvent(Base):
    """Something that happened to a campaign that those who follow it may ask about."""

    __tablename__ = "campaign_events"

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"), index=True)
    at: Mapped[datetime]
    staff_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    staff: Mapped[StaffAccount | None] = relationship(lazy="raise_on_sql")

    @property
    def staff_name(self) -> str | None:
        return self.staff and self.staff.name


class Nomination(Pictured, Base):
    """An institution's proposal of an entry, on its way through review."""

    __tablename__ = "nominations"
    __table_args__ = (
        CheckConstraint(one_of("state", NOMINATION_STATES), name="state_known"),
        CheckConstraint(
            "(state = 'approved') = (entry_id IS NOT NULL)", name="approved_has_an_entry"
        ),
        CheckConstraint(
            "state <> 'returned' OR return_reason IS NOT NULL", name="returned_says_why"
        ),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"), index=True)
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text, default="")
    statement_mn: Mapped[str | None] = mapped_column(Text)
    portrait_id: Mapped[BigInt | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    state: Mapped[str] = mapped_column(Text, default="draft")
    return_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    entry_id: Mapped[BigInt | None] = mapped_column(ForeignKey("entries.id"), unique=True)
    revision: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    portrait: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class Scene(Base):
    """What a mini-program code leads to. `token` is random: it tells nothing to who reads it."""

    __tablename__ = "scenes"
    __table_args__ = (
        UniqueConstraint("campaign_id", "entry_id", postgresql_nulls_not_distinct=True),
    )

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"))
    entry_id: Mapped[BigInt | None] = mapped_column(ForeignKey("entries.id"))
    created_at: Mapped[datetime]


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
