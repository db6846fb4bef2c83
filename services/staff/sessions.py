"""Sessions of staff: a random cookie, of which the SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete, select, update

from models import StaffAccount, StaffGrant, StaffSession, StaffSignIn
from services import audit
from services.access import Actor, Grant
from services.context import Context
from services.errors import Missing, SignInRequired
from services.paging import Page, cut_page, decode_cursor, encode_cursor

TOKEN_BYTES = 32
# Within this time of a correct password the second factor has to follow.
STEPS_LIMIT = timedelta(minutes=15)
# How exactly the last sight of a session is noted; more often would be a write per request.
SEEN_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 300
KEEP_ENDED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of the actor's own sessions."""

    session: StaffSession
    is_current: bool


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def open_session(ctx: Context, account: StaffAccount) -> tuple[StaffSession, str]:
    """A session in which the password was right and nothing else is known yet; and its token."""
    token = new_token()
    session = StaffSession(
        staff_id=account.id,
        token_hash=hash_token(token),
        created_at=ctx.now,
        last_seen_at=ctx.now,
        expires_at=ctx.now + STEPS_LIMIT,
        address=ctx.origin.address,
        user_agent=ctx.origin.user_agent[:LONGEST_USER_AGENT],
    )
    ctx.session.add(session)
    ctx.session.flush()
    return session, token


def complete_session(ctx: Context, session: StaffSession) -> str:
    """The second factor was right: a full session begins, under a new token."""
    token = new_token()
    session.token_hash = hash_token(token)
    session.second_factor_at = session.last_seen_at = ctx.now
    session.expires_at = ctx.now + ctx.services.staff_rules.session_limit
    return token


def find_session(ctx: Context) -> tuple[StaffSession, StaffAccount]:
    """The living session of the request's cookie, whatever step it is at.

    Raises SignInRequired without one, after its limits, and for disabled accounts.
    """
    if not ctx.origin.staff_token:
        raise SignInRequired("sign_in_required")
    row = ctx.session.execute(
        select(StaffSession, StaffAccount)
        .join(StaffAccount, StaffAccount.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == hash_token(ctx.origin.staff_token))
    ).first()
    if row is None or not _is_alive(ctx, *row):
        raise SignInRequired("session_ended")
    session, account = row
    return session, account


def _is_alive(ctx: Context, session: StaffSession, account: StaffAccount) -> bool:
    idle = ctx.now - session.last_seen_at
    return (
        session.ended_at is None
        and session.expires_at > ctx.now
        and idle < ctx.services.staff_rules.idle_limit
        and account.disabled_at is None
    )


def require_session(ctx: Context, *, is_complete: bool = True) -> Context:
    """The context with the actor of the request's cookie.

    Raises SignInRequired; with `is_complete` also while a step of signing in is missing.
    """
    session, account = find_session(ctx)
    if is_complete and (step := next_step(ctx, session, account)) != "ready":
        raise SignInRequired(f"staff_{step}_required")
    if ctx.now - session.last_seen_at >= SEEN_EVERY:
        session.last_seen_at = ctx.now
    grants = ctx.session.execute(
        select(StaffGrant.role, StaffGrant.organization_id)
        .where(StaffGrant.staff_id == account.id, StaffGrant.ended_at.is_(None))
        .order_by(StaffGrant.id)
    )
    actor = Actor(
        staff_id=account.id,
        staff_session_id=session.id,
        staff_name=account.name,
        grants=tuple(Grant(*grant) for grant in grants),
    )
    return replace(ctx, actor=actor)


def next_step(ctx: Context, session: StaffSession, account: StaffAccount) -> str:
    """What is still to be done before working: totp_setup, totp, password_change, or ready."""
    if account.totp_confirmed_at is None:
        return "totp_setup"
    if session.second_factor_at is None:
        return "totp"
    return "password_change" if is_password_due(ctx, account) else "ready"


def is_password_due(ctx: Context, account: StaffAccount) -> bool:
    """Whether the password has to be changed before anything else is done."""
    max_age = ctx.services.staff_rules.password_max_age
    is_old = max_age is not None and ctx.now - account.password_changed_at >= max_age
    return account.must_change_password or is_old


def end_sessions(
    ctx: Context, staff_ids: Sequence[int], reason: str, *, except_id: int | None = None
) -> None:
    """End the living sessions of these accounts at once."""
    ended = (
        update(StaffSession)
        .where(StaffSession.staff_id.in_(staff_ids), StaffSession.ended_at.is_(None))
        .values(ended_at=ctx.now, end_reason=reason)
    )
    if except_id is not None:
        ended = ended.where(StaffSession.id != except_id)
    ctx.session.execute(ended)


def list_own_sessions(ctx: Context) -> list[OwnSession]:
    """Where the actor is signed in now, the latest first."""
    idle_since = ctx.now - ctx.services.staff_rules.idle_limit
    sessions = ctx.session.scalars(
        select(StaffSession)
        .where(
            StaffSession.staff_id == ctx.actor.staff_id,
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > ctx.now,
            StaffSession.last_seen_at > idle_since,
        )
        .order_by(StaffSession.id.desc())
    )
    return [OwnSession(each, each.id == ctx.actor.staff_session_id) for each in sessions]


def end_own_session(ctx: Context, *, session_id: int) -> None:
    """Sign out at another browser; raises Missing for a session that is not the actor's."""
    session = ctx.session.get(StaffSession, session_id, with_for_update=True)
    if session is None or session.staff_id != ctx.actor.staff_id:
        raise Missing("not_found")
    if session.ended_at is not None:
        return
    session.ended_at, session.end_reason = ctx.now, "ended_by_owner"
    account = ctx.session.get_one(StaffAccount, session.staff_id)
    audit.record(
        ctx,
        "staff.session_ended",
        about=("staff", account.id, account.name),
        organization_id=account.organization_id,
        after={"signed_in_at": session.created_at, "address": session.address},
    )


def note_sign_in(ctx: Context, account: StaffAccount, result: str) -> None:
    """Record a try to sign in, for its owner and for auditors."""
    ctx.session.add(
        StaffSignIn(
            staff_id=account.id,
            at=ctx.now,
            result=result,
            address=ctx.origin.address,
            user_agent=ctx.origin.user_agent[:LONGEST_USER_AGENT],
        )
    )


def list_own_sign_ins(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """Tries to sign in to the actor's account, the latest first."""
    query = (
        select(StaffSignIn)
        .where(StaffSignIn.staff_id == ctx.actor.staff_id)
        .order_by(StaffSignIn.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(StaffSignIn.id < last_id)
    return cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))


def purge_old_sessions(ctx: Context) -> int:
    """Delete sessions that expired half a year ago; returns how many."""
    return ctx.session.execute(
        delete(StaffSession).where(StaffSession.expires_at < ctx.now - KEEP_ENDED)
    ).rowcount
