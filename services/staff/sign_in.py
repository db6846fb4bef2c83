"""Signing in at the console: password, then a time-based one-time password (RFC 6238)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import StaffAccount, StaffGrant, StaffSession
from services import audit
from services.access import ROLES, Actor, Permission
from services.context import Context
from services.errors import Conflict, Forbidden, Invalid
from services.passwords import StaffRules, check_password, hash_password, is_right_password
from services.staff.sessions import (
    complete_session,
    end_sessions,
    find_session,
    next_step,
    note_sign_in,
    open_session,
)

TOTP_PURPOSE = "staff.totp"
ISSUER = "赛音"
# Clocks of phones go wrong: the step before and the one after count too.
STEPS_OFF = (-1, 0, 1)
STEP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SessionView:
    """Who is signed in, what they may do, and which step is still missing.

    `token` is there only when the browser has to be given a new cookie, `site_url` is where
    citizens find the site, for what is printed.
    """

    step: str
    csrf_token: str
    staff: StaffAccount
    grants: Sequence[StaffGrant]
    permissions: list[str]
    idle_minutes: int
    expires_at: datetime
    site_url: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What an authenticator app needs: the secret in base32, and the same as an address."""

    secret: str
    otpauth_url: str


def normalize_username(text: str) -> str:
    """Names that look the same or differ in case or outer spaces are one name."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def sign_in(ctx: Context, *, username: str, password: str) -> SessionView:
    """Check the password and open a session that waits for the second factor.

    Whatever is wrong (unknown, locked, disabled, another password), the refusal is the same and
    takes as long. Raises Forbidden.
    """
    account = ctx.session.scalar(
        select(StaffAccount)
        .where(StaffAccount.username == normalize_username(username))
        # Tries against one account are counted one after the other.
        .with_for_update()
    )
    is_right = is_right_password(account.password_hash if account else None, password)
    if account is None or not _may_sign_in(ctx, account, is_right):
        raise Forbidden("staff_sign_in_refused", keep_changes=True, **_lock_words(ctx))
    session, token = open_session(ctx, account)
    return describe(ctx, session, account, token=token)


def _lock_words(ctx: Context) -> dict[str, int]:
    rules = ctx.services.staff_rules
    return {"tries": rules.lock_after, "minutes": int(rules.lock_for.total_seconds() // 60)}


def _may_sign_in(ctx: Context, account: StaffAccount, is_right: bool) -> bool:
    if account.disabled_at is not None:
        note_sign_in(ctx, account, "disabled")
    elif account.is_locked_at(ctx.now):
        note_sign_in(ctx, account, "locked")
    elif not is_right:
        _count_failure(ctx, account, "wrong_password")
    else:
        return True
    return False


def _count_failure(ctx: Context, account: StaffAccount, result: str) -> None:
    note_sign_in(ctx, account, result)
    rules = ctx.services.staff_rules
    account.failures += 1
    if account.failures >= rules.lock_after:
        account.failures = 0
        account.locked_until = ctx.now + rules.lock_for
        # Whoever guessed, it need not have been the owner.
        audit.record(
            ctx,
            "staff.locked",
            about=("staff", account.id, account.name),
            organization_id=account.organization_id,
        )


def prepare_totp(ctx: Context) -> TotpSetup:
    """The secret to put into an authenticator app, the same until it was confirmed.

    Raises Conflict once it was confirmed: then only a security administrator can start anew.
    """
    _, account = find_session(ctx)
    account = _lock_account(ctx, account)
    if account.totp_confirmed_at is not None:
        raise Conflict("totp_already_set_up")
    crypto = ctx.services.crypto
    if account.totp_secret_encrypted is None:
        account.totp_secret_encrypted = crypto.encrypt(pyotp.random_base32(), purpose=TOTP_PURPOSE)
    secret = crypto.decrypt(account.totp_secret_encrypted, purpose=TOTP_PURPOSE)
    url = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)
    return TotpSetup(secret, url)


def pass_totp(ctx: Context, *, code: str) -> SessionView:
    """Check the one-time password, set-up included; the session goes on under a new token.

    Wrong ones count as wrong passwords do; no code works twice. Raises Invalid.
    """
    session, account = find_session(ctx)
    account = _lock_account(ctx, account)
    if session.second_factor_at is not None:
        raise Conflict("second_factor_passed")
    step = None if account.is_locked_at(ctx.now) else _matching_step(ctx, account, code)
    if step is None:
        _refuse_code(ctx, session, account)
    account.totp_last_step = step
    is_set_up = account.totp_confirmed_at is None
    account.totp_confirmed_at = account.totp_confirmed_at or ctx.now
    account.failures = 0
    account.last_signed_in_at = ctx.now
    token = complete_session(ctx, session)
    note_sign_in(ctx, account, "signed_in")
    set_up = {"second_factor": "set up"} if is_set_up else None
    record_own_act(ctx, account, "staff.signed_in", after=set_up)
    return describe(ctx, session, account, token=token)


def _refuse_code(ctx: Context, session: StaffSession, account: StaffAccount) -> None:
    if account.is_locked_at(ctx.now):
        note_sign_in(ctx, account, "locked")
    else:
        _count_failure(ctx, account, "wrong_code")
    if account.is_locked_at(ctx.now):
        session.ended_at, session.end_reason = ctx.now, "locked"
    raise Invalid("totp_code_wrong", keep_changes=True, **_lock_words(ctx))


def _matching_step(ctx: Context, account: StaffAccount, code: str) -> int | None:
    """The time step whose code this is, unless it or a later one was used."""
    if account.totp_secret_encrypted is None:
        return None
    secret = ctx.services.crypto.decrypt(account.totp_secret_encrypted, purpose=TOTP_PURPOSE)
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(ctx.now.timestamp()) // STEP_SECONDS
    for step in (present + off for off in STEPS_OFF):
        is_fresh = step > account.totp_last_step
        if is_fresh and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def change_password(ctx: Context, *, current_password: str, new_password: str) -> SessionView:
    """Set another password; the account's other sessions end.

    Raises Invalid for a wrong present password, which counts as a failure, and for a weak new one.
    """
    session, account = find_session(ctx)
    account = _lock_account(ctx, account)
    if next_step(ctx, session, account) not in ("password_change", "ready"):
        raise Forbidden("second_factor_required")
    if account.is_locked_at(ctx.now) or not is_right_password(
        account.password_hash, current_password
    ):
        if not account.is_locked_at(ctx.now):
            _count_failure(ctx, account, "wrong_password")
        raise Invalid("password_wrong", keep_changes=True, **_lock_words(ctx))
    if is_right_password(account.password_hash, new_password):
        raise Invalid("password_unchanged")
    set_password(ctx, account, new_password)
    end_sessions(ctx, [account.id], "password_changed", except_id=session.id)
    record_own_act(ctx, account, "staff.password_changed")
    return describe(ctx, session, account)


def set_password(ctx: Context, account: StaffAccount, password: str) -> None:
    """Store a good password; raises Invalid for a bad one."""
    check_password(
        ctx.services.staff_rules, password, about=[account.username or "", account.name, "sain"]
    )
    account.password_hash = hash_password(password)
    account.password_changed_at = ctx.now
    account.must_change_password = False
    account.failures = 0
    account.locked_until = None


def sign_out(ctx: Context) -> None:
    """End the session of the request's cookie."""
    session, account = find_session(ctx)
    session.ended_at, session.end_reason = ctx.now, "signed_out"
    record_own_act(ctx, account, "staff.signed_out")


def password_policy(ctx: Context) -> StaffRules:
    """What a password must be like."""
    return ctx.services.staff_rules


def describe_session(ctx: Context) -> SessionView:
    """The session of the request's cookie; raises SignInRequired."""
    return describe(ctx, *find_session(ctx))


def describe(
    ctx: Context, session: StaffSession, account: StaffAccount, *, token: str | None = None
) -> SessionView:
    """What the console has to know about a session; rights only once it is complete."""
    ctx.session.flush()
    step = next_step(ctx, session, account)
    grants = _current_grants(ctx, account) if step == "ready" else []
    allowed = {permission for grant in grants for permission in ROLES[grant.role].permissions}
    ctx.session.refresh(account, ["organization"])
    return SessionView(
        step=step,
        csrf_token=ctx.services.token_signer.csrf_token(token or ctx.origin.staff_token),
        staff=account,
        grants=grants,
        permissions=[permission.value for permission in Permission if permission in allowed],
        idle_minutes=int(ctx.services.staff_rules.idle_limit.total_seconds() // 60),
        expires_at=session.expires_at,
        site_url=ctx.services.site_url,
        token=token,
    )


def _current_grants(ctx: Context, account: StaffAccount) -> Sequence[StaffGrant]:
    return ctx.session.scalars(
        select(StaffGrant)
        .where(StaffGrant.staff_id == account.id, StaffGrant.ended_at.is_(None))
        .options(joinedload(StaffGrant.organization))
        .order_by(StaffGrant.id)
    ).all()


def _lock_account(ctx: Context, account: StaffAccount) -> StaffAccount:
    return ctx.session.get_one(
        StaffAccount, account.id, with_for_update=True, populate_existing=True
    )


def record_own_act(
    ctx: Context, account: StaffAccount, action: str, *, after: dict | None = None
) -> None:
    """Note an act of the account's own owner, who may not be a full actor yet."""
    actor = Actor(staff_id=account.id, staff_name=account.name)
    audit.record(
        replace(ctx, actor=actor),
        action,
        about=("staff", account.id, account.name),
        organization_id=account.organization_id,
        after=after,
    )
