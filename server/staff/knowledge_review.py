"""The steps of an item on its way to readers, and what it said before."""

from server.endpoint import Routes
from server.schemas.common import ReasonBody
from server.schemas.knowledge_content import ItemView
from server.schemas.knowledge_editing import StaffItemView
from server.schemas.knowledge_review import (
    ComparisonQuery,
    ComparisonView,
    PreviewQuery,
    PublishBody,
    ReturnBody,
    ReviewDayBody,
    RevisionContentView,
    RevisionList,
)
from server.staff.knowledge import STEP
from services import knowledge
from services.access import Permission

routes = Routes("staff_knowledge_review", __name__, description="Review of health knowledge")

REVISION = ("knowledge_item_not_found", "knowledge_revision_not_found")


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/submit",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Hand it in for review",
    needs_revision=True,
    returns=StaffItemView(),
    refusals=("knowledge_incomplete", *STEP),
)
def submit_item(ctx, item_id, **values):
    """Once nothing is lacking."""
    return knowledge.submit_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/recall",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Take it back",
    needs_revision=True,
    returns=StaffItemView(),
    refusals=STEP,
)
def recall_item(ctx, item_id, **values):
    """Before it is published or a moment is set for that."""
    return knowledge.recall_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/approve",
    access="staff",
    requires=Permission.REVIEW_KNOWLEDGE,
    rate="staff",
    summary="Vouch for its medicine",
    needs_revision=True,
    body=ReviewDayBody(),
    returns=StaffItemView(),
    refusals=("knowledge_own_work", "knowledge_review_day_unsuitable", *STEP),
)
def approve_item(ctx, item_id, **values):
    """By somebody who wrote none of what is new in it."""
    return knowledge.approve_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/return",
    access="staff",
    requires=(Permission.REVIEW_KNOWLEDGE, Permission.PUBLISH_KNOWLEDGE),
    rate="staff",
    summary="Give it back with a reason",
    needs_revision=True,
    body=ReturnBody(),
    returns=StaffItemView(),
    refusals=("knowledge_own_work", *STEP),
)
def return_item(ctx, item_id, **values):
    """By who reviews or publishes; with remarks at its places."""
    return knowledge.return_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/publish",
    access="staff",
    requires=Permission.PUBLISH_KNOWLEDGE,
    rate="staff",
    summary="Show it to citizens",
    needs_revision=True,
    body=PublishBody(),
    returns=StaffItemView(),
    refusals=("knowledge_publish_at_past", "knowledge_is_sample", *STEP),
)
def publish_item(ctx, item_id, **values):
    """At once, or at a moment to come."""
    return knowledge.publish_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/unschedule",
    access="staff",
    requires=Permission.PUBLISH_KNOWLEDGE,
    rate="staff",
    summary="Do not publish it at the moment set",
    needs_revision=True,
    returns=StaffItemView(),
    refusals=STEP,
)
def unschedule_item(ctx, item_id, **values):
    """It stays approved."""
    return knowledge.unschedule_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/withdraw",
    access="staff",
    requires=Permission.PUBLISH_KNOWLEDGE,
    rate="staff",
    summary="Take it from citizens",
    needs_revision=True,
    body=ReasonBody(),
    returns=StaffItemView(),
    refusals=("knowledge_not_published", *STEP),
)
def withdraw_item(ctx, item_id, **values):
    """At once and everywhere, with a reason."""
    return knowledge.withdraw_item(ctx, item_id=item_id, **values)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/confirm-review",
    access="staff",
    requires=Permission.REVIEW_KNOWLEDGE,
    rate="staff",
    summary="Say that it still holds",
    needs_revision=True,
    body=ReviewDayBody(),
    returns=StaffItemView(),
    refusals=(
        "knowledge_not_published",
        "knowledge_own_work",
        "knowledge_review_day_unsuitable",
        *STEP,
    ),
)
def confirm_review(ctx, item_id, **values):
    """Of what citizens see, without changing it."""
    return knowledge.confirm_review(ctx, item_id=item_id, **values)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/revisions",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="What it said before",
    returns=RevisionList(),
    refusals=("knowledge_item_not_found",),
)
def list_revisions(ctx, item_id):
    """Every revision, and what was said of it."""
    return {"items": knowledge.list_revisions(ctx, item_id=item_id)}


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/revisions/<id:number>",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="One revision",
    returns=RevisionContentView(),
    refusals=REVISION,
)
def get_revision(ctx, item_id, number):
    """Its whole content."""
    return knowledge.get_revision(ctx, item_id=item_id, number=number)


@routes.endpoint(
    "POST",
    "/knowledge/items/<id:item_id>/revisions/<id:number>/restore",
    access="staff",
    requires=Permission.WRITE_KNOWLEDGE,
    rate="staff",
    summary="Write on from a revision",
    needs_revision=True,
    returns=StaffItemView(),
    refusals=("knowledge_revision_not_found", *STEP),
)
def restore_revision(ctx, item_id, number, **values):
    """As a new one, which needs its own review."""
    return knowledge.restore_revision(ctx, item_id=item_id, number=number, **values)


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/comparison",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="Two revisions side by side",
    query=ComparisonQuery(),
    returns=ComparisonView(),
    refusals=REVISION,
)
def compare_revisions(ctx, item_id, **query):
    """The fields that differ, with what differs in them marked."""
    return {"fields": knowledge.compare_revisions(ctx, item_id=item_id, **query)}


@routes.endpoint(
    "GET",
    "/knowledge/items/<id:item_id>/preview",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="A revision as citizens would read it",
    query=PreviewQuery(),
    returns=ItemView(),
    refusals=REVISION,
)
def preview_item(ctx, item_id, **query):
    """For staff alone: nobody has reviewed it yet."""
    return knowledge.preview_item(ctx, item_id=item_id, **query)
