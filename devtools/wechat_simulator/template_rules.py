"""Which values a subscribe-message template accepts.

WeChat: 订阅消息参数值内容限制说明; a wrong or missing value fails the whole send with 47003. The
documents leave borderline cases open (spaces, how emoji count, mixed names). Here the stricter
reading holds, so that what passes here passes there.
"""

import re
import unicodedata
from collections.abc import Callable

from .state import Template

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SYMBOLS = r"!-/:-@\[-`{-~"

CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
MONTH = r"(?:0?[1-9]|1[0-2])"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
CALENDAR = (
    rf"(?:\d{{4}}年{MONTH}月(?:{DAY}日)?|{MONTH}月{DAY}日"
    rf"|\d{{4}}([-/.]){MONTH}(?:\1{DAY})?|{MONTH}[-/.]{DAY})"
)
TIME_POINT = re.compile(rf"(?:{CALENDAR} ?)?{CLOCK}")
DATE_POINT = re.compile(rf"{CALENDAR}(?: ?{CLOCK})?")

NAME_FOREIGN = re.compile(rf"[A-Za-z{SYMBOLS} ]{{1,20}}")
NAME_CHINESE = re.compile(rf"[{HAN}A-Za-z{SYMBOLS}·]{{1,10}}")
KEY = re.compile(r"([a-z_]+?)(\d+)")


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _is_thing(value: str) -> bool:
    """At most 20 characters of any kind; an emoji counts as the UTF-16 units it takes."""
    return not value.startswith(" ") and len(value.encode("utf-16-le")) // 2 <= 20


def _is_number(value: str) -> bool:
    return len(value) <= 32 and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) is not None


def _is_symbol(value: str) -> bool:
    return len(value) <= 5 and all(_is_plain_symbol(character) for character in value)


def _is_plain_symbol(character: str) -> bool:
    """Punctuation or a sign, but no emoji: those are the pictographic part of category So."""
    category = unicodedata.category(character)
    pictograph = category == "So" and character >= "\u2600"
    return category[0] in "PS" and not pictograph


def _is_range_of(point: re.Pattern) -> Callable[[str], bool]:
    """One point, or two with `~` between them."""

    def accepts(value: str) -> bool:
        points = [part.strip(" ") for part in value.split("~")]
        return len(points) <= 2 and all(point.fullmatch(part) for part in points)

    return accepts


def _is_amount(value: str) -> bool:
    found = re.fullmatch(r"[\u00a5\uffe5$€£]?([0-9]+)(?:\.([0-9]+))?元?", value)
    return found is not None and len(found[1]) + len(found[2] or "") <= 10


def _is_name(value: str) -> bool:
    """20 letters or symbols; a name with any Chinese in it counts as Chinese, 10 characters."""
    return bool(NAME_FOREIGN.fullmatch(value) or NAME_CHINESE.fullmatch(value))


RULES: dict[str, Callable[[str], bool]] = {
    "thing": _is_thing,
    "number": _is_number,
    "letter": _matches(r"[A-Za-z]{1,32}"),
    "symbol": _is_symbol,
    "character_string": _matches(r"[!-~]{1,32}"),
    "time": _is_range_of(TIME_POINT),
    "date": _is_range_of(DATE_POINT),
    "amount": _is_amount,
    "phone_number": _matches(rf"[0-9{SYMBOLS}]{{1,17}}"),
    "car_number": _matches(rf"(?=.{{1,8}}$)[{HAN}A-Za-z0-9][A-Za-z0-9]*[{HAN}A-Za-z0-9]?"),
    "name": _is_name,
    "phrase": _matches(rf"[{HAN}]{{1,5}}"),
}


def value_type(key: str) -> str | None:
    """`thing` of `thing3`; None when the key is of no known type."""
    found = KEY.fullmatch(key)
    if found is None or found[1] not in (*RULES, "enum"):
        return None
    return found[1]


def accepts(template: Template, key: str, value: object) -> bool:
    """True when WeChat would take `value` for `key` of this template."""
    if not isinstance(value, str) or not value.strip() or _has_forbidden_character(value):
        return False
    kind = value_type(key)
    if kind == "enum":
        return value in template.enums.get(key, [])
    return RULES[kind](value)


def _has_forbidden_character(value: str) -> bool:
    """Line breaks, control characters, and halves of a surrogate pair (broken emoji)."""
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value)


def first_refused_key(template: Template, data: dict) -> str | None:
    """The key WeChat would name in 47003: the first missing or wrong one, else None."""
    for key in template.keys:
        entry = data.get(key)
        if not isinstance(entry, dict) or not accepts(template, key, entry.get("value")):
            return key
    return None
