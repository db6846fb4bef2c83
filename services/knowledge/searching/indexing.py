"""Keeping what publications are found by; all of it can be made anew from them at any time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.types import Text

from models import KnowledgeName, KnowledgePublication, KnowledgeSearchRow
from services.context import Context
from services.knowledge.searching.plain_text import MAIN_FIELDS, read_lines
from services.knowledge.searching.terms import (
    key_of,
    pairs,
    quoted,
    readings,
    sound_of,
    terms_of,
    tokens,
)
from services.text import composed, folded

# A tsvector takes a megabyte; so much text stays far below it.
LONGEST_TEXT = 60_000
LONGEST_NEAR = 24
FEWEST_CONSONANTS = 3
MOST_PLACES = 8
LAST_PLACE = 16_000
BATCH = 200


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a publication: its own, an alias, the Latin one."""

    sort: str
    text: str


def index_publication(ctx: Context, publication: KnowledgePublication) -> None:
    """Replace what the publication is found by."""
    ctx.session.flush()
    for table in (KnowledgeSearchRow, KnowledgeName):
        ctx.session.execute(delete(table).where(table.item_id == publication.item_id))
    row, names = search_values(publication.item_id, publication.kind, publication.content)
    row["topic_ids"] = publication.topic_ids
    ctx.session.execute(insert(KnowledgeSearchRow).values(**_as_vectors(row)))
    if names:
        ctx.session.execute(insert(KnowledgeName), names)


def reindex_all(ctx: Context) -> int:
    """Do so for all there are; returns how many."""
    query = select(KnowledgePublication).order_by(KnowledgePublication.item_id)
    count = 0
    for publication in ctx.session.scalars(query.execution_options(yield_per=BATCH)):
        index_publication(ctx, publication)
        count += 1
    return count


def search_values(item_id: int, kind: str, content: Mapping) -> tuple[dict, list[dict]]:
    """The values of an item's search row, with terms as lists or as text, and of its names."""
    names = list(_names(content))
    own = [name for name in names if name.sort == "name"]
    of_names = list(dict.fromkeys(_terms_of_names(names)))
    lines = list(read_lines(kind, content))
    main = [line for field, line in lines if field in MAIN_FIELDS]
    text = "\n".join(line for _, line in lines)[:LONGEST_TEXT]
    row = {
        "item_id": item_id,
        "kind": kind,
        "topic_ids": (content.get("facts") or {}).get("topic_ids") or [],
        "name_length": min((len(key_of(name.text)) for name in own), default=0),
        "name_terms": of_names,
        "main_terms": _placed(of_names, main),
        "text_terms": list(dict.fromkeys([*of_names, *(term for term, _ in terms_of(text))])),
        "text": text,
    }
    return row, [_name_values(item_id, name) for name in names]


def _as_vectors(row: dict) -> dict:
    as_terms = {
        column: func.array_to_tsvector(cast(row[column], ARRAY(Text)))
        for column in ("name_terms", "text_terms")
    }
    return row | as_terms | {"main_terms": cast(row["main_terms"], TSVECTOR)}


def _names(content: Mapping) -> Iterator[Name]:
    """Each name once, by how it is found."""
    seen = set()
    for name in _all_names(content):
        key = key_of(name.text)
        if key and key not in seen:
            seen.add(key)
            yield name


def _all_names(content: Mapping) -> Iterator[Name]:
    halves = [half for half in (content.get("zh"), content.get("mn")) if half]
    for half in halves:
        if half.get("name"):
            yield Name("name", composed(half["name"]))
    if latin := (content.get("facts") or {}).get("latin_name"):
        yield Name("latin", composed(latin))
    for half in halves:
        for alias in half.get("aliases") or ():
            yield Name("alias", composed(alias))


def _terms_of_names(names: Iterable[Name]) -> Iterator[str]:
    for name in names:
        key, is_own = key_of(name.text), name.sort == "name"
        yield f"{'=' if is_own else '~'}{key}"
        for term, _ in terms_of(name.text):
            yield term
            if is_own and term[0] == "z":
                yield f"n{term[1:]}"
        yield from _terms_of_sound(key, is_own)


def _terms_of_sound(key: str, is_own: bool) -> Iterator[str]:
    for place, reading in enumerate(readings(key)):
        # An unlikely reading may be searched for, but says less.
        yield f"{'p' if is_own and not place else 'q'}{reading.sound}"
        if not place:
            yield f"{'i' if is_own else 'j'}{reading.initials}"
        for term in (*reading.syllables, *pairs(reading.syllables)):
            yield f"s{term}"


def _placed(of_names: Iterable[str], lines: Iterable[str]) -> str:
    """A tsvector's text: terms of names weigh most, those of the first lines more than others."""
    places: dict[str, list[str]] = {term: ["1A"] for term in of_names}
    before = 2
    for number, line in enumerate(lines):
        for term, place in terms_of(line):
            found = places.setdefault(term, [])
            if len(found) < MOST_PLACES:
                found.append(f"{min(before + place, LAST_PLACE)}{'B' if not number else 'C'}")
        before += len(line)
    return " ".join(f"{quoted(term)}:{','.join(found)}" for term, found in places.items())


def _name_values(item_id: int, name: Name) -> dict:
    key = key_of(name.text)
    spoken = readings(key)
    return {
        "item_id": item_id,
        "sort": name.sort,
        "text": name.text,
        "key": key,
        "sound": sound_of(key),
        "initials": spoken[0].initials if spoken else "",
        "near": near_terms(name.text),
    }


def near_terms(text: str) -> list[str]:
    """The key itself and with any one character left out; two names that differ by one wrong,
    missing, added or swapped character have one of them in common. Of Mongolian words also all
    their beginnings, by their shape, and of Latin ones the consonants."""
    key = key_of(text)
    near = {key}
    if len(key) <= LONGEST_NEAR and len(key) > 1:
        near |= {key[:place] + key[place + 1 :] for place in range(len(key))}
    near |= {f"^{shape}" for shape in beginnings(text)}
    return sorted(near | {f"%{bones}" for bones in _consonants(key)})


def _consonants(key: str) -> Iterator[str]:
    """The consonants of words of letters: it is the vowels of Latin that are mistaken most."""
    for token in tokens(key):
        bones = re.sub("[aeiouy]|(.)(?=\\1)", "", token.text)
        if token.sort == "latin" and len(bones) >= FEWEST_CONSONANTS:
            yield bones


def beginnings(text: str) -> Iterator[str]:
    """The shapes of all beginnings of the Mongolian words of a text."""
    for token in tokens(folded(composed(text))):
        if token.sort == "mongolian":
            for end in range(1, min(len(token.text), LONGEST_NEAR) + 1):
                yield key_of(token.text[:end])
