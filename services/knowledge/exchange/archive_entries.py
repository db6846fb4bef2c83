"""An archive's entry made into a content: the words it uses become ids of this installation."""

import re
from collections.abc import Callable, Mapping
from html import unescape

from services.errors import Invalid
from services.imports import Flaws
from services.knowledge.exchange.incoming import Known, fields_of, title_of_place
from services.knowledge.kinds import LANGUAGES
from services.spreadsheets import Unfit

FIELDS = ("code", "kind", "organization", "original_language", *LANGUAGES, "facts", "links")
LONGEST_CODE = 64
# As a person or a program writes it; what is cleaned afterwards has double quotes only.
_SRC = re.compile(r"""(<img\b[^>]*?\ssrc=)(["'])(pictures/[^"'<>]+)\2""", re.IGNORECASE)

Flaw = tuple[str, str, dict]


def compose(entry: Mapping, _current: dict, known: Known) -> dict:
    """The content of an entry; raises Flaws with all that it refers to and that is not there."""
    composer = _Composer(entry["kind"], known)
    content = {language: composer.half(language, entry.get(language)) for language in LANGUAGES}
    content["facts"] = composer.facts(entry.get("facts") or {})
    content["links"] = composer.links(entry.get("links") or [])
    if composer.flaws:
        raise Flaws(composer.flaws)
    return content


class _Composer:
    def __init__(self, kind: str, known: Known) -> None:
        self.flaws: list[Flaw] = []
        self._kind = kind
        self._known = known

    def half(self, language: str, half: Mapping | None) -> dict | None:
        if half is None:
            return None
        told = dict(half)
        for each in fields_of(self._kind, language):
            title = title_of_place(language, each)
            if each.form == "rich" and isinstance(told.get(each.name), str):
                told[each.name] = self._try(title, self._rich, told[each.name])
            elif each.form == "steps" and isinstance(told.get(each.name), list):
                told[each.name] = self._each(title, self._step, told[each.name])
        return told

    def facts(self, facts: Mapping) -> dict:
        told = dict(facts)
        if "topics" in told:
            told["topic_ids"] = self._each("主题", self._topic, told.pop("topics"))
        if "pictures" in told:
            told["pictures"] = self._each("图片", self._picture, told["pictures"])
        if told.get("video") is not None:
            told["video"] = self._try("视频", self._video, told["video"])
        if "composition" in told:
            told["composition"] = self._each("组成", self._component, told["composition"])
        return told

    def links(self, links: list) -> list:
        return self._each("关联", self._link, links)

    def _each(self, title: str, read: Callable, values: object) -> object:
        """All of a list read; what is no list at all is refused later, by its field."""
        if not isinstance(values, list):
            return values
        return [self._try(title, read, value) for value in values]

    def _try(self, title: str, read: Callable, value: object) -> object:
        try:
            return read(value)
        except (Unfit, Invalid) as unfit:
            self.flaws.append((title, unfit.code, unfit.details))
        except (AttributeError, KeyError, TypeError):
            self.flaws.append((title, "knowledge_field_unfit", {"field": title}))
        return None

    def _rich(self, html: str) -> str:
        def address(match: re.Match) -> str:
            return f'{match[1]}"/files/{self._known.file(unescape(match[3])).name}"'

        return _SRC.sub(address, html)

    def _step(self, step: Mapping) -> dict:
        told = dict(step)
        if told.get("picture") is not None:
            told["picture_id"] = self._file(told["picture"])
        _require_only(told, "text", "picture", "picture_id")
        return {name: value for name, value in told.items() if name != "picture"}

    def _topic(self, name: str) -> int:
        if name not in self._known.topics:
            raise Unfit("topic_unknown", name=str(name)[:50])
        return self._known.topics[name]

    def _picture(self, picture: Mapping) -> dict:
        _require_only(picture, "file", "caption", "caption_mn")
        captions = {name: value for name, value in picture.items() if name != "file"}
        return {"file_id": self._file(picture["file"])} | captions

    def _video(self, video: Mapping) -> dict:
        _require_only(video, "file")
        try:
            return {"file_id": self._known.file(_text(video["file"])).id}
        except Unfit:
            raise Unfit("video_not_along") from None

    def _component(self, component: Mapping) -> dict:
        _require_only(component, "name", "amount", "unit", "note", "item")
        told = {name: value for name, value in component.items() if name != "item"}
        if component.get("item") is not None:
            told["item_id"] = self._known.item(_text(component["item"]))
        return told

    def _link(self, link: Mapping) -> dict:
        target = link["target"]
        if target == "item":
            _require_only(link, "target", "code")
            return {"target": target, "id": self._known.item(_text(link["code"]))}
        if target == "entry":
            return dict(link)
        _require_only(link, "target", "organization", "name")
        organization_id = self._known.organization(_text(link["organization"]))
        if target == "organization":
            return {"target": target, "id": organization_id}
        return {"target": target, "organization_id": organization_id, "name": link["name"]}

    def _file(self, name: object) -> int:
        return self._known.file(_text(name)).id


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _require_only(values: Mapping, *names: str) -> None:
    for name in values:
        if name not in names:
            raise Invalid("knowledge_field_foreign", field=str(name)[:50])
