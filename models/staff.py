"""Staff accounts, the roles they hold, how they sign in, and their sessions."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import Organization, one_of

# Separation of administrative duties (三员分立, GB/T 22239-2019): an account has one duty for good.
ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")
DUTIES = ("business", *ADMINISTRATORS)
BUSINESS_ROLES = (
    "institution_staff",
    "institution_manager",
    "medical_reviewer",
    "district_officer",
    "district_manager",
    "city_officer",
    "region_officer",
    "department_reporter",
)


class StaffAccount(Base):
    """A person who works at the console. Without a username they have not yet joined."""

    __tablename__ = "staff_accounts"
    __table_args__ = (
        # The target of the grants' foreign key: a role always fits its holder's duty.
        UniqueConstraint("id", "duty"),
        CheckConstraint(one_of("duty", DUTIES), name="duty_known"),
        CheckConstraint(
            "(username IS NULL) = (password_hash IS NULL)", name="username_and_password_together"
        ),
    )

    id: Mapped[RowId]
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    duty: Mapped[str] = mapped_column(Text, default="business")
    name: Mapped[str] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(Text, unique=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_secret_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    # The last time step whose code was accepted, so that no code works twice.
    totp_last_step: Mapped[BigInt] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    grants: Mapped[list["StaffGrant"]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        order_by="StaffGrant.id",
        primaryjoin="and_(StaffGrant.staff_id == StaffAccount.id, StaffGrant.ended_at.is_(None))",
    )

    def status_at(self, moment: datetime) -> str:
        """disabled, invited, locked or active."""
        if self.disabled_at is not None:
            return "disabled"
        if self.username is None:
            return "invited"
        return "locked" if self.is_locked_at(moment) else "active"

    def is_locked_at(self, moment: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > moment


class StaffGrant(Base):
    """A role held at an organization, from the moment it was granted until it ended."""

    __tablename__ = "staff_grants"
    __table_args__ = (
        ForeignKeyConstraint(["staff_id", "duty"], ["staff_accounts.id", "staff_accounts.duty"]),
        CheckConstraint(one_of("role", (*BUSINESS_ROLES, *ADMINISTRATORS)), name="role_known"),
        CheckConstraint(
            f"CASE WHEN duty = 'business' THEN {one_of('role', BUSINESS_ROLES)} "
            "ELSE role = duty END",
            name="role_fits_duty",
        ),
        Index(
            "uq_staff_grants_current",
            "staff_id",
            "role",
            "organization_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[RowId]
    staff_id: Mapped[BigInt]
    duty: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[BigInt | None] = mapped_column(ForeignKey("staff_accounts.id"))
    ended_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class StaffInvitation(Base):
    """A one-time link with which its receiver sets a password; only its SHA-256 is kept."""

    __tablename__ = "staff_invitations"

    id: Mapped[RowId]
    staff_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Set when it was used, or when a newer one took its place.
    spent_at: Mapped[datetime | None]


class StaffSession(Base):
    """One sign-in at one browser; only the SHA-256 of the cookie is kept."""

    __tablename__ = "staff_sessions"

    id: Mapped[RowId]
    staff_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)


class StaffSignIn(Base):
    """A try to sign in to an existing account, shown to its owner."""

    __tablename__ = "staff_sign_ins"
    __table_args__ = (Index(None, "staff_id", "id"),)

    id: Mapped[RowId]
    staff_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime]
    result: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)
