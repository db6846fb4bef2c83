"""Two revisions side by side: the fields that differ, with what differs in them marked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.access import Permission
from services.context import Context
from services.knowledge.kinds import CHOICES, KINDS, LANGUAGES, Field
from services.knowledge.writing.content import LANGUAGE_TITLES
from services.knowledge.writing.reach import fetch_item, fetch_revision
from services.knowledge.writing.rich_text import plain_text, to_blocks
from services.knowledge.writing.staff_content import view_content
from services.knowledge.writing.topics import list_topics

# Chinese is compared by characters, Mongolian and all that has spaces by words.
TOKEN = re.compile(r"[\u1800-\u18af\u200c\u200d\u202f]+|[^\W\u3400-\u9fff]+|.", re.DOTALL)
# Pairs of tokens beyond which two passages are simply different: comparing takes their product.
MOST_PAIRS = 4_000_000
TARGETS = {
    "item": "内容",
    "organization": "机构",
    "entry": "参评对象",
    "doctor": "医生",
    "activity": "活动",
    "plant": "百草园植物",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Some text, and whether the other side lacks it."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs; one of rich text may read the same and only look different."""

    place: str
    title: str
    language: str | None
    form: str
    one: list[Segment]
    other: list[Segment]


def compare_revisions(ctx: Context, *, item_id: int, one: int, other: int) -> list[Difference]:
    """The fields in which two revisions of an item differ; raises Missing."""
    item = fetch_item(ctx, item_id, Permission.VIEW_KNOWLEDGE)
    contents = [
        view_content(ctx, fetch_revision(ctx, item, number).content) for number in (one, other)
    ]
    topics = {topic.id: topic.name for topic in list_topics(ctx)}
    return list(_compare(item.kind, *contents, topics))


def mark(one: str, other: str) -> tuple[list[Segment], list[Segment]]:
    """Both texts in segments, with what the other lacks marked."""
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    lines = [text.splitlines(keepends=True) for text in (one, other)]
    for tag, a, b, c, d in SequenceMatcher(None, *lines).get_opcodes():
        passages = "".join(lines[0][a:b]), "".join(lines[1][c:d])
        pairs = _mark_passage(*passages) if tag == "replace" else [(*passages, tag != "equal")]
        for first, second, is_changed in pairs:
            _put(sides[0], first, is_changed)
            _put(sides[1], second, is_changed)
    return sides


def _whole(*texts: str) -> list[list[Segment]]:
    """Texts of which one takes the other's place, whatever they have in common."""
    return [[Segment(text, True)] if text else [] for text in texts]


def _mark_passage(one: str, other: str) -> Iterator[tuple[str, str, bool]]:
    tokens = TOKEN.findall(one), TOKEN.findall(other)
    if len(tokens[0]) * len(tokens[1]) > MOST_PAIRS:
        yield one, other, True
        return
    for tag, a, b, c, d in SequenceMatcher(None, *tokens, autojunk=False).get_opcodes():
        yield "".join(tokens[0][a:b]), "".join(tokens[1][c:d]), tag != "equal"


def _put(segments: list[Segment], text: str, is_changed: bool) -> None:
    """Add text, as part of the last segment if that is of the same sort."""
    if not text:
        return
    if segments and segments[-1].is_changed == is_changed:
        text = segments.pop().text + text
    segments.append(Segment(text, is_changed))


def _compare(
    kind: str, one: Mapping, other: Mapping, topics: Mapping[int, str]
) -> Iterator[Difference]:
    for place, language, title, field in _places(kind):
        values = [(content[place] or {}).get(field.name) for content in (one, other)]
        if values[0] != values[1]:
            texts = [_words(field, value, topics) for value in values]
            sides = _whole(*texts) if field.form == "choice" else mark(*texts)
            yield Difference(f"{place}.{field.name}", title, language, field.form, *sides)
    if one["links"] != other["links"]:
        texts = ["\n".join(map(_link_words, content["links"])) for content in (one, other)]
        yield Difference("links", "关联", None, "links", *mark(*texts))


def _places(kind: str) -> Iterator[tuple[str, str | None, str, Field]]:
    for language in LANGUAGES:
        for field in KINDS[kind].half:
            yield language, language, f"{LANGUAGE_TITLES[language]}：{field.title}", field
    for field in KINDS[kind].facts:
        yield "facts", None, field.title, field


def _words(field: Field, value: object, topics: Mapping[int, str]) -> str:
    """A value as text, one line for each member of a list."""
    if value is None:
        return ""
    if field.form == "choice":
        return field.choices[value]
    members = {
        "lines": lambda: value,
        "rich": lambda: _rich_lines(value),
        "steps": lambda: _numbered(_step_words(step) for step in value),
        "topics": lambda: [topics.get(topic_id, "") for topic_id in value],
        "pictures": lambda: [_picture_words(picture) for picture in value],
        "video": lambda: [f"〔视频 {value['file_id']}〕"],
        "composition": lambda: [_component_words(component) for component in value],
    }.get(field.form, lambda: [str(value)])
    return "\n".join(members())


def _rich_lines(html: str) -> Iterator[str]:
    for block in to_blocks(html):
        if block.html is None:
            title = "图片" if block.type == "image" else "视频"
            yield f"〔{title} {block.url.rpartition('/')[2][:8]}〕{block.alt or ''}"
        else:
            yield plain_text(block.html)


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]


def _step_words(step: Mapping) -> str:
    return f"{step['text']}〔图片 {step['picture_id']}〕" if step["picture_id"] else step["text"]


def _picture_words(picture: Mapping) -> str:
    captions = filter(None, (picture["caption"], picture["caption_mn"]))
    return " ".join((f"〔图片 {picture['file_id']}〕", *captions))


def _component_words(component: Mapping) -> str:
    unit = CHOICES["unit"].get(component["unit"], "")
    note = f"（{component['note']}）" if component["note"] else ""
    title = f" → {component['item_title']}" if component["item_title"] else ""
    return f"{component['name']} {component['amount'] or ''}{unit}{note}{title}"


def _link_words(link: Mapping) -> str:
    return f"{TARGETS[link['target']]}：{link['label'] or ''}"
