"""Health knowledge as everybody reads it."""

from server.endpoint import Routes
from server.schemas.common import PageQuery
from server.schemas.knowledge_content import ItemView
from server.schemas.knowledge_reading import (
    CardPage,
    ItemQuery,
    KnowledgeInstitutionView,
    ReceiverList,
    ShownCommentPage,
    TopicList,
)
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
    refusals=("knowledge_not_public",),
    is_cached=True,
)
def get_item(ctx, item_id):
    """As it was reviewed; of an item that is being changed, the published state."""
    return knowledge.get_item(ctx, item_id=item_id)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/qr",
    access="anyone",
    rate="read",
    summary="A QR code that leads to a published item",
    downloads="image/png",
    is_cached=True,
    refusals=("knowledge_not_public",),
)
def draw_code(ctx, item_id):
    """Scanned by anybody, it opens the item's page."""
    return knowledge.draw_code(ctx, item_id=item_id)


@routes.endpoint(
    "GET",
    "/knowledge/institutions/<id:organization_id>",
    access="anyone",
    rate="read",
    summary="An institution and what items say of it",
    returns=KnowledgeInstitutionView(),
    refusals=("organization_not_found",),
    is_cached=True,
)
def get_institution(ctx, organization_id):
    """Its items are in the list of items, by `organization_id`."""
    return knowledge.get_institution(ctx, organization_id=organization_id)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/views",
    access="anyone",
    rate="view",
    summary="Say that somebody reads an item",
    status=204,
)
def note_view(ctx, item_id):
    """Sent once the page was open for three seconds. A visitor counts once a day, a robot never;
    the answer is always the same."""
    knowledge.note_view(ctx, item_id=item_id)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/comments",
    access="anyone",
    rate="read",
    summary="What readers say below an item, the latest first",
    query=PageQuery(),
    returns=ShownCommentPage,
    refusals=("knowledge_not_public", "cursor_invalid"),
    is_cached=True,
)
def list_comments(ctx, item_id, **query):
    """Those that staff have let through; none while comments are closed."""
    return knowledge.list_comments(ctx, item_id=item_id, **query)


@routes.endpoint(
    "GET",
    "/knowledge/receivers",
    access="anyone",
    rate="read",
    summary="The commissions that take contributions",
    returns=ReceiverList(),
    is_cached=True,
)
def list_receivers(ctx):
    """In the order of their divisions: the region, then each city with its districts."""
    return {"items": knowledge.list_receivers(ctx)}
