"""What an item said before: its revisions, what was said of each, and going back to one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import KnowledgeReview, KnowledgeRevision
from services.access import Permission
from services.context import Context
from services.knowledge.writing.drafting import write
from services.knowledge.writing.flow import begin, record
from services.knowledge.writing.reach import (
    fetch_head,
    fetch_item,
    fetch_revision,
    find_publication,
)
from services.knowledge.writing.staff_content import view_content
from services.knowledge.writing.staff_views import StaffItem, get_item


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision in the list; `is_published` says that citizens see it now."""

    revision: KnowledgeRevision
    is_published: bool
    verdicts: Sequence[KnowledgeReview]


@dataclass(frozen=True, slots=True)
class RevisionContent:
    """What a revision says."""

    number: int
    content: dict


def list_revisions(ctx: Context, *, item_id: int) -> list[RevisionView]:
    """All revisions of an item, the latest first; raises Missing."""
    item = fetch_item(ctx, item_id, Permission.VIEW_KNOWLEDGE)
    publication = find_publication(ctx, item)
    published = publication and publication.revision_number
    revisions = ctx.session.scalars(
        select(KnowledgeRevision)
        .where(KnowledgeRevision.item_id == item.id)
        .options(joinedload(KnowledgeRevision.author))
        .order_by(KnowledgeRevision.number.desc())
    )
    reviews = ctx.session.scalars(
        select(KnowledgeReview)
        .where(KnowledgeReview.item_id == item.id)
        .options(joinedload(KnowledgeReview.reviewer))
        .order_by(KnowledgeReview.id)
    ).all()
    return [
        RevisionView(
            revision,
            revision.number == published,
            [review for review in reviews if review.revision_number == revision.number],
        )
        for revision in revisions
    ]


def get_revision(ctx: Context, *, item_id: int, number: int) -> RevisionContent:
    """What a revision says; raises Missing."""
    item = fetch_item(ctx, item_id, Permission.VIEW_KNOWLEDGE)
    revision = fetch_revision(ctx, item, number)
    return RevisionContent(revision.number, view_content(ctx, revision.content))


def restore_revision(ctx: Context, *, item_id: int, number: int, revision: int) -> StaffItem:
    """Write on from what an earlier revision says, as a new one; raises Missing, Conflict."""
    item = begin(ctx, "restore", item_id, revision)
    source = fetch_revision(ctx, item, number)
    head = fetch_head(ctx, item)
    if source.number != head.number:
        is_current = not source.is_translation_stale
        written = write(
            ctx,
            item,
            head,
            source.content,
            is_translation_current=is_current,
            restored_from=source.number,
        )
        if not is_current:
            written.translated_from = written.original_changed_in - 1
        record(ctx, item, "knowledge.restored", after={"restored_from": number})
    return get_item(ctx, item_id=item.id)
