"""Staff accounts and their roles."""

from server.endpoint import XLSX, Routes
from server.schemas.common import ReasonBody
from server.schemas.staff import (
    AccountBody,
    AccountEditBody,
    AccountFilters,
    AccountPage,
    AccountQuery,
    AccountView,
    GrantBody,
    NewInvitationView,
    RoleTable,
)
from services import staff
from services.access import Permission

routes = Routes("staff_accounts", __name__, description="Staff accounts and roles")

GRANTING = (
    "staff_not_found",
    "organization_not_found",
    "organization_closed",
    "staff_disabled",
    "own_roles_fixed",
    "role_not_grantable",
    "role_does_not_fit_duty",
    "grant_not_found",
)


@routes.endpoint(
    "GET",
    "/roles",
    access="staff",
    rate="staff",
    summary="The table of permissions",
    returns=RoleTable(),
)
def list_roles(ctx):
    """What each role allows, where it is held, and which roles it may grant."""
    return {"roles": staff.list_roles(ctx), "permissions": list(Permission)}


@routes.endpoint(
    "GET",
    "/accounts",
    access="staff",
    requires=Permission.VIEW_STAFF,
    rate="staff",
    summary="The accounts within reach",
    query=AccountQuery(),
    returns=AccountPage,
    refusals=("cursor_invalid",),
)
def list_accounts(ctx, **query):
    """`organization_id` takes in everything below it."""
    return staff.list_accounts(ctx, **query)


@routes.endpoint(
    "GET",
    "/accounts/export",
    access="staff",
    requires=Permission.VIEW_STAFF,
    rate="staff_heavy",
    summary="The accounts within reach, as a spreadsheet",
    query=AccountFilters(),
    downloads=XLSX,
    refusals=("export_too_long",),
)
def export_accounts(ctx, **query):
    """What the list shows, up to 20,000 rows; that it was exported is noted."""
    return staff.export_accounts(ctx, **query)


@routes.endpoint(
    "POST",
    "/accounts",
    access="staff",
    requires=Permission.MANAGE_STAFF,
    rate="staff",
    summary="Invite somebody",
    body=AccountBody(),
    returns=NewInvitationView(),
    status=201,
    refusals=("administrator_account", *GRANTING),
)
def create_account(ctx, **values):
    """The link in the answer is the only copy; it has to reach the person by a safe way."""
    return staff.create_account(ctx, **values)


@routes.endpoint(
    "GET",
    "/accounts/<id:account_id>",
    access="staff",
    requires=Permission.VIEW_STAFF,
    rate="staff",
    summary="One account",
    returns=AccountView(),
    refusals=("staff_not_found",),
)
def get_account(ctx, account_id):
    """With its present roles."""
    return staff.get_account(ctx, account_id=account_id)


@routes.endpoint(
    "PATCH",
    "/accounts/<id:account_id>",
    access="staff",
    requires=Permission.MANAGE_STAFF,
    rate="staff",
    summary="Change a name or an organization",
    needs_revision=True,
    body=AccountEditBody(),
    returns=AccountView(),
    refusals=(
        "staff_not_found",
        "administrator_account",
        "organization_not_found",
        "organization_closed",
    ),
)
def edit_account(ctx, account_id, **values):
    """Roles stay where they are held."""
    return staff.edit_account(ctx, account_id=account_id, **values)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/invitation",
    access="staff",
    requires=Permission.MANAGE_STAFF,
    rate="staff",
    summary="Another one-time link",
    returns=NewInvitationView(),
    status=201,
    refusals=("staff_not_found", "administrator_account", "staff_disabled"),
)
def renew_invitation(ctx, account_id):
    """To join, or once joined to set a new password. Links made before stop working."""
    return staff.renew_invitation(ctx, account_id=account_id)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/disable",
    access="staff",
    requires=Permission.MANAGE_STAFF,
    rate="staff",
    summary="Keep somebody out",
    body=ReasonBody(),
    returns=AccountView(),
    refusals=("staff_not_found", "administrator_account", "own_account_fixed"),
)
def disable_account(ctx, account_id, reason):
    """Their sessions end at once."""
    return staff.disable_account(ctx, account_id=account_id, reason=reason)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/enable",
    access="staff",
    requires=Permission.MANAGE_STAFF,
    rate="staff",
    summary="Let somebody in again",
    returns=AccountView(),
    refusals=(
        "staff_not_found",
        "administrator_account",
        "own_account_fixed",
        "organization_closed",
    ),
)
def enable_account(ctx, account_id):
    """With the password, second factor and roles they had."""
    return staff.enable_account(ctx, account_id=account_id)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/unlock",
    access="staff",
    requires=Permission.SECURE_STAFF,
    rate="staff",
    summary="Lift the lock of wrong passwords",
    returns=AccountView(),
    refusals=("staff_not_found",),
)
def unlock_account(ctx, account_id):
    """It would lift by itself later."""
    return staff.unlock_account(ctx, account_id=account_id)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/reset-totp",
    access="staff",
    requires=Permission.SECURE_STAFF,
    rate="staff",
    summary="Forget the second factor",
    returns=AccountView(),
    refusals=("staff_not_found", "own_account_fixed"),
)
def reset_totp(ctx, account_id):
    """After a lost phone: at the next sign-in it is set up anew. Sessions end at once."""
    return staff.reset_totp(ctx, account_id=account_id)


@routes.endpoint(
    "POST",
    "/accounts/<id:account_id>/grants",
    access="staff",
    requires=Permission.GRANT_ROLES,
    rate="staff",
    summary="Grant a role",
    body=GrantBody(),
    returns=AccountView(),
    refusals=GRANTING,
)
def grant_role(ctx, account_id, **grant):
    """Counts from the person's next request on."""
    return staff.grant_role(ctx, account_id=account_id, **grant)


@routes.endpoint(
    "DELETE",
    "/accounts/<id:account_id>/grants/<id:grant_id>",
    access="staff",
    requires=Permission.GRANT_ROLES,
    rate="staff",
    summary="Take a role away",
    returns=AccountView(),
    refusals=GRANTING,
)
def end_grant(ctx, account_id, grant_id):
    """Counts from the person's next request on."""
    return staff.end_grant(ctx, account_id=account_id, grant_id=grant_id)
