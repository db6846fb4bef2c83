"""Reading xlsx files sent by people, and zips of one with pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.errors import Invalid
from services.spreadsheets.archive import Archive, too_large
from services.spreadsheets.columns import Column, title_key
from services.spreadsheets.pictures import Pictures, is_by_the_system
from services.spreadsheets.results import Row, RowError, Sheet, Unfit
from services.spreadsheets.values import as_text, read_value
from services.spreadsheets.wording import EXAMPLE_MARK
from services.spreadsheets.workbook import Book, Cell, RawRow
from services.turns import in_turns

# People write a heading, sometimes with a date and a remark, above the titles.
_ROWS_WITH_TITLES = 10
# Cells may share one long text in the file, but each has its own once it is read.
MOST_CHARACTERS = 32 * 1024 * 1024
_MOST_IGNORED_COLUMNS = 50
_LONGEST_TITLE_SHOWN = 50


def read_workbook(content: bytes, columns: Sequence[Column], *, most_rows: int = 5000) -> Sheet:
    """The rows of the first visible sheet of an xlsx file, or of the one such file in a zip.

    Titles may be in any order and under a heading; blank rows and a template's example are skipped.
    Raises Invalid where the file as a whole cannot be read: spreadsheet_not_recognized,
    _too_large, _empty, _too_many_rows, _columns_missing and _columns_repeated. What is wrong with
    single cells is in the result's `errors`, all of them, in the order of the sheet.
    """
    book, files = _open(content)
    rows = book.rows()
    header, rows_below = _find_header(rows, columns)
    raw_rows = _take_rows(rows_below, header, most_rows)
    return _Reader(book, files, header).read(raw_rows)


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns asked for that are in the sheet, by their number, and the titles of the rest."""

    columns: dict[int, Column]
    absent: list[Column]
    ignored: list[str]


def _open(content: bytes) -> tuple[Book, Archive | None]:
    """The workbook, and the archive of files it came with, if it came with any."""
    archive = Archive(content)
    if archive.has("[Content_Types].xml"):
        return Book(archive), None
    workbooks = [
        name
        for name in archive.names()
        if name.casefold().endswith(".xlsx") and not is_by_the_system(name)
    ]
    if len(workbooks) != 1:
        raise Invalid("spreadsheet_not_recognized")
    return Book(Archive(archive.read(workbooks[0]))), archive


def _find_header(
    rows: Iterator[RawRow], columns: Sequence[Column]
) -> tuple[_Header, Iterator[RawRow]]:
    """The titles, in that of the first rows which has the most of them, and the rows below."""
    first = list(islice(rows, _ROWS_WITH_TITLES))
    if not first:
        raise Invalid("spreadsheet_empty")
    wanted = {title_key(column.title): column for column in columns}
    titles = [_titles(row) for row in first]
    counts = [sum(title_key(each) in wanted for each in row.values()) for row in titles]
    place = counts.index(max(counts))
    header = _match(titles[place], wanted)
    if header.absent and (not header.columns or any(each.required for each in header.absent)):
        missing = [each.title for each in header.absent if each.required or not header.columns]
        raise Invalid("spreadsheet_columns_missing", titles="、".join(missing))
    return header, _chain(first[place + 1 :], rows)


def _chain(first: list[RawRow], rest: Iterator[RawRow]) -> Iterator[RawRow]:
    yield from first
    yield from rest


def _titles(row: RawRow) -> dict[int, str]:
    titles = {number: _text_or_nothing(cell) for number, cell in sorted(row.cells.items())}
    return {number: title for number, title in titles.items() if title}


def _match(titles: dict[int, str], wanted: dict[str, Column]) -> _Header:
    found: dict[int, Column] = {}
    ignored: list[str] = []
    for number, title in titles.items():
        column = wanted.get(title_key(title))
        if column is None:
            ignored.append(title[:_LONGEST_TITLE_SHOWN])
        elif column in found.values():
            raise Invalid("spreadsheet_columns_repeated", titles=column.title)
        else:
            found[number] = column
    absent = [column for column in wanted.values() if column not in found.values()]
    return _Header(found, absent, ignored[:_MOST_IGNORED_COLUMNS])


def _take_rows(rows: Iterator[RawRow], header: _Header, most_rows: int) -> list[RawRow]:
    """The rows with data, reduced to the columns asked for."""
    taken: list[RawRow] = []
    characters = 0
    for row in rows:
        cells = {number: cell for number, cell in row.cells.items() if number in header.columns}
        if not cells or any(map(_is_example, cells.values())):
            continue
        taken.append(RawRow(row.number, cells))
        characters += sum(len(cell.text) for cell in cells.values())
        if characters > MOST_CHARACTERS:
            raise too_large()
        if len(taken) > most_rows:
            raise Invalid("spreadsheet_too_many_rows", limit=most_rows)
    if not taken:
        raise Invalid("spreadsheet_empty")
    return taken


def _is_example(cell: Cell) -> bool:
    return cell.kind == "text" and cell.text.startswith(EXAMPLE_MARK)


def _text_or_nothing(cell: Cell) -> str:
    try:
        return as_text(cell)
    except Unfit:
        return ""


class _Reader:
    def __init__(self, book: Book, files: Archive | None, header: _Header) -> None:
        self._from_1904 = book.has_dates_from_1904
        self._header = header
        self._values_of_absent = {
            column.key: None for column in header.absent if column.kind != "picture"
        }
        self._errors: list[RowError] = []
        with_pictures = [
            number for number, column in header.columns.items() if column.kind == "picture"
        ]
        self._pictures = Pictures(book, files, with_pictures) if with_pictures else None

    def read(self, raw_rows: list[RawRow]) -> Sheet:
        read = (self._read_row(raw_row) for raw_row in in_turns(raw_rows))
        rows = [row for row in read if row is not None]
        absent = frozenset(column.key for column in self._header.absent)
        return Sheet(rows, self._errors, self._header.ignored, absent)

    def _read_row(self, raw_row: RawRow) -> Row | None:
        """The row, or None if there are errors in it."""
        errors_before = len(self._errors)
        row = Row(raw_row.number, dict(self._values_of_absent), {})
        for number, column in self._header.columns.items():
            try:
                self._read_cell(row, number, column, raw_row.cells.get(number))
            except Unfit as unfit:
                self._errors.append(
                    RowError(raw_row.number, column.title, unfit.code, unfit.details)
                )
        return row if len(self._errors) == errors_before else None

    def _read_cell(self, row: Row, number: int, column: Column, cell: Cell | None) -> None:
        if column.kind != "picture":
            row.values[column.key] = read_value(column, cell, from_1904=self._from_1904)
            return
        picture = self._read_picture(row.number, number, column, cell)
        if picture is not None:
            row.pictures[column.key] = picture

    def _read_picture(
        self, row: int, number: int, column: Column, cell: Cell | None
    ) -> bytes | None:
        picture = self._pictures.read(row, number, cell)
        if picture is None and column.required:
            raise Unfit("required")
        return picture
