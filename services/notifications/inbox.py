"""A citizen's inbox."""

from sqlalchemy import func, select, update

from models import Notice
from services.context import Context
from services.errors import Missing
from services.paging import Page, cut_page, decode_cursor, encode_cursor


def list_notices(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's notices, the latest first."""
    query = (
        select(Notice)
        .where(Notice.citizen_id == ctx.actor.citizen_id)
        .order_by(Notice.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(Notice.id < last_id)
    return cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))


def count_unread(ctx: Context) -> int:
    """How many of the actor's notices were not read yet."""
    return ctx.session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.citizen_id == ctx.actor.citizen_id, Notice.read_at.is_(None))
    )


def mark_read(ctx: Context, *, notice_id: int) -> None:
    """Note when the notice was first read; raises Missing for another person's."""
    found = ctx.session.scalar(
        update(Notice)
        .where(Notice.id == notice_id, Notice.citizen_id == ctx.actor.citizen_id)
        .values(read_at=func.coalesce(Notice.read_at, ctx.now))
        .returning(Notice.id)
    )
    if found is None:
        raise Missing("notice_not_found")


def mark_all_read(ctx: Context) -> None:
    """Note of all the actor's notices that they were read."""
    ctx.session.execute(
        update(Notice)
        .where(Notice.citizen_id == ctx.actor.citizen_id, Notice.read_at.is_(None))
        .values(read_at=ctx.now)
    )
