"""Published items as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Bundle

from models import KnowledgeCount, KnowledgePublication, Organization
from services.clock import local_day
from services.context import Context
from services.files import PUBLIC_PATH, thumbnail_name

# Not the content, which is long.
_BUNDLE = Bundle(
    "card",
    KnowledgePublication.item_id,
    KnowledgePublication.kind,
    KnowledgePublication.name,
    KnowledgePublication.name_mn,
    KnowledgePublication.summary,
    KnowledgePublication.summary_mn,
    KnowledgePublication.picture_name,
    KnowledgePublication.published_at,
    KnowledgePublication.review_again_on,
    KnowledgePublication.is_sample,
    func.coalesce(KnowledgeCount.views, 0).label("views"),
    Organization.id.label("organization_id"),
    Organization.name.label("organization_name"),
    Organization.name_mn.label("organization_name_mn"),
)


@dataclass(frozen=True, slots=True)
class BriefOrganization:
    """Whose something is, as everybody may know."""

    id: int
    name: str
    name_mn: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A published item in a list."""

    id: int
    kind: str
    name: str | None
    name_mn: str | None
    summary: str | None
    summary_mn: str | None
    thumbnail_url: str | None
    organization: BriefOrganization
    published_at: datetime
    views: int
    is_sample: bool
    is_review_overdue: bool


def select_cards() -> Select:
    """What `to_card` takes, one for each publication; to be narrowed and put in order.

    One column, which has the others for members: more columns may be added.
    """
    return (
        select(_BUNDLE)
        .select_from(KnowledgePublication)
        .join(Organization, Organization.id == KnowledgePublication.organization_id)
        .outerjoin(KnowledgeCount, KnowledgeCount.item_id == KnowledgePublication.item_id)
    )


def to_card(ctx: Context, row: Row) -> Card:
    """The card of what `select_cards` selects."""
    return Card(
        id=row.item_id,
        kind=row.kind,
        name=row.name,
        name_mn=row.name_mn,
        summary=row.summary,
        summary_mn=row.summary_mn,
        thumbnail_url=row.picture_name and f"{PUBLIC_PATH}{thumbnail_name(row.picture_name)}",
        organization=BriefOrganization(
            row.organization_id, row.organization_name, row.organization_name_mn
        ),
        published_at=row.published_at,
        views=row.views,
        is_sample=row.is_sample,
        is_review_overdue=is_review_overdue(ctx, row.review_again_on),
    )


def cards_of(ctx: Context, item_ids: Iterable[int]) -> dict[int, Card]:
    """The cards of those of the items that are published, in the order asked; one query."""
    wanted = list(dict.fromkeys(item_ids))
    if not wanted:
        return {}
    rows = ctx.session.scalars(select_cards().where(KnowledgePublication.item_id.in_(wanted)))
    found = {row.item_id: to_card(ctx, row) for row in rows}
    return {item_id: found[item_id] for item_id in wanted if item_id in found}


def is_review_overdue(ctx: Context, review_again_on: date | None) -> bool:
    """Whether the day on which somebody was to look again has passed."""
    return review_again_on is not None and review_again_on < local_day(ctx.now)
