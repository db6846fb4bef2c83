"""Lists of what readers left, for staff: what waits oldest first, all else latest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select

from services.paging import Page, decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class StaffItemName:
    """What an item is called where it is written, which may differ from what is public."""

    id: int
    title: str
    kind: str


def in_queue(query: Select, table: type, state: str | None, *, waiting: str, cursor) -> Select:
    """Narrow to a state, if any, and put in order from the cursor on."""
    is_waiting = state == waiting
    if state is not None:
        query = query.where(table.state == state)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(table.id > last_id if is_waiting else table.id < last_id)
    return query.order_by(table.id if is_waiting else table.id.desc())


def cut_queue(rows: Sequence[Row], limit: int, view: Callable[[Row], object]) -> Page:
    """A page of `limit` from rows, whose first column has the id, with one more than that."""
    items = rows[:limit]
    next_cursor = encode_cursor(items[-1][0].id) if len(rows) > limit else None
    return Page([view(row) for row in items], next_cursor)
