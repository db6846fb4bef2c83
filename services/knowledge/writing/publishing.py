"""Putting before citizens what was reviewed, now or later, and taking it from them."""

import logging
from datetime import datetime

from sqlalchemy import delete, select

from models import (
    KnowledgeItem,
    KnowledgeLink,
    KnowledgePublication,
    KnowledgeReview,
    KnowledgeRevision,
    KnowledgeTopic,
)
from services import files
from services.context import Context
from services.errors import Conflict, Invalid, ServiceError
from services.knowledge.reading.counting import begin_counts
from services.knowledge.searching.indexing import index_publication
from services.knowledge.writing import content as contents
from services.knowledge.writing.flow import begin, note
from services.knowledge.writing.links import links_of
from services.knowledge.writing.reach import fetch_head, find_publication
from services.knowledge.writing.reviewing import find_approval
from services.knowledge.writing.rich_text import to_blocks
from services.knowledge.writing.staff_views import StaffItem, get_item

log = logging.getLogger(__name__)

# One sweep publishes at most this many; the next follows soon.
MOST_AT_ONCE = 50


def publish_item(
    ctx: Context, *, item_id: int, revision: int, publish_at: datetime | None = None
) -> StaffItem:
    """Show the approved revision to citizens, at once or at a moment to come.

    Raises Missing, Conflict, and Invalid for a moment that is past.
    """
    item = begin(ctx, "publish", item_id, revision)
    _require_real(item)
    if publish_at is None:
        _publish_head(ctx, item)
    elif publish_at <= ctx.now:
        raise Invalid("knowledge_publish_at_past")
    else:
        item.state, item.publish_at = "scheduled", publish_at
        note(ctx, item, "knowledge.scheduled", after={"publish_at": publish_at.isoformat()})
    return get_item(ctx, item_id=item.id)


def unschedule_item(ctx: Context, *, item_id: int, revision: int) -> StaffItem:
    """Leave it approved, to be published some other time; raises Missing, Conflict."""
    item = begin(ctx, "unschedule", item_id, revision)
    item.state, item.publish_at = "approved", None
    note(ctx, item, "knowledge.unscheduled")
    return get_item(ctx, item_id=item.id)


def withdraw_item(ctx: Context, *, item_id: int, revision: int, reason: str) -> StaffItem:
    """Take it from citizens at once, whatever is being written; raises Missing, Conflict."""
    item = begin(ctx, "withdraw", item_id, revision)
    take_down(ctx, item)
    item.state, item.publish_at, item.review_again_on = "withdrawn", None, None
    item.reason = reason
    note(ctx, item, "knowledge.withdrawn", after={"reason": reason})
    return get_item(ctx, item_id=item.id)


def publish_scheduled(ctx: Context) -> int:
    """Publish what is due; returns how many. What cannot be is tried again, and noted."""
    due = ctx.session.scalars(
        select(KnowledgeItem)
        .where(KnowledgeItem.state == "scheduled", KnowledgeItem.publish_at <= ctx.now)
        .order_by(KnowledgeItem.publish_at, KnowledgeItem.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_try_to_publish(ctx, item) for item in due)


def publish(
    ctx: Context, item: KnowledgeItem, revision: KnowledgeRevision, review: KnowledgeReview
) -> KnowledgePublication:
    """Write what citizens see from now on: the revision that the review approved.

    Whether the item may be published now, its state and the audit trail are the caller's.
    """
    content = contents.normalize(item.kind, revision.content)
    values = _values(ctx, item, revision, review, content)
    publication = find_publication(ctx, item)
    if publication is None:
        publication = KnowledgePublication(item_id=item.id, first_published_at=ctx.now)
    for name, value in values.items():
        setattr(publication, name, value)
    ctx.session.add(publication)
    ctx.session.flush()
    ctx.session.execute(delete(KnowledgeLink).where(KnowledgeLink.item_id == item.id))
    ctx.session.add_all(links_of(item.id, content))
    ctx.session.flush()
    begin_counts(ctx, item.id)
    index_publication(ctx, publication)
    return publication


def take_down(ctx: Context, item: KnowledgeItem) -> None:
    """Delete what citizens see, with its links and what it is found by."""
    publication = find_publication(ctx, item)
    if publication is not None:
        ctx.session.delete(publication)
        ctx.session.flush()


def _try_to_publish(ctx: Context, item: KnowledgeItem) -> bool:
    try:
        with ctx.session.begin_nested():
            _publish_head(ctx, item)
    except ServiceError as refusal:
        log.error("Item %s could not be published as scheduled: %s", item.id, refusal.code)
        return False
    return True


def _publish_head(ctx: Context, item: KnowledgeItem) -> None:
    head = fetch_head(ctx, item)
    review = find_approval(ctx, item, head.number)
    publish(ctx, item, head, review)
    item.state, item.publish_at = "published", None
    item.review_again_on = review.review_again_on
    note(ctx, item, "knowledge.published", after={"number": head.number})


def _require_real(item: KnowledgeItem) -> None:
    """A sample says that nobody has reviewed it; the database would refuse it as well."""
    if item.is_sample and not item.is_demonstration:
        raise Conflict("knowledge_is_sample")


def _values(
    ctx: Context,
    item: KnowledgeItem,
    revision: KnowledgeRevision,
    review: KnowledgeReview,
    content: dict,
) -> dict[str, object]:
    zh, mn = content["zh"] or {}, content["mn"] or {}
    return {
        "revision_number": revision.number,
        "verdict": review.verdict,
        "kind": item.kind,
        "organization_id": item.organization_id,
        "name": zh.get("name"),
        "name_mn": mn.get("name"),
        "summary": zh.get("summary"),
        "summary_mn": mn.get("summary"),
        "picture_name": _find_picture_name(ctx, item.kind, content),
        "topic_ids": _known_topics(ctx, content),
        "content": content,
        "original_language": item.original_language,
        "is_translation_stale": revision.is_translation_stale,
        "published_at": ctx.now,
        "reviewed_at": review.reviewed_at,
        "review_again_on": review.review_again_on,
        "are_comments_open": item.are_comments_open,
        "is_sample": item.is_sample,
        "is_demonstration": item.is_demonstration,
    }


def _find_picture_name(ctx: Context, kind: str, content: dict) -> str | None:
    """The first picture of the whole, else the first in its texts."""
    pictures = content["facts"].get("pictures", [])
    found = files.find_files(ctx, ids={picture["file_id"] for picture in pictures[:1]})
    if found:
        return next(iter(found.values())).name
    urls = (
        block.url
        for html in contents.rich_texts(kind, content)
        for block in to_blocks(html)
        if block.type == "image"
    )
    return next((url.rpartition("/")[2] for url in urls), None)


def _known_topics(ctx: Context, content: dict) -> list[int]:
    wanted = contents.topic_ids(content)
    found = set(ctx.session.scalars(select(KnowledgeTopic.id).where(KnowledgeTopic.id.in_(wanted))))
    return [topic_id for topic_id in wanted if topic_id in found]
