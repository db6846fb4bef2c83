"""The public ledger: what was counted and decided, in an append-only Merkle log."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

# What one record of the ledger tells; docs/ledger.md has the form of each.
RECORD_KINDS = (
    "ballot",
    "openings",
    "rules",
    "entries",
    "withdrawal",
    "event",
    "quarantine",
    "release",
    "annulment",
    "closing",
    "result",
)


class LedgerRecord(Base):
    """One leaf of the log, at its place for good. `data` is exactly what is hashed and published.

    The application's database role may insert and read these rows, and nothing else. Without
    foreign keys, since the log outlives what it tells of.
    """

    __tablename__ = "ledger_records"
    __table_args__ = (
        CheckConstraint(one_of("kind", RECORD_KINDS), name="kind_known"),
        CheckConstraint("(kind = 'ballot') = (ballot_id IS NOT NULL)", name="ballot_has_its_id"),
        Index(
            "uq_ledger_records_ballot_id",
            "ballot_id",
            unique=True,
            postgresql_where=text("ballot_id IS NOT NULL"),
        ),
        # A campaign's few records beside its many ballots.
        Index(
            "ix_ledger_records_campaign_id",
            "campaign_id",
            "index",
            postgresql_where=text("kind <> 'ballot'"),
        ),
        # After a campaign's closing none of its ballots follows.
        Index(
            "uq_ledger_records_closing",
            "campaign_id",
            unique=True,
            postgresql_where=text("kind = 'closing'"),
        ),
    )

    index: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    campaign_id: Mapped[BigInt]
    ballot_id: Mapped[BigInt | None]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerTile(Base):
    """Up to 256 hashes of one level of the tree, side by side; the last of a level still grows.

    All of it can be worked out from the records.
    """

    __tablename__ = "ledger_tiles"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerCheckpoint(Base):
    """A signed head of the tree, published with the commit that writes it; never changed."""

    __tablename__ = "ledger_checkpoints"

    size: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime]


class LedgerQueueItem(Base):
    """A record that waits for its place in the log; gone once it has one.

    `ballot_ids` are the ballots it is about, which the log calls by their places.
    """

    __tablename__ = "ledger_queue"
    __table_args__ = (CheckConstraint(one_of("kind", RECORD_KINDS), name="kind_known"),)

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(Text)
    campaign_id: Mapped[BigInt]
    content: Mapped[dict] = mapped_column(JSONB)
    ballot_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    queued_at: Mapped[datetime]


class BallotCut(Base):
    """How far a job that follows the ballots has come.

    Every ballot written by a transaction before `xact` has been dealt with; later ones may have
    been. Ids would not do: they are drawn before they are committed, in another order.
    """

    __tablename__ = "ballot_cuts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    xact: Mapped[BigInt]
