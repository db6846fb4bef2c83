"""Writing: a new item, its saves as somebody types, its settings, and throwing it away.

While a revision is open and the same person goes on writing, saves go into it. What somebody else
writes, or what is written after handing in, begins a revision of its own.
"""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from models import KnowledgeContribution, KnowledgeItem, KnowledgeRevision
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Forbidden
from services.knowledge.writing import content as contents
from services.knowledge.writing.flow import begin, note, record
from services.knowledge.writing.reach import fetch_head, find_publication, reaches
from services.knowledge.writing.references import take_up
from services.knowledge.writing.staff_views import StaffItem, get_item
from services.organizations.reach import fetch_open_organization
from services.text import search_key

NOTHING: dict = {"zh": None, "mn": None, "facts": {}, "links": []}


def create_item(
    ctx: Context, *, kind: str, organization_id: int, original_language: str = "zh"
) -> StaffItem:
    """An empty draft of an organization within reach; raises Missing, Conflict."""
    organization = fetch_open_organization(ctx, organization_id, Permission.WRITE_KNOWLEDGE)
    item = insert_draft(
        ctx,
        kind=kind,
        organization_id=organization.id,
        original_language=original_language,
        content=NOTHING,
    )
    record(ctx, item, "knowledge.created", after={"kind": kind})
    return get_item(ctx, item_id=item.id)


def insert_draft(
    ctx: Context,
    *,
    kind: str,
    organization_id: int,
    original_language: str,
    content: dict,
    author_id: int | None = None,
    **values: object,
) -> KnowledgeItem:
    """A draft with this normalized content, by the actor unless somebody else is its author.

    Whether the organization may have one and what the content refers to is the caller's to check;
    `values` are further columns.
    """
    author_id = author_id or ctx.actor.staff_id
    item = KnowledgeItem(
        kind=kind,
        organization_id=organization_id,
        author_id=author_id,
        state="draft",
        original_language=original_language,
        created_at=ctx.now,
        changed_at=ctx.now,
        **values,
    )
    _describe(item, content)
    ctx.session.add(item)
    _flush(ctx)
    ctx.session.add(
        KnowledgeRevision(
            item_id=item.id,
            number=1,
            author_id=author_id,
            content=content,
            created_at=ctx.now,
            saved_at=ctx.now,
            is_open=True,
            original_changed_in=1,
            translated_from=_translation(item, content) and 1,
        )
    )
    ctx.session.flush()
    return item


def save_content(
    ctx: Context, *, item_id: int, revision: int, content: dict, is_translation_current: bool
) -> StaffItem:
    """Keep what was written so far; what is incomplete is no reason to refuse it.

    With `is_translation_current` the writer says that the translation renders the original as it
    is saved here. Saving the same again changes nothing, not even the revision. Raises Missing,
    Conflict, and Invalid for what cannot be meant.
    """
    item = begin(ctx, "edit", item_id, revision)
    head = fetch_head(ctx, item)
    content = contents.normalize(item.kind, content)
    is_settled = is_translation_current and head.is_translation_stale
    if content != head.content or is_settled:
        take_up(ctx, kind=item.kind, content=content, known=head.content, item_id=item.id)
        write(ctx, item, head, content, is_translation_current=is_translation_current)
    return get_item(ctx, item_id=item.id)


def write(
    ctx: Context,
    item: KnowledgeItem,
    head: KnowledgeRevision,
    content: dict,
    *,
    is_translation_current: bool,
    restored_from: int | None = None,
) -> KnowledgeRevision:
    """Put content into the open revision of the same author, or into a new one."""
    is_going_on = head.is_open and head.author_id == ctx.actor.staff_id and restored_from is None
    number = head.number if is_going_on else head.number + 1
    is_changed = content[item.original_language] != head.content[item.original_language]
    values = {
        "content": content,
        "saved_at": ctx.now,
        "original_changed_in": number if is_changed else head.original_changed_in,
        "translated_from": _translated_from(
            item, head, content, number, is_changed, is_translation_current
        ),
    }
    if is_going_on:
        written = head
        for name, value in values.items():
            setattr(head, name, value)
    else:
        written = begin_revision(ctx, item, head, restored_from=restored_from, **values)
    _note_written(ctx, item, content, written, is_new=not is_going_on)
    return written


def begin_revision(
    ctx: Context, item: KnowledgeItem, head: KnowledgeRevision, **values: object
) -> KnowledgeRevision:
    """Close the head and put a new revision by the actor in its place."""
    head.is_open = False
    ctx.session.flush()
    item.head_number = head.number + 1
    revision = KnowledgeRevision(
        item_id=item.id,
        number=item.head_number,
        author_id=ctx.actor.staff_id,
        created_at=ctx.now,
        is_open=True,
        **values,
    )
    ctx.session.add(revision)
    return revision


def _note_written(
    ctx: Context, item: KnowledgeItem, content: dict, revision: KnowledgeRevision, *, is_new: bool
) -> None:
    """Every save counts, but only the first into a revision is recorded: it says who writes."""
    if item.state in ("published", "withdrawn"):
        item.state, item.reason = "draft", None
    item.changed_at = ctx.now
    _describe(item, content)
    item.revision += 1
    ctx.session.flush()
    if is_new and revision.restored_from is None:
        record(ctx, item, "knowledge.edited", after={"number": revision.number})


def change_settings(ctx: Context, *, item_id: int, revision: int, **values: object) -> StaffItem:
    """Change its code or its organization, or let readers comment; raises Missing, Conflict,
    Forbidden."""
    item = begin(ctx, "change_settings", item_id, revision)
    before, after = audit.changes({name: getattr(item, name) for name in values}, values)
    if not after:
        return get_item(ctx, item_id=item.id)
    if "organization_id" in after:
        _require_movable(ctx, item, after["organization_id"])
    if "are_comments_open" in after:
        _open_comments(ctx, item, is_open=after["are_comments_open"])
    for name, value in after.items():
        setattr(item, name, value)
    _flush(ctx)
    note(ctx, item, "knowledge.settings_changed", before=before, after=after)
    return get_item(ctx, item_id=item.id)


def delete_item(ctx: Context, *, item_id: int, revision: int) -> None:
    """Throw away a draft that was never handed in; raises Missing, Conflict."""
    item = begin(ctx, "delete", item_id, revision)
    contributed = select(KnowledgeContribution.id).where(KnowledgeContribution.item_id == item.id)
    if item.submitted_at is not None:
        raise Conflict("knowledge_was_submitted")
    if ctx.session.scalar(contributed) is not None:
        raise Conflict("knowledge_was_contributed")
    record(ctx, item, "knowledge.deleted")
    ctx.session.execute(delete(KnowledgeRevision).where(KnowledgeRevision.item_id == item.id))
    ctx.session.delete(item)


def _require_movable(ctx: Context, item: KnowledgeItem, organization_id: int) -> None:
    fetch_open_organization(ctx, organization_id, Permission.WRITE_KNOWLEDGE)
    if find_publication(ctx, item) is not None:
        raise Conflict("knowledge_is_published")


def _open_comments(ctx: Context, item: KnowledgeItem, *, is_open: bool) -> None:
    """Comments mean work for those who let each of them through, so publishers decide."""
    if not reaches(ctx, Permission.PUBLISH_KNOWLEDGE, item.organization):
        raise Forbidden("knowledge_comments_for_publishers")
    publication = find_publication(ctx, item)
    if publication is not None:
        publication.are_comments_open = is_open


def _describe(item: KnowledgeItem, content: dict) -> None:
    """What lists show of the item and find it by."""
    item.title = contents.title_of(content, item.original_language)
    item.search_text = search_key(" ".join(contents.names_of(content)))


def _translation(item: KnowledgeItem, content: dict) -> dict | None:
    return content["mn" if item.original_language == "zh" else "zh"]


def _translated_from(
    item: KnowledgeItem,
    head: KnowledgeRevision,
    content: dict,
    number: int,
    is_original_changed: bool,
    is_current: bool,
) -> int | None:
    """Which revision's original the translation renders; a new one is taken to render its own."""
    if _translation(item, content) is None:
        return None
    if is_current or head.translated_from is None:
        return number
    # Within one revision an original that goes on changing leaves its translation behind, too.
    return min(head.translated_from, number - 1) if is_original_changed else head.translated_from


def _flush(ctx: Context) -> None:
    """Write what changed; raises Conflict when another item has the same code."""
    try:
        ctx.session.flush()
    except IntegrityError as error:
        if error.orig.diag.constraint_name != "uq_knowledge_items_organization_id_code":
            raise
        raise Conflict("knowledge_code_taken") from None
