"""What a template has beyond its columns: lists to choose from and a sheet that explains."""

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from services.spreadsheets import wording
from services.spreadsheets.columns import Column
from services.spreadsheets.escaping import escape

# As far down as choices are offered; the row of titles is 0.
LAST_ROW_WITH_LISTS = 5_001
_WIDTHS = (20, 8, 70, 30)


def add_instructions(
    workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], examples: Sequence[str]
) -> None:
    """Add the sheet 填写说明 to a template, and lists to the columns with choices."""
    _explain(workbook, columns, examples)
    _offer_choices(workbook, sheet, columns)


def _explain(workbook: Workbook, columns: Sequence[Column], examples: Sequence[str]) -> None:
    sheet = workbook.add_worksheet(wording.TITLE_OF_INSTRUCTIONS)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (heading, width) in enumerate(zip(wording.HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    for row, (column, example) in enumerate(zip(columns, examples, strict=True), start=1):
        required = wording.YES if column.required else wording.NO
        texts = (escape(column.title), required, escape(wording.describe(column)), example)
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, wrapped)
    for row, text in enumerate((wording.ABOUT_RED, wording.ABOUT_EXAMPLE), len(columns) + 2):
        sheet.write_string(row, 0, text)
    sheet.freeze_panes(1, 0)


def _offer_choices(workbook: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Let cells be filled from lists, kept on a hidden sheet since Excel limits those in place."""
    lists = {place: _choices(column) for place, column in enumerate(columns) if _choices(column)}
    if not lists:
        return
    hidden = workbook.add_worksheet(wording.TITLE_OF_CHOICES)
    hidden.hide()
    for row, (place, choices) in enumerate(lists.items()):
        for number, choice in enumerate(choices):
            hidden.write_string(row, number, escape(choice))
        sheet.data_validation(
            1,
            place,
            LAST_ROW_WITH_LISTS,
            place,
            {
                "validate": "list",
                "source": _range(row, len(choices)),
                "error_message": wording.CHOICE_REFUSED,
            },
        )


def _choices(column: Column) -> tuple[str, ...]:
    if column.kind == "yes_no":
        return (wording.YES, wording.NO)
    return tuple(column.choices.values())


def _range(row: int, length: int) -> str:
    cells = xl_range_abs(row, 0, row, length - 1)
    return f"='{wording.TITLE_OF_CHOICES}'!{cells}"
