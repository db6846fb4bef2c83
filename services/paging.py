"""Pages of long lists, by a cursor that names the last row seen."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from unicodedata import category

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import Session, scoped_session

from services.errors import Invalid

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a list; `next_cursor` is None on the last page."""

    items: Sequence
    next_cursor: str | None


def encode_cursor(*position: int | str) -> str:
    packed = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple:
    """The position in a cursor made of values of these types; raises Invalid for any other."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = json.loads(packed)
    except (binascii.Error, ValueError, RecursionError):
        raise Invalid("cursor_invalid") from None
    if not isinstance(position, list) or list(map(type, position)) != list(kinds):
        raise Invalid("cursor_invalid")
    if any(type(value) is int and abs(value) > LARGEST_ID for value in position):
        raise Invalid("cursor_invalid")
    if any(type(value) is str and not _is_storable(value) for value in position):
        raise Invalid("cursor_invalid")
    return tuple(position)


def _is_storable(text: str) -> bool:
    """Whether the database takes the text: no control characters, no halves of surrogates."""
    return not any(category(character) in ("Cc", "Cs") for character in text)


def cut_page(rows: Sequence, limit: int, cursor_of) -> Page:
    """A page of `limit` from rows fetched with one more than that."""
    items = rows[:limit]
    return Page(items, cursor_of(items[-1]) if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list may be sorted by: an expression that is never NULL, and the type of its values.

    Rows of equal value are told apart by `id`.
    """

    expression: ColumnElement
    kind: type = str


def fetch_sorted_page(
    session: scoped_session[Session],
    query: Select,
    *,
    id_column: ColumnElement,
    keys: Mapping[str, SortKey],
    sort: str,
    limit: int,
    cursor: str | None,
) -> Page:
    """A page of the rows of `query`, in the order named by `sort`; "-name" is the reverse.

    Items are the rows as selected. Raises Invalid for a cursor that is none, or of another order.
    """
    key = keys[sort.removeprefix("-")]
    if cursor is not None:
        place, last_id = _decode_place(cursor, sort, key.kind)
        here, last = tuple_(key.expression, id_column), tuple_(literal(place), literal(last_id))
        query = query.where(here < last if sort.startswith("-") else here > last)
    query = in_order(query, id_column=id_column, keys=keys, sort=sort)
    rows = session.execute(query.add_columns(key.expression, id_column).limit(limit + 1)).all()
    page = cut_page(rows, limit, lambda row: _encode_place(sort, *row[-2:]))
    return Page([_without_place(row) for row in page.items], page.next_cursor)


def in_order(
    query: Select, *, id_column: ColumnElement, keys: Mapping[str, SortKey], sort: str
) -> Select:
    """The query in the order named by `sort`; "-name" is the reverse."""
    order = (keys[sort.removeprefix("-")].expression, id_column)
    return query.order_by(*((each.desc() for each in order) if sort.startswith("-") else order))


def _encode_place(sort: str, value: object, row_id: int) -> str:
    place = value.isoformat() if isinstance(value, date) else value
    return encode_cursor(sort, place, row_id)


def _decode_place(cursor: str, sort: str, kind: type) -> tuple[object, int]:
    of_sort, place, row_id = decode_cursor(cursor, str, int if kind is int else str, int)
    if of_sort != sort:
        raise Invalid("cursor_invalid")
    return _PLACES.get(kind, _as_it_is)(place), row_id


def as_moment(text: str) -> datetime:
    """The aware moment in a cursor; raises Invalid."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid("cursor_invalid")
    return moment


def _as_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("cursor_invalid") from None


def _as_it_is(value: int | str) -> int | str:
    return value


_PLACES = {datetime: as_moment, date: _as_day}


def _without_place(row: Sequence) -> object:
    values = row[:-2]
    return values[0] if len(values) == 1 else values
