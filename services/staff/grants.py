"""Granting roles and ending them."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from models import Organization, StaffAccount, StaffGrant
from models.staff import ADMINISTRATORS
from services import audit
from services.access import ROLES, Permission, grantable_roles
from services.context import Context
from services.errors import Conflict, Forbidden, Invalid, Missing
from services.organizations.reach import fetch_open_organization
from services.staff.reach import AccountView, fetch_account, view_account


@dataclass(frozen=True, slots=True)
class RoleView:
    """A row of the table of permissions."""

    code: str
    duty: str
    held_at: tuple[str, ...]
    permissions: list[str]
    grants: tuple[str, ...]


def list_roles(ctx: Context) -> list[RoleView]:
    """The table of permissions, as services/access.py has it."""
    return [
        RoleView(
            code,
            code if code in ADMINISTRATORS else "business",
            role.held_at,
            [permission.value for permission in Permission if permission in role.permissions],
            role.grants,
        )
        for code, role in ROLES.items()
    ]


def grant_role(ctx: Context, *, account_id: int, role: str, organization_id: int) -> AccountView:
    """Give the account a role at an organization; granting it twice changes nothing.

    Raises Missing for an account or organization out of reach, Forbidden for a role that is not
    the actor's to grant there, Invalid for one that does not fit the account's duty.
    """
    account = fetch_account(ctx, account_id, Permission.GRANT_ROLES)
    add_grant(ctx, account, role, organization_id)
    ctx.session.flush()
    ctx.session.expire(account, ["grants"])
    return view_account(ctx, fetch_account(ctx, account_id, Permission.GRANT_ROLES))


def add_grant(ctx: Context, account: StaffAccount, role: str, organization_id: int) -> None:
    """Grant the role, after the checks that grant_role names."""
    if Permission.GRANT_ROLES not in ctx.actor.permissions:
        raise Forbidden("role_not_grantable")
    organization = fetch_open_organization(ctx, organization_id, Permission.GRANT_ROLES)
    if account.id == ctx.actor.staff_id:
        raise Forbidden("own_roles_fixed")
    if account.disabled_at is not None:
        raise Conflict("staff_disabled")
    if role not in grantable_roles(ctx.session, ctx.actor, organization_id=organization.id):
        raise Forbidden("role_not_grantable")
    if role != account.duty and (role in ADMINISTRATORS or account.duty != "business"):
        raise Invalid("role_does_not_fit_duty")
    grant = StaffGrant(
        staff_id=account.id,
        duty=account.duty,
        role=role,
        organization_id=organization.id,
        granted_at=ctx.now,
        granted_by_id=ctx.actor.staff_id,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(grant)
    except IntegrityError:
        return
    _record(ctx, "staff.role_granted", account, role, organization)


def end_grant(ctx: Context, *, account_id: int, grant_id: int) -> AccountView:
    """Take the role away, at once; raises Missing and Forbidden as grant_role does."""
    account = fetch_account(ctx, account_id, Permission.GRANT_ROLES)
    grant = next((each for each in account.grants if each.id == grant_id), None)
    if grant is None:
        raise Missing("grant_not_found")
    if account.id == ctx.actor.staff_id:
        raise Forbidden("own_roles_fixed")
    if grant.role not in grantable_roles(
        ctx.session, ctx.actor, organization_id=grant.organization_id
    ):
        raise Forbidden("role_not_grantable")
    grant.ended_at = ctx.now
    _record(ctx, "staff.role_ended", account, grant.role, grant.organization)
    ctx.session.flush()
    ctx.session.expire(account, ["grants"])
    return view_account(ctx, fetch_account(ctx, account_id, Permission.GRANT_ROLES))


def _record(
    ctx: Context, action: str, account: StaffAccount, role: str, organization: Organization
) -> None:
    audit.record(
        ctx,
        action,
        about=("staff", account.id, account.name),
        organization_id=organization.id,
        after={"role": role, "organization": organization.name},
    )
