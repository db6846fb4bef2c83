"""The parts of an xlsx file: which sheet is read, its texts, its dates and its cells."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from services.errors import Invalid
from services.spreadsheets.archive import Archive
from services.spreadsheets.columns import MOST_TEXT
from services.spreadsheets.markup import Event, events, whole

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
# Numbered formats that show dates: those of every Excel, and those of the Chinese one.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_LETTERS_OF_A_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|General', re.IGNORECASE)
# How XML, and so Excel, writes characters that may not stand for themselves.
_WRITTEN_BY_NUMBER = re.compile(r"_x([0-9A-Fa-f]{4})_")
_POINTS_OF_A_ROW = 15.0


class Relation(NamedTuple):
    """What one part of the file says of another: the end of the relation's type, and its name."""

    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a value, a formula or a picture in it.

    `kind` "absent" is a formula whose result was not stored. `rich_value` counts from 1.
    """

    kind: Literal["text", "number", "date", "truth", "error", "absent"]
    text: str
    formula: str = ""
    rich_value: int = 0


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as stored: its number, and its cells by the number of their column, both from 1."""

    number: int
    cells: dict[int, Cell]


@dataclass(slots=True)
class SheetPart:
    """A sheet of the file; `heights` of rows, in points, are known once the rows are read."""

    name: str
    usual_height: float = _POINTS_OF_A_ROW
    heights: dict[int, float] = field(default_factory=dict)


class Book:
    """An xlsx file opened; `sheet` is its first visible sheet.

    Raises Invalid, also from its methods, for what is no workbook.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        main = self._main_part()
        related = relations(archive, main)
        self.sheet = SheetPart(self._first_sheet(main, related))
        parts = {relation.kind: relation.part for relation in related.values()}
        self._texts = list(_read_texts(archive, parts.get("sharedStrings")))
        self._date_styles = _read_date_styles(archive, parts.get("styles"))

    def rows(self) -> Iterator[RawRow]:
        """The rows of the sheet that have cells with something in them, in the file's order."""
        reader = _RowReader(self._texts, self._date_styles, self.sheet)
        for event in events(self.archive.chunks(self.sheet.name)):
            if not event.is_start and event.name == "sheetData":
                return
            row = reader.take(event)
            if row is not None and row.cells:
                yield row

    def _main_part(self) -> str:
        for relation in relations(self.archive, "").values():
            if relation.kind == "officeDocument":
                return relation.part
        raise Invalid("spreadsheet_not_recognized")

    def _first_sheet(self, main: str, related: dict[str, Relation]) -> str:
        self.has_dates_from_1904 = False
        for event in events(self.archive.chunks(main)):
            if event.name == "workbookPr" and event.is_start:
                self.has_dates_from_1904 = event.attributes.get("date1904") in ("1", "true")
            if event.name == "sheet" and event.is_start:
                relation = related.get(event.attributes.get("id", ""))
                is_visible = event.attributes.get("state", "visible") == "visible"
                if is_visible and relation is not None and relation.kind == "worksheet":
                    return relation.part
        raise Invalid("spreadsheet_not_recognized")


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """The parts that a part refers to, by the ids it uses for them; none if it refers to none."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if not archive.has(source):
        return {}
    found = {}
    for event in events(archive.chunks(source)):
        attributes = event.attributes
        is_inside = attributes.get("TargetMode") != "External"
        if event.name == "Relationship" and event.is_start and is_inside:
            target = posixpath.join("/", folder, attributes.get("Target", ""))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = Relation(kind, target)
    return found


def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1; raises Invalid past the last, XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
        if not ("A" <= letter <= "Z" and number <= LAST_COLUMN):
            raise Invalid("spreadsheet_not_recognized")
    return number


def _read_texts(archive: Archive, part: str | None) -> Iterator[str]:
    """The texts that cells share."""
    if part is None:
        return
    gathered = _Text()
    for event in events(archive.chunks(part)):
        gathered.take(event)
        if event.name == "si" and not event.is_start:
            yield gathered.finish()


class _Text:
    """A text gathered from its runs, without the readings written above East Asian ones."""

    def __init__(self) -> None:
        self._text = ""
        self._is_reading = False

    def take(self, event: Event) -> None:
        if event.name == "rPh":
            self._is_reading = event.is_start
        elif event.name == "t" and not event.is_start and not self._is_reading:
            self._text = (self._text + event.text)[: MOST_TEXT + 1]

    def finish(self) -> str:
        text, self._text = self._text, ""
        return _unwrite_numbers(text)


def _unwrite_numbers(text: str) -> str:
    if "_x" not in text:
        return text
    return _WRITTEN_BY_NUMBER.sub(lambda match: chr(int(match[1], 16)), text)


def _read_date_styles(archive: Archive, part: str | None) -> set[int]:
    """The styles of cells, by their place in the list of styles, that show numbers as dates."""
    if part is None:
        return set()
    date_formats = set(_DATE_FORMATS)
    styles = []
    is_in_list = False
    for event in events(archive.chunks(part)):
        if event.name == "cellXfs":
            is_in_list = event.is_start
        elif event.name == "numFmt" and event.is_start:
            if _shows_date(event.attributes.get("formatCode", "")):
                date_formats.add(whole(event.attributes.get("numFmtId")))
        elif event.name == "xf" and event.is_start and is_in_list:
            styles.append(whole(event.attributes.get("numFmtId"), 0))
    return {place for place, form in enumerate(styles) if form in date_formats}


def _shows_date(form: str) -> bool:
    return not set("ymdhs").isdisjoint(_NOT_LETTERS_OF_A_FORMAT.sub("", form).lower())


class _RowReader:
    """Builds rows from the events of a sheet."""

    def __init__(self, texts: list[str], date_styles: set[int], sheet: SheetPart) -> None:
        self._texts = texts
        self._date_styles = date_styles
        self._sheet = sheet
        self._row = RawRow(0, {})
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._formula: str | None = None
        self._value: str | None = None
        self._text = _Text()
        self._columns_seen: dict[str, int] = {}

    def take(self, event: Event) -> RawRow | None:
        """The row, when the event ends it."""
        if event.is_start:
            self._start(event.name, event.attributes)
        elif event.name == "row":
            return self._row
        elif event.name == "c":
            self._finish_cell()
        elif event.name == "v":
            self._value = event.text
        elif event.name == "f":
            self._formula = event.text
        self._text.take(event)
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._attributes = attributes
            self._formula = self._value = None
            self._column = self._number_of_column(attributes.get("r"))
        elif name == "row":
            self._start_row(attributes)
        elif name == "sheetFormatPr":
            self._sheet.usual_height = _points(attributes.get("defaultRowHeight"))

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = whole(attributes.get("r"), self._row.number + 1)
        if not 1 <= number <= LAST_ROW:
            raise Invalid("spreadsheet_not_recognized")
        if "ht" in attributes:
            self._sheet.heights[number] = _points(attributes["ht"])
        self._row = RawRow(number, {})
        self._column = 0

    def _number_of_column(self, reference: str | None) -> int:
        """The cell's column; where cells do not say, they follow each other."""
        if reference is None:
            if self._column >= LAST_COLUMN:
                raise Invalid("spreadsheet_not_recognized")
            return self._column + 1
        letters = reference.rstrip("0123456789")
        if letters not in self._columns_seen:
            self._columns_seen[letters] = column_number(letters)
        return self._columns_seen[letters]

    def _finish_cell(self) -> None:
        inline = self._text.finish()
        cell = self._make_cell(inline)
        if cell is not None:
            self._row.cells[self._column] = cell

    def _make_cell(self, inline: str) -> Cell | None:
        formula = self._formula or ""
        rich_value = whole(self._attributes.get("vm"), 0)
        kind, text = self._typed(self._attributes.get("t", "n"), inline)
        if kind == "number" and not text and self._formula is not None:
            kind = "absent"
        elif not text.strip() and not formula and not rich_value:
            return None
        return Cell(kind, text, formula, rich_value)

    def _typed(self, stored_as: str, inline: str) -> tuple[str, str]:
        value = self._value or ""
        if stored_as == "s":
            return "text", self._shared(value)
        if stored_as == "inlineStr":
            return "text", inline
        if stored_as in ("str", "d"):
            return "text", _unwrite_numbers(value)
        if stored_as in ("b", "e"):
            return ("truth" if stored_as == "b" else "error"), value
        is_date = value and whole(self._attributes.get("s"), 0) in self._date_styles
        return ("date" if is_date else "number"), value

    def _shared(self, value: str) -> str:
        if not value:
            return ""
        place = whole(value)
        if place >= len(self._texts):
            raise Invalid("spreadsheet_not_recognized")
        return self._texts[place]


def _points(height: str | None) -> float:
    """A row's height in points; Excel allows up to 409."""
    try:
        return min(max(float(height or _POINTS_OF_A_ROW), 0.0), 409.0)
    except ValueError:
        return _POINTS_OF_A_ROW
