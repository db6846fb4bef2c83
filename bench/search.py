"""How the search does over a hundred thousand publications: `python -m bench.search`."""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing import Pool
from pathlib import Path
from statistics import median, quantiles

from psycopg import Connection
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import scoped_session, sessionmaker

from bench.__main__ import migrate, say
from bench.world import settle_down
from devtools.embedded import engines
from services import knowledge
from services.context import Context
from services.knowledge.searching.indexing import search_values
from services.knowledge.searching.terms import key_of, quoted
from tests.knowledge.corpus import entries
from tests.knowledge.golden import SYNONYMS, judge

SEED = 1
PAGE = 20
BATCH = 500
QUERIES = {
    "1 character": ["黄", "参", "气", "药", "热", "艾", "汤", "痧", "血", "风"],
    "2 characters": [
        "黄芪",
        "感冒",
        "失眠",
        "头痛",
        "艾灸",
        "当归",
        "健脾",
        "蒙医",
        "咳嗽",
        "孕妇",
    ],
    "pinyin": ["huangqi", "danggui", "aijiu", "lwdhw", "jinyinhua", "hq", "baduanjin", "renshen"],
    "long": [
        "失眠吃什么药材",
        "孕妇不能用哪些中药",
        "黄芪 白术 防风",
        "补气固表止汗的方剂",
        "风热感冒咽喉肿痛怎么办",
        "六味地黄丸的功效与作用",
        "老年人膝关节疼痛可以做艾灸吗",
        "astragalus membranaceus 黄芪",
    ],
}
# Parts of names and of sentences, the frequent ones first, as in real texts.
HEADS = "黄白红紫金银青赤玄苦甘山川天地石草木水龙虎马牛羊鹿沙云广北南东西生熟炙炒大小"
MIDDLES = "芪参术芍归芎黄连柏芩草花叶根皮子仁藤香苓苓胡风荷菊翘桂枝姜枣麦冬味药苁蓉阳棘艾蒿"
TAILS = ["", "", "", "汤", "散", "丸", "饮", "膏", "茶", "灸法", "贴敷", "推拿", "操", "药浴"]
WORDS = """
补气 健脾 清热 解毒 活血 止痛 祛风 除湿 养血 安神 润肺 止咳 化痰 滋阴 补肾
疏肝 理气 和胃 固表 止汗 利水 消肿 感冒 咳嗽 失眠 头痛 头晕 心悸 便秘 腹泻
腹胀 食少 乏力 自汗 盗汗 水肿 痛经 腰痛 颈椎 关节 膝关节 湿疹 咽喉 肿痛
发热 怕冷 口干 目赤 耳鸣 健忘 孕妇 儿童 老年人 高血压 糖尿病 蒙医 中医 赫依
希拉 巴达干 黄芪 当归 人参 甘草 白术 防风 艾灸 拔罐 刮痧 推拿 针刺 药浴
足浴 穴位 足三里 合谷 关元 大椎 煎汤 泡水 研末 外敷 内服 蜜炙 炒制 根茎
果实 种子 全草 花蕾 秋季 采挖 晒干 味甘 性温 味苦 性寒 归肺 归脾 归肝 归肾
用量 慎用 禁用 医师 指导 不宜 久服 配伍 方剂 药材 道地 内蒙古 草原
"""
JOINTS = ["，", "，", "，", "、", "与", "可", "用于", "能", "并", "时", "的", "者", "。"]
NAMES = "knowledge_names (item_id, sort, text, key, sound, initials, near)"
# All else has the values an item gets that is published for the first time.
PUBLICATIONS = """
    knowledge_publications (item_id, kind, name, summary, content, published_at,
        first_published_at, reviewed_at, organization_id)
"""
DEFAULTS = {
    "revision_number": "1",
    "topic_ids": "'{}'",
    "original_language": "'zh'",
    "is_translation_stale": "false",
    "are_comments_open": "false",
    "is_sample": "false",
    "is_demonstration": "false",
}
FIRST_MADE_UP = 1_000
# An article has some 1,800 characters, all else some 340.
FEW_SENTENCES = (6, 30)
SENTENCES = {"article": (60, 120)}
KINDS = ("herb", "formula", "technique", "exercise", "article")
SET_ASIDE = """
    CREATE TABLE plain AS
    SELECT row.item_id, publication.name, row.text
    FROM knowledge_search_rows AS row JOIN knowledge_publications AS publication USING (item_id)
"""
# What the least of searches has to do: find all, count them, put names first.
BY_LIKE = text("""
    SELECT item_id, count(*) OVER () FROM plain
    WHERE name LIKE :pattern OR text LIKE :pattern
    ORDER BY name LIKE :pattern DESC, item_id LIMIT :limit
""")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sain-bench-") as name, ExitStack() as stack:
        say("starting PostgreSQL and Redis, with everything durable")
        running = stack.enter_context(engines(Path(name) / "var", durable=True))
        migrate(running)
        # The superuser, who may lay rows without their foreign keys being checked.
        owner = create_engine(running.postgres.url_for("sain", role="postgres"))
        stack.callback(owner.dispose)
        engine = create_engine(running.database_url)
        stack.callback(engine.dispose)
        ctx = Context(scoped_session(sessionmaker(engine)), services=None, now=datetime.now(UTC))
        stack.callback(ctx.session.remove)
        _lay_synonyms(owner)
        _lay(owner, [_rows_of(1, entries())])
        settle_down(owner)
        alone = judge(lambda query: _names(ctx, query))
        say(f"laying {options.items:,} publications")
        with Pool() as pool:
            _lay(owner, pool.imap(_batch, range(options.items // BATCH)))
        with owner.begin() as connection:
            connection.execute(text(SET_ASIDE))
            connection.execute(text("GRANT SELECT ON plain TO PUBLIC"))
        settle_down(owner)
        _report_quality(alone, judge(lambda query: _names(ctx, query)), options.items)
        _report_sizes(owner)
        _report_speed(ctx, engine, options.rounds)
        _report_plans(ctx, engine)


def _made_up(number: int) -> Iterator[dict]:
    """A batch of items whose names and texts are put together from words that occur as often as
    real ones."""
    draw = random.Random(SEED + number)
    words = WORDS.split()
    weights = [1 / (place + 5) for place in range(len(words))]
    for place in range(BATCH):
        kind = KINDS[place % len(KINDS)]
        name = draw.choice(HEADS) + draw.choice(MIDDLES)
        if draw.random() < 0.7:
            name += draw.choice(MIDDLES) + draw.choice(TAILS)
        sentences = [
            "".join(
                word + draw.choice(JOINTS)
                for word in draw.choices(words, weights, k=draw.randint(4, 9))
            )
            for _ in range(draw.randint(*SENTENCES.get(kind, FEW_SENTENCES)))
        ]
        aliases = [draw.choice(HEADS) + draw.choice(MIDDLES) + draw.choice(HEADS)]
        half = {
            "aliases": aliases if place % 2 else [],
            "summary": sentences[0],
            "actions": sentences[1],
            "body": "".join(f"<p>{each}</p>" for each in sentences[2:]),
        }
        yield {"kind": kind, "name": name, "zh": half, "facts": {}}


def _batch(number: int) -> tuple[list, list, list]:
    return _rows_of(FIRST_MADE_UP + number * BATCH, _made_up(number))


def _lay(owner: Engine, batches: Iterable[tuple[list, list, list]]) -> None:
    """Write items with what they are found by; of what is behind them, nothing."""
    with owner.begin() as connection:
        raw = connection.connection.driver_connection
        raw.execute("SET LOCAL session_replication_role = replica")
        raw.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for column, value in DEFAULTS.items():
            raw.execute(
                f"ALTER TABLE knowledge_publications ALTER COLUMN {column} SET DEFAULT {value}"
            )
        indexes = _drop_indexes(raw)
        organization = raw.execute("SELECT min(id) FROM organizations").fetchone()
        for publications, rows, names in batches:
            _copy(raw, PUBLICATIONS, [row + organization for row in publications])
            _copy(raw, "knowledge_search_rows", rows)
            _copy(raw, NAMES, names)
        for definition in indexes:
            raw.execute(definition)


def _drop_indexes(raw: Connection) -> list[str]:
    """What is to be run to have them again; building an index at once is far quicker."""
    found = raw.execute("""
        SELECT indexname, indexdef FROM pg_indexes
        WHERE tablename IN ('knowledge_search_rows', 'knowledge_names') AND indexname LIKE 'ix%'
    """).fetchall()
    for name, _ in found:
        raw.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def _rows_of(first_id: int, items: Iterable[dict]) -> tuple[list, list, list]:
    """The rows of publications, of what they are found by, and of their names."""
    now = datetime.now(UTC)
    publications, rows, names = [], [], []
    for item_id, entry in enumerate(items, first_id):
        mn = {"name": entry["name_mn"]} if entry.get("name_mn") else None
        half = {"name": entry["name"], **entry["zh"]}
        content = {"zh": half, "mn": mn, "facts": entry["facts"], "links": []}
        row, of_item = search_values(item_id, entry["kind"], content)
        shown = (entry["name"], half["summary"], json.dumps(content, ensure_ascii=False))
        publications.append((item_id, entry["kind"], *shown, now, now, now))
        vectors = [
            " ".join(map(quoted, row["name_terms"])),
            row["main_terms"],
            " ".join(map(quoted, row["text_terms"])),
        ]
        rows.append((item_id, row["kind"], "{}", row["name_length"], *vectors, row["text"]))
        names += [tuple(each.values()) for each in of_item]
    return publications, rows, names


def _copy(raw: Connection, table: str, rows: Iterable[tuple]) -> None:
    with raw.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _lay_synonyms(owner: Engine) -> None:
    group = text("INSERT INTO synonym_groups (revision) VALUES (1) RETURNING id")
    word = text("INSERT INTO synonym_words VALUES (:key, :group_id, :position, :word)")
    with owner.begin() as connection:
        for words in SYNONYMS:
            group_id = connection.scalar(group)
            for place, each in enumerate(words):
                values = {"key": key_of(each), "group_id": group_id, "position": place}
                connection.execute(word, values | {"word": each})


def _names(ctx: Context, query: str) -> list[str]:
    found = knowledge.search(ctx, q=query, limit=PAGE)
    ctx.session.rollback()
    return [item.name for item in found.items]


def _report_quality(alone, among, count: int) -> None:
    for title, verdict in (("the library alone", alone), (f"among {count:,} others", among)):
        print(f"\nGolden queries, {title}:\n")
        print("\n".join(verdict.lines()))
        print("\n".join(f"  {miss}" for miss in verdict.misses))


def _report_sizes(owner: Engine) -> None:
    query = text("""
        SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class
        WHERE relname IN ('knowledge_search_rows', 'knowledge_names', 'plain')
    """)
    with owner.connect() as connection:
        print("\n" + ", ".join(f"{name} {size}" for name, size in connection.execute(query)))


def _report_speed(ctx: Context, engine: Engine, rounds: int) -> None:
    """Both ways in turn, so that a slow moment of the machine hits both alike; each with a whole
    round of queries, so that neither has to live with what the other left in the caches."""
    ours: dict[str, list[float]] = {}
    theirs: dict[str, list[float]] = {}
    totals: dict[str, list[int]] = {}
    asked = [(name, query) for name, queries in QUERIES.items() for query in queries]
    for query in (query for _, query in asked):
        _names(ctx, query)
    with engine.connect() as connection:
        for _ in range(rounds):
            for name, query in asked:
                ours.setdefault(name, []).append(_timed(lambda query=query: _names(ctx, query)))
            for name, query in asked:
                values = {"pattern": f"%{query}%", "limit": PAGE}
                took = _timed(lambda values=values: connection.execute(BY_LIKE, values).all())
                theirs.setdefault(name, []).append(took)
        for name, query in asked:
            totals.setdefault(name, []).append(knowledge.search(ctx, q=query, limit=1).total)
            ctx.session.rollback()
    print(
        f"\n| {'query':<12} | found, median | p50 ms | p95 ms | LIKE p50 ms | p95 ms | ratio p95 |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in (*QUERIES, "all"):
        own, other, total = (
            [each for values in (of.values() if name == "all" else [of[name]]) for each in values]
            for of in (ours, theirs, totals)
        )
        print(
            f"| {name:<12} | {median(total):.0f} | {median(own):.1f} | {_p95(own):.1f} "
            f"| {median(other):.0f} | {_p95(other):.0f} | {_p95(other) / _p95(own):.0f} |"
        )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def _report_plans(ctx: Context, engine: Engine) -> None:
    """How PostgreSQL goes about the statement that finds, for a rare and for a frequent word."""
    for query in ("黄芪", "气"):
        seen = []

        def note(_connection, cursor, statement, parameters, *_args, seen=seen) -> None:
            if "stage_0" in statement:
                seen.append((statement, parameters))

        event.listen(engine, "before_cursor_execute", note)
        knowledge.search(ctx, q=query, limit=PAGE)
        event.remove(engine, "before_cursor_execute", note)
        connection = ctx.session.connection().connection.driver_connection
        statement, parameters = seen[0]
        plan = connection.execute(
            f"EXPLAIN (ANALYZE, COSTS OFF, TIMING ON) {statement}", parameters
        )
        print(f"\nThe plan for {query}:\n")
        print("\n".join(line for (line,) in plan))
        ctx.session.rollback()


if __name__ == "__main__":
    main()
