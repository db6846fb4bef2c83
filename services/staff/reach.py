"""Fetching staff accounts, each through a check of who asks."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models import Organization, StaffAccount, StaffGrant
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Forbidden, Missing


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account, with the status it has now."""

    account: StaffAccount
    status: str

    @property
    def has_totp(self) -> bool:
        return self.account.totp_confirmed_at is not None


def view_account(ctx: Context, account: StaffAccount) -> AccountView:
    return AccountView(account, account.status_at(ctx.now))


def fetch_account(
    ctx: Context, account_id: int, permission: Permission, *, revision: int | None = None
) -> StaffAccount:
    """The account if the permission reaches its organization; raises Missing.

    It is locked, but for looking at. With a `revision` that is not the present one it raises
    Conflict.
    """
    query = select_accounts(ctx, permission).where(StaffAccount.id == account_id)
    if permission is not Permission.VIEW_STAFF:
        query = query.with_for_update(of=StaffAccount)
    account = ctx.session.scalar(query.execution_options(populate_existing=True))
    if account is None:
        raise Missing("staff_not_found")
    if permission is Permission.MANAGE_STAFF:
        require_duty_in_charge(ctx, account.duty)
    if revision is not None and account.revision != revision:
        raise Conflict("edited_meanwhile")
    return account


def require_duty_in_charge(ctx: Context, duty: str) -> None:
    """Accounts of administrators are for system administrators; raises Forbidden for others."""
    is_system = any(grant.role == "system_administrator" for grant in ctx.actor.grants)
    if duty != "business" and not is_system:
        raise Forbidden("administrator_account")


def select_accounts(ctx: Context, permission: Permission):
    """Accounts whose organization the permission reaches, with it and their present roles."""
    return (
        select(StaffAccount)
        .join(Organization, Organization.id == StaffAccount.organization_id)
        .where(is_within_reach(ctx.actor, permission))
        .options(
            contains_eager(StaffAccount.organization),
            selectinload(StaffAccount.grants).options(joinedload(StaffGrant.organization)),
        )
    )
