"""Ballots that look farmed: where ballots came from, what was set aside, and who objected."""

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

SET_ASIDE_STATES = ("quarantined", "released", "annulled")
# Found while ballots came in, found by a search afterwards, or picked out by staff.
GROUP_ORIGINS = ("screening", "search", "staff")
GROUP_STATES = ("proposed", "open", "dismissed", "decided")
OBJECTION_STATES = ("open", "upheld", "rejected")
RISK_REFUSALS = ("no_visit", "unauthorized", "no_identity", "failed")


class BallotOrigin(Base):
    """Where a ballot came from, as keyed hashes that mean nothing in another campaign.

    Written with the ballot. The address itself is only kept until WeChat has been asked about it,
    hours at most; the row goes once nobody can object any more.
    """

    __tablename__ = "ballot_origins"

    ballot_id: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    # Of the address, of the range of addresses around it, and of the browser's description.
    address_key: Mapped[BigInt | None]
    network_key: Mapped[BigInt | None]
    device_key: Mapped[BigInt | None]
    address: Mapped[IPv4Address | IPv6Address | None] = mapped_column(INET)


class BallotGroup(Base):
    """Ballots that show one pattern, judged together. A proposed one has set nothing aside yet."""

    __tablename__ = "ballot_groups"
    __table_args__ = (
        UniqueConstraint("campaign_id", "pattern", "key"),
        CheckConstraint(one_of("origin", GROUP_ORIGINS), name="origin_known"),
        CheckConstraint(one_of("state", GROUP_STATES), name="state_known"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"))
    # The entry most of its ballots are for.
    entry_id: Mapped[BigInt | None] = mapped_column(ForeignKey("entries.id"))
    origin: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="open")
    # Which likeness holds it together, and what is alike.
    pattern: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    # What staff are shown: figures of the group, by name of the signal.
    signals: Mapped[dict] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class SetAsideBallot(Base):
    """A ballot that was set aside, and what became of it. A ballot without a row is counted.

    A released ballot keeps its row, so that it is not set aside for the same signals again.
    """

    __tablename__ = "set_aside_ballots"
    __table_args__ = (
        CheckConstraint(one_of("state", SET_ASIDE_STATES), name="state_known"),
        CheckConstraint("state = 'quarantined' OR reason IS NOT NULL", name="decided_says_why"),
        Index(None, "campaign_id", "state"),
        Index(None, "group_id"),
    )

    ballot_id: Mapped[BigInt] = mapped_column(
        ForeignKey("ballots.id"), primary_key=True, autoincrement=False
    )
    campaign_id: Mapped[BigInt]
    entry_id: Mapped[BigInt]
    voter_id: Mapped[BigInt]
    cast_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    score: Mapped[int] = mapped_column(SmallInteger)
    # Points by name of the signal.
    signals: Mapped[dict] = mapped_column(JSONB)
    group_id: Mapped[BigInt | None] = mapped_column(ForeignKey("ballot_groups.id"))
    quarantined_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    reason: Mapped[str | None] = mapped_column(Text)


class SetAsideTally(Base):
    """How many of an entry's ballots do not count; changed with every decision, so always exact.

    Its votes are the sum of its tallies less these.
    """

    __tablename__ = "set_aside_tallies"
    __table_args__ = (
        CheckConstraint("quarantined >= 0", name="quarantined_not_negative"),
        CheckConstraint("annulled >= 0", name="annulled_not_negative"),
        Index(None, "campaign_id"),
    )

    entry_id: Mapped[BigInt] = mapped_column(
        ForeignKey("entries.id"), primary_key=True, autoincrement=False
    )
    campaign_id: Mapped[BigInt]
    quarantined: Mapped[BigInt] = mapped_column(default=0)
    annulled: Mapped[BigInt] = mapped_column(default=0)


class BallotObjection(Base):
    """A voter's one objection to what was set aside of their ballots in a campaign."""

    __tablename__ = "ballot_objections"
    __table_args__ = (
        UniqueConstraint("campaign_id", "citizen_id"),
        CheckConstraint(one_of("state", OBJECTION_STATES), name="state_known"),
        CheckConstraint("(state = 'open') = (answer IS NULL)", name="closed_has_an_answer"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[BigInt] = mapped_column(ForeignKey("campaigns.id"))
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="open")
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))


class RiskRank(Base):
    """What WeChat said of a voter when it was last asked: a rank from 0 to 4, or why there is none.

    https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/safety-control-capability/getUserRiskRank.html
    """

    __tablename__ = "risk_ranks"
    __table_args__ = (
        CheckConstraint("risk_rank BETWEEN 0 AND 4", name="risk_rank_range"),
        CheckConstraint(one_of("refusal", RISK_REFUSALS), name="refusal_known"),
        CheckConstraint("(risk_rank IS NULL) = (refusal IS NOT NULL)", name="rank_or_refusal"),
        # Why WeChat is not asked any more: few rows of many.
        Index(
            "ix_risk_ranks_trouble",
            "refusal",
            "asked_at",
            postgresql_where=text("refusal IN ('unauthorized', 'failed')"),
        ),
    )

    citizen_id: Mapped[BigInt] = mapped_column(
        ForeignKey("citizens.id"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime]
    risk_rank: Mapped[int | None] = mapped_column(SmallInteger)
    refusal: Mapped[str | None] = mapped_column(Text)
