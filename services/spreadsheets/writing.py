"""Writing xlsx files: exports of lists, and templates to be filled in."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.clock import LOCAL_ZONE
from services.errors import Invalid
from services.spreadsheets import wording
from services.spreadsheets.columns import Column
from services.spreadsheets.escaping import escape
from services.spreadsheets.instructions import add_instructions
from services.turns import in_turns

MOST_ROWS_OF_A_SHEET = 1_048_576
# Excel keeps fifteen digits of a number; longer ones are written as text.
LARGEST_NUMBER = 10**15 - 1
_FORMATS = {
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
    "decimal": {"valign": "top"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
}
_OF_EXAMPLE = {"italic": True, "font_color": "#808080"}
_HEADER = {"bold": True, "bg_color": "#E8F3EC", "bottom": 1, "valign": "vcenter"}
_WIDTHS = {
    "text": 24,
    "line": 24,
    "whole": 10,
    "decimal": 12,
    "moment": 18,
    "day": 12,
    "yes_no": 8,
    "choice": 14,
}
_DEFAULT_WIDTH = 16
# Excel forbids these in a sheet's name, and an apostrophe at its ends.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31


def write_workbook(
    sheet_title: str, columns: Sequence[Column], rows: Iterable[Any], *, template: bool = False
) -> bytes:
    """An xlsx file of the rows (mappings or objects), none of whose cells is ever a formula.

    A template also has a marked example row, which `read_workbook` skips, lists to choose from and
    a second sheet with each column's note. Rows are taken one by one and kept on disk until the
    file is complete, so an export of a long list needs little memory. Raises Invalid for more rows
    than a sheet has.
    """
    output = BytesIO()
    # Leaving the block also removes the rows' temporary file, should taking a row fail.
    with Workbook(output, {"constant_memory": True}) as workbook:
        sheet = _add_sheet(workbook, sheet_title, columns, rows, template=template)
        if template:
            examples = [_show(_to_cell(column, column.example)) for column in columns]
            add_instructions(workbook, sheet, columns, examples)
    return output.getvalue()


def write_sheets(sheets: Iterable[tuple[str, Sequence[Column], Iterable[Any]]]) -> bytes:
    """An xlsx file of several sheets, each a title, columns and rows; else as `write_workbook`.

    The titles must differ.
    """
    output = BytesIO()
    with Workbook(output, {"constant_memory": True}) as workbook:
        for title, columns, rows in sheets:
            _add_sheet(workbook, title, columns, rows)
    return output.getvalue()


def _add_sheet(
    workbook: Workbook,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    template: bool = False,
) -> Worksheet:
    sheet = workbook.add_worksheet(_sheet_name(title))
    writer = _RowWriter(workbook, sheet, columns)
    writer.write_header(marks_required=template)
    if template:
        writer.write_example()
    for row in in_turns(rows):
        writer.write(row)
    sheet.autofilter(0, 0, writer.last_row, len(columns) - 1)
    return sheet


class _RowWriter:
    def __init__(self, workbook: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
        self.last_row = 0
        self._workbook = workbook
        self._sheet = sheet
        self._columns = columns
        self._formats = {
            kind: workbook.add_format(properties) for kind, properties in _FORMATS.items()
        }

    def write_header(self, *, marks_required: bool) -> None:
        """The titles; the whole columns get their format, so that what is typed later has it."""
        plain = self._workbook.add_format(_HEADER)
        required = self._workbook.add_format(_HEADER | {"font_color": "#C00000"})
        for place, column in enumerate(self._columns):
            width = column.width or _WIDTHS.get(column.kind, _DEFAULT_WIDTH)
            self._sheet.set_column(
                place, place, max(width, len(column.title) * 2 + 4), self._format_of(column.kind)
            )
            is_marked = marks_required and column.required
            self._sheet.write_string(
                0, place, escape(column.title), required if is_marked else plain
            )
        self._sheet.freeze_panes(1, 0)

    def write_example(self) -> None:
        """A row of examples in grey; the first cell has the mark by which reading knows it."""
        self.last_row += 1
        for place, column in enumerate(self._columns):
            cell = _to_cell(column, column.example)
            if place == 0:
                cell = f"{wording.EXAMPLE_MARK}{_show(cell)}"
            kind = "text" if isinstance(cell, str) else column.kind
            form = self._workbook.add_format(_FORMATS.get(kind, _FORMATS["text"]) | _OF_EXAMPLE)
            _write_cell(self._sheet, self.last_row, place, cell, form)

    def write(self, row: Any) -> None:
        self.last_row += 1
        if self.last_row >= MOST_ROWS_OF_A_SHEET:
            raise Invalid("spreadsheet_too_many_rows", limit=MOST_ROWS_OF_A_SHEET - 1)
        for place, column in enumerate(self._columns):
            cell = _to_cell(column, column.value_in(row))
            kind = "text" if isinstance(cell, str) else column.kind
            _write_cell(self._sheet, self.last_row, place, cell, self._format_of(kind))

    def _format_of(self, kind: str) -> Format:
        return self._formats.get(kind, self._formats["text"])


def _to_cell(column: Column, value: Any) -> str | int | float | datetime | date | None:
    """What a cell holds for a value: an escaped text, a number, a local time or a day."""
    if value is None:
        return None
    if column.kind == "yes_no":
        return wording.YES if value else wording.NO
    if column.kind == "choice":
        return escape(column.choices.get(value, str(value)))
    if column.kind == "moment":
        value = value.astimezone(LOCAL_ZONE).replace(tzinfo=None, microsecond=0)
    if _is_kept(column.kind, value):
        return value
    return escape(str(value))


def _is_kept(kind: str, value: Any) -> bool:
    """Whether Excel's own numbers and dates, which begin in 1900, can hold the value."""
    if kind in ("whole", "decimal"):
        return isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER
    return kind in ("moment", "day") and value.year > 1900


def _show(cell: str | int | float | datetime | date | None) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _write_cell(sheet: Worksheet, row: int, place: int, cell: Any, form: Format) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, cell, form)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, form)
    elif cell is not None:
        sheet.write_number(row, place, cell, form)


def _sheet_name(title: str) -> str:
    name = _NOT_IN_A_NAME.sub(" ", title)[:_LONGEST_NAME].strip(" '")
    return name or "Sheet1"
