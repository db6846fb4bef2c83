"""What citizens want to find again."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from models import KnowledgeFavourite, KnowledgePublication
from services import accounts
from services.context import Context
from services.knowledge.reading.cards import select_cards, to_card
from services.knowledge.reading.counting import change_counts
from services.knowledge.reading.published import require_published
from services.paging import Page, SortKey, fetch_sorted_page

ORDERS = {"kept": SortKey(KnowledgeFavourite.created_at, datetime)}


def list_favourites(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's, the latest first, as Cards; those taken down meanwhile come back if the item
    does."""
    page = fetch_sorted_page(
        ctx.session,
        select_cards()
        .join(KnowledgeFavourite, KnowledgeFavourite.item_id == KnowledgePublication.item_id)
        .where(KnowledgeFavourite.citizen_id == ctx.actor.citizen_id),
        id_column=KnowledgePublication.item_id,
        keys=ORDERS,
        sort="-kept",
        limit=limit,
        cursor=cursor,
    )
    return Page([to_card(ctx, row) for row in page.items], page.next_cursor)


def keep_favourite(ctx: Context, *, item_id: int) -> None:
    """Keep it for the actor; again changes nothing. Raises Missing, SignInRequired."""
    require_published(ctx, item_id)
    accounts.lock_account(ctx)
    kept = ctx.session.scalar(
        insert(KnowledgeFavourite)
        .values(citizen_id=ctx.actor.citizen_id, item_id=item_id, created_at=ctx.now)
        .on_conflict_do_nothing()
        .returning(KnowledgeFavourite.item_id)
    )
    if kept is not None:
        change_counts(ctx, item_id, favourites=1)


def drop_favourite(ctx: Context, *, item_id: int) -> None:
    """Keep it no longer, whether or not it is still public; again changes nothing."""
    dropped = ctx.session.scalar(
        delete(KnowledgeFavourite)
        .where(
            KnowledgeFavourite.citizen_id == ctx.actor.citizen_id,
            KnowledgeFavourite.item_id == item_id,
        )
        .returning(KnowledgeFavourite.item_id)
    )
    if dropped is not None:
        change_counts(ctx, item_id, favourites=-1)


def is_favourite(ctx: Context, item_id: int) -> bool:
    """Whether the actor keeps it."""
    return (
        ctx.session.scalar(
            select(KnowledgeFavourite.item_id).where(
                KnowledgeFavourite.citizen_id == ctx.actor.citizen_id,
                KnowledgeFavourite.item_id == item_id,
            )
        )
        is not None
    )
