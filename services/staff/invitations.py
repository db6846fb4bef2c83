"""One-time links: with them people join, and set a new password when the old one is lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models import Organization, StaffAccount, StaffGrant, StaffInvitation
from models.staff import ADMINISTRATORS
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid, Missing
from services.staff.reach import AccountView, fetch_account, view_account
from services.staff.sessions import end_sessions, hash_token, new_token, open_session
from services.staff.sign_in import (
    SessionView,
    describe,
    normalize_username,
    record_own_act,
    set_password,
)
from services.text import search_key

LINK = "/console/invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An account's fresh one-time link, as a path on our site; shown once and kept by nobody.

    The token stands after the #, so no server ever writes it into a log.
    """

    account: AccountView
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """Whom a link is for. Its `purpose` is to join, or to reset a password."""

    purpose: str
    name: str
    username: str | None
    organization: Organization
    expires_at: datetime


def invite(ctx: Context, account: StaffAccount) -> Invitation:
    """A new link for the account; those before it stop working."""
    ctx.session.execute(
        update(StaffInvitation)
        .where(StaffInvitation.staff_id == account.id, StaffInvitation.spent_at.is_(None))
        .values(spent_at=ctx.now)
    )
    token = new_token()
    expires_at = ctx.now + ctx.services.staff_rules.invitation_lifetime
    ctx.session.add(
        StaffInvitation(
            staff_id=account.id,
            token_hash=hash_token(token),
            created_at=ctx.now,
            expires_at=expires_at,
        )
    )
    return Invitation(view_account(ctx, account), f"{LINK}#{token}", expires_at)


def renew_invitation(ctx: Context, *, account_id: int) -> Invitation:
    """Another link: to join, or once joined to set a new password. Raises Missing, Conflict.

    The second factor stays, so whoever makes the link cannot sign in with it alone.
    """
    account = fetch_account(ctx, account_id, Permission.MANAGE_STAFF)
    if account.disabled_at is not None:
        raise Conflict("staff_disabled")
    audit.record(
        ctx,
        "staff.invited" if account.username is None else "staff.password_reset",
        about=("staff", account.id, account.name),
        organization_id=account.organization_id,
    )
    return invite(ctx, account)


def look_at_invitation(ctx: Context, *, token: str) -> InvitationView:
    """Whom the link is for; raises Missing for one unknown, used or expired."""
    account, invitation = _find(ctx, token)
    return InvitationView(
        "join" if account.username is None else "reset",
        account.name,
        account.username,
        account.organization,
        invitation.expires_at,
    )


def accept_invitation(
    ctx: Context, *, token: str, password: str, username: str | None = None
) -> SessionView:
    """Use the link up: set the password, and the username on joining; then the second factor.

    Raises Missing for the link, Invalid for a bad password, Conflict for a username in use.
    """
    account, invitation = _find(ctx, token, is_locked=True)
    is_joining = account.username is None
    if is_joining:
        _take_username(ctx, account, username, password)
    else:
        set_password(ctx, account, password)
    invitation.spent_at = ctx.now
    end_sessions(ctx, [account.id], "password_changed")
    record_own_act(ctx, account, "staff.joined" if is_joining else "staff.password_changed")
    session, cookie = open_session(ctx, account)
    return describe(ctx, session, account, token=cookie)


def _take_username(
    ctx: Context, account: StaffAccount, username: str | None, password: str
) -> None:
    if username is None:
        raise Invalid("username_required")
    account.username = normalize_username(username)
    set_password(ctx, account, password)
    account.search_text = search_key(f"{account.name} {account.username}")
    try:
        with ctx.session.begin_nested():
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("username_taken") from None


def _find(
    ctx: Context, token: str, *, is_locked: bool = False
) -> tuple[StaffAccount, StaffInvitation]:
    query = select(StaffInvitation).where(
        StaffInvitation.token_hash == hash_token(token),
        StaffInvitation.spent_at.is_(None),
        StaffInvitation.expires_at > ctx.now,
    )
    # Of two who use the link at once, one is first.
    invitation = ctx.session.scalar(query.with_for_update() if is_locked else query)
    account = None
    if invitation is not None:
        account = ctx.session.scalar(
            select(StaffAccount)
            .where(StaffAccount.id == invitation.staff_id, StaffAccount.disabled_at.is_(None))
            .options(joinedload(StaffAccount.organization))
        )
    if account is None:
        raise Missing("invitation_not_found")
    return account, invitation


def create_administrator(ctx: Context, *, name: str, role: str) -> Invitation:
    """The first one of the three kinds of administrators, made by the operator for the region."""
    if role not in ADMINISTRATORS:
        raise ValueError(f"{role} is no administrator's role")
    root = ctx.session.scalars(select(Organization).where(Organization.parent_id.is_(None))).one()
    account = StaffAccount(
        organization_id=root.id,
        duty=role,
        name=name,
        created_at=ctx.now,
        search_text=search_key(name),
    )
    ctx.session.add(account)
    ctx.session.flush()
    ctx.session.add(
        StaffGrant(
            staff_id=account.id,
            duty=role,
            role=role,
            organization_id=root.id,
            granted_at=ctx.now,
        )
    )
    audit.record(
        ctx,
        "staff.created",
        about=("staff", account.id, name),
        organization_id=root.id,
        after={"role": role},
    )
    return invite(ctx, account)
