"""The console's first page."""

from server.endpoint import Routes
from server.schemas.dashboard import DashboardView
from services import dashboard
from services.access import Permission

routes = Routes("staff_dashboard", __name__, description="The console's first page")


@routes.endpoint(
    "GET",
    "/dashboard",
    access="staff",
    requires=Permission.VIEW_DASHBOARD,
    rate="staff",
    summary="What waits, what comes next, and the quarter so far",
    returns=DashboardView(),
)
def get_dashboard(ctx):
    """Each part as far as one's permission for it reaches."""
    return dashboard.get_dashboard(ctx)
