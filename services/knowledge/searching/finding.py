"""The rows that match, ranked in the database: the thing itself before what mentions it.

Each way of matching is one look into a GIN index that gives up after some hundred rows, so that a
query that half of all items match costs little more than a rare one. Of long texts only the index
is read, never the terms themselves.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from sqlalchemy import TextClause, text

from services.context import Context
from services.knowledge.searching.asking import Question
from services.knowledge.searching.matching import (
    BEGINNING,
    LAST_OF_NAMES,
    NOTHING,
    OWN_NAME,
    OWN_SOUND,
    PART,
    TEXT,
    THING_AND_TEXT,
    any_word,
    matches,
)
from services.paging import decode_cursor, encode_cursor

BY_OWN_NAME = (OWN_NAME, OWN_SOUND, BEGINNING, PART)
# Of each way of matching; the ranking is exact as long as no more rows match in it.
MOST_CANDIDATES = 300
MOST_THINGS = 20
# If anything near has most of the words, texts that have most of them are not worth their time.
ENOUGH_OF_PARTS = 1
# Weights of terms at C and B and of names in ts_rank; those at D do not occur.
_WEIGHTS = "{0.1, 0.2, 0.6, 1.0}"
_BRANCH = """(SELECT item_id, kind, topic_ids, name_length, {tier} AS tier, {rank} AS rank
    FROM {rows} WHERE {condition}{filter} LIMIT {most})"""
_ROWS = "knowledge_search_rows"
# Of the few things that are called so, the texts themselves are read; all texts with these words
# would be many more.
_THINGS = f"""(SELECT * FROM {_ROWS} WHERE name_terms @@ CAST(:query_{THING_AND_TEXT} AS tsquery)
    LIMIT {MOST_THINGS}) AS thing"""
# Each stage is looked at only if those before left room for more.
_STAGE = "stage_{number} AS MATERIALIZED ({branches})"
_ROOM = " AND (SELECT count(*) FROM ({before}) AS before) < {enough}"
_ALL_OF_STAGE = "SELECT * FROM stage_{number}"
_FILTERS = {
    "kind": " AND kind = :kind",
    "topic_id": " AND topic_ids @> ARRAY[CAST(:topic_id AS bigint)]",
}
_STATEMENT = """
    WITH {branches},
    found AS MATERIALIZED ({all_branches}),
    hits AS MATERIALIZED (
        SELECT DISTINCT ON (item_id) item_id, kind, topic_ids, name_length, rank,
            CASE WHEN tier >= {from_tier} AND kind <> CAST(:asked_kind AS text)
                THEN tier + {most_tiers} ELSE tier END AS tier
        FROM found ORDER BY item_id, tier
    ),
    scored AS (
        SELECT item_id, tier,
            CASE WHEN tier <= {last_of_names} THEN 1000 - name_length
                ELSE CAST(rank * 1000 AS int) END * 64
            + CASE WHEN views > 0 THEN CAST(ceil(ln(CAST(views AS float8) + 1) / 0.6931472) AS int)
                ELSE 0 END AS score
        FROM hits LEFT JOIN knowledge_counts USING (item_id)
        WHERE (CAST(:kind AS text) IS NULL OR kind = :kind)
            AND (CAST(:topic_id AS bigint) IS NULL OR topic_ids @> ARRAY[CAST(:topic_id AS bigint)])
    ),
    page AS (
        SELECT item_id, tier, score FROM scored
        WHERE (tier, -score, item_id) > (:tier, -:score, :item_id)
        ORDER BY tier, score DESC, item_id LIMIT :limit
    )
    SELECT
        (SELECT count(*) FROM scored) AS total,
        EXISTS (SELECT FROM hits) AS is_something,
        (SELECT count(*) FROM found) >= {enough}
            OR EXISTS (SELECT FROM found GROUP BY tier HAVING count(*) >= {most}) AS is_least,
        (SELECT jsonb_object_agg(kind, count) FROM (
            SELECT kind, count(*) FROM hits
            WHERE CAST(:topic_id AS bigint) IS NULL
                OR topic_ids @> ARRAY[CAST(:topic_id AS bigint)]
            GROUP BY kind) AS of_kinds) AS kinds,
        (SELECT jsonb_object_agg(topic_id, count) FROM (
            SELECT topic_id, count(*) FROM hits, unnest(topic_ids) AS topic_id
            WHERE CAST(:kind AS text) IS NULL OR kind = :kind
            GROUP BY topic_id) AS of_topics) AS topics,
        (SELECT jsonb_agg(jsonb_build_array(item_id, tier, score)
            ORDER BY tier, score DESC, item_id) FROM page) AS page
"""
_MOST_TIERS = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that matches, by the nearest way in which it does."""

    item_id: int
    tier: int
    score: int

    @property
    def is_by_name(self) -> bool:
        return self.tier <= LAST_OF_NAMES


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and how all of them divide. `is_least`: there are more than counted;
    `is_something`: there are some, even if the filters leave none."""

    hits: list[Hit]
    total: int
    is_least: bool
    kinds: dict[str, int]
    topics: dict[int, int]
    next_cursor: str | None
    is_something: bool


NOTHING_FOUND = Found([], 0, False, {}, {}, None, False)


def find(
    ctx: Context,
    question: Question,
    *,
    kind: str | None,
    topic_id: int | None,
    limit: int,
    cursor: str | None,
) -> Found:
    """The page after the cursor; raises Invalid for a cursor that is none."""
    if question.is_empty:
        return NOTHING_FOUND
    ways = [way for way in matches(question) if way.query != NOTHING]
    tier, score, item_id = (-1, 0, 0) if cursor is None else decode_cursor(cursor, int, int, int)
    values = {f"query_{way.tier}": way.query for way in ways} | {
        "any_word": any_word(question),
        "kind": kind,
        "topic_id": topic_id,
        # Without one nothing is put last for being of another kind.
        "asked_kind": question.kind,
        "tier": _bounded(tier),
        "score": _bounded(score),
        "item_id": item_id,
        "limit": limit + 1,
    }
    looked = tuple((way.tier, way.column) for way in ways)
    enough = MOST_CANDIDATES if question.is_whole else ENOUGH_OF_PARTS
    found = _run(ctx, _statement(looked, (), enough, MOST_CANDIDATES), values, limit)
    filters = {name: values[name] for name in _FILTERS if values[name] is not None}
    if found.is_least and filters:
        # Most of what was looked at was of no use; how all divide is known now.
        statement = _statement(looked, tuple(filters), enough, MOST_CANDIDATES)
        narrow = _run(ctx, statement, values, limit)
        return replace(narrow, kinds=found.kinds, topics=found.topics, is_something=True)
    return found


def _bounded(number: int) -> int:
    return max(-(2**31), min(2**31 - 1, number))


def _run(ctx: Context, statement: TextClause, values: dict, limit: int) -> Found:
    row = ctx.session.execute(statement, values).one()
    hits = [Hit(*each) for each in row.page or ()]
    shown = hits[:limit]
    last = shown[-1] if len(hits) > limit else None
    return Found(
        shown,
        row.total,
        row.is_least,
        row.kinds or {},
        {int(topic_id): count for topic_id, count in (row.topics or {}).items()},
        None if last is None else encode_cursor(last.tier, last.score, last.item_id),
        row.is_something,
    )


@lru_cache(maxsize=256)
def _statement(
    ways: tuple[tuple[int, str], ...], filters: tuple[str, ...], enough: int, most: int
) -> TextClause:
    """The statement that looks in these ways, each a tier and a column, for texts only as long as
    not enough is found."""
    narrowed = "".join(_FILTERS[name] for name in filters)
    stages: list[str] = []
    for stage, of_stage in groupby(ways, key=lambda way: _stage_of(way[0])):
        before = " UNION ALL ".join(
            _ALL_OF_STAGE.format(number=number) for number in range(len(stages))
        )
        wanted = enough if stage == TEXT else most
        room = _ROOM.format(before=before, enough=wanted) if stages else ""
        branches = [
            _BRANCH.format(
                tier=tier,
                rank=_rank(tier, column),
                rows=_THINGS if tier == THING_AND_TEXT else _ROWS,
                condition=_condition(tier, column),
                filter=narrowed + room,
                most=most,
            )
            for tier, column in of_stage
        ]
        joined = " UNION ALL ".join(branches)
        stages.append(_STAGE.format(number=len(stages), branches=joined))
    every = (_ALL_OF_STAGE.format(number=number) for number in range(len(stages)))
    return text(
        _STATEMENT.format(
            branches=", ".join(stages),
            all_branches=" UNION ALL ".join(every),
            from_tier=BEGINNING,
            last_of_names=LAST_OF_NAMES,
            enough=enough,
            most=most,
            most_tiers=_MOST_TIERS,
        )
    )


def _stage_of(tier: int) -> int:
    """Tiers that are looked at together: names that begin so, other names, each kind of text."""
    return BEGINNING if tier <= BEGINNING else max(tier, LAST_OF_NAMES)


def _condition(tier: int, column: str) -> str:
    if tier == THING_AND_TEXT:
        return f"text_terms @@ CAST(:query_{TEXT} AS tsquery)"
    return f"{column} @@ CAST(:query_{tier} AS tsquery)"


def _rank(tier: int, column: str) -> str:
    if column == "main_terms":
        return f"ts_rank('{_WEIGHTS}', main_terms, CAST(:any_word AS tsquery), 1)"
    return "0"
