"""What demonstration readers leave at health knowledge: views, favourites, searches."""

import random
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import insert, select

from models import (
    Citizen,
    KnowledgeCount,
    KnowledgeFavourite,
    KnowledgeOpinion,
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


def leave_traces(ctx: Context, published: Mapping[str, int]) -> None:
    """At published items, by their codes."""
    chance = random.Random(7)
    readers = ctx.session.scalars(select(Citizen.id).order_by(Citizen.id).limit(READERS)).all()
    _read(ctx, published, readers, chance)
    _search(ctx, chance)


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
    for table, rows in (
        (KnowledgeCount, counts),
        (KnowledgeFavourite, favourites),
        (KnowledgeOpinion, opinions),
    ):
        if rows:
            ctx.session.execute(insert(table), rows)


def _left(ctx: Context, item_id: int, citizen_id: int) -> dict[str, object]:
    return {"item_id": item_id, "citizen_id": citizen_id, "created_at": ctx.now}


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
