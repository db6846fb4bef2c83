"""Names that begin with what is being typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from services.context import Context
from services.knowledge.searching.asking import Question, Word, cleaned, spoken_key
from services.knowledge.searching.highlighting import Segment, marker_of, segments
from services.knowledge.searching.matching import NOTHING, all_of, any_of, lexeme
from services.knowledge.searching.nearest import nearest_names
from services.knowledge.searching.terms import key_of, pairs, tokens
from services.text import composed, escape_like, folded

MOST = 10
MOST_CANDIDATES = 400
# With fewer than this, names that contain it or come near it are suggested too.
FEW = 4
_BEGINNINGS = """
    (SELECT item_id, sort, text, key, 0 AS nearness FROM knowledge_names
        WHERE key LIKE :key LIMIT :most)
    UNION ALL
    (SELECT item_id, sort, text, key, 1 FROM knowledge_names
        WHERE :sound <> '' AND sound LIKE :sound LIMIT :most)
    UNION ALL
    (SELECT item_id, sort, text, key, 2 FROM knowledge_names
        WHERE :initials <> '' AND initials LIKE :initials LIMIT :most)
    UNION ALL
    (SELECT item_id, sort, text, key, 1 FROM knowledge_names
        WHERE near && CAST(:shapes AS text[]) LIMIT :most)
"""
_PARTS = """
    SELECT item_id, sort, knowledge_names.text, key, 3 AS nearness FROM (
        SELECT item_id FROM knowledge_search_rows WHERE name_terms @@ CAST(:query AS tsquery)
        LIMIT :most
    ) AS row JOIN knowledge_names USING (item_id)
"""
_SAME = """
    SELECT item_id, sort, text, key, 4 + array_position(CAST(:keys AS text[]), key) AS nearness
    FROM knowledge_names WHERE key = ANY(:keys)
"""
# Of items that share a name, the one that is read most.
_STATEMENT = """
    SELECT item_id, kind, text, key, nearness FROM (
        SELECT DISTINCT ON (key) item_id, row.kind, name.text, key, nearness, views,
            CASE sort WHEN 'name' THEN 0 ELSE 1 END AS other
        FROM ({candidates}) AS name
        JOIN knowledge_search_rows AS row USING (item_id)
        LEFT JOIN knowledge_counts USING (item_id)
        ORDER BY key, nearness, sort <> 'name', views DESC NULLS LAST, item_id
    ) AS suggested
    ORDER BY nearness, other, length(key), views DESC NULLS LAST, key
    LIMIT 60
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known name and an item that has it."""

    text: str
    item_id: int
    kind: str
    segments: list[Segment]


def suggest(ctx: Context, *, q: str) -> list[Suggestion]:
    """At most ten names, those that begin with it first; then some that contain it or are near."""
    query = cleaned(q)
    key = key_of(query)
    if not key:
        return []
    question = _question(query, key)
    found: dict[str, Suggestion] = {}
    for rows in _rounds(ctx, query, key):
        for row in rows:
            marked = segments(row.text, marker_of(question).name_spans(composed(row.text)))
            found.setdefault(row.key, Suggestion(row.text, row.item_id, row.kind, marked))
        if len(found) >= FEW:
            break
    return list(found.values())[:MOST]


def _question(query: str, key: str) -> Question:
    words = tuple(Word(token.sort, token.text) for token in tokens(folded(query)))
    return Question(query, (key,), words, None)


def _rounds(ctx: Context, query: str, key: str) -> Iterator[Sequence]:
    yield _beginnings(ctx, query, key)
    part = _part_of_names(key)
    if part != NOTHING:
        yield _run(ctx, _PARTS, {"query": part, "most": MOST_CANDIDATES})
    near = [each.key for each in nearest_names(ctx, query)]
    if near:
        yield _run(ctx, _SAME, {"keys": near})


def _beginnings(ctx: Context, query: str, key: str) -> Sequence:
    sound, chinese = spoken_key(key)
    is_mongolian = any(token.sort == "mongolian" for token in tokens(key))
    rows = _run(
        ctx,
        _BEGINNINGS,
        {
            "key": f"{escape_like(key)}%",
            "sound": f"{sound}%" if sound else "",
            "initials": f"{sound}%" if sound and not chinese else "",
            "shapes": [f"^{key}"] if is_mongolian else [],
            "most": MOST_CANDIDATES,
        },
    )
    return [row for row in rows if all(each in row.key for each in chinese)]


def _run(ctx: Context, candidates: str, values: dict) -> Sequence:
    return ctx.session.execute(text(_STATEMENT.format(candidates=candidates)), values).all()


def _part_of_names(key: str) -> str:
    """That a name contains what was typed so far, which may end within a word of letters."""
    parts = []
    for token in tokens(key):
        if token.sort == "han":
            parts.append(all_of(lexeme("z", each) for each in pairs(token.text)))
        elif token.sort == "latin":
            ways = (("l", token.text), ("s", token.text))
            parts.append(any_of([lexeme(*way, is_beginning=True) for way in ways]))
    return all_of(parts)
