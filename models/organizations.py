"""Administrative divisions, and the tree of organizations that hangs on them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId

DIVISION_LEVELS = ("region", "city", "district")

ORGANIZATION_KINDS = (
    "region_commission",
    "city_commission",
    "district_commission",
    "hospital",
    "tcm_clinic",
    "community_station",
    "village_clinic",
    "school",
    "department",
)
COMMISSIONS = ORGANIZATION_KINDS[:3]
# Those that treat patients, and so reach a standard or not.
INSTITUTIONS = ("hospital", "tcm_clinic", "community_station", "village_clinic")
# Below what an organization of each kind may hang; commissions come with the reference data.
PARENT_KINDS = {
    "hospital": COMMISSIONS + INSTITUTIONS,
    "tcm_clinic": COMMISSIONS + INSTITUTIONS,
    "community_station": COMMISSIONS + INSTITUTIONS,
    "village_clinic": COMMISSIONS + INSTITUTIONS,
    "school": COMMISSIONS,
    "department": (*COMMISSIONS, "department"),
}
STANDARDS = ("none", "met", "raised")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL condition that `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Division(Base):
    """An administrative division, by its GB/T 2260 code of six digits."""

    __tablename__ = "divisions"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{6}$'", name="code_is_six_digits"),
        CheckConstraint(one_of("level", DIVISION_LEVELS), name="level_known"),
        CheckConstraint("(level = 'region') = (parent_code IS NULL)", name="only_region_is_root"),
    )

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"), index=True)
    level: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)


class Organization(Base):
    """A commission, institution, school or department; staff act in the subtree of theirs."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint(one_of("kind", ORGANIZATION_KINDS), name="kind_known"),
        CheckConstraint(one_of("standard", STANDARDS), name="standard_known"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("population > 0", name="population_positive"),
        Index(
            "uq_organizations_commission",
            "division_code",
            unique=True,
            postgresql_where=text(r"kind LIKE '%\_commission'"),
        ),
        # Two of the same name side by side could not be told apart in a list or an import.
        Index(
            "uq_organizations_name_in_parent",
            "parent_id",
            "name",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "ancestor_ids", postgresql_using="gin"),
    )

    id: Mapped[RowId]
    parent_id: Mapped[BigInt | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    # From the root to the organization itself; kept by a trigger of the table.
    ancestor_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    # Whether an institution reaches the standard of its kind, or the raised one.
    standard: Mapped[str] = mapped_column(Text, default="none", server_default="none")
    contact_name: Mapped[str | None] = mapped_column(Text)
    contact_phone_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[str | None] = mapped_column(Text)
    # Degrees in GCJ-02, the coordinates WeChat's maps use.
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    # How many people it serves; turnout is a part of this.
    population: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closing_reason: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    parent: Mapped["Organization | None"] = relationship(
        lazy="raise_on_sql", remote_side="Organization.id"
    )
