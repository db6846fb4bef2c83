"""Items as staff see them: lists of what there is and of what waits, and one as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, func, null, or_, select
from sqlalchemy.orm import aliased

from models import (
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeReview,
    KnowledgeRevision,
    Organization,
)
from services import files
from services.access import Permission, is_within_reach
from services.clock import local_day
from services.context import Context
from services.knowledge.kinds import CHOICES, KINDS, Field
from services.knowledge.writing import content as contents
from services.knowledge.writing.content import Gap
from services.knowledge.writing.flow import allowed_actions
from services.knowledge.writing.reach import fetch_head, fetch_item, find_publication, select_items
from services.knowledge.writing.staff_content import view_content
from services.paging import Page, SortKey, fetch_sorted_page
from services.text import escape_like, search_key

Waiting = Literal["review", "publish", "mine", "returned", "due", "stale"]
WAITING = ("review", "publish", "mine", "due", "stale")
# So long before a review ends somebody should look again.
DUE_BEFORE_DAYS = 30
SORTS = {
    "changed_at": SortKey(KnowledgeItem.changed_at, datetime),
    "submitted_at": SortKey(
        func.coalesce(KnowledgeItem.submitted_at, KnowledgeItem.changed_at), datetime
    ),
    "title": SortKey(KnowledgeItem.title),
}


@dataclass(frozen=True, slots=True)
class StaffCard:
    """An item in a list of staff, by the names it has now."""

    item: KnowledgeItem
    name: str | None
    name_mn: str | None
    published_number: int | None
    is_translation_stale: bool
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """What is written now."""

    revision: KnowledgeRevision
    content: dict


@dataclass(frozen=True, slots=True)
class Published:
    """Which revision citizens see, and since when."""

    revision_number: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class StaffItem:
    """An item as it stands, what it lacks, and what the actor may do with it."""

    item: KnowledgeItem
    head: Head
    gaps: Sequence[Gap]
    published: Published | None
    comments: Sequence[dict]
    allowed_actions: Sequence[str]


@dataclass(frozen=True, slots=True)
class KindList:
    """The kinds of items with their fields, and the units of components."""

    items: Sequence[dict]
    units: Sequence[dict]


def list_kinds(ctx: Context) -> KindList:
    """What forms are made from; the same for everybody."""
    kinds = [
        {
            "code": kind.code,
            "title": kind.title,
            "half": [_view_field(field) for field in kind.half],
            "facts": [_view_field(field) for field in kind.facts],
        }
        for kind in KINDS.values()
    ]
    return KindList(kinds, _view_choices(CHOICES["unit"]))


def list_items(
    ctx: Context, *, limit: int, cursor: str | None = None, sort: str = "-changed_at", **filters
) -> Page:
    """The items within reach that the filters let through."""
    page = fetch_sorted_page(
        ctx.session,
        _with_head(_select_filtered(ctx, **filters)),
        id_column=KnowledgeItem.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    pictures = _find_thumbnails(ctx, [head for _, head, _ in page.items])
    cards = [
        StaffCard(
            item=item,
            name=_name_of(head, "zh"),
            name_mn=_name_of(head, "mn"),
            published_number=number,
            is_translation_stale=head.is_translation_stale,
            thumbnail_url=pictures.get(head.item_id),
        )
        for item, head, number in page.items
    ]
    return Page(cards, page.next_cursor)


def get_item(ctx: Context, *, item_id: int) -> StaffItem:
    """One item within reach; raises Missing."""
    item = fetch_item(ctx, item_id, Permission.VIEW_KNOWLEDGE)
    head = fetch_head(ctx, item)
    publication = find_publication(ctx, item)
    return StaffItem(
        item=item,
        head=Head(head, view_content(ctx, head.content)),
        gaps=contents.gaps(item.kind, head.content),
        published=publication and Published(publication.revision_number, publication.published_at),
        comments=_last_comments(ctx, item) if item.state == "returned" else [],
        allowed_actions=allowed_actions(ctx, item, publication),
    )


def select_waiting(ctx: Context, waiting: Waiting) -> Select:
    """One row, whose campaign is none, for each item that waits so; to be narrowed by reach."""
    return (
        select(null().label("campaign_id"))
        .select_from(KnowledgeItem)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .join(KnowledgeRevision, is_head())
        .where(is_waiting(ctx, waiting))
    )


def is_waiting(ctx: Context, waiting: Waiting) -> ColumnElement[bool]:
    """The condition on items, joined with their organization, that they wait for the actor so.

    Stale ones need the head revision joined as well.
    """
    if waiting == "review":
        reviews = is_within_reach(ctx.actor, Permission.REVIEW_KNOWLEDGE)
        return and_(KnowledgeItem.state == "submitted", reviews, ~_is_own(ctx))
    if waiting == "publish":
        publishes = is_within_reach(ctx.actor, Permission.PUBLISH_KNOWLEDGE)
        return and_(KnowledgeItem.state == "approved", publishes)
    if waiting in ("mine", "returned"):
        states = ("draft", "returned") if waiting == "mine" else ("returned",)
        is_mine = KnowledgeItem.author_id == ctx.actor.staff_id
        return and_(KnowledgeItem.state.in_(states), is_mine)
    if waiting == "due":
        return KnowledgeItem.review_again_on <= _due_day(ctx)
    return and_(KnowledgeItem.state != "withdrawn", is_head_stale())


def is_head_stale() -> ColumnElement[bool]:
    """The condition on head revisions that the original has changed since the translation."""
    return KnowledgeRevision.translated_from < KnowledgeRevision.original_changed_in


def is_head() -> ColumnElement[bool]:
    """The condition that joins items with their head revisions."""
    return and_(
        KnowledgeRevision.item_id == KnowledgeItem.id,
        KnowledgeRevision.number == KnowledgeItem.head_number,
    )


def _name_of(head: KnowledgeRevision, language: str) -> str | None:
    return (head.content[language] or {}).get("name")


def _view_field(field: Field) -> dict:
    choices = None if field.choices is None else _view_choices(field.choices)
    return {
        "name": field.name,
        "title": field.title,
        "form": field.form,
        "is_required": field.is_required,
        "hint": field.hint,
        "choices": choices,
    }


def _view_choices(choices: Mapping[str, str]) -> list[dict]:
    return [{"code": code, "title": title} for code, title in choices.items()]


def _is_own(ctx: Context) -> ColumnElement[bool]:
    """Whether the actor wrote any of what awaits its review."""
    published = (
        select(KnowledgePublication.revision_number)
        .where(KnowledgePublication.item_id == KnowledgeItem.id)
        .correlate(KnowledgeItem)
        .scalar_subquery()
    )
    written = aliased(KnowledgeRevision)
    return (
        select(written.id)
        .where(
            written.item_id == KnowledgeItem.id,
            written.author_id == ctx.actor.staff_id,
            written.number > func.coalesce(published, 0),
        )
        .correlate(KnowledgeItem)
        .exists()
    )


def _due_day(ctx: Context) -> date:
    return local_day(ctx.now) + timedelta(days=DUE_BEFORE_DAYS)


def _select_filtered(
    ctx: Context,
    *,
    state: str | None = None,
    kind: str | None = None,
    organization_id: int | None = None,
    search: str | None = None,
    waiting: Waiting | None = None,
) -> Select:
    """Items within reach; `organization_id` takes in the whole subtree."""
    query = select_items(ctx, Permission.VIEW_KNOWLEDGE)
    wanted = {KnowledgeItem.state: state, KnowledgeItem.kind: kind}
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if search is not None:
        pattern = f"%{escape_like(search_key(search))}%"
        is_named = KnowledgeItem.search_text.like(pattern, escape="\\")
        query = query.where(or_(is_named, KnowledgeItem.code == search))
    return query if waiting is None else query.where(is_waiting(ctx, waiting))


def _with_head(query: Select) -> Select:
    """Rows of an item, its head revision, and the number of the one citizens see."""
    return (
        query.join(KnowledgeRevision, is_head())
        .outerjoin(KnowledgePublication, KnowledgePublication.item_id == KnowledgeItem.id)
        .add_columns(KnowledgeRevision, KnowledgePublication.revision_number)
    )


def _find_thumbnails(ctx: Context, heads: Sequence[KnowledgeRevision]) -> dict[int, str]:
    """The small first pictures of items."""
    first = {
        head.item_id: head.content["facts"]["pictures"][0]["file_id"]
        for head in heads
        if head.content["facts"].get("pictures")
    }
    found = files.find_files(ctx, ids=set(first.values()))
    return {item_id: found[each].thumbnail_url for item_id, each in first.items() if each in found}


def _last_comments(ctx: Context, item: KnowledgeItem) -> list[dict]:
    """What the review said that returned it last."""
    return (
        ctx.session.scalar(
            select(KnowledgeReview.comments)
            .where(KnowledgeReview.item_id == item.id, KnowledgeReview.verdict == "returned")
            .order_by(KnowledgeReview.id.desc())
            .limit(1)
        )
        or []
    )
