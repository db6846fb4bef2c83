"""What citizens read: lists of published items, one item, and what an institution has to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models import KnowledgeCount, KnowledgePublication, Organization
from services.context import Context
from services.errors import Missing
from services.knowledge.reading import showing
from services.knowledge.reading.cards import (
    BriefOrganization,
    Card,
    is_review_overdue,
    select_cards,
    to_card,
)
from services.knowledge.reading.linked import ShownLink, links_of_institution, links_of_item
from services.paging import Page, SortKey, fetch_sorted_page

MOST_RELATED = 6
ORDERS = {
    "latest": SortKey(KnowledgePublication.published_at, datetime),
    "popular": SortKey(KnowledgeCount.views, int),
}


@dataclass(frozen=True, slots=True)
class ReadItem:
    """A published item with all that its page shows; see ItemView for what the halves hold."""

    id: int
    kind: str
    zh: object
    mn: object
    facts: object
    organization: BriefOrganization
    original_language: str
    is_translation_stale: bool
    is_sample: bool
    published_at: datetime
    reviewed_at: datetime
    is_review_overdue: bool
    are_comments_open: bool
    views: int
    favourites: int
    helpful: int
    links: Sequence[ShownLink]
    related: Sequence[Card]


@dataclass(frozen=True, slots=True)
class ReadInstitution:
    """An organization as readers know it, and what the items say of it."""

    id: int
    name: str
    name_mn: str | None
    kind: str
    address: str | None
    items_count: int
    links: Sequence[ShownLink]


def list_items(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    sort: str = "latest",
    kind: str | None = None,
    topic_id: int | None = None,
    organization_id: int | None = None,
) -> Page:
    """Published items as Cards; `organization_id` takes in those below it. Raises Invalid."""
    query = select_cards()
    if sort == "popular":
        # So that the index of the counts gives the order.
        query = query.where(KnowledgeCount.views >= 0)
    if kind is not None:
        query = query.where(KnowledgePublication.kind == kind)
    if topic_id is not None:
        query = query.where(KnowledgePublication.topic_ids.contains([topic_id]))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    page = fetch_sorted_page(
        ctx.session,
        query,
        id_column=KnowledgePublication.item_id,
        keys=ORDERS,
        sort=f"-{sort}",
        limit=limit,
        cursor=cursor,
    )
    return Page([to_card(ctx, row) for row in page.items], page.next_cursor)


def get_item(ctx: Context, *, item_id: int) -> ReadItem:
    """One published item; raises Missing."""
    publication = fetch_publication(ctx, item_id)
    organization = publication.organization
    counts = ctx.session.get(KnowledgeCount, item_id) or KnowledgeCount(
        views=0, favourites=0, helpful=0
    )
    shown = showing.show(ctx, content=publication.content)
    links = links_of_item(ctx, item_id)
    return ReadItem(
        id=publication.item_id,
        kind=publication.kind,
        zh=shown["zh"],
        mn=shown["mn"],
        facts=shown["facts"],
        organization=BriefOrganization(organization.id, organization.name, organization.name_mn),
        original_language=publication.original_language,
        is_translation_stale=publication.is_translation_stale,
        is_sample=publication.is_sample,
        published_at=publication.published_at,
        reviewed_at=publication.reviewed_at,
        is_review_overdue=is_review_overdue(ctx, publication.review_again_on),
        are_comments_open=publication.are_comments_open,
        views=counts.views,
        favourites=counts.favourites,
        helpful=counts.helpful,
        links=links,
        related=_find_related(ctx, publication, links),
    )


def get_institution(ctx: Context, *, organization_id: int) -> ReadInstitution:
    """An organization, whether or not it has published anything; raises Missing."""
    organization = ctx.session.get(Organization, organization_id)
    if organization is None:
        raise Missing("organization_not_found")
    own = select(KnowledgePublication.item_id).where(
        KnowledgePublication.organization_id == organization_id
    )
    items_count = ctx.session.scalar(select(func.count()).select_from(own.subquery()))
    return ReadInstitution(
        organization.id,
        organization.name,
        organization.name_mn,
        organization.kind,
        organization.address,
        items_count,
        links_of_institution(ctx, organization_id),
    )


def fetch_publication(ctx: Context, item_id: int) -> KnowledgePublication:
    """What citizens see of the item, with its organization; raises Missing."""
    publication = ctx.session.scalar(
        select(KnowledgePublication)
        .where(KnowledgePublication.item_id == item_id)
        .options(joinedload(KnowledgePublication.organization))
    )
    if publication is None:
        raise Missing("knowledge_not_public")
    return publication


def _find_related(
    ctx: Context, publication: KnowledgePublication, links: Sequence[ShownLink]
) -> list[Card]:
    """Others that share a topic, those of the same kind first, and then others of that kind."""
    seen = {publication.item_id} | {link.card.id for link in links if link.card is not None}
    alike = KnowledgePublication.kind == publication.kind
    shares = KnowledgePublication.topic_ids.overlap(publication.topic_ids)
    latest = (KnowledgePublication.published_at.desc(), KnowledgePublication.item_id.desc())
    found: list[Card] = []
    for condition, order in ((shares, (alike.desc(), *latest)), (alike, latest)):
        query = (
            select_cards()
            .where(condition, KnowledgePublication.item_id.not_in(seen))
            .order_by(*order)
            .limit(MOST_RELATED - len(found))
        )
        cards = [to_card(ctx, row) for row in ctx.session.scalars(query)]
        found += cards
        seen |= {card.id for card in cards}
    return found
