"""What there is to read of a content, without its form, for finding and for cutting passages."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from services.knowledge.kinds import CHOICES, KINDS, Field
from services.text import composed

# What an item is and does: found in these, it is about the word and does not just mention it.
MAIN_FIELDS = ("summary", "actions", "indications", "suitable_for", "properties", "composition")
# What a reader does not know it for, though it may be searched.
_UNREAD = ("topics", "pictures", "video", "day")
_BLOCKS = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"}
)
_CELLS = frozenset({"td", "th"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def read_lines(kind: str, content: Mapping) -> Iterator[tuple[str, str]]:
    """The content's lines, each with the name of its field; names and aliases are not among them.

    Lines are composed and without spaces around them.
    """
    for half in (content.get("zh"), content.get("mn")):
        for field in KINDS[kind].half:
            if field.name not in ("name", "aliases"):
                yield from _lines(field, (half or {}).get(field.name))
    for field in KINDS[kind].facts:
        yield from _lines(field, (content.get("facts") or {}).get(field.name))


def _lines(field: Field, value: object) -> Iterator[tuple[str, str]]:
    if value is None or field.form in _UNREAD or field.name == "latin_name":
        return
    for line in _read(field, value).splitlines():
        if stripped := " ".join(composed(line).split(" ")).strip():
            yield field.name, stripped


def _read(field: Field, value: object) -> str:
    if field.form == "rich":
        reader = _Reader()
        reader.feed(str(value))
        reader.close()
        return "".join(reader.parts)
    if field.form == "choice":
        return CHOICES[field.name].get(str(value), "") if field.name in _SAID else ""
    if field.form == "steps":
        return "\n".join(step.get("text") or "" for step in value)
    if field.form == "composition":
        return "、".join(each["name"] for each in value)
    return "\n".join(value) if field.form == "lines" else str(value)


# "孕期禁用" and "有毒" are asked for; how good the evidence is, is not.
_SAID = ("pregnancy", "toxicity")
