"""Searching published health knowledge."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import func, select, text

from models import KnowledgeName
from services.context import Context
from services.knowledge.reading.cards import Card, cards_of
from services.knowledge.searching import finding, nearest
from services.knowledge.searching.asking import Question, cleaned, into_units, understand
from services.knowledge.searching.finding import Found, Hit, find
from services.knowledge.searching.highlighting import Marker, Segment, marker_of, segments
from services.knowledge.searching.passages import passages
from services.text import composed

_READ = text("""
    SELECT item_id, row.text, (
        SELECT coalesce(json_agg(json_build_array(sort, name.text) ORDER BY id), '[]')
        FROM knowledge_names AS name WHERE name.item_id = row.item_id
    ) AS names
    FROM knowledge_search_rows AS row WHERE item_id = ANY(:ids)
""")
MOST_NEAREST = 5
# With fewer found than this, others of a similar name are offered.
FEW = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item matched: in which of its names, or in its text; and what stands there."""

    field: str
    passages: list[list[Segment]]


@dataclass(frozen=True, slots=True)
class FoundItem(Card):
    """A result: a card, and where it matched."""

    match: Place
    name_segments: list[Segment]
    name_mn_segments: list[Segment]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many of a kind."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many of a topic."""

    topic_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How what was found divides, the most first."""

    kinds: list[KindCount]
    topics: list[TopicCount]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of results. `used_query` is another than `query` when that alone found nothing."""

    query: str
    used_query: str
    items: list[FoundItem]
    total: int
    total_is_least: bool
    facets: Facets
    nearest: list[Card]
    next_cursor: str | None


def search(
    ctx: Context,
    *,
    q: str,
    limit: int,
    kind: str | None = None,
    topic_id: int | None = None,
    cursor: str | None = None,
) -> SearchResult:
    """What matches the query, the thing itself first; raises Invalid for a foreign cursor.

    Whatever is typed is searched for; of a very long query only the beginning.
    """
    query = cleaned(q)
    question = understand(ctx, query)
    page = {"kind": kind, "topic_id": topic_id, "limit": limit, "cursor": cursor}
    found = find(ctx, question, **page)
    near: list[nearest.Near] = []
    if not found.is_something and not question.is_empty:
        question, found, near = _try_again(ctx, question, page)
    elif found.total < FEW and cursor is None and not any(hit.is_by_name for hit in found.hits):
        near = nearest.nearest_names(ctx, query, most=MOST_NEAREST)
    return SearchResult(
        query,
        question.text,
        _items(ctx, found.hits, question),
        found.total,
        found.is_least,
        Facets(_counts(KindCount, found.kinds), _counts(TopicCount, found.topics)),
        _nearest_cards(ctx, near, found.hits),
        found.next_cursor,
    )


def _counts(count_of: type, counts: dict) -> list:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [count_of(*each) for each in ordered]


def _try_again(
    ctx: Context, question: Question, page: dict
) -> tuple[Question, Found, list[nearest.Near]]:
    """What else may have been meant: a name that was mistyped, or most of the words."""
    near = nearest.nearest_names(ctx, question.keys[-1], most=MOST_NEAREST)
    for other in _other_questions(ctx, question, near):
        found = find(ctx, other, **page)
        if found.is_something:
            return other, found, near
    return question, finding.NOTHING_FOUND, near


def _other_questions(
    ctx: Context, question: Question, near: Sequence[nearest.Near]
) -> Iterator[Question]:
    likely = near[0] if near and near[0].nearness >= nearest.INSTEAD else None
    if likely and likely.nearness >= nearest.MEANT:
        yield understand(ctx, likely.text)
    units = into_units(ctx, question)
    if units.words != question.words:
        yield units
    count = len(units.words)
    for needed in sorted({count - 1, (count + 1) // 2} - {0, count}, reverse=True):
        yield replace(units, needed=needed)
    if likely:
        yield understand(ctx, likely.text)


def _nearest_cards(ctx: Context, near: Sequence[nearest.Near], hits: Iterable[Hit]) -> list[Card]:
    keys = [each.key for each in near]
    if not keys:
        return []
    shown = {hit.item_id for hit in hits}
    query = (
        select(KnowledgeName.key, func.min(KnowledgeName.item_id))
        .where(KnowledgeName.key.in_(keys))
        .group_by(KnowledgeName.key)
    )
    by_key = dict(ctx.session.execute(query).all())
    wanted = [by_key[key] for key in keys if by_key.get(key) not in {None, *shown}]
    return list(cards_of(ctx, wanted).values())


def _items(ctx: Context, hits: Sequence[Hit], question: Question) -> list[FoundItem]:
    ids = [hit.item_id for hit in hits]
    if not ids:
        return []
    cards = cards_of(ctx, ids)
    read = {row.item_id: row for row in ctx.session.execute(_READ, {"ids": ids})}
    marker = marker_of(question)
    return [
        _item(cards[hit.item_id], hit, read[hit.item_id].names, read[hit.item_id].text, marker)
        for hit in hits
        if hit.item_id in cards
    ]


def _item(
    card: Card, hit: Hit, names: Sequence[Sequence[str]], words: str, marker: Marker
) -> FoundItem:
    marker = marker.with_names(name for _, name in names)
    return FoundItem(
        *(getattr(card, each.name) for each in fields(Card)),
        Place(_field(hit, names, marker), passages(words, marker)),
        _segments_of_name(card.name, marker),
        _segments_of_name(card.name_mn, marker),
    )


def _field(hit: Hit, names: Sequence[Sequence[str]], marker: Marker) -> str:
    """Where it matched, as far as one name says it."""
    if not hit.is_by_name:
        return "text"
    marked = [sort for sort, name in names if marker.name_spans(name)]
    if hit.tier in finding.BY_OWN_NAME or "name" in marked:
        return "name"
    return marked[0] if marked else "alias"


def _segments_of_name(name: str | None, marker: Marker) -> list[Segment]:
    if name is None:
        return []
    whole = composed(name)
    return segments(whole, marker.name_spans(whole))
