"""Health knowledge: writing it, its review, its way to readers."""

from server.endpoint import Routes
from server.schemas.knowledge_editing import (
    ItemBody,
    ItemSettingsBody,
    KindList,
    SaveBody,
    SavedView,
    StaffItemQuery,
    StaffItemView,
    StaffKnowledgePage,
    StaffTopicList,
    StaffTopicView,
    TopicBody,
    TopicEditBody,
)
from services import knowledge
from services.access import Permission

routes = Routes("staff_knowledge", __name__, description="Health knowledge as staff write it")

# Two languages with two rich texts each, mostly of three bytes a character.
LARGEST_CONTENT = 4 * 1024 * 1024
STEP = (
    "knowledge_item_not_found",
    *(f"knowledge_is_{state}" for state in knowledge.ITEM_STATES),
)
REFERENCES = (
    "knowledge_field_foreign",
    "knowledge_field_unfit",
    "knowledge_topic_unknown",
    "knowledge_link_unknown",
    "file_not_found",
)


@routes.endpoint(
    "GET",
    "/knowledge/kinds",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="The kinds of items and their fields",
    returns=KindList(),
)
def list_kinds(ctx):
    """From these the console makes its forms."""
    return knowledge.list_kinds(ctx)


@routes.endpoint(
    "GET",
    "/knowledge/items",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="Items",
    query=StaffItemQuery(),
    returns=StaffKnowledgePage,
    refusals=("cursor_invalid",),
)
def list_items(ctx, **query):
    """Within reach, whatever their state."""
    return knowledge.list_staff_items(ctx, **query)


@routes.endpoint(
    "POST",
    "/knowledge/items",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Begin an item",
    body=ItemBody(),
    returns=StaffItemView(),
    status=201,
    refusals=("organization_not_found", "organization_closed"),
)
def create_item(ctx, **values):
    """An empty draft."""
    return knowledge.create_item(ctx, **values)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="One item",
    returns=StaffItemView(),
    refusals=("knowledge_item_not_found",),
)
def get_item(ctx, item_id):
    """`allowed_actions` says what the caller may do with it."""
    return knowledge.get_staff_item(ctx, item_id=item_id)


@routes.endpoint(
    "PUT",
    "/knowledge/items/<id:item_id>/content",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Save what was written so far",
    needs_revision=True,
    body=SaveBody(),
    largest_body=LARGEST_CONTENT,
    returns=SavedView(),
    refusals=(*REFERENCES, *STEP),
)
def save_content(ctx, item_id, **values):
    """Incomplete or not. Saving the same again changes nothing."""
    return knowledge.save_content(ctx, item_id=item_id, **values)


@routes.endpoint(
    "PATCH",
    "/knowledge/items/<id:item_id>",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Change an item's settings",
    needs_revision=True,
    body=ItemSettingsBody(),
    returns=StaffItemView(),
    refusals=(
        "organization_not_found",
        "organization_closed",
        "knowledge_code_taken",
        "knowledge_comments_for_publishers",
        *STEP,
    ),
)
def change_settings(ctx, item_id, **values):
    """Its code, whose it is, and whether readers may comment on it."""
    return knowledge.change_settings(ctx, item_id=item_id, **values)


@routes.endpoint(
    "DELETE",
    "/knowledge/items/<id:item_id>",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Throw a draft away",
    needs_revision=True,
    status=204,
    refusals=("knowledge_was_submitted", "knowledge_was_contributed", *STEP),
)
def delete_item(ctx, item_id, revision):
    """One that was never handed in."""
    knowledge.delete_item(ctx, item_id=item_id, revision=revision)


@routes.endpoint(
    "GET",
    "/knowledge/topics",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="Topics",
    returns=StaffTopicList(),
)
def list_topics(ctx):
    """What items are about, across kinds."""
    return {"items": knowledge.list_topics(ctx)}


@routes.endpoint(
    "POST",
    "/knowledge/topics",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Add a topic",
    body=TopicBody(),
    returns=StaffTopicView(),
    status=201,
    refusals=("knowledge_topic_taken",),
)
def add_topic(ctx, **values):
    """The last unless it says where."""
    return knowledge.add_topic(ctx, **values)


@routes.endpoint(
    "PATCH",
    "/knowledge/topics/<id:topic_id>",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Change a topic",
    needs_revision=True,
    body=TopicEditBody(),
    returns=StaffTopicView(),
    refusals=("knowledge_topic_not_found", "knowledge_topic_taken"),
)
def edit_topic(ctx, topic_id, **values):
    """Its names, or its place among the others."""
    return knowledge.edit_topic(ctx, topic_id=topic_id, **values)


@routes.endpoint(
    "DELETE",
    "/knowledge/topics/<id:topic_id>",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Take a topic away",
    needs_revision=True,
    status=204,
    refusals=("knowledge_topic_not_found", "knowledge_topic_used"),
)
def delete_topic(ctx, topic_id, revision):
    """One that nothing published is about."""
    knowledge.delete_topic(ctx, topic_id=topic_id, revision=revision)
