"""Citizens, how WeChat knows them, and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId


class Citizen(Base):
    """A person who uses Sain. The phone number is held encrypted only."""

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
    )

    id: Mapped[RowId]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    phone_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The keyed hash of the number: equal numbers collide, so one number binds one account.
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_bound_at: Mapped[datetime | None]


class WeChatIdentity(Base):
    """A citizen as one WeChat app knows them. The openid never leaves the server."""

    __tablename__ = "wechat_identities"
    __table_args__ = (UniqueConstraint("appid", "openid"),)

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
