"""Signing in, staying signed in, signing out, and the phone number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from models import Citizen, LoginSession, RefreshToken, WeChatIdentity
from services.context import Context
from services.errors import Conflict, Forbidden, SignInRequired
from services.tokens import AccessClaims, hash_refresh_token, new_refresh_token
from services.wechat import WeChatUser

SESSION_LIFETIME = timedelta(days=30)
# A refresh whose answer was lost on the way is repeated with the same token; within this time,
# and while the lost token is unused, that is a retry and not a theft.
REFRESH_RETRY_WITHIN = timedelta(seconds=60)
PHONE_PURPOSE = "citizen.phone"


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """What the client keeps. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a citizen sees of their own account; the phone number is masked."""

    created_at: datetime
    phone: str | None


def sign_in_with_wechat(ctx: Context, *, code: str) -> IssuedTokens:
    """Open a session for the person behind a `wx.login` code, with an account if they have none.

    Raises what WeChatGateway.exchange_login_code and `sign_in` raise.
    """
    user = ctx.services.wechat.exchange_login_code(code)
    return sign_in(ctx, user=user, appid=ctx.services.wechat.appid)


def sign_in(
    ctx: Context, *, user: WeChatUser, appid: str, policy_version: str | None = None
) -> IssuedTokens:
    """Open a session for somebody as the WeChat app `appid` knows them.

    They get an account if they have none in any app. Raises Forbidden for a disabled account.
    """
    citizen = _find_citizen(ctx, user, appid) or _register_citizen(ctx, user, appid)
    if citizen.disabled_at is not None:
        raise Forbidden("account_disabled")
    session = LoginSession(
        citizen_id=citizen.id, created_at=ctx.now, expires_at=ctx.now + SESSION_LIFETIME
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
    session = ctx.session.get_one(LoginSession, token.session_id, with_for_update=True)
    ctx.session.refresh(token)
    citizen = ctx.session.get_one(Citizen, session.citizen_id)
    if not _is_alive(session, citizen, ctx.now):
        raise SignInRequired("session_ended")
    if token.is_spent and not _is_retry(ctx, token):
        _end_session(session, ctx.now, "refresh_token_reused")
        raise SignInRequired("refresh_token_reused", keep_changes=True)
    token.used_at = token.used_at or ctx.now
    return _issue_tokens(ctx, session)


def sign_out(ctx: Context) -> None:
    """End the session at once, for every token it ever issued."""
    _end_session(ctx.session.get_one(LoginSession, ctx.actor.session_id), ctx.now, "signed_out")


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


def bind_phone(ctx: Context, *, code: str) -> Profile:
    """Bind the phone number behind a `getPhoneNumber` code; one number binds one account.

    Raises Conflict when another account has the number, and what
    WeChatGateway.exchange_phone_code raises.
    """
    # WeChat may take seconds; the connection that checked the session is not held meanwhile.
    ctx.session.rollback()
    phone = ctx.services.wechat.exchange_phone_code(code)
    crypto = ctx.services.crypto
    citizen = ctx.session.get_one(Citizen, ctx.actor.citizen_id)
    citizen.phone_encrypted = crypto.encrypt(phone, purpose=PHONE_PURPOSE)
    citizen.phone_index = crypto.blind_index(phone, purpose=PHONE_PURPOSE)
    citizen.phone_bound_at = ctx.now
    try:
        ctx.session.flush()
    except IntegrityError:
        raise Conflict("phone_taken") from None
    return read_profile(ctx)


def read_profile(ctx: Context) -> Profile:
    """The signed-in citizen's own account."""
    citizen = ctx.session.get_one(Citizen, ctx.actor.citizen_id)
    phone = None
    if citizen.phone_encrypted is not None:
        phone = mask_phone(
            ctx.services.crypto.decrypt(citizen.phone_encrypted, purpose=PHONE_PURPOSE)
        )
    return Profile(citizen.created_at, phone)


def mask_phone(phone: str) -> str:
    """+8613812345678 → 138****5678: enough to recognize one's own number."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}"


def purge_expired_sessions(ctx: Context) -> int:
    """Delete sessions that expired, with their refresh tokens; returns how many."""
    return ctx.session.execute(
        delete(LoginSession).where(LoginSession.expires_at < ctx.now)
    ).rowcount


def _find_citizen(ctx: Context, user: WeChatUser, appid: str) -> Citizen | None:
    known = (WeChatIdentity.appid == appid) & (WeChatIdentity.openid == user.openid)
    citizen = _find_by_identity(ctx, known)
    if citizen is None and user.unionid is not None:
        citizen = _find_by_identity(ctx, WeChatIdentity.unionid == user.unionid)
    return citizen


def _find_by_identity(ctx: Context, condition: ColumnElement[bool]) -> Citizen | None:
    return ctx.session.scalar(
        select(Citizen)
        .join(WeChatIdentity, WeChatIdentity.citizen_id == Citizen.id)
        .where(condition)
        .limit(1)
    )


def _register_citizen(ctx: Context, user: WeChatUser, appid: str) -> Citizen:
    try:
        with ctx.session.begin_nested():
            citizen = Citizen(created_at=ctx.now)
            ctx.session.add(citizen)
            ctx.session.flush()
            ctx.session.add(
                WeChatIdentity(
                    citizen_id=citizen.id,
                    appid=appid,
                    openid=user.openid,
                    unionid=user.unionid,
                )
            )
    except IntegrityError:
        # The same person signed in twice at once; the other request made the account.
        citizen = _find_citizen(ctx, user, appid)
    return citizen


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


def _end_session(session: LoginSession, now: datetime, reason: str) -> None:
    session.ended_at = session.ended_at or now
    session.end_reason = session.end_reason or reason
