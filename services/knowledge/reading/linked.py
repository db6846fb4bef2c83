"""The links of published items as readers see them, from both ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select

from models import Campaign, Entry, KnowledgeLink, Organization
from services.context import Context
from services.knowledge.reading.cards import BriefOrganization, Card, cards_of

# An institution may be named by many; its page is no search.
MOST_OF_AN_INSTITUTION = 60
_TARGET = (
    KnowledgeLink.target,
    KnowledgeLink.target_id,
    KnowledgeLink.organization_id,
    KnowledgeLink.name,
)


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One end of a link: an item has its card, all else a name."""

    target: str
    id: int | None
    name: str
    name_mn: str | None
    campaign_id: int | None
    organization: BriefOrganization | None
    card: Card | None


def links_of_item(ctx: Context, item_id: int) -> list[ShownLink]:
    """What the item links to, then the items that link to it; what nobody can see is left out."""
    own = ctx.session.execute(
        select(*_TARGET).where(KnowledgeLink.item_id == item_id).order_by(KnowledgeLink.position)
    ).all()
    others = ctx.session.scalars(
        select(KnowledgeLink.item_id)
        .where(KnowledgeLink.target == "item", KnowledgeLink.target_id == item_id)
        .order_by(KnowledgeLink.item_id)
    ).all()
    return _show(ctx, own, others)


def show_links(ctx: Context, links: Sequence[KnowledgeLink]) -> list[ShownLink]:
    """Links that are not published yet, as readers would see them."""
    return _show(ctx, links, ())


def links_of_institution(ctx: Context, organization_id: int) -> list[ShownLink]:
    """Its doctors, activities and plants of which items tell, then the items that name it."""
    within = ctx.session.execute(
        select(*_TARGET)
        .where(
            KnowledgeLink.organization_id == organization_id,
            KnowledgeLink.target.in_(("doctor", "activity", "plant")),
        )
        .distinct()
        .order_by(KnowledgeLink.target, KnowledgeLink.name)
        .limit(MOST_OF_AN_INSTITUTION)
    ).all()
    naming = ctx.session.scalars(
        select(KnowledgeLink.item_id)
        .where(KnowledgeLink.target == "organization", KnowledgeLink.target_id == organization_id)
        .distinct()
        .order_by(KnowledgeLink.item_id.desc())
        .limit(MOST_OF_AN_INSTITUTION)
    ).all()
    return _show(ctx, within, naming)


def _show(
    ctx: Context, links: Sequence[Row | KnowledgeLink], item_ids: Iterable[int]
) -> list[ShownLink]:
    """Each target once, in this order; one query for each sort of target there is."""
    cards = cards_of(ctx, [*_targets(links, "item"), *item_ids])
    organizations = _find_organizations(
        ctx, _targets(links, "organization") | {each.organization_id for each in links}
    )
    entries = _find_entries(ctx, _targets(links, "entry"))
    shown = [_show_one(link, cards, organizations, entries) for link in links]
    shown += [_of_card(cards.get(item_id)) for item_id in item_ids]
    once = {(each.target, each.id, each.name, each.organization): each for each in shown if each}
    return list(once.values())


def _targets(links: Iterable[Row], target: str) -> set[int]:
    return {link.target_id for link in links if link.target == target}


def _show_one(
    link: Row,
    cards: Mapping[int, Card],
    organizations: Mapping[int, BriefOrganization],
    entries: Mapping[int, ShownLink],
) -> ShownLink | None:
    if link.target == "item":
        return _of_card(cards.get(link.target_id))
    if link.target == "entry":
        return entries.get(link.target_id)
    if link.target == "organization":
        place = organizations.get(link.target_id)
        return place and ShownLink(
            "organization", place.id, place.name, place.name_mn, None, None, None
        )
    place = organizations.get(link.organization_id)
    return ShownLink(link.target, None, link.name, None, None, place, None)


def _of_card(card: Card | None) -> ShownLink | None:
    if card is None:
        return None
    name = card.name or card.name_mn or ""
    return ShownLink("item", card.id, name, card.name_mn, None, card.organization, card)


def _find_organizations(ctx: Context, ids: set[int | None]) -> dict[int, BriefOrganization]:
    wanted = ids - {None}
    if not wanted:
        return {}
    rows = ctx.session.execute(
        select(Organization.id, Organization.name, Organization.name_mn).where(
            Organization.id.in_(wanted)
        )
    )
    return {row.id: BriefOrganization(*row) for row in rows}


def _find_entries(ctx: Context, ids: set[int]) -> dict[int, ShownLink]:
    """Those that stand in a vote everybody may know of."""
    if not ids:
        return {}
    rows = ctx.session.execute(
        select(Entry.id, Entry.name, Entry.name_mn, Entry.campaign_id)
        .join(Campaign, Campaign.id == Entry.campaign_id)
        .where(Entry.id.in_(ids), Entry.withdrawn_at.is_(None), Campaign.state != "draft")
    )
    return {
        row.id: ShownLink("entry", row.id, row.name, row.name_mn, row.campaign_id, None, None)
        for row in rows
    }
