"""What many search for. Only names of published items are ever kept, never what somebody typed."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from models import KnowledgeName, SearchedName
from services.clock import local_day
from services.context import Context
from services.knowledge.searching.terms import key_of
from services.visitors import visitor_key

DAYS_SHOWN = 7
DAYS_KEPT = 30
# What fewer have searched for says more about them than about what is wanted.
FEWEST_VISITORS = 5
MOST = 12


@dataclass(frozen=True, slots=True)
class HotWord:
    """A name that many search for."""

    text: str


def note_searched_name(ctx: Context, *, name: str) -> None:
    """Count a visitor who searched for a known name, once a day; anything else is forgotten."""
    key = key_of(name)
    known = ctx.session.scalar(
        select(KnowledgeName.text)
        .where(KnowledgeName.key == key)
        .order_by(KnowledgeName.sort != "name", KnowledgeName.id)
        .limit(1)
    )
    visitor = None if known is None else visitor_key(ctx, purpose="searched_name", about=known)
    if visitor is None:
        return
    row = insert(SearchedName).values(day=local_day(ctx.now), name=known, visitor_key=visitor)
    ctx.session.execute(row.on_conflict_do_nothing())


def list_hot_words(ctx: Context) -> list[HotWord]:
    """The names searched for most in the last seven days, as long as they are published."""
    first_day = local_day(ctx.now) - timedelta(days=DAYS_SHOWN - 1)
    visitors = func.count()
    query = (
        select(SearchedName.name)
        .where(
            SearchedName.day >= first_day,
            exists().where(KnowledgeName.text == SearchedName.name),
        )
        .group_by(SearchedName.name)
        .having(visitors >= FEWEST_VISITORS)
        .order_by(visitors.desc(), SearchedName.name)
        .limit(MOST)
    )
    return [HotWord(name) for name in ctx.session.scalars(query)]


def purge_searched_names(ctx: Context) -> None:
    """Forget what was searched for more than thirty days ago."""
    oldest = local_day(ctx.now) - timedelta(days=DAYS_KEPT)
    ctx.session.execute(delete(SearchedName).where(SearchedName.day < oldest))
