"""What demonstration readers leave at health knowledge, as it lies in the tables.

Nobody can sign in as them, so nothing of it comes by a request.
"""

import random
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert, select, update

from devtools.demo_staff import DISTRICT
from models import (
    Citizen,
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeCount,
    KnowledgeFavourite,
    KnowledgeOpinion,
    KnowledgePublication,
    KnowledgeReport,
    Organization,
    SearchedName,
)
from services.clock import local_day
from services.context import Context

READERS = 60
# Searched for by so many on each of the last days.
SEARCHED = {
    "黄芪": 21,
    "八段锦": 18,
    "甘草": 15,
    "艾灸": 13,
    "玉屏风散": 11,
    "沙棘": 9,
    "金银花": 8,
    "蒙医药浴": 7,
}
SEARCHED_DAYS = 4
UNHELPFUL = ("hard_to_read", "incomplete", "not_what_i_sought")
# Of those in this order the first has been let through, the others wait.
COMMENTS = (
    ("article-futian", "我家老人去年夏天就是空调吹多了，照着做今年好多了。"),
    ("article-futian", "请问孩子几岁可以贴三伏贴？"),
    ("exercise-baduanjin", "第八式膝盖不好的能不能不跳？希望补充一下。"),
    ("herb-huangqi", "我们村里种黄芪，能不能讲讲怎么防根腐病？"),
)
REPORTS = (
    ("herb-shaji", "沙棘的别名里少了“沙棘果”，我们这里都这么叫。"),
    ("formula-guizhi", "“两”和“克”怎么换算没有写，容易看错，请补一句。"),
)
CONTRIBUTIONS = (
    (
        "奶奶的艾草香包",
        "端午前三天采艾叶，阴干，和薄荷一起装进旧布缝的小包，挂在门口和孩子书包上。"
        "奶奶说香味淡了就换，不要放在婴儿枕边。",
        {
            "collected_from": "示例市民（虚构）的祖母",
            "collected_in": "东胜区示例街道",
            "known_since": "家里用了三代",
        },
    ),
    (
        "牧区喝的沙葱汤",
        "秋天沙葱多的时候，和羊骨头一起煮，只放一点盐。老人说天凉了喝着舒服。",
        {"collected_from": "示例牧民（虚构）", "collected_in": "示例嘎查"},
    ),
)


def leave_traces(ctx: Context, published: Mapping[str, int]) -> None:
    """At published items, by their codes."""
    chance = random.Random(7)
    readers = ctx.session.scalars(select(Citizen.id).order_by(Citizen.id).limit(READERS)).all()
    _read(ctx, published, readers, chance)
    _search(ctx, chance)
    _write(ctx, published, readers)
    ctx.session.flush()


def _read(
    ctx: Context, published: Mapping[str, int], readers: list[int], chance: random.Random
) -> None:
    """A few items are read by many, most by few; counts are what the rows add up to."""
    counts, favourites, opinions = [], [], []
    for item_id in published.values():
        likes = chance.paretovariate(1.3)
        keep = chance.sample(readers, min(len(readers), int(likes)))
        judge = chance.sample(readers, min(len(readers), int(2 * likes)))
        unhelpful = [citizen_id for citizen_id in judge if chance.random() < 0.1]
        favourites += [_left(ctx, item_id, citizen_id) for citizen_id in keep]
        opinions += [
            _left(ctx, item_id, citizen_id)
            | {
                "is_helpful": citizen_id not in unhelpful,
                "reason": chance.choice(UNHELPFUL) if citizen_id in unhelpful else None,
            }
            for citizen_id in judge
        ]
        counts.append(
            {
                "item_id": item_id,
                "views": int(40 * likes) + chance.randrange(20),
                "favourites": len(keep),
                "helpful": len(judge) - len(unhelpful),
                "unhelpful": len(unhelpful),
            }
        )
    # Publishing has made a row for each.
    ctx.session.execute(update(KnowledgeCount), counts)
    for table, rows in (
        (KnowledgeFavourite, favourites),
        (KnowledgeOpinion, opinions),
    ):
        if rows:
            ctx.session.execute(insert(table), rows)


def _left(ctx: Context, item_id: int, citizen_id: int) -> dict[str, object]:
    return {"item_id": item_id, "citizen_id": citizen_id, "created_at": ctx.now}


def _write(ctx: Context, published: Mapping[str, int], readers: list[int]) -> None:
    """Comments, errors and knowledge of their own, most of which waits for staff."""
    writers = iter(readers)
    numbers = dict(
        ctx.session.execute(
            select(KnowledgePublication.item_id, KnowledgePublication.revision_number)
        ).all()
    )
    for place, (code, text) in enumerate(COMMENTS):
        shown = {"state": "shown", "decided_at": ctx.now} if place == 0 else {}
        row = KnowledgeComment(item_id=published[code], text=text, safety="passed", **shown)
        ctx.session.add(_sent(ctx, row, next(writers)))
    for code, text in REPORTS:
        item_id = published[code]
        row = KnowledgeReport(item_id=item_id, revision_number=numbers[item_id], text=text)
        ctx.session.add(_sent(ctx, row, next(writers)))
    commission = select(Organization.id).where(Organization.name == DISTRICT)
    district_id = ctx.session.scalars(commission).one()
    for title, text, provenance in CONTRIBUTIONS:
        row = KnowledgeContribution(
            organization_id=district_id,
            title=title,
            text=text,
            provenance=provenance,
            safety="passed",
        )
        ctx.session.add(_sent(ctx, row, next(writers)))


def _sent(ctx: Context, row: object, citizen_id: int) -> object:
    row.citizen_id, row.request_key = citizen_id, uuid4()
    row.created_at = ctx.now - timedelta(hours=20)
    return row


def _search(ctx: Context, chance: random.Random) -> None:
    today = local_day(ctx.now)
    rows = [
        {
            "day": today - timedelta(days=days_ago),
            "name": name,
            "visitor_key": chance.getrandbits(63),
        }
        for name, visitors in SEARCHED.items()
        for days_ago in range(SEARCHED_DAYS)
        for _ in range(visitors)
    ]
    ctx.session.execute(insert(SearchedName), rows)
