"""Reviewing what was set aside of a campaign's ballots."""

from server.endpoint import Routes
from server.schemas.common import ReasonBody
from server.schemas.screening import (
    AnnulledView,
    AnswerBody,
    AnsweredView,
    BallotsBody,
    FarmSearchView,
    GroupDecidedView,
    GroupDetailView,
    GroupPage,
    GroupQuery,
    ObjectionQuery,
    ReleasedView,
    ScreeningBody,
    ScreeningChangedView,
    ScreeningView,
    SetAsideBallotPage,
    SetAsideQuery,
    StaffObjectionPage,
)
from services import proposals, screening
from services.access import Permission

routes = Routes("staff_screening", __name__, description="Reviewing ballots")

GROUP = ("ballot_group_not_found", "ballots_decided", "result_published")
BALLOTS = ("campaign_not_found", "ballot_not_found", "ballots_decided", "result_published")


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/screening",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="A campaign's screening: settings and counts",
    returns=ScreeningView(),
    refusals=("campaign_not_found",),
)
def get_screening(ctx, campaign_id):
    """And whether WeChat may be asked for risk ranks."""
    return screening.get_screening(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "PATCH",
    "/campaigns/<id:campaign_id>/screening",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Change how ballots are screened",
    needs_revision=True,
    body=ScreeningBody(),
    returns=ScreeningChangedView(),
    refusals=(
        "campaign_not_found",
        "screening_setting_invalid",
        "result_published",
        "reason_needed",
        "proposal_open",
    ),
)
def change_screening(ctx, campaign_id, **values):
    """For ballots that come from then on. Once the campaign is open it takes a second person."""
    return proposals.change_screening(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/ballot-groups",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="Groups of ballots that show one pattern, the latest first",
    query=GroupQuery(),
    returns=GroupPage,
    refusals=("campaign_not_found", "cursor_invalid"),
)
def list_groups(ctx, campaign_id, **query):
    """Open ones await decisions; proposed ones were found afterwards and still count."""
    return screening.list_groups(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "GET",
    "/ballot-groups/<id:group_id>",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="One group of ballots",
    returns=GroupDetailView(),
    refusals=("ballot_group_not_found",),
)
def get_group(ctx, group_id):
    """With a timeline of at most 60 steps, and what its signals mean."""
    return screening.get_group(ctx, group_id=group_id)


@routes.endpoint(
    "POST",
    "/ballot-groups/<id:group_id>/release",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Let a group's ballots count",
    needs_revision=True,
    body=ReasonBody(),
    returns=GroupDecidedView(),
    refusals=GROUP,
)
def release_group(ctx, group_id, **values):
    """All of them that are quarantined. The reason becomes public."""
    return screening.release_group(ctx, group_id=group_id, **values)


@routes.endpoint(
    "POST",
    "/ballot-groups/<id:group_id>/annul",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Annul a group's ballots",
    needs_revision=True,
    body=ReasonBody(),
    returns=GroupDecidedView(),
    refusals=GROUP,
)
def annul_group(ctx, group_id, **values):
    """All of them that are quarantined; many take a second person. The reason becomes public."""
    return proposals.annul_group(ctx, group_id=group_id, **values)


@routes.endpoint(
    "POST",
    "/ballot-groups/<id:group_id>/quarantine",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Set a proposed group's ballots aside",
    needs_revision=True,
    body=ReasonBody(),
    returns=GroupDecidedView(),
    refusals=GROUP,
)
def quarantine_group(ctx, group_id, **values):
    """They no longer count until each is decided. The reason becomes public."""
    return screening.quarantine_group(ctx, group_id=group_id, **values)


@routes.endpoint(
    "POST",
    "/ballot-groups/<id:group_id>/dismiss",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Leave a proposed group's ballots as they are",
    needs_revision=True,
    body=ReasonBody(),
    returns=GroupDecidedView(),
    refusals=GROUP,
)
def dismiss_group(ctx, group_id, **values):
    """It is not proposed again."""
    return screening.dismiss_group(ctx, group_id=group_id, **values)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/set-aside-ballots",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="Ballots that were set aside, the latest first",
    query=SetAsideQuery(),
    returns=SetAsideBallotPage,
    refusals=("campaign_not_found", "ballot_group_not_found", "cursor_invalid"),
)
def list_set_aside_ballots(ctx, campaign_id, **query):
    """Of a proposed group, its ballots that still count, in the state `proposed`."""
    return screening.list_set_aside_ballots(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/set-aside-ballots/release",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Let ballots count",
    body=BallotsBody(),
    returns=ReleasedView(),
    refusals=BALLOTS,
)
def release_ballots(ctx, campaign_id, **values):
    """All of them or none: `state` is the one they must be in, quarantined or annulled."""
    return screening.release_ballots(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/set-aside-ballots/annul",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Annul ballots",
    body=BallotsBody(),
    returns=AnnulledView(),
    refusals=BALLOTS,
)
def annul_ballots(ctx, campaign_id, **values):
    """All of them or none: `state` is the one they must be in, quarantined or released."""
    return proposals.annul_ballots(ctx, campaign_id=campaign_id, **values)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/farm-search",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff_heavy",
    summary="Look for farms now",
    returns=FarmSearchView(),
    refusals=("campaign_not_found", "result_published"),
)
def search_farms(ctx, campaign_id):
    """It proposes groups and decides nothing."""
    return {"proposed": screening.search_campaign(ctx, campaign_id=campaign_id)}


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/objections",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="Voters' objections, the oldest first",
    query=ObjectionQuery(),
    returns=StaffObjectionPage,
    refusals=("campaign_not_found", "cursor_invalid"),
)
def list_objections(ctx, campaign_id, **query):
    """With the ballots each is about."""
    return screening.list_objections(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "POST",
    "/objections/<id:objection_id>/answer",
    access="staff",
    requires=Permission.REVIEW_BALLOTS,
    rate="staff",
    summary="Answer an objection",
    body=AnswerBody(),
    returns=AnsweredView(),
    refusals=("objection_not_found", "objection_answered", "result_published"),
)
def answer_objection(ctx, objection_id, **values):
    """Once. Upheld, all that was set aside of that person counts again."""
    return screening.answer_objection(ctx, objection_id=objection_id, **values)
