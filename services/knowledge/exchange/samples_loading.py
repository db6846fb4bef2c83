"""The samples shipped with the software, loaded as drafts for staff to correct and hand in.

They are written in the format of exported archives: entries name each other and their topics in
words, which become the ids of this installation here.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.dialects.postgresql import insert

from models import (
    KnowledgeItem,
    KnowledgeRevision,
    KnowledgeTopic,
    Organization,
    StaffAccount,
    SynonymWord,
)
from models.organizations import COMMISSIONS
from services import audit
from services.context import Context
from services.errors import Missing
from services.knowledge.kinds import KINDS
from services.knowledge.searching.synonyms import create_synonyms
from services.knowledge.searching.terms import key_of
from services.knowledge.writing.content import normalize
from services.knowledge.writing.drafting import insert_draft

FOLDER = Path(__file__).parent / "samples"
FILES = {
    "herb": "herbs.json",
    "formula": "formulas.json",
    "technique": "techniques.json",
    "exercise": "exercises.json",
    "wellness_product": "wellness_products.json",
    "culture": "culture.json",
    "article": "articles.json",
    "collected": "collected.json",
}
_DIVISION_CODE = re.compile("[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose drafts samples of these kinds become, and who counts as their author."""

    organization: Organization
    author: StaffAccount
    kinds: Sequence[str] = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The items made by their codes, and how many were there already and stay as they are."""

    made: Mapping[str, int]
    kept: int


def find_place(ctx: Context, *, organization: str, author: str, kinds: Sequence[str] = ()) -> Place:
    """The place an operator means: by a division's code, which stands for its commission, or an
    organization's id; and by the author's user name. Raises Missing."""
    found = ctx.session.scalar(
        select(Organization).where(_is_meant(organization), Organization.closed_at.is_(None))
    )
    if found is None:
        raise Missing("organization_not_found")
    writer = ctx.session.scalar(
        select(StaffAccount).where(
            StaffAccount.username == author, StaffAccount.disabled_at.is_(None)
        )
    )
    if writer is None:
        raise Missing("staff_not_found")
    return Place(found, writer, tuple(kinds) or tuple(KINDS))


def _is_meant(organization: str) -> ColumnElement[bool]:
    if _DIVISION_CODE.fullmatch(organization):
        return (Organization.division_code == organization) & Organization.kind.in_(COMMISSIONS)
    return cast(Organization.id, Text) == organization


def load_samples(
    ctx: Context, places: Iterable[Place], *, is_demonstration: bool = False
) -> Loaded:
    """Make a draft of each sample whose code its organization does not have yet.

    What is there stays, whatever staff have made of it. References to what is neither loaded here
    nor there already are left out.
    """
    places = list(places)
    known = _known_codes(ctx, places)
    wanted = [
        (place, entry)
        for place in places
        for kind in place.kinds
        for entry in read_samples(kind)
        if entry["code"] not in known
    ]
    topics = _keep_topics(ctx) if wanted else {}
    items = [_draft(ctx, place, entry, topics, is_demonstration) for place, entry in wanted]
    made = {item.code: item.id for item in items}
    _connect(ctx, (entry for _, entry in wanted), topics, known | made)
    _record(ctx, places, made)
    kept = sum(len(read_samples(kind)) for place in places for kind in place.kinds) - len(made)
    return Loaded(made, kept)


def load_synonyms(ctx: Context) -> int:
    """Add the groups of which no word is in a group yet; returns how many were added."""
    known = set(ctx.session.scalars(select(SynonymWord.key)))
    new = [words for words in read_synonyms() if known.isdisjoint(map(key_of, words))]
    for words in new:
        create_synonyms(ctx, words=words)
    return len(new)


def read_samples(kind: str) -> list[dict]:
    """The samples of a kind as they are shipped."""
    return json.loads((FOLDER / FILES[kind]).read_text(encoding="utf-8"))


def read_topics() -> list[str]:
    """The topics that samples are about, in their order."""
    return json.loads((FOLDER / "topics.json").read_text(encoding="utf-8"))


def read_synonyms() -> list[list[str]]:
    """Groups of words that mean the same in a search."""
    return json.loads((FOLDER / "synonyms.json").read_text(encoding="utf-8"))


def resolve(entry: Mapping, topics: Mapping[str, int], items: Mapping[str, int]) -> dict:
    """The content of an entry in which codes of items and names of topics have become ids.

    Codes without an item are left out.
    """
    facts = dict(entry["facts"])
    names = facts.pop("topics", [])
    if names:
        facts["topic_ids"] = [topics[name] for name in names]
    if "composition" in facts:
        facts["composition"] = [_component(each, items) for each in facts["composition"]]
    links = [
        {"target": "item", "id": items[link["code"]]}
        for link in entry["links"]
        if link["code"] in items
    ]
    return {"zh": entry["zh"], "mn": entry["mn"], "facts": facts, "links": links}


def _component(component: Mapping, items: Mapping[str, int]) -> dict:
    kept = {name: value for name, value in component.items() if name != "item"}
    item_id = items.get(component.get("item"))
    return kept if item_id is None else kept | {"item_id": item_id}


def _draft(
    ctx: Context,
    place: Place,
    entry: Mapping,
    topics: Mapping[str, int],
    is_demonstration: bool,
) -> KnowledgeItem:
    return insert_draft(
        ctx,
        kind=entry["kind"],
        organization_id=place.organization.id,
        original_language=entry["original_language"],
        content=normalize(entry["kind"], resolve(entry, topics, {})),
        author_id=place.author.id,
        code=entry["code"],
        is_sample=True,
        is_demonstration=is_demonstration,
    )


def _connect(
    ctx: Context, entries: Iterable[Mapping], topics: Mapping[str, int], items: Mapping[str, int]
) -> None:
    """Put the references in, now that all they can lead to has an id."""
    entries = {items[entry["code"]]: entry for entry in entries}
    drafts = ctx.session.scalars(
        select(KnowledgeRevision).where(KnowledgeRevision.item_id.in_(entries))
    )
    for draft in drafts:
        entry = entries[draft.item_id]
        content = normalize(entry["kind"], resolve(entry, topics, items))
        if content != draft.content:
            draft.content = content
    ctx.session.flush()


def _keep_topics(ctx: Context) -> dict[str, int]:
    """The ids of all topics by name, once those of the samples are among them."""
    rows = [{"name": name, "position": place} for place, name in enumerate(read_topics(), 1)]
    ctx.session.execute(insert(KnowledgeTopic).values(rows).on_conflict_do_nothing())
    return dict(ctx.session.execute(select(KnowledgeTopic.name, KnowledgeTopic.id)).all())


def _known_codes(ctx: Context, places: Iterable[Place]) -> dict[str, int]:
    """The items of these organizations that have a code."""
    query = select(KnowledgeItem.code, KnowledgeItem.id).where(
        KnowledgeItem.code.is_not(None),
        KnowledgeItem.organization_id.in_({place.organization.id for place in places}),
    )
    return dict(ctx.session.execute(query).all())


def _record(ctx: Context, places: Iterable[Place], made: Mapping[str, int]) -> None:
    for place in places:
        codes = {entry["code"] for kind in place.kinds for entry in read_samples(kind)}
        count = len(codes & made.keys())
        if count:
            audit.record(
                ctx,
                "knowledge.samples_loaded",
                about=("organization", place.organization.id, place.organization.name),
                organization_id=place.organization.id,
                after={"items": count, "author": place.author.name},
            )
