"""A campaign's entries, for those who run it."""

from server.endpoint import XLSX, Routes
from server.problems import SPREADSHEET_REFUSALS
from server.schemas.campaigns import (
    EntryBody,
    EntryEditBody,
    StaffEntryFilters,
    StaffEntryPage,
    StaffEntryQuery,
    StaffEntryView,
)
from server.schemas.common import ReasonBody
from server.schemas.imports import ImportQuery, ImportReportView
from server.staff.campaigns import STEP
from services import voting
from services.access import Permission

routes = Routes("staff_entries", __name__, description="Entries of a campaign")

# What reading takes of a spreadsheet with pictures.
LARGEST_SPREADSHEET_BYTES = 64 * 1024 * 1024
CHANGING = (
    "entry_not_found",
    "entry_number_taken",
    "entry_organization_unsuitable",
    "file_not_found",
    *STEP,
)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="All entries, withdrawn ones too",
    query=StaffEntryQuery(),
    returns=StaffEntryPage,
    refusals=("campaign_not_found", "cursor_invalid"),
)
def list_entries(ctx, campaign_id, **query):
    """Votes are there where the caller may know them."""
    return voting.list_staff_entries(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/entries",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Add an entry",
    body=EntryBody(),
    returns=StaffEntryView(),
    status=201,
    refusals=CHANGING,
)
def add_entry(ctx, campaign_id, **values):
    """Before the campaign opens."""
    return voting.add_entry(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries/export",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff_heavy",
    summary="All entries as a spreadsheet",
    query=StaffEntryFilters(),
    downloads=XLSX,
    refusals=("campaign_not_found", "export_too_long"),
)
def export_entries(ctx, campaign_id, **query):
    """With votes where the caller may know them."""
    return voting.export_entries(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries/import-template",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff_heavy",
    summary="A spreadsheet to fill in with entries",
    downloads=XLSX,
    refusals=("campaign_not_found",),
)
def entries_template(ctx, campaign_id):
    """Portraits are put into its cells, or into a zip along with it."""
    return voting.entries_template(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/entries/import",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff_heavy",
    summary="Add many entries at once",
    query=ImportQuery(),
    largest_upload=LARGEST_SPREADSHEET_BYTES,
    uploads=XLSX,
    returns=ImportReportView(),
    refusals=("storage_unavailable", *SPREADSHEET_REFUSALS, *STEP),
)
def import_entries(ctx, campaign_id, **values):
    """From an xlsx file, or a zip of one and the portraits it names: all entries, or with any
    error, which the answer lists, none."""
    return voting.import_entries(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="One entry",
    returns=StaffEntryView(),
    refusals=("campaign_not_found", "entry_not_found"),
)
def get_entry(ctx, campaign_id, entry_id):
    """Votes are there where the caller may know them."""
    return voting.get_staff_entry(ctx, campaign_id=campaign_id, entry_id=entry_id)


@routes.endpoint(
    "PATCH",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Change an entry",
    needs_revision=True,
    body=EntryEditBody(),
    returns=StaffEntryView(),
    refusals=("entry_fixed", *CHANGING),
)
def edit_entry(ctx, campaign_id, entry_id, **values):
    """After opening only how it is presented."""
    return voting.edit_entry(ctx, campaign_id=campaign_id, entry_id=entry_id, **values)


@routes.endpoint(
    "DELETE",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Remove an entry",
    needs_revision=True,
    status=204,
    refusals=("entry_was_nominated", "entry_not_found", *STEP),
)
def delete_entry(ctx, campaign_id, entry_id, revision):
    """Before the campaign opens."""
    voting.delete_entry(ctx, campaign_id=campaign_id, entry_id=entry_id, revision=revision)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>/withdraw",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Take an entry out of the vote, before it opens",
    needs_revision=True,
    body=ReasonBody(),
    returns=StaffEntryView(),
    refusals=("entry_withdrawn", "entry_not_found", "second_person_needed_for_this", *STEP),
)
def withdraw_entry(ctx, campaign_id, entry_id, **values):
    """For good. Once the campaign is open this has to be proposed."""
    return voting.withdraw_entry(ctx, campaign_id=campaign_id, entry_id=entry_id, **values)
