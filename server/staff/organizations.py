"""The tree of organizations."""

from server.endpoint import XLSX, Routes
from server.problems import SPREADSHEET_REFUSALS
from server.schemas.common import ReasonBody
from server.schemas.imports import ImportReportView
from server.schemas.organizations import (
    ClosingView,
    MoveBody,
    OrganizationBody,
    OrganizationDetail,
    OrganizationEditBody,
    OrganizationFilters,
    OrganizationImportQuery,
    OrganizationPage,
    OrganizationQuery,
    TreeLevel,
    TreeQuery,
)
from services import organizations
from services.access import Permission

routes = Routes("staff_organizations", __name__, description="The tree of organizations")

LARGEST_SPREADSHEET_BYTES = 8 * 1024 * 1024
CHANGING = (
    "organization_not_found",
    "organization_closed",
    "organization_name_taken",
    "organization_parent_unsuitable",
    "standard_only_for_institutions",
    "commission_fixed",
)


@routes.endpoint(
    "GET",
    "/organizations",
    access="staff",
    requires=Permission.VIEW_ORGANIZATIONS,
    rate="staff",
    summary="The organizations within reach",
    query=OrganizationQuery(),
    returns=OrganizationPage,
    refusals=("cursor_invalid",),
)
def list_organizations(ctx, **query):
    """Closed ones only when asked for."""
    return organizations.list_organizations(ctx, **query)


@routes.endpoint(
    "GET",
    "/organizations/tree",
    access="staff",
    requires=Permission.VIEW_ORGANIZATIONS,
    rate="staff",
    summary="One level of the tree",
    query=TreeQuery(),
    returns=TreeLevel(),
)
def list_tree(ctx, **query):
    """Without `parent_id`: where one's reach begins."""
    return {"items": organizations.list_tree(ctx, **query)}


@routes.endpoint(
    "POST",
    "/organizations",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff",
    summary="Create an organization",
    body=OrganizationBody(),
    returns=OrganizationDetail(),
    status=201,
    refusals=CHANGING,
)
def create_organization(ctx, **values):
    """In the division of the one above it."""
    return organizations.create_organization(ctx, **values)


@routes.endpoint(
    "GET",
    "/organizations/export",
    access="staff",
    requires=Permission.VIEW_ORGANIZATIONS,
    rate="staff_heavy",
    summary="The organizations within reach, as a spreadsheet",
    query=OrganizationFilters(),
    downloads=XLSX,
    refusals=("export_too_long",),
)
def export_organizations(ctx, **query):
    """What the list shows, up to 20,000 rows, to be edited and imported again.

    Who looks after an organization gets its telephone number whole; that it was exported is noted.
    """
    return organizations.export_organizations(ctx, **query)


@routes.endpoint(
    "GET",
    "/organizations/import-template",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff_heavy",
    summary="A spreadsheet to fill in",
    downloads=XLSX,
)
def import_template(ctx):
    """For new organizations; to change existing ones, edit an export."""
    return organizations.import_template(ctx)


@routes.endpoint(
    "POST",
    "/organizations/import",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff_heavy",
    summary="Create and change many at once",
    query=OrganizationImportQuery(),
    largest_upload=LARGEST_SPREADSHEET_BYTES,
    uploads=XLSX,
    returns=ImportReportView(),
    refusals=(
        "organization_not_found",
        "organization_closed",
        "organization_name_taken",
        *SPREADSHEET_REFUSALS,
    ),
)
def import_organizations(ctx, **values):
    """A row with a number changes that organization, one without creates another below the parent
    it names or below `parent_id`. With any error in the rows, which the answer lists, nothing."""
    return organizations.import_organizations(ctx, **values)


@routes.endpoint(
    "GET",
    "/organizations/<id:organization_id>",
    access="staff",
    requires=Permission.VIEW_ORGANIZATIONS,
    rate="staff",
    summary="One organization",
    returns=OrganizationDetail(),
    refusals=("organization_not_found",),
)
def get_organization(ctx, organization_id):
    """Who looks after it sees the telephone number whole, and that is noted."""
    return organizations.get_organization(ctx, organization_id=organization_id)


@routes.endpoint(
    "PATCH",
    "/organizations/<id:organization_id>",
    access="staff",
    requires=Permission.EDIT_ORGANIZATION,
    rate="staff",
    summary="Change an organization",
    needs_revision=True,
    body=OrganizationEditBody(),
    returns=OrganizationDetail(),
    refusals=("organization_field_fixed", *CHANGING),
)
def edit_organization(ctx, organization_id, **values):
    """Names, standard and population are for those who manage it."""
    return organizations.edit_organization(ctx, organization_id=organization_id, **values)


@routes.endpoint(
    "POST",
    "/organizations/<id:organization_id>/move",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff",
    summary="Hang it elsewhere",
    needs_revision=True,
    body=MoveBody(),
    returns=OrganizationDetail(),
    refusals=CHANGING,
)
def move_organization(ctx, organization_id, **values):
    """With everything below it."""
    return organizations.move_organization(ctx, organization_id=organization_id, **values)


@routes.endpoint(
    "GET",
    "/organizations/<id:organization_id>/closing",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff",
    summary="What closing would take along",
    returns=ClosingView(),
    refusals=("organization_not_found", "organization_closed", "commission_fixed"),
)
def preview_closing(ctx, organization_id):
    """Changes nothing."""
    return organizations.preview_closing(ctx, organization_id=organization_id)


@routes.endpoint(
    "POST",
    "/organizations/<id:organization_id>/close",
    access="staff",
    requires=Permission.MANAGE_ORGANIZATIONS,
    rate="staff",
    summary="Close it, with its people",
    needs_revision=True,
    body=ReasonBody(),
    returns=OrganizationDetail(),
    refusals=("organization_has_campaigns", *CHANGING),
)
def close_organization(ctx, organization_id, **values):
    """Cannot be undone."""
    return organizations.close_organization(ctx, organization_id=organization_id, **values)
