"""Staff accounts as those who manage them see and change them."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from models import Organization, StaffAccount, StaffGrant
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Forbidden
from services.organizations.reach import fetch_open_organization
from services.paging import Page, SortKey, fetch_sorted_page
from services.staff.grants import add_grant
from services.staff.invitations import Invitation, invite
from services.staff.reach import (
    AccountView,
    fetch_account,
    require_duty_in_charge,
    select_accounts,
    view_account,
)
from services.staff.sessions import end_sessions
from services.text import escape_like, search_key

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SORTS = {
    "name": SortKey(StaffAccount.name),
    "created_at": SortKey(StaffAccount.created_at, datetime),
    "last_signed_in_at": SortKey(func.coalesce(StaffAccount.last_signed_in_at, NEVER), datetime),
}
STATUSES = ("invited", "active", "locked", "disabled")


def list_accounts(
    ctx: Context, *, limit: int, cursor: str | None = None, sort: str = "name", **filters: object
) -> Page:
    """The accounts within reach that the filters let through."""
    page = fetch_sorted_page(
        ctx.session,
        filter_accounts(ctx, **filters),
        id_column=StaffAccount.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    return Page([view_account(ctx, account) for account in page.items], page.next_cursor)


def filter_accounts(
    ctx: Context,
    *,
    q: str | None = None,
    organization_id: int | None = None,
    role: str | None = None,
    status: str | None = None,
) -> Select:
    """Rows of an account within reach; `organization_id` takes in all below it."""
    query = select_accounts(ctx, Permission.VIEW_STAFF)
    if q is not None:
        pattern = f"%{escape_like(search_key(q))}%"
        query = query.where(StaffAccount.search_text.like(pattern, escape="\\"))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if role is not None:
        query = query.where(StaffAccount.grants.any(StaffGrant.role == role))
    if status is not None:
        query = query.where(_has_status(status, ctx.now))
    return query


def _has_status(status: str, now: datetime) -> ColumnElement[bool]:
    """The same distinction as StaffAccount.status_at, as a condition on rows."""
    is_enabled = StaffAccount.disabled_at.is_(None)
    has_joined = StaffAccount.username.is_not(None)
    is_locked = func.coalesce(StaffAccount.locked_until > now, False)
    return {
        "disabled": ~is_enabled,
        "invited": and_(is_enabled, ~has_joined),
        "locked": and_(is_enabled, has_joined, is_locked),
        "active": and_(is_enabled, has_joined, ~is_locked),
    }[status]


def get_account(ctx: Context, *, account_id: int) -> AccountView:
    """One account within reach; raises Missing."""
    return view_account(ctx, fetch_account(ctx, account_id, Permission.VIEW_STAFF))


def create_account(
    ctx: Context,
    *,
    name: str,
    organization_id: int,
    duty: str = "business",
    role: str | None = None,
) -> Invitation:
    """An account for somebody, and the link with which they join; raises Missing, Forbidden.

    With a `role`, which must be the actor's to grant, it is held at the same organization.
    """
    fetch_open_organization(ctx, organization_id, Permission.MANAGE_STAFF)
    require_duty_in_charge(ctx, duty)
    account = StaffAccount(
        organization_id=organization_id,
        duty=duty,
        name=name,
        created_at=ctx.now,
        search_text=search_key(name),
    )
    ctx.session.add(account)
    ctx.session.flush()
    _record(ctx, "staff.created", account, after={"name": name, "duty": duty})
    if role is not None:
        add_grant(ctx, account, role, organization_id)
    ctx.session.flush()
    ctx.session.expire(account)
    return invite(ctx, fetch_account(ctx, account.id, Permission.MANAGE_STAFF))


def edit_account(ctx: Context, *, account_id: int, revision: int, **values: object) -> AccountView:
    """Change the name or the organization; raises Missing, Conflict."""
    account = fetch_account(ctx, account_id, Permission.MANAGE_STAFF, revision=revision)
    if "organization_id" in values:
        fetch_open_organization(ctx, values["organization_id"], Permission.MANAGE_STAFF)
    before, after = audit.changes({name: getattr(account, name) for name in values}, values)
    if after:
        for name, value in after.items():
            setattr(account, name, value)
        account.search_text = search_key(f"{account.name} {account.username or ''}")
        account.revision += 1
        _record(ctx, "staff.edited", account, before=before, after=after)
        ctx.session.flush()
        ctx.session.expire(account)
    return get_account(ctx, account_id=account_id)


def disable_account(ctx: Context, *, account_id: int, reason: str) -> AccountView:
    """Keep the person out, from this moment on; raises Missing, Forbidden for one's own."""
    account = _fetch_other(ctx, account_id)
    if account.disabled_at is None:
        disable(ctx, [account.id], reason)
        account.revision += 1
        _record(ctx, "staff.disabled", account, after={"reason": reason})
    return _refreshed(ctx, account)


def disable(ctx: Context, staff_ids: list[int], reason: str) -> None:
    """Disable these accounts and end their sessions."""
    for account in ctx.session.scalars(select(StaffAccount).where(StaffAccount.id.in_(staff_ids))):
        account.disabled_at = account.disabled_at or ctx.now
        account.disabled_reason = account.disabled_reason or reason
    end_sessions(ctx, staff_ids, "disabled")


def enable_account(ctx: Context, *, account_id: int) -> AccountView:
    """Let a disabled person in again; raises Missing, and Conflict where the place is closed."""
    account = _fetch_other(ctx, account_id)
    if account.organization.closed_at is not None:
        raise Conflict("organization_closed")
    if account.disabled_at is not None:
        account.disabled_at = account.disabled_reason = None
        account.revision += 1
        _record(ctx, "staff.enabled", account)
    return _refreshed(ctx, account)


def unlock_account(ctx: Context, *, account_id: int) -> AccountView:
    """Lift the lock that wrong passwords brought about; raises Missing."""
    account = fetch_account(ctx, account_id, Permission.SECURE_STAFF)
    if account.is_locked_at(ctx.now):
        account.locked_until = None
        _record(ctx, "staff.unlocked", account)
    return _refreshed(ctx, account)


def reset_totp(ctx: Context, *, account_id: int) -> AccountView:
    """Forget the second factor, say of a lost phone: it is set up anew at the next sign-in.

    The account's sessions end. Raises Missing, Forbidden for one's own.
    """
    account = fetch_account(ctx, account_id, Permission.SECURE_STAFF)
    if account.id == ctx.actor.staff_id:
        raise Forbidden("own_account_fixed")
    account.totp_secret_encrypted = account.totp_confirmed_at = None
    account.totp_last_step = 0
    account.revision += 1
    end_sessions(ctx, [account.id], "totp_reset")
    _record(ctx, "staff.totp_reset", account)
    return _refreshed(ctx, account)


def _fetch_other(ctx: Context, account_id: int) -> StaffAccount:
    account = fetch_account(ctx, account_id, Permission.MANAGE_STAFF)
    if account.id == ctx.actor.staff_id:
        raise Forbidden("own_account_fixed")
    return account


def _refreshed(ctx: Context, account: StaffAccount) -> AccountView:
    ctx.session.flush()
    return view_account(ctx, account)


def _record(ctx: Context, action: str, account: StaffAccount, **values: dict) -> None:
    audit.record(
        ctx,
        action,
        about=("staff", account.id, account.name),
        organization_id=account.organization_id,
        **values,
    )
