"""Campaigns from draft to published result."""

from server.endpoint import Routes
from server.schemas.campaigns import (
    CampaignBody,
    CampaignEditBody,
    EventList,
    ExtensionBody,
    StaffCampaignPage,
    StaffCampaignQuery,
    StaffCampaignView,
)
from server.schemas.common import ReasonBody
from services import voting
from services.access import Permission

routes = Routes("staff_campaigns", __name__, description="Running public votes")

STATUS = (
    "campaign_is_draft",
    "campaign_is_scheduled",
    "campaign_is_open",
    "campaign_is_suspended",
    "campaign_is_closed",
)
RULES = (
    "contest_unknown",
    "campaign_span_reversed",
    "campaign_limits_reversed",
    "campaign_total_too_small",
    "campaign_freeze_too_long",
    "nominations_close_too_late",
)
STEP = ("campaign_not_found", *STATUS)
READY = ("campaign_lacks_entries", "campaign_closes_in_past")


@routes.endpoint(
    "GET",
    "/campaigns",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="The campaigns within reach, drafts too",
    query=StaffCampaignQuery(),
    returns=StaffCampaignPage,
    refusals=("cursor_invalid",),
)
def list_campaigns(ctx, **query):
    """`organization_id` takes in everything below it."""
    return voting.list_staff_campaigns(ctx, **query)


@routes.endpoint(
    "POST",
    "/campaigns",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Begin a campaign",
    body=CampaignBody(),
    returns=StaffCampaignView(),
    status=201,
    refusals=(
        "organization_not_found",
        "organization_closed",
        "campaign_organization_unsuitable",
        *RULES,
    ),
)
def create_campaign(ctx, **values):
    """It stays a draft until it is announced or opened."""
    return voting.create_campaign(ctx, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="One campaign",
    returns=StaffCampaignView(),
    refusals=("campaign_not_found",),
)
def get_campaign(ctx, campaign_id):
    """`allowed_actions` says what the caller may do with it now."""
    return voting.get_staff_campaign(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "PATCH",
    "/campaigns/<id:campaign_id>",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Change a campaign",
    needs_revision=True,
    body=CampaignEditBody(),
    returns=StaffCampaignView(),
    refusals=("campaign_rules_fixed", *STEP, *RULES),
)
def edit_campaign(ctx, campaign_id, **values):
    """Rules while it is a draft, texts until it closes."""
    return voting.edit_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "DELETE",
    "/campaigns/<id:campaign_id>",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Throw a draft away",
    needs_revision=True,
    status=204,
    refusals=STEP,
)
def delete_campaign(ctx, campaign_id, revision):
    """With its entries and nominations; cannot be undone."""
    voting.delete_campaign(ctx, campaign_id=campaign_id, revision=revision)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/announce",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Announce it",
    needs_revision=True,
    returns=StaffCampaignView(),
    refusals=("campaign_opens_in_past", *READY, *STEP),
)
def announce_campaign(ctx, campaign_id, **values):
    """The public sees it, and it opens by itself at `opens_at`."""
    return voting.announce_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/retract",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Take the announcement back",
    needs_revision=True,
    body=ReasonBody(),
    returns=StaffCampaignView(),
    refusals=STEP,
)
def retract_campaign(ctx, campaign_id, **values):
    """Before it opens; it is a draft again."""
    return voting.retract_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/open",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Open it now",
    needs_revision=True,
    returns=StaffCampaignView(),
    refusals=(*READY, *STEP),
)
def open_campaign(ctx, campaign_id, **values):
    """A draft too."""
    return voting.open_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/extend",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Close later, before it opens",
    needs_revision=True,
    body=ExtensionBody(),
    returns=StaffCampaignView(),
    refusals=("campaign_extension_too_early", "second_person_needed_for_this", *STEP),
)
def extend_campaign(ctx, campaign_id, **values):
    """Never earlier; the reason is on record. Once it is open this has to be proposed."""
    return voting.extend_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/suspend",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Take no ballots for now",
    needs_revision=True,
    body=ReasonBody(),
    returns=StaffCampaignView(),
    refusals=STEP,
)
def suspend_campaign(ctx, campaign_id, **values):
    """The public reads the reason."""
    return voting.suspend_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/resume",
    access="staff",
    requires=Permission.MANAGE_CAMPAIGNS,
    rate="staff",
    summary="Take ballots again",
    needs_revision=True,
    returns=StaffCampaignView(),
    refusals=STEP,
)
def resume_campaign(ctx, campaign_id, **values):
    """Until it closes as announced."""
    return voting.resume_campaign(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/events",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="What happened to it",
    returns=EventList(),
    refusals=("campaign_not_found",),
)
def list_events(ctx, campaign_id):
    """The latest first, with reasons."""
    return {"items": voting.list_events(ctx, campaign_id=campaign_id)}
