"""The trail of who did what, for auditors."""

from server.endpoint import XLSX, Routes
from server.schemas.audit import AuditFilters, AuditPage, AuditQuery, KnownActionsView
from services import audit
from services.access import Permission

routes = Routes("staff_audit", __name__, description="The trail of who did what")


@routes.endpoint(
    "GET",
    "/audit",
    access="staff",
    requires=Permission.READ_AUDIT,
    rate="staff",
    summary="The records within reach",
    query=AuditQuery(),
    returns=AuditPage,
    refusals=("cursor_invalid",),
)
def search_records(ctx, **query):
    """The latest first. Looking is not recorded; exporting is."""
    return audit.search_records(ctx, **query)


@routes.endpoint(
    "GET",
    "/audit/export",
    access="staff",
    requires=Permission.READ_AUDIT,
    rate="staff_heavy",
    summary="The records within reach, as a spreadsheet",
    query=AuditFilters(),
    downloads=XLSX,
    refusals=("spreadsheet_too_many_rows",),
)
def export_records(ctx, **filters):
    """At most 20,000; narrow the filters for more. That it was exported is recorded."""
    return audit.export_records(ctx, **filters)


@routes.endpoint(
    "GET",
    "/audit/actions",
    access="staff",
    requires=Permission.READ_AUDIT,
    rate="staff",
    summary="Actions and types of objects to choose from",
    returns=KnownActionsView(),
)
def list_actions(ctx):
    """Those that occur in the trail."""
    return audit.list_actions(ctx)
