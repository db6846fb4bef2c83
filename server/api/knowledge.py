"""Health knowledge as everybody reads it."""

from server.endpoint import Routes
from server.schemas.knowledge_content import ItemView
from server.schemas.knowledge_reading import CardPage, InstitutionView, ItemQuery, TopicList
from services import knowledge

routes = Routes("knowledge", __name__, description="Health knowledge")


@routes.endpoint(
    "GET",
    "/knowledge/topics",
    access="anyone",
    rate="read",
    summary="What items are about",
    returns=TopicList(),
    is_cached=True,
)
def list_topics(ctx):
    """Kept by the commissions."""
    return {"items": knowledge.list_topics(ctx)}


@routes.endpoint(
    "GET",
    "/knowledge/items",
    access="anyone",
    rate="read",
    summary="Published items",
    query=ItemQuery(),
    returns=CardPage,
    refusals=("cursor_invalid",),
    is_cached=True,
)
def list_items(ctx, **query):
    """The latest or the most read first. What nobody has reviewed is not among them."""
    return knowledge.list_items(ctx, **query)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>",
    access="anyone",
    rate="read",
    summary="One published item",
    returns=ItemView(),
    refusals=("knowledge_item_not_found",),
    is_cached=True,
)
def get_item(ctx, item_id):
    """As it was reviewed; of an item that is being changed, the published state."""
    return knowledge.get_item(ctx, item_id=item_id)


@routes.endpoint(
    "GET",
    "/knowledge/institutions/<id:organization_id>",
    access="anyone",
    rate="read",
    summary="An institution and what items say of it",
    returns=InstitutionView(),
    refusals=("organization_not_found",),
    is_cached=True,
)
def get_institution(ctx, organization_id):
    """Its items are in the list of items, by `organization_id`."""
    return knowledge.get_institution(ctx, organization_id=organization_id)
