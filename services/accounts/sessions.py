"""Staying signed in, signing out, and who is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from models import Citizen, LoginSession, RefreshToken
from services.context import Context
from services.errors import SignInRequired
from services.tokens import AccessClaims, hash_refresh_token, new_refresh_token

SESSION_LIFETIME = timedelta(days=30)
# A refresh whose answer was lost on the way is repeated with the same token; within this time,
# and while the lost token is unused, that is a retry and not a theft.
REFRESH_RETRY_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """What the client keeps. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"


def open_session(ctx: Context, *, citizen_id: int, appid: str) -> IssuedTokens:
    """Begin a session; the caller holds the lock of the citizen's row."""
    session = LoginSession(
        citizen_id=citizen_id,
        created_at=ctx.now,
        expires_at=ctx.now + SESSION_LIFETIME,
        appid=appid,
    )
    ctx.session.add(session)
    ctx.session.flush()
    return _issue_tokens(ctx, session)


def refresh_session(ctx: Context, *, refresh_token: str) -> IssuedTokens:
    """Exchange a refresh token for new tokens; each works once.

    A token that comes back after its successor was used, or late, was copied: the session ends.
    Raises SignInRequired.
    """
    token = ctx.session.scalar(
        select(RefreshToken).where(RefreshToken.token_hash == hash_refresh_token(refresh_token))
    )
    if token is None:
        raise SignInRequired("refresh_token_invalid")
    # One refresh of a session at a time, whichever of its tokens is sent: else its chain forks.
    session = ctx.session.get(LoginSession, token.session_id, with_for_update=True)
    if session is None:
        # Erased, or purged, since the token was read.
        raise SignInRequired("session_ended")
    ctx.session.refresh(token)
    citizen = ctx.session.get_one(Citizen, session.citizen_id)
    if not _is_alive(session, citizen, ctx.now):
        raise SignInRequired("session_ended")
    if token.is_spent and not _is_retry(ctx, token):
        session.ended_at, session.end_reason = ctx.now, "refresh_token_reused"
        raise SignInRequired("refresh_token_reused", keep_changes=True)
    token.used_at = token.used_at or ctx.now
    return _issue_tokens(ctx, session)


def sign_out(ctx: Context) -> None:
    """End the session at once, for every token it ever issued."""
    _end_sessions(ctx, LoginSession.id == ctx.actor.session_id, reason="signed_out")


def sign_out_everywhere(ctx: Context) -> None:
    """End every session of the actor at once, this one too."""
    citizen = lock_account(ctx)
    end_all_sessions(ctx, citizen_id=citizen.id, reason="signed_out_everywhere")


def end_all_sessions(ctx: Context, *, citizen_id: int, reason: str) -> None:
    _end_sessions(ctx, LoginSession.citizen_id == citizen_id, reason=reason)


def lock_account(ctx: Context) -> Citizen:
    """The actor's row, held until the end of the transaction against whoever else changes it.

    Ballots, which only refer to the row, do not wait. Raises SignInRequired when the session ended
    before the lock was got, by an erasure for example.
    """
    citizen = ctx.session.get_one(
        Citizen, ctx.actor.citizen_id, with_for_update={"key_share": True}, populate_existing=True
    )
    require_live_session(ctx)
    return citizen


def require_live_session(ctx: Context) -> None:
    """Make sure that the session the actor's token names still stands; raises SignInRequired."""
    is_alive = ctx.session.execute(
        select(LoginSession.id)
        .join(Citizen, Citizen.id == LoginSession.citizen_id)
        .where(
            LoginSession.id == ctx.actor.session_id,
            LoginSession.citizen_id == ctx.actor.citizen_id,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > ctx.now,
            Citizen.disabled_at.is_(None),
        )
    ).first()
    if is_alive is None:
        raise SignInRequired("session_ended")


def purge_expired_sessions(ctx: Context) -> int:
    """Delete sessions that expired, with their refresh tokens; returns how many."""
    return ctx.session.execute(
        delete(LoginSession).where(LoginSession.expires_at < ctx.now)
    ).rowcount


def _end_sessions(ctx: Context, which, *, reason: str) -> None:
    ctx.session.execute(
        update(LoginSession)
        .where(which, LoginSession.ended_at.is_(None))
        .values(ended_at=ctx.now, end_reason=reason)
    )


def _issue_tokens(ctx: Context, session: LoginSession) -> IssuedTokens:
    refresh_token = new_refresh_token()
    ctx.session.add(
        RefreshToken(
            session_id=session.id,
            token_hash=hash_refresh_token(refresh_token),
            issued_at=ctx.now,
        )
    )
    signer = ctx.services.token_signer
    return IssuedTokens(
        access_token=signer.issue(AccessClaims(session.citizen_id, session.id), now=ctx.now),
        refresh_token=refresh_token,
        expires_in=int(signer.lifetime.total_seconds()),
    )


def _is_alive(session: LoginSession, citizen: Citizen, now: datetime) -> bool:
    return session.ended_at is None and session.expires_at > now and citizen.disabled_at is None


def _is_retry(ctx: Context, token: RefreshToken) -> bool:
    """Whether the token came back soon and nothing issued after it was used.

    Its unused successors are superseded on the way, so that only one chain goes on.
    """
    if token.superseded_at is not None or ctx.now - token.used_at > REFRESH_RETRY_WITHIN:
        return False
    successors = (RefreshToken.session_id == token.session_id, RefreshToken.id > token.id)
    if ctx.session.scalar(
        select(RefreshToken.id).where(*successors, RefreshToken.used_at.is_not(None)).limit(1)
    ):
        return False
    ctx.session.execute(update(RefreshToken).where(*successors).values(superseded_at=ctx.now))
    return True
