"""Campaigns while they run: figures and mini-program codes."""

from server.endpoint import XLSX, Routes
from server.problems import CODE_REFUSALS
from server.schemas.live import CodeQuery, LiveView
from services import voting
from services.access import Permission

routes = Routes("staff_live", __name__, description="Campaigns while they run")


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/live",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff",
    summary="A campaign's figures at this moment",
    returns=LiveView(),
    refusals=("campaign_not_found",),
)
def get_live_figures(ctx, campaign_id):
    """Exact. The last 14 days by hour, all of them by day; standings as far as one may see."""
    return voting.get_live_figures(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/live/export",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff_heavy",
    summary="A campaign's figures as a workbook",
    downloads=XLSX,
    refusals=("campaign_not_found",),
)
def export_live_figures(ctx, campaign_id):
    """One sheet for each way of counting, all hours included. It is noted who took it."""
    return voting.export_live_figures(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/code",
    access="staff",
    requires=Permission.VIEW_CAMPAIGNS,
    rate="staff_heavy",
    summary="A mini-program code for posters",
    query=CodeQuery(),
    downloads="image/png",
    refusals=CODE_REFUSALS,
)
def get_code(ctx, campaign_id, **query):
    """Of a draft too, as posters are printed before the opening; it leads there afterwards."""
    return voting.get_code(ctx, campaign_id=campaign_id, **query)
