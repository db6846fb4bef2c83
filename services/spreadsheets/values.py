"""What a cell means in its column."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.clock import LOCAL_ZONE
from services.spreadsheets import wording
from services.spreadsheets.columns import Column
from services.spreadsheets.escaping import unescape
from services.spreadsheets.results import Unfit
from services.spreadsheets.workbook import Cell

# Excel keeps fifteen digits of a number; whatever stood behind them is lost.
_NUMBER_WITH_LOST_DIGITS = 10**15
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,20})?")
# The same that the API refuses in a line of text.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DAY = r"([1-9]\d{3})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?"
_MOMENT = re.compile(rf"{_DAY}(?:[T ]*(\d{{1,2}})(?::|时)(\d{{1,2}})(?::|分)?(?:(\d{{1,2}})秒?)?)?")
_DAY_OF_DIGITS = re.compile(r"([1-9]\d{3})(\d\d)(\d\d)")
# Excel believes in a 29 February 1900, its day 60; all days before it are counted one too low.
_DAY_THAT_NEVER_WAS = 60
_LAST_DAY = 2_958_465
_DAYS_FROM_1900_TO_1904 = 1462
_DAY_0 = datetime(1899, 12, 30)
_LONGEST_ERROR_SHOWN = 20
_TRUTHS = {
    True: {wording.YES, "yes", "y", "true", "1", "√", "✓", "✔"},
    False: {wording.NO, "no", "n", "false", "0", "×", "✗", "✘"},
}


def read_value(column: Column, cell: Cell | None, *, from_1904: bool = False) -> Any:
    """The value, or None if the cell is blank; raises Unfit if it does not fit the column.

    `from_1904` is how files from old Macs count days.
    """
    text = "" if cell is None else as_text(cell, from_1904=from_1904)
    if not text:
        if column.required:
            raise Unfit("required")
        return None
    if column.kind in ("day", "moment"):
        return _read_time(column, cell, text, from_1904)
    return _READERS[column.kind](column, text)


def _in_range(column: Column, number: float) -> float:
    if not column.least <= number <= column.most:
        raise Unfit("out_of_range", least=column.least, most=column.most)
    return number


def as_text(cell: Cell, *, from_1904: bool = False) -> str:
    """The cell as its reader sees it; numbers in full, without ".0"; raises Unfit for errors."""
    if cell.kind == "absent":
        raise Unfit("formula_without_value")
    if cell.kind == "error":
        raise Unfit("cell_error", value=cell.text[:_LONGEST_ERROR_SHOWN])
    if cell.kind == "truth":
        return wording.YES if cell.text in ("1", "true") else wording.NO
    if cell.kind == "number":
        return _plain(_number(cell))
    if cell.kind == "date":
        return _show(_moment_of(_number(cell), from_1904))
    return unescape(cell.text)


def _number(cell: Cell) -> float:
    try:
        number = float(cell.text)
    except ValueError:
        raise Unfit("cell_error", value=cell.text[:_LONGEST_ERROR_SHOWN]) from None
    # Written so that what is no number at all is refused with the others.
    if not abs(number) < _NUMBER_WITH_LOST_DIGITS:
        raise Unfit("digits_lost")
    return number


def _plain(number: float) -> str:
    """A number in the fifteen digits Excel has, without exponent."""
    if number == int(number):
        return str(int(number))
    digits = f"{number:.15g}"
    return digits if "e" not in digits else f"{number:.20f}".rstrip("0")


def _moment_of(number: float, from_1904: bool) -> datetime:
    """Excel's count of days as local time, to the second; raises Unfit outside its calendar."""
    days = number + (_DAYS_FROM_1900_TO_1904 if from_1904 else 0)
    if not 1 <= days <= _LAST_DAY:
        raise Unfit("not_day")
    if days < _DAY_THAT_NEVER_WAS:
        days += 1
    return _DAY_0 + timedelta(seconds=round(days * 86_400))


def _show(moment: datetime) -> str:
    has_time = (moment.hour, moment.minute, moment.second) != (0, 0, 0)
    return f"{moment:%Y-%m-%d %H:%M}" if has_time else f"{moment:%Y-%m-%d}"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _read_text(column: Column, text: str) -> str:
    if len(text) > column.max_length:
        raise Unfit("too_long", limit=column.max_length)
    return text


def _read_line(column: Column, text: str) -> str:
    if _NOT_IN_A_LINE.search(text):
        raise Unfit("not_one_line")
    return _read_text(column, text)


def _read_whole(column: Column, text: str) -> int:
    digits = _fold_number(text)
    if not _WHOLE.fullmatch(digits):
        raise Unfit("not_whole_number")
    return int(_in_range(column, int(digits.partition(".")[0])))


def _read_decimal(column: Column, text: str) -> float:
    digits = _fold_number(text)
    if not _DECIMAL.fullmatch(digits):
        raise Unfit("not_number")
    return _in_range(column, float(digits))


def _fold_number(text: str) -> str:
    return _fold(text).replace(",", "").replace(" ", "")


def _read_choice(column: Column, text: str) -> str:
    for code, choice in column.choices.items():
        if _fold(choice) == _fold(text):
            return code
    raise Unfit("not_choice", choices="、".join(column.choices.values()))


def _read_yes_no(_column: Column, text: str) -> bool:
    for truth, words in _TRUTHS.items():
        if _fold(text) in words:
            return truth
    raise Unfit("not_yes_no")


def _read_time(column: Column, cell: Cell, text: str, from_1904: bool) -> date | datetime:
    local = _local_time(cell, text, from_1904)
    if local is None:
        raise Unfit(f"not_{column.kind}")
    if column.kind == "day":
        return local.date()
    return local.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


def _local_time(cell: Cell, text: str, from_1904: bool) -> datetime | None:
    """The time in Asia/Shanghai: a date of Excel's, or one typed as text or as eight digits."""
    if cell.kind in ("number", "date") and _number(cell) <= _LAST_DAY:
        return _moment_of(_number(cell), from_1904)
    folded = _fold(text).upper()
    match = _DAY_OF_DIGITS.fullmatch(folded) or _MOMENT.fullmatch(folded)
    try:
        return datetime(*(int(part) for part in match.groups(0))) if match else None
    except ValueError:
        return None


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "text": _read_text,
    "line": _read_line,
    "whole": _read_whole,
    "decimal": _read_decimal,
    "choice": _read_choice,
    "yes_no": _read_yes_no,
}
