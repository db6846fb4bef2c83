"""Pictures floating over a sheet: which cell each of them is meant for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.spreadsheets.markup import Event, events
from services.spreadsheets.workbook import Book, SheetPart, relations

# English Metric Units, in which drawings are measured.
_EMU_OF_A_POINT = 12_700
# What is higher is a background and no portrait.
_MOST_ROWS_COVERED = 200


@dataclass(slots=True)
class _Anchor:
    """Where a picture is: rows and columns from 0, offsets and sizes in EMU.

    `end` is empty where the drawing gives a size instead.
    """

    start: dict[str, int] = field(default_factory=dict)
    end: dict[str, int] = field(default_factory=dict)
    height: int = 0
    relation: str = ""


def floating_pictures(book: Book, columns: Sequence[int]) -> dict[tuple[int, int], list[str]]:
    """The parts with pictures by the row and column, both from 1, they are meant for.

    People drop pictures roughly: a picture belongs to the row its middle is in and to the first of
    `columns` it touches. Pictures that touch none, a logo above the titles say, are left out.
    """
    placed: dict[tuple[int, int], list[str]] = {}
    for drawing in relations(book.archive, book.sheet.name).values():
        if drawing.kind != "drawing":
            continue
        parts = relations(book.archive, drawing.part)
        for anchor in _anchors(events(book.archive.chunks(drawing.part))):
            column = _column_of(anchor, columns)
            if column is not None and anchor.relation in parts:
                place = (_row_of(anchor, book.sheet), column)
                placed.setdefault(place, []).append(parts[anchor.relation].part)
    return placed


def _anchors(found: Iterator[Event]) -> Iterator[_Anchor]:
    anchor = _Anchor()
    corner: dict[str, int] = {}
    for event in found:
        if event.is_start and event.name in ("oneCellAnchor", "twoCellAnchor"):
            anchor = _Anchor()
        elif event.is_start and event.name in ("from", "to"):
            corner = anchor.start if event.name == "from" else anchor.end
        elif event.is_start:
            _take_attributes(anchor, event)
        elif event.name in ("row", "rowOff", "col"):
            corner[event.name] = _measure(event.text)
        elif event.name in ("oneCellAnchor", "twoCellAnchor"):
            yield anchor


def _take_attributes(anchor: _Anchor, event: Event) -> None:
    """The first picture of the anchor, and the first size, which is the anchor's own."""
    if event.name == "blip" and not anchor.relation:
        anchor.relation = event.attributes.get("embed", "")
    elif event.name == "ext" and "cy" in event.attributes and not anchor.height:
        anchor.height = _measure(event.attributes["cy"])


def _measure(text: str) -> int:
    """A measure of a drawing; what is none counts as 0, for a place is only ever guessed."""
    digits = text.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if is_number else 0


def _column_of(anchor: _Anchor, columns: Sequence[int]) -> int | None:
    first = anchor.start.get("col", 0) + 1
    last = anchor.end.get("col", anchor.start.get("col", 0)) + 1
    return next((column for column in sorted(columns) if first <= column <= last), None)


def _row_of(anchor: _Anchor, sheet: SheetPart) -> int:
    """The row, from 1, in which the middle of the picture is."""
    first = anchor.start.get("row", 0) + 1
    last = anchor.end.get("row", first - 1) + 1
    if last - first > _MOST_ROWS_COVERED:
        return first
    height = anchor.height
    if anchor.end:
        above = sum(_height_of(sheet, row) for row in range(first, last))
        height = above + anchor.end.get("rowOff", 0) - anchor.start.get("rowOff", 0)
    return _row_at(sheet, first, anchor.start.get("rowOff", 0) + height / 2)


def _row_at(sheet: SheetPart, row: int, below: float) -> int:
    """The row that is so many EMU below the top of a row."""
    for at in range(row, row + _MOST_ROWS_COVERED):
        below -= _height_of(sheet, at)
        if below <= 0:
            return at
    return row


def _height_of(sheet: SheetPart, row: int) -> float:
    return sheet.heights.get(row, sheet.usual_height) * _EMU_OF_A_POINT
