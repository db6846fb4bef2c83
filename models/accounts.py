"""Citizens, how WeChat knows them, their sessions, consents, and what outlives an erasure."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

TRACE_KINDS = ("openid", "unionid", "phone")


class Citizen(Base):
    """A person who uses Sain. The phone number is held encrypted only.

    After an erasure the row stays, with nothing in it but a number that ballots refer to.
    """

    __tablename__ = "citizens"
    __table_args__ = (
        # Partial, so that it is no key of the row: binding a phone then does not lock out the
        # voter's ballots, which hold the row by its key.
        Index(
            "uq_citizens_phone_index",
            "phone_index",
            unique=True,
            postgresql_where=text("phone_index IS NOT NULL"),
        ),
        # Accounts are made in order of time; screening asks which were made together.
        Index(None, "created_at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    )

    id: Mapped[RowId]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    phone_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The keyed hash of the number: equal numbers collide, so one number binds one account.
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_bound_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class WeChatIdentity(Base):
    """A citizen as one WeChat app knows them. The openid never leaves the server.

    Of the identities a person has in several apps only one holds the unionid they share, so that a
    unique index makes of one person one account.
    """

    __tablename__ = "wechat_identities"
    __table_args__ = (
        UniqueConstraint("appid", "openid"),
        Index(
            "uq_wechat_identities_unionid",
            "unionid",
            unique=True,
            postgresql_where=text("unionid IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), index=True)
    appid: Mapped[str] = mapped_column(Text)
    openid: Mapped[str] = mapped_column(Text)
    unionid: Mapped[str | None] = mapped_column(Text)


class LoginSession(Base):
    """One sign-in on one device; ends by signing out, by expiry or when a token is stolen."""

    __tablename__ = "login_sessions"

    id: Mapped[RowId]
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    # The WeChat app signed in through; unknown for sessions older than this column.
    appid: Mapped[str | None] = mapped_column(Text)


class RefreshToken(Base):
    """One link in a session's chain of refresh tokens; only the SHA-256 of the token is kept."""

    __tablename__ = "refresh_tokens"

    id: Mapped[RowId]
    session_id: Mapped[BigInt] = mapped_column(
        ForeignKey("login_sessions.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # Set when its predecessor was sent again and a later token took this one's place.
    superseded_at: Mapped[datetime | None]

    @property
    def is_spent(self) -> bool:
        return self.used_at is not None or self.superseded_at is not None


class Consent(Base):
    """That a citizen consented to a version of a policy, or withdrew that; the latest counts.

    The application may add to these rows and read them, and nothing else.
    """

    __tablename__ = "consents"
    __table_args__ = (Index(None, "citizen_id", "id"),)

    id: Mapped[RowId]
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"))
    policy: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    is_given: Mapped[bool]
    at: Mapped[datetime]
    # The WeChat app it was said in; None where that is not known.
    client: Mapped[str | None] = mapped_column(Text)


class Trace(Base):
    """What is kept of an erased account so that nobody votes twice by way of an erasure.

    Only a keyed hash of what WeChat calls the person, or of a phone number they gave up. It leads
    back to the old account until the last campaign they voted in has closed.
    """

    __tablename__ = "traces"
    __table_args__ = (CheckConstraint(one_of("kind", TRACE_KINDS), name="kind_known"),)

    id: Mapped[RowId]
    citizen_id: Mapped[BigInt] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
