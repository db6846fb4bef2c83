"""Items of health knowledge as spreadsheets and archives, in both directions."""

from server.endpoint import XLSX, Routes
from server.problems import SPREADSHEET_REFUSALS
from server.schemas.imports import ImportReportView
from server.schemas.knowledge_transfer import (
    ArchiveImportQuery,
    ArchiveQuery,
    SheetImportQuery,
    SheetQuery,
    TemplateQuery,
)
from services import knowledge
from services.access import Permission

routes = Routes("staff_knowledge_transfer", __name__, description="Health knowledge in bulk")

ZIP = "application/zip"
# What reading takes of a spreadsheet with pictures, and of an archive.
LARGEST_FILE_BYTES = 64 * 1024 * 1024
IMPORTING = ("organization_not_found", "organization_closed", "storage_unavailable")


@routes.endpoint(
    "GET",
    "/knowledge/items/export",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff_heavy",
    summary="Items of a kind as a spreadsheet",
    query=SheetQuery(),
    downloads=XLSX,
    refusals=("export_too_long",),
)
def export_items(ctx, **query):
    """As they are written now, in both languages; it can be changed and imported again."""
    return knowledge.export_items(ctx, **query)


@routes.endpoint(
    "GET",
    "/knowledge/items/archive",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff_heavy",
    summary="Items with their pictures as a zip",
    query=ArchiveQuery(),
    downloads=ZIP,
    refusals=("export_too_long", "archive_too_large", "storage_unavailable"),
)
def export_archive(ctx, **query):
    """entries.json and a folder of pictures, for another installation or to be kept."""
    return knowledge.export_archive(ctx, **query)


@routes.endpoint(
    "GET",
    "/knowledge/import-template",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff_heavy",
    summary="A spreadsheet to fill in with items of a kind",
    query=TemplateQuery(),
    downloads=XLSX,
)
def import_template(ctx, **query):
    """Its second sheet explains every column."""
    return knowledge.import_template(ctx, **query)


@routes.endpoint(
    "POST",
    "/knowledge/import",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff_heavy",
    summary="Make drafts of a spreadsheet's rows",
    query=SheetImportQuery(),
    largest_upload=LARGEST_FILE_BYTES,
    uploads=XLSX,
    returns=ImportReportView(),
    refusals=(*IMPORTING, *SPREADSHEET_REFUSALS),
)
def import_items(ctx, **values):
    """All of them, or with any error, which the answer lists, none. Items are found again by their
    code within the organization; what citizens see stays as it is."""
    return knowledge.import_items(ctx, **values)


@routes.endpoint(
    "POST",
    "/knowledge/import-archive",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff_heavy",
    summary="Make drafts of an archive's entries",
    query=ArchiveImportQuery(),
    largest_upload=LARGEST_FILE_BYTES,
    uploads=ZIP,
    returns=ImportReportView(),
    refusals=(
        *IMPORTING,
        "archive_not_recognized",
        "archive_too_many_entries",
        "spreadsheet_too_large",
    ),
)
def import_archive(ctx, **values):
    """Likewise; `row` in the answer is an entry's place in the list, from 1."""
    return knowledge.import_archive(ctx, **values)
