"""Values as WeChat takes them in a subscribe message.

One wrong value refuses the whole message (47003), so texts are cleaned and cut to the rule of their
key. WeChat's document leaves open how it counts emoji and joined characters; here the stricter
reading holds. Source: 订阅消息参数值内容限制说明.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime

from services.clock import LOCAL_ZONE

LONGEST_THING = 20
LONGEST_PHRASE = 5
ELLIPSIS = "…"
# For texts of which nothing is left that may be shown.
EMPTY_THING = "详情见小程序"
EMPTY_PHRASE = "见详情"

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SYMBOLS = r"!-/:-@\[-`{-~"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"

_NOT_HAN = re.compile(f"[^{HAN}]")
# Joins Mongolian suffixes to their word; a plain space would tear them apart.
_NARROW_SPACE = "\u202f"
_JOINER = "\u200d"
# Format characters that shape what is read: joiners, and the vowel separator of Mongolian.
_SHAPING = {"\u200c", _JOINER, "\u180e"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def fit_thing(text: str) -> str:
    """One line of at most 20 characters, cut between characters as people see them."""
    clean = _clean(text)
    if _units(clean) <= LONGEST_THING:
        return clean or EMPTY_THING
    cut = ""
    for cluster in _clusters(clean):
        if _units(cut + cluster + ELLIPSIS) > LONGEST_THING:
            break
        cut += cluster
    cut = cut.rstrip(f" {_NARROW_SPACE}")
    return cut + ELLIPSIS if cut else EMPTY_THING


def fit_phrase(text: str) -> str:
    """The first five Chinese characters; nothing else may stand in a phrase."""
    return _NOT_HAN.sub("", text)[:LONGEST_PHRASE] or EMPTY_PHRASE


def fit_time(moment: datetime) -> str:
    """A day with its time of day in Asia/Shanghai: 2026年11月20日 09:30."""
    return f"{fit_date(moment)} {moment.astimezone(LOCAL_ZONE):%H:%M}"


def fit_date(moment: datetime) -> str:
    """A day in Asia/Shanghai: 2026年11月20日."""
    day = moment.astimezone(LOCAL_ZONE)
    return f"{day.year}年{day.month}月{day.day}日"


# How a text, or a moment, is made to fit a key of this type.
FIT_TEXT: dict[str, Callable[[str], str]] = {"thing": fit_thing, "phrase": fit_phrase}
FIT_MOMENT: dict[str, Callable[[datetime], str]] = {
    "time": fit_time,
    "date": fit_date,
    "thing": fit_time,
}
# What a fixed text for a key of this type looks like.
FORMS: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r"\S.{0,19}"),
    "phrase": re.compile(f"[{HAN}]{{1,5}}"),
    "number": re.compile(r"(?=.{1,32}$)\d+(\.\d+)?", re.ASCII),
    "letter": re.compile("[A-Za-z]{1,32}"),
    "symbol": re.compile(f"[{SYMBOLS}]{{1,5}}"),
    "character_string": re.compile("[!-~]{1,32}"),
    "time": re.compile(f"(?:{_DAY} ?)?{_CLOCK}", re.ASCII),
    "date": re.compile(_DAY, re.ASCII),
    "amount": re.compile(r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?", re.ASCII),
    "phone_number": re.compile(f"[0-9{SYMBOLS}]{{1,17}}"),
    "car_number": re.compile(f"[{HAN}A-Z0-9][A-Z0-9]{{1,6}}[{HAN}A-Z0-9]"),
    "name": re.compile(f"[{HAN}A-Za-z·]{{1,10}}|[A-Za-z{SYMBOLS} ]{{1,20}}"),
    # Only WeChat's console knows which values are listed.
    "enum": re.compile(r"\S.{0,19}"),
}


def accepts(kind: str, text: str) -> bool:
    """Whether a fixed text may stand for a key of this type."""
    if text != _clean(text) or FORMS[kind].fullmatch(text) is None:
        return False
    return kind not in ("thing", "enum") or _units(text) <= LONGEST_THING


def _clean(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    visible = "".join(map(_visible, text))
    return re.sub(" +", " ", visible).strip(f" {_NARROW_SPACE}")


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if character == _NARROW_SPACE or character in _SHAPING:
        return character
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character


def _clusters(text: str) -> Iterator[str]:
    """Characters with what is put on or joined to them: accents, variants, family emoji."""
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    yield cluster


def _continues(cluster: str, character: str) -> bool:
    return (
        cluster[-1] == _JOINER
        or character in _SHAPING
        or unicodedata.category(character)[0] == "M"
        or ord(character) in _SKIN_TONES
    )


def _units(text: str) -> int:
    """The length as WeChat's servers may count it: an emoji takes two."""
    return len(text.encode("utf-16-le")) // 2
