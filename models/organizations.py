"""Administrative divisions, and the tree of organizations that hangs on them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

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
        Index(
            "uq_organizations_commission",
            "division_code",
            unique=True,
            postgresql_where=text(r"kind LIKE '%\_commission'"),
        ),
    )

    id: Mapped[RowId]
    parent_id: Mapped[BigInt | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
