"""What fields hold as plain text for the cells of spreadsheets, and read back from them.

A cell tells less than the field: no formatting, no pictures of steps, no links of components. So a
cell that still says what the field says leaves it alone; only one that was changed is read.
"""

import re
from collections.abc import Mapping
from html import escape

from services.knowledge.kinds import CHOICES, Field
from services.knowledge.writing.rich_text import plain_text
from services.spreadsheets import Unfit

# A cell takes 32,767 units of UTF-16.
MOST_UNITS = 32_000
TOO_LONG = "【内容太长，请在页面上编辑，这一格不要改】"
UNITS = {title: code for code, title in CHOICES["unit"].items()}
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_NOTE = re.compile(r"(.*?)\s*[（(]([^（(]*)[）)]$")
# 黄芪 9 克, 黄芪 9～15克, 大枣 三 枚, 盐 适量; without a blank before it the amount is in digits.
_APART = re.compile(rf"(.+?)\s+(?:(\S{{1,20}}?)\s*)?({_UNIT})")
_JOINED = re.compile(rf"(.*?\D)\s*([0-9][0-9.,/~～\-–—至]{{0,18}})\s*({_UNIT})")
_NUMBER = re.compile("[0-9]")


def show(field: Field, value: object, topics: Mapping[int, str]) -> str | None:
    """The cell's text for a value of a form that is more than one text; None for nothing."""
    if value is None:
        return None
    text = _SHOWN[field.form](value, topics)
    is_too_long = len(text.encode("utf-16-le")) // 2 > MOST_UNITS
    return TOO_LONG if is_too_long else text


def read(field: Field, text: str | None, current: object, topics: Mapping[str, int]) -> object:
    """The value a cell means, if it no longer says the current one; raises Unfit."""
    by_id = {topic_id: name for name, topic_id in topics.items()}
    if _lines_of(text or "") == _lines_of(show(field, current, by_id) or ""):
        return current
    return _READ[field.form](_lines_of(text or ""), current, topics)


def is_shown(form: str) -> bool:
    """Whether values of this form are put into words here."""
    return form in _SHOWN


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _show_component(component: Mapping) -> str:
    unit = CHOICES["unit"].get(component.get("unit"), "")
    parts = (component["name"], component.get("amount"), unit)
    note = f"（{component['note']}）" if "note" in component else ""
    return " ".join(part for part in parts if part) + note


def _read_rich(lines: list[str], _current: object, _topics: Mapping) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def _read_lines(lines: list[str], _current: object, _topics: Mapping) -> list[str]:
    return [each.strip() for line in lines for each in line.split("、") if each.strip()]


def _read_steps(lines: list[str], current: object, _topics: Mapping) -> list[dict]:
    """A step keeps its picture: by its text, or by its place where their number is the same."""
    steps = list(current or [])
    by_text = {_one_line(step["text"]): step for step in steps}
    by_place = steps if len(steps) == len(lines) else [{}] * len(lines)
    return [
        by_text.get(line) or by_place[place] | {"text": line} for place, line in enumerate(lines)
    ]


def _read_composition(lines: list[str], current: object, _topics: Mapping) -> list[dict]:
    """A component keeps the herb it leads to as long as its name stays."""
    components = list(current or [])
    by_line = {_show_component(each): each for each in components}
    herbs = {each["name"]: each["item_id"] for each in components if "item_id" in each}
    return [by_line.get(line) or _read_component(line, herbs) for line in lines]


def _read_component(line: str, herbs: Mapping[str, int]) -> dict:
    component: dict[str, object] = {}
    if noted := _NOTE.fullmatch(line):
        line, component["note"] = noted[1], noted[2]
    if found := _JOINED.fullmatch(line) or _APART.fullmatch(line):
        component |= {"amount": found[2], "unit": UNITS[found[3]]}
        line = found[1]
    elif _NUMBER.search(line):
        raise Unfit("component_unclear", text=line[:50])
    name = line.strip()
    return component | {"name": name, "item_id": herbs.get(name)}


def _read_topics(lines: list[str], _current: object, topics: Mapping[str, int]) -> list[int]:
    names = _read_lines(lines, None, topics)
    for name in names:
        if name not in topics:
            raise Unfit("topic_unknown", name=name[:50])
    return [topics[name] for name in names]


def _one_line(text: str) -> str:
    return " ".join(_lines_of(text))


_SHOWN = {
    "rich": lambda value, topics: plain_text(value),
    "lines": lambda value, topics: "\n".join(value),
    "steps": lambda value, topics: "\n".join(_one_line(step["text"]) for step in value),
    "composition": lambda value, topics: "\n".join(map(_show_component, value)),
    "topics": lambda value, topics: "、".join(topics[each] for each in value if each in topics),
}
_READ = {
    "rich": _read_rich,
    "lines": _read_lines,
    "steps": _read_steps,
    "composition": _read_composition,
    "topics": _read_topics,
}
