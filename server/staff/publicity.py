"""What appeared in the media: recorded by institutions, confirmed by commissions."""

from server.endpoint import XLSX, Routes
from server.schemas.common import ReasonBody
from server.schemas.publicity import (
    FiguresQuery,
    FiguresView,
    PublicityBody,
    PublicityEditBody,
    PublicityFilters,
    PublicityPage,
    PublicityQuery,
    PublicityView,
    SummaryQuery,
    SummaryView,
)
from services import publicity
from services.access import Permission

routes = Routes("staff_publicity", __name__, description="Publicity in the media")

CHANGING = (
    "publicity_recorded_already",
    "publicity_in_future",
    "publicity_proof_missing",
    "file_not_found",
)


@routes.endpoint(
    "GET",
    "/publicity",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff",
    summary="What was recorded",
    query=PublicityQuery(),
    returns=PublicityPage,
    refusals=("cursor_invalid",),
)
def list_records(ctx, **query):
    """Within one's reach."""
    return publicity.list_records(ctx, **query)


@routes.endpoint(
    "POST",
    "/publicity",
    access="staff",
    requires=Permission.RECORD_PUBLICITY,
    rate="staff",
    summary="Record an appearance in the media",
    body=PublicityBody(),
    returns=PublicityView(),
    status=201,
    refusals=("organization_not_found", "organization_closed", *CHANGING),
)
def create_record(ctx, **values):
    """With a link, pictures or a recording that shows it; the same appearance only once."""
    return publicity.create_record(ctx, **values)


@routes.endpoint(
    "GET",
    "/publicity/export",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff_heavy",
    summary="What was recorded as a spreadsheet",
    query=PublicityFilters(),
    downloads=XLSX,
    refusals=("export_too_long",),
)
def export_records(ctx, **query):
    """The list with the same filters."""
    return publicity.export_records(ctx, **query)


@routes.endpoint(
    "GET",
    "/publicity/figures",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff",
    summary="A quarter's confirmed publicity in numbers",
    query=FiguresQuery(),
    returns=FiguresView(),
)
def get_figures(ctx, **query):
    """By institution, level and medium, and by person."""
    return publicity.get_figures(ctx, **query)


@routes.endpoint(
    "GET",
    "/publicity/figures/export",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff_heavy",
    summary="The same as a spreadsheet",
    query=FiguresQuery(),
    downloads=XLSX,
    refusals=("export_too_long",),
)
def export_figures(ctx, **query):
    """One row for each institution, level and medium."""
    return publicity.export_figures(ctx, **query)


@routes.endpoint(
    "GET",
    "/publicity/summary",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff",
    summary="What stands behind somebody who competes for `outreach`",
    query=SummaryQuery(),
    returns=SummaryView(),
    refusals=("organization_not_found",),
)
def sum_up(ctx, **query):
    """An organization's confirmed publicity of a quarter."""
    return publicity.sum_up(ctx, **query)


@routes.endpoint(
    "GET",
    "/publicity/<id:record_id>",
    access="staff",
    requires=Permission.VIEW_PUBLICITY,
    rate="staff",
    summary="One record",
    returns=PublicityView(),
    refusals=("publicity_not_found",),
)
def get_record(ctx, record_id):
    """`allowed_actions` says what the caller may do with it."""
    return publicity.get_record(ctx, record_id=record_id)


@routes.endpoint(
    "PATCH",
    "/publicity/<id:record_id>",
    access="staff",
    requires=Permission.RECORD_PUBLICITY,
    rate="staff",
    summary="Change a record",
    needs_revision=True,
    body=PublicityEditBody(),
    returns=PublicityView(),
    refusals=("publicity_not_found", "publicity_confirmed", *CHANGING),
)
def edit_record(ctx, record_id, **values):
    """While it is not confirmed; one that was given back waits to be confirmed again."""
    return publicity.edit_record(ctx, record_id=record_id, **values)


@routes.endpoint(
    "DELETE",
    "/publicity/<id:record_id>",
    access="staff",
    requires=Permission.RECORD_PUBLICITY,
    rate="staff",
    summary="Throw a record away",
    needs_revision=True,
    status=204,
    refusals=("publicity_not_found", "publicity_confirmed"),
)
def delete_record(ctx, record_id, revision):
    """While it is not confirmed."""
    publicity.delete_record(ctx, record_id=record_id, revision=revision)


@routes.endpoint(
    "POST",
    "/publicity/<id:record_id>/confirm",
    access="staff",
    requires=Permission.CONFIRM_PUBLICITY,
    rate="staff",
    summary="Count it",
    needs_revision=True,
    returns=PublicityView(),
    refusals=("publicity_not_found", "publicity_confirmed", "publicity_returned"),
)
def confirm_record(ctx, record_id, revision):
    """In the quarter in which it appeared."""
    return publicity.confirm_record(ctx, record_id=record_id, revision=revision)


@routes.endpoint(
    "POST",
    "/publicity/<id:record_id>/return",
    access="staff",
    requires=Permission.CONFIRM_PUBLICITY,
    rate="staff",
    summary="Give it back with a reason",
    needs_revision=True,
    body=ReasonBody(),
    returns=PublicityView(),
    refusals=("publicity_not_found", "publicity_returned"),
)
def return_record(ctx, record_id, **values):
    """Also when it was confirmed by mistake: then it counts no more."""
    return publicity.return_record(ctx, record_id=record_id, **values)
