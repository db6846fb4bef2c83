"""What institutions nominate, and its review."""

from server.endpoint import Routes
from server.schemas.campaigns import (
    CallList,
    NominationBody,
    NominationEditBody,
    NominationPage,
    NominationQuery,
    NominationView,
)
from server.schemas.common import ReasonBody
from server.staff.campaigns import STATUS
from services import voting
from services.access import Permission

routes = Routes("staff_nominations", __name__, description="Nominations")

STEP = (
    "nomination_not_found",
    "nomination_is_draft",
    "nomination_is_submitted",
    "nomination_is_returned",
    "nomination_is_approved",
)


@routes.endpoint(
    "GET",
    "/nomination-calls",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Campaigns that call for nominations now",
    returns=CallList(),
)
def list_calls(ctx):
    """Those that reach an institution of the caller's."""
    return {"items": voting.list_calls(ctx)}


@routes.endpoint(
    "GET",
    "/nominations",
    access="staff",
    requires=Permission.VIEW_NOMINATIONS,
    rate="staff",
    summary="Nominations",
    query=NominationQuery(),
    returns=NominationPage,
    refusals=("cursor_invalid",),
)
def list_nominations(ctx, **query):
    """One's own institution's, and those handed in within one's reach."""
    return voting.list_nominations(ctx, **query)


@routes.endpoint(
    "POST",
    "/nominations",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Begin a nomination",
    body=NominationBody(),
    returns=NominationView(),
    status=201,
    refusals=(
        "organization_not_found",
        "organization_closed",
        "campaign_not_found",
        "nominations_closed",
        "file_not_found",
    ),
)
def create_nomination(ctx, **values):
    """A draft that only its institution sees."""
    return voting.create_nomination(ctx, **values)


@routes.endpoint(
    "GET",
    "/nominations/<id:nomination_id>",
    access="staff",
    requires=Permission.VIEW_NOMINATIONS,
    rate="staff",
    summary="One nomination",
    returns=NominationView(),
    refusals=("nomination_not_found",),
)
def get_nomination(ctx, nomination_id):
    """`allowed_actions` says what the caller may do with it."""
    return voting.get_nomination(ctx, nomination_id=nomination_id)


@routes.endpoint(
    "PATCH",
    "/nominations/<id:nomination_id>",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Change a nomination",
    needs_revision=True,
    body=NominationEditBody(),
    returns=NominationView(),
    refusals=("file_not_found", *STEP),
)
def edit_nomination(ctx, nomination_id, **values):
    """While it is a draft or was returned."""
    return voting.edit_nomination(ctx, nomination_id=nomination_id, **values)


@routes.endpoint(
    "DELETE",
    "/nominations/<id:nomination_id>",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Throw a nomination away",
    needs_revision=True,
    status=204,
    refusals=STEP,
)
def delete_nomination(ctx, nomination_id, revision):
    """While it is a draft or was returned."""
    voting.delete_nomination(ctx, nomination_id=nomination_id, revision=revision)


@routes.endpoint(
    "POST",
    "/nominations/<id:nomination_id>/submit",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Hand it in",
    needs_revision=True,
    returns=NominationView(),
    refusals=("nominations_closed", *STEP),
)
def submit_nomination(ctx, nomination_id, **values):
    """While the campaign takes nominations."""
    return voting.submit_nomination(ctx, nomination_id=nomination_id, **values)


@routes.endpoint(
    "POST",
    "/nominations/<id:nomination_id>/recall",
    access="staff",
    requires=Permission.NOMINATE,
    rate="staff",
    summary="Take it back",
    needs_revision=True,
    returns=NominationView(),
    refusals=STEP,
)
def recall_nomination(ctx, nomination_id, **values):
    """Before it is reviewed."""
    return voting.recall_nomination(ctx, nomination_id=nomination_id, **values)


@routes.endpoint(
    "POST",
    "/nominations/<id:nomination_id>/return",
    access="staff",
    requires=Permission.REVIEW_NOMINATIONS,
    rate="staff",
    summary="Give it back with a reason",
    needs_revision=True,
    body=ReasonBody(),
    returns=NominationView(),
    refusals=STEP,
)
def return_nomination(ctx, nomination_id, **values):
    """Its institution may mend it and hand it in again."""
    return voting.return_nomination(ctx, nomination_id=nomination_id, **values)


@routes.endpoint(
    "POST",
    "/nominations/<id:nomination_id>/approve",
    access="staff",
    requires=Permission.REVIEW_NOMINATIONS,
    rate="staff",
    summary="Make an entry of it",
    needs_revision=True,
    returns=NominationView(),
    refusals=("campaign_not_found", *STEP, *STATUS),
)
def approve_nomination(ctx, nomination_id, **values):
    """With the next number; before the campaign opens."""
    return voting.approve_nomination(ctx, nomination_id=nomination_id, **values)
