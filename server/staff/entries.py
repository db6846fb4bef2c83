"""A campaign's entries, for those who run it."""

from server.endpoint import Routes
from server.schemas.campaigns import (
    EntryBody,
    EntryEditBody,
    StaffEntryPage,
    StaffEntryQuery,
    StaffEntryView,
)
from server.schemas.common import ReasonBody
from server.staff.campaigns import STEP
from services import voting
from services.access import Permission

routes = Routes("staff_entries", __name__, description="Entries of a campaign")

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
    summary="Take an entry out of the vote",
    needs_revision=True,
    body=ReasonBody(),
    returns=StaffEntryView(),
    refusals=("entry_withdrawn", "entry_not_found", *STEP),
)
def withdraw_entry(ctx, campaign_id, entry_id, **values):
    """For good; its ballots are kept and no longer shown."""
    return voting.withdraw_entry(ctx, campaign_id=campaign_id, entry_id=entry_id, **values)
