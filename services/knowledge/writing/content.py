"""What an item says: brought into the one form that is kept, and asked what it still lacks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from services.errors import Invalid
from services.knowledge.kinds import KINDS, LANGUAGES, Field
from services.knowledge.writing import forms
from services.knowledge.writing.rich_text import file_names

LANGUAGE_TITLES = {"zh": "中文", "mn": "蒙古文"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is lacking before an item can be handed in: where, and what it is called."""

    place: str
    title: str


def normalize(kind: str, content: Mapping) -> dict:
    """The content as it is kept: rich texts clean, what was left empty absent.

    Raises Invalid, with the place, for a field the kind does not have and for what is no value of
    its field.
    """
    form = KINDS[kind]
    unknown = set(content) - {*LANGUAGES, "facts", "links"}
    if unknown:
        raise Invalid("knowledge_field_foreign", field=min(unknown))
    normalized: dict = {
        language: _normalize_part(language, form.half, content.get(language)) or None
        for language in LANGUAGES
    }
    normalized["facts"] = _normalize_part("facts", form.facts, content.get("facts"))
    normalized["links"] = _fit("links", forms.read_links, content.get("links") or [])
    return normalized


def gaps(kind: str, content: Mapping) -> list[Gap]:
    """What is lacking in a normalized content before it can be handed in.

    One language has to be complete; of the other a name is enough.
    """
    form = KINDS[kind]
    by_language = {
        language: [*_lacking(language, form.half, content[language])]
        for language in LANGUAGES
        if content[language] is not None
    }
    if not by_language:
        found = [Gap("zh", "中文或蒙古文的内容")]
    else:
        fullest = min(by_language, key=lambda language: len(by_language[language]))
        found = [
            gap
            for language, lacking in by_language.items()
            for gap in lacking
            if language == fullest or gap.place == f"{language}.name"
        ]
    return [*found, *_lacking("facts", form.facts, content["facts"]), *_nameless(content)]


def title_of(content: Mapping, original_language: str) -> str:
    """The name in the original's language, else in the other; empty if it has none."""
    other = "mn" if original_language == "zh" else "zh"
    names = ((content[language] or {}).get("name") for language in (original_language, other))
    return next(filter(None, names), "")


def names_of(content: Mapping) -> list[str]:
    """All it is called: names and aliases in both languages, and in Latin."""
    halves = [content[language] or {} for language in LANGUAGES]
    names = [half.get("name") for half in halves]
    names += [alias for half in halves for alias in half.get("aliases", [])]
    return [name for name in (*names, content["facts"].get("latin_name")) if name]


def rich_texts(kind: str, content: Mapping) -> Iterator[str]:
    """All HTML in it."""
    fields = [field.name for field in KINDS[kind].half if field.form == "rich"]
    for language in LANGUAGES:
        half = content[language] or {}
        yield from (half[name] for name in fields if name in half)


def picture_ids(content: Mapping) -> set[int]:
    """The files shown as pictures of the whole or of a step."""
    halves = [content[language] or {} for language in LANGUAGES]
    steps = [step for half in halves for step in half.get("steps", [])]
    shown = {picture["file_id"] for picture in content["facts"].get("pictures", [])}
    return shown | {step["picture_id"] for step in steps if "picture_id" in step}


def video_ids(content: Mapping) -> set[int]:
    """The file shown as its video, if any."""
    video = content["facts"].get("video")
    return {video["file_id"]} if video else set()


def rich_file_names(kind: str, content: Mapping) -> set[str]:
    """The names below /files/ that its rich texts show."""
    return set().union(*(file_names(html) for html in rich_texts(kind, content)))


def topic_ids(content: Mapping) -> list[int]:
    return content["facts"].get("topic_ids", [])


def item_ids(content: Mapping) -> set[int]:
    """The other items it names: by links, and as components."""
    linked = {link["id"] for link in content["links"] if link["target"] == "item"}
    components = content["facts"].get("composition", [])
    return linked | {each["item_id"] for each in components if "item_id" in each}


def _normalize_part(place: str, fields: tuple[Field, ...], values: object) -> dict:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise Invalid("knowledge_field_unfit", field=place)
    known = {field.name for field in fields}
    foreign = [name for name, value in values.items() if name not in known and value is not None]
    if foreign:
        raise Invalid("knowledge_field_foreign", field=f"{place}.{min(foreign)}")
    part = {
        field.name: _fit(
            f"{place}.{field.name}", partial(forms.read, field), values.get(field.name)
        )
        for field in fields
    }
    return {name: value for name, value in part.items() if value not in (None, "", [], {})}


def _fit(place: str, reader: Callable, value: object) -> object:
    try:
        return reader(value)
    except forms.Unfit:
        raise Invalid("knowledge_field_unfit", field=place) from None


def _lacking(place: str, fields: tuple[Field, ...], part: Mapping) -> Iterator[Gap]:
    where = f"{LANGUAGE_TITLES[place]}：" if place in LANGUAGE_TITLES else ""
    for field in fields:
        if field.is_required and field.name not in part:
            yield Gap(f"{place}.{field.name}", f"{where}{field.title}")


def _nameless(content: Mapping) -> Iterator[Gap]:
    """Components that say how much, but not of what."""
    for number, component in enumerate(content["facts"].get("composition", []), 1):
        if not component["name"]:
            yield Gap("facts.composition", f"组成第 {number} 味的名称")
