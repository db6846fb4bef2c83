"""Administrative divisions."""

from server.endpoint import Routes
from server.schemas.organizations import DivisionList, DivisionQuery
from services import organizations

routes = Routes("organizations", __name__, description="Administrative divisions")


@routes.endpoint(
    "GET",
    "/divisions",
    access="anyone",
    rate="read",
    summary="Divisions, level by level",
    query=DivisionQuery(),
    returns=DivisionList(),
    is_cached=True,
)
def list_divisions(ctx, parent=None):
    """The region, its leagues and cities, their banners and counties, by GB/T 2260 code."""
    return {"items": organizations.list_divisions(ctx, parent=parent)}
