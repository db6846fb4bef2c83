"""Pages of long lists, by a cursor that names the last row seen."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

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
    if any(type(value) is str and not value.isprintable() for value in position):
        raise Invalid("cursor_invalid")
    return tuple(position)


def cut_page(rows: Sequence, limit: int, cursor_of) -> Page:
    """A page of `limit` from rows fetched with one more than that."""
    items = rows[:limit]
    return Page(items, cursor_of(items[-1]) if len(rows) > limit else None)
