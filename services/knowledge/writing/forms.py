"""The forms a field's value can have: each brought into the shape that is kept, or refused.

A reader gets what is not None and gives what is kept; an empty text, list or dict is as good as
nothing. What it is given may come from a request, a spreadsheet or an archive.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from services.knowledge import kinds
from services.knowledge.kinds import CHOICES, LINK_TARGETS, Field
from services.knowledge.writing.rich_text import clean_html, file_names, plain_text

LINKS_BY_ID = ("item", "organization", "entry")
LONGEST_AMOUNT = 20
LARGEST_ID = 2**63 - 1
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unfit(Exception):
    """A value is not of its field's form."""


def read(field: Field, value: object) -> object:
    """The value as it is kept, None for nothing; raises Unfit."""
    return None if value is None else _READERS[field.form](value, field)


def read_links(value: object) -> list[dict]:
    """Links, each once, without those that lack what they lead to; raises Unfit."""
    links: list[dict] = []
    for each in _members(value, kinds.MOST_LINKS):
        link = _link(each)
        if link is not None and link not in links:
            links.append(link)
    return links


def _text(value: object, longest: int = kinds.LONGEST_TEXT) -> str:
    if not isinstance(value, str) or _UNPRINTABLE.search(value):
        raise Unfit
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise Unfit
    return text


def _line(value: object, longest: int = kinds.LONGEST_LINE) -> str:
    text = _text(value, longest)
    if "\n" in text:
        raise Unfit
    return text


def _lines(value: object) -> list[str]:
    return list(dict.fromkeys(filter(None, map(_line, _members(value, kinds.MOST_LINES)))))


def _rich(value: object) -> str:
    html = clean_html(_text(value, kinds.LONGEST_RICH))
    if len(html) > kinds.LONGEST_RICH:
        raise Unfit
    return html if plain_text(html) or file_names(html) else ""


def _steps(value: object) -> list[dict]:
    steps = [
        _given(text=_maybe(step, "text"), picture_id=_id(step, "picture_id"))
        for step in map(_mapping, _members(value, kinds.MOST_STEPS))
    ]
    return [{"text": ""} | step for step in steps if step]


def _choice(value: object, choices: Mapping[str, str]) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or value not in choices:
        raise Unfit
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit
    return value


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    text = _line(value)
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Unfit from None


def _topics(value: object) -> list[int]:
    return list(dict.fromkeys(map(_whole_id, _members(value, kinds.MOST_TOPICS))))


def _pictures(value: object) -> list[dict]:
    return [
        _given(
            file_id=_whole_id(picture.get("file_id")),
            caption=_maybe(picture, "caption", _line),
            caption_mn=_maybe(picture, "caption_mn", _line),
        )
        for picture in map(_mapping, _members(value, kinds.MOST_PICTURES))
    ]


def _video(value: object) -> dict:
    return {"file_id": _whole_id(_mapping(value).get("file_id"))}


def _composition(value: object) -> list[dict]:
    components = [
        _given(
            name=_maybe(component, "name", _line),
            amount=_maybe(component, "amount", _amount),
            unit=_maybe(component, "unit", lambda unit: _choice(unit, CHOICES["unit"])),
            note=_maybe(component, "note", _line),
            item_id=_id(component, "item_id"),
        )
        for component in map(_mapping, _members(value, kinds.MOST_COMPONENTS))
    ]
    return [{"name": ""} | component for component in components if component.keys() - {"unit"}]


def _amount(value: object) -> str:
    return _line(value, LONGEST_AMOUNT)


def _link(value: object) -> dict | None:
    link = _mapping(value)
    target = link.get("target")
    if target not in LINK_TARGETS:
        raise Unfit
    if target in LINKS_BY_ID:
        found = {"target": target} | _given(id=_id(link, "id"))
        return found if "id" in found else None
    found = {"target": target} | _given(
        organization_id=_id(link, "organization_id"), name=_maybe(link, "name", _line)
    )
    return found if len(found) == 3 else None


def _given(**values: object) -> dict:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _maybe(values: Mapping, name: str, reader: Callable = _text) -> object:
    value = values.get(name)
    return None if value is None else reader(value)


def _id(values: Mapping, name: str) -> int | None:
    value = values.get(name)
    return None if value is None else _whole_id(value)


def _whole_id(value: object) -> int:
    if type(value) is not int or not 1 <= value <= LARGEST_ID:
        raise Unfit
    return value


def _mapping(value: object) -> Mapping:
    if not isinstance(value, Mapping):
        raise Unfit
    return value


def _members(value: object, most: int) -> list:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise Unfit
    return list(value)


_READERS: dict[str, Callable[[object, Field], object]] = {
    "line": lambda value, field: _line(value),
    "text": lambda value, field: _text(value),
    "lines": lambda value, field: _lines(value),
    "rich": lambda value, field: _rich(value),
    "steps": lambda value, field: _steps(value),
    "choice": lambda value, field: _choice(value, field.choices),
    "flag": lambda value, field: _flag(value),
    "day": lambda value, field: _day(value),
    "topics": lambda value, field: _topics(value),
    "pictures": lambda value, field: _pictures(value),
    "video": lambda value, field: _video(value),
    "composition": lambda value, field: _composition(value),
}
