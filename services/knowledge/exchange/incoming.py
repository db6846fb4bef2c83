"""What an import brings, before it is known whether it can be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models import StoredFile
from services.imports import Flaws
from services.knowledge.kinds import KINDS, LANGUAGES, Field
from services.knowledge.writing import forms

CODE_TITLE = "编号"
NAME_TITLE = "名称"
# Where pictures are in an archive.
PICTURES = "pictures/"
PARTS = (*LANGUAGES, "facts")


class Known(Protocol):
    """What there is that an entry can refer to, by the words it uses. All raise Unfit."""

    topics: Mapping[str, int]

    def file(self, name: str) -> StoredFile:
        """The picture that came with the entry, or a file that its item shows, by its name."""

    def item(self, reference: str) -> int:
        """The item with this code, of this organization or, behind an @, of another."""

    def organization(self, name: str) -> int:
        """The organization with this name."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One entry of an import. `number` is its row, or its place in the list.

    `compose` makes its content from what its item says now; it raises Flaws. `pictures` are the
    bytes of those it brings, by the names it uses for them.
    """

    number: int
    code: str
    kind: str
    compose: Callable[[dict, Known], dict]
    original_language: str | None = None
    organization: str | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def title_of_place(part: str, of: Field) -> str:
    """What the column of a field is called."""
    return f"{of.title}（蒙古文）" if part == "mn" else of.title


def fields_of(kind: str, part: str) -> tuple[Field, ...]:
    form = KINDS[kind]
    return form.facts if part == "facts" else form.half


def require_fit(kind: str, content: Mapping) -> None:
    """Raise Flaws that name every field which the kind lacks, or whose value is none of its own."""
    flaws = []
    for part in PARTS:
        values = content.get(part) or {}
        known = {each.name: each for each in fields_of(kind, part)}
        for name, value in values.items():
            if name in known:
                flaws += _unfit(part, known[name], value)
            elif value is not None:
                place = f"{part}.{name}"[:50]
                flaws.append((place, "knowledge_field_foreign", {"field": place}))
    if flaws:
        raise Flaws(flaws)


def _unfit(part: str, of: Field, value: object) -> list[tuple[str, str, dict]]:
    try:
        forms.read(of, value)
    except forms.Unfit:
        title = title_of_place(part, of)
        return [(title, "knowledge_field_unfit", {"field": title})]
    return []
