"""How often items are read, kept and judged.

A visitor counts once a day and item: who is a visitor, services/visitors.py says. What comes in is
one row each, added up by a job; so reading costs one insert and no row that all readers want.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import delete, text

from models import KnowledgeView
from services.clock import local_day
from services.context import Context
from services.visitors import visitor_key

# Of publications only, and a second time on the same day it is no view.
_NOTE_VIEW = text("""
    INSERT INTO knowledge_views (item_id, day, visitor_key)
    SELECT item_id, CAST(:day AS date), CAST(:visitor_key AS bigint)
    FROM knowledge_publications WHERE item_id = :item_id
    ON CONFLICT DO NOTHING
""")
# In one statement a view is marked and added, or neither. Items come in one order, so that this and
# whoever else changes several counts never wait for each other in a circle.
_ROLL_UP = text("""
    WITH chosen AS (
        SELECT item_id, day, visitor_key FROM knowledge_views
        WHERE NOT is_counted FOR UPDATE SKIP LOCKED
    ), counted AS (
        UPDATE knowledge_views AS view SET is_counted = true FROM chosen
        WHERE (view.item_id, view.day, view.visitor_key)
            = (chosen.item_id, chosen.day, chosen.visitor_key)
        RETURNING view.item_id
    )
    INSERT INTO knowledge_counts (item_id, views)
    SELECT item_id, count(*) FROM counted JOIN knowledge_items AS item ON item.id = counted.item_id
    GROUP BY item_id ORDER BY item_id
    ON CONFLICT (item_id) DO UPDATE SET views = knowledge_counts.views + excluded.views
""")
_CHANGE = text("""
    INSERT INTO knowledge_counts (item_id, favourites, helpful, unhelpful)
    VALUES (:item_id, :favourites, :helpful, :unhelpful)
    ON CONFLICT (item_id) DO UPDATE
    SET favourites = knowledge_counts.favourites + excluded.favourites,
        helpful = knowledge_counts.helpful + excluded.helpful,
        unhelpful = knowledge_counts.unhelpful + excluded.unhelpful
""")
# What differs from a recount. Readers go on meanwhile, and are seen at one moment by one statement.
_FIND_MISCOUNTED = text("""
    SELECT coalesce(count.item_id, favourite.item_id, opinion.item_id)
    FROM knowledge_counts AS count
    FULL JOIN (
        SELECT item_id, count(*) AS number FROM knowledge_favourites GROUP BY item_id
    ) AS favourite USING (item_id)
    FULL JOIN (
        SELECT item_id, count(*) FILTER (WHERE is_helpful) AS helpful,
               count(*) FILTER (WHERE NOT is_helpful) AS unhelpful
        FROM knowledge_opinions GROUP BY item_id
    ) AS opinion USING (item_id)
    WHERE (coalesce(count.favourites, 0), coalesce(count.helpful, 0), coalesce(count.unhelpful, 0))
       <> (coalesce(favourite.number, 0), coalesce(opinion.helpful, 0),
           coalesce(opinion.unhelpful, 0))
    ORDER BY 1
""")


def note_view(ctx: Context, *, item_id: int) -> None:
    """Note that somebody read the item, unless they did so today or are a robot."""
    key = visitor_key(ctx, purpose="knowledge", about=item_id)
    if key is not None:
        seen = {"item_id": item_id, "day": local_day(ctx.now), "visitor_key": key}
        ctx.session.execute(_NOTE_VIEW, seen)


def roll_up_views(ctx: Context) -> None:
    """Add what was not counted yet, exactly once, and forget the days before yesterday.

    Those of today are still needed to know who was here; those of yesterday for who reads at
    midnight on a machine whose clock is late.
    """
    ctx.session.execute(_ROLL_UP)
    yesterday = local_day(ctx.now) - timedelta(days=1)
    ctx.session.execute(
        delete(KnowledgeView).where(KnowledgeView.day < yesterday, KnowledgeView.is_counted)
    )


def begin_counts(ctx: Context, item_id: int) -> None:
    """Give an item that is published the counts that lists of the most read look for."""
    change_counts(ctx, item_id)


def change_counts(
    ctx: Context, item_id: int, *, favourites: int = 0, helpful: int = 0, unhelpful: int = 0
) -> None:
    """Add to an item's counts, in the transaction that changes the rows they count."""
    changes = {"favourites": favourites, "helpful": helpful, "unhelpful": unhelpful}
    ctx.session.execute(_CHANGE, {"item_id": item_id} | changes)


def find_miscounted(ctx: Context) -> Iterator[int]:
    """The items whose favourites or opinions differ from a recount: none, if all is well."""
    return ctx.session.scalars(_FIND_MISCOUNTED)
