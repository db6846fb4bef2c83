"""Texts in cells: kept from being run as formulas when written, restored when read."""

import re

from services.spreadsheets.columns import MOST_TEXT
from services.spreadsheets.wording import EXAMPLE_MARK

# XML has no way to write these; the last are half a character each, or none.
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
# What a spreadsheet program, or one that reads its CSV, may pass over before it meets the first
# character that counts: blanks, controls, quotes and all that is invisible.
_PASSED_OVER = (
    r"\s\x00-\x1F\x7F-\x9F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F"
    r"\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0"
    r"'\"`´‘’‚‛“”„‟＇＂｀"
)
_STARTERS = r"=+\-@\t\n\r＝＋－＠﹦﹢﹣﹫−"
_MISREAD = re.compile(rf"[{_PASSED_OVER}]*(?:[{_STARTERS}]|{EXAMPLE_MARK})")
_LINE_ENDS = re.compile(r"\r\n?")
# No-break spaces come from web pages and U+3000 from Chinese keyboards. U+202F and U+180E are not
# among them: they are spelling in Mongolian.
_TRIMMED = " \t\n\r\u00a0\u3000"


def escape(text: str) -> str:
    """The text as a cell may hold it, with an apostrophe before what could be run as a formula.

    A cell of text is never run by Excel itself, but the same sheet saved as CSV and opened again
    is. The mark of a template's example is escaped too, since a row with it is not read. An
    apostrophe before such a text is itself escaped, so `unescape` restores every text. Characters
    that XML forbids are removed and line ends become LF; what no cell can hold is cut off.
    """
    text = _clean(text)
    return _cut(f"'{text}" if _MISREAD.match(text) else text)


def unescape(text: str) -> str:
    """The text of a cell as people mean it: without our escape and without blanks around it."""
    text = _clean(text).lstrip(_TRIMMED)
    # A line end may be all that an apostrophe was put before, so the end is trimmed afterwards.
    if text.startswith("'") and _MISREAD.match(text, 1):
        text = text[1:]
    return text.strip(_TRIMMED)


def _clean(text: str) -> str:
    return _LINE_ENDS.sub("\n", _ILLEGAL.sub("", text))


def _cut(text: str) -> str:
    if len(text) <= MOST_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: MOST_TEXT * 2].decode("utf-16-le", "ignore")
