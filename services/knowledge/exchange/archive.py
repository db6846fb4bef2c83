"""Items with their pictures as a zip: entries.json and a folder of pictures.

An archive says all that an item says, in words another installation understands: topics by name,
items by code, institutions by name. Videos are too large to come along: an item that shows one
names it, and keeps it where it is known.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from models import KnowledgeItem, KnowledgeRevision, KnowledgeTopic, Organization, StoredFile
from services import audit
from services.access import Permission, top_of_reach
from services.clock import local_day
from services.context import Context
from services.downloads import Download
from services.errors import Invalid
from services.imports import Flaws, ImportReport
from services.knowledge.exchange import importing
from services.knowledge.exchange.archive_entries import FIELDS, LONGEST_CODE, compose
from services.knowledge.exchange.incoming import PICTURES, Incoming
from services.knowledge.exchange.spreadsheet import code_of, select_heads
from services.knowledge.kinds import KINDS, LANGUAGES
from services.knowledge.writing import content as contents
from services.spreadsheets import Row, RowError, Sheet
from services.spreadsheets.archive import MEBIBYTE, MOST_BYTES, Archive
from services.spreadsheets.pictures import MOST_PICTURE_BYTES, is_by_the_system
from services.turns import in_turns

ENTRIES = "entries.json"
ZIP = "application/zip"
MOST_ENTRIES_BYTES = 32 * MEBIBYTE
# Room for what is not pictures.
MOST_EXPORTED_BYTES = MOST_BYTES - 8 * MEBIBYTE
_SRC = re.compile(r"""<img\b[^>]*?\ssrc=(["'])([^"'<>]+)\1""", re.IGNORECASE)
_STORED = re.compile(r"/files/([0-9a-f]{32}\.(?:jpg|webp))")


def export_archive(ctx: Context, **filters: object) -> Download:
    """The items within reach that the filters let through; raises Invalid for too many."""
    query = select_heads(ctx, **filters)
    count = ctx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    if count > importing.MOST_ENTRIES:
        raise Invalid("export_too_long", limit=importing.MOST_ENTRIES)
    rows = ctx.session.execute(query).all()
    words = _Words(ctx, rows)
    if sum(file.bytes for file in words.pictures) > MOST_EXPORTED_BYTES:
        raise Invalid("archive_too_large", limit=MOST_EXPORTED_BYTES // MEBIBYTE)
    entries = [words.entry(item, head) for item, head in rows]
    audit.record(
        ctx,
        "knowledge.archived",
        about=("list", "knowledge", "健康知识"),
        organization_id=top_of_reach(ctx.session, ctx.actor, Permission.VIEW_KNOWLEDGE),
        after={
            "rows": count,
            "filters": {name: value for name, value in filters.items() if value is not None},
        },
    )
    name = f"健康知识-{local_day(ctx.now):%Y%m%d}.zip"
    return Download(name, _pack(ctx, entries, words.pictures))


def _pack(ctx: Context, entries: list[dict], pictures: Iterable[StoredFile]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(entries, ensure_ascii=False, indent=2)
        archive.writestr(ENTRIES, text)
        for file in in_turns(pictures, length=1):
            content = ctx.services.storage.get(file.name)
            if content is not None:
                archive.writestr(
                    zipfile.ZipInfo(f"{PICTURES}{file.name}"), content, zipfile.ZIP_STORED
                )
    return packed.getvalue()


class _Words:
    """What ids in the contents of some items stand for."""

    def __init__(self, ctx: Context, rows: Iterable[tuple[KnowledgeItem, KnowledgeRevision]]):
        heads = [(item.kind, head.content) for item, head in rows]
        ids = set().union(*(contents.picture_ids(each) for _, each in heads))
        videos = set().union(*(contents.video_ids(each) for _, each in heads))
        names = set().union(*(contents.rich_file_names(kind, each) for kind, each in heads))
        found = ctx.session.scalars(
            select(StoredFile).where(StoredFile.id.in_(ids | videos) | StoredFile.name.in_(names))
        ).all()
        self.files = {file.id: file.name for file in found}
        self.pictures = [file for file in found if file.media_type.startswith("image/")]
        self.topics = dict(
            ctx.session.execute(select(KnowledgeTopic.id, KnowledgeTopic.name)).all()
        )
        referred = set().union(*(contents.item_ids(each) for _, each in heads))
        self.items = {
            item.id: (code_of(item), organization)
            for item, organization in ctx.session.execute(
                select(KnowledgeItem, Organization.name)
                .join(Organization, Organization.id == KnowledgeItem.organization_id)
                .where(KnowledgeItem.id.in_(referred))
            )
        }
        linked = {
            link.get("organization_id") or link["id"]
            for _, content in heads
            for link in content["links"]
            if link["target"] not in ("item", "entry")
        }
        names_of = select(Organization.id, Organization.name).where(Organization.id.in_(linked))
        self.organizations = dict(ctx.session.execute(names_of).all())

    def entry(self, item: KnowledgeItem, head: KnowledgeRevision) -> dict:
        content = head.content
        return {
            "code": code_of(item),
            "kind": item.kind,
            "organization": item.organization.name,
            "original_language": item.original_language,
            **{language: self._half(item.kind, content[language]) for language in LANGUAGES},
            "facts": self._facts(item, content["facts"]),
            "links": [self._link(item, link) for link in content["links"]],
        }

    def _half(self, kind: str, half: Mapping | None) -> dict | None:
        if half is None:
            return None
        told = dict(half)
        for each in KINDS[kind].half:
            if each.form == "rich" and each.name in told:
                told[each.name] = _STORED.sub(rf"{PICTURES}\1", told[each.name])
        if "steps" in told:
            told["steps"] = [self._step(step) for step in told["steps"]]
        return told

    def _step(self, step: Mapping) -> dict:
        picture = {"picture": self._picture(step["picture_id"])} if "picture_id" in step else {}
        return {"text": step["text"]} | picture

    def _facts(self, item: KnowledgeItem, facts: Mapping) -> dict:
        told = dict(facts)
        if "topic_ids" in told:
            ids = told.pop("topic_ids")
            told["topics"] = [self.topics[each] for each in ids if each in self.topics]
        if "pictures" in told:
            told["pictures"] = [
                {"file": self._picture(each["file_id"])} | _without(each, "file_id")
                for each in told["pictures"]
            ]
        if "video" in told:
            told["video"] = {"file": self.files[told["video"]["file_id"]]}
        if "composition" in told:
            told["composition"] = [
                _without(each, "item_id")
                | ({"item": self._item(item, each["item_id"])} if "item_id" in each else {})
                for each in told["composition"]
            ]
        return told

    def _link(self, item: KnowledgeItem, link: Mapping) -> dict:
        if link["target"] == "item":
            return {"target": "item", "code": self._item(item, link["id"])}
        if link["target"] == "entry":
            return dict(link)
        organization = self.organizations[link.get("organization_id") or link["id"]]
        name = {"name": link["name"]} if "name" in link else {}
        return {"target": link["target"], "organization": organization} | name

    def _picture(self, file_id: int) -> str:
        return f"{PICTURES}{self.files[file_id]}"

    def _item(self, referring: KnowledgeItem, item_id: int) -> str:
        """The code of an item; that of another organization's is followed by its name."""
        code, organization = self.items[item_id]
        return code if organization == referring.organization.name else f"{code}@{organization}"


def _without(values: Mapping, name: str) -> dict:
    return {key: value for key, value in values.items() if key != name}


def import_archive(
    ctx: Context, *, organization_id: int, content: bytes, dry_run: bool
) -> ImportReport:
    """Make drafts of an archive's entries, all or none; raises Invalid, Missing, Conflict."""
    importing.require_importer(ctx, organization_id)
    ctx.session.rollback()
    opened = _Opened.open(content)
    sheet = Sheet([], [], [])
    for number, entry in enumerate(in_turns(opened.entries), start=1):
        try:
            incoming = _incoming(number, entry, opened)
        except Flaws as found:
            sheet.errors.extend(RowError(number, *flaw) for flaw in found.flaws)
        else:
            sheet.rows.append(Row(number, {"entry": incoming}, {}))
    return importing.keep(
        ctx, organization_id=organization_id, sheet=sheet, dry_run=dry_run, is_archive=True
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A zip whose list of entries has been read; `folder` is where in the zip it lies."""

    archive: Archive
    folder: str
    entries: list

    @classmethod
    def open(cls, content: bytes) -> "_Opened":
        try:
            archive = Archive(content)
            (name,) = (
                name
                for name in archive.names()
                if name.rpartition("/")[2] == ENTRIES and not is_by_the_system(name)
            )
            entries = _parse(archive, name)
        except ValueError:
            raise Invalid("archive_not_recognized") from None
        except Invalid as refusal:
            if refusal.code != "spreadsheet_not_recognized":
                raise
            raise Invalid("archive_not_recognized") from None
        return cls(archive, name.removesuffix(ENTRIES), entries)

    def picture(self, name: str) -> bytes | None:
        """A picture that an entry names; raises Flaws for one that is too large."""
        path = self.folder + name
        if not name.startswith(PICTURES) or not self.archive.has(path):
            return None
        if self.archive.size(path) > MOST_PICTURE_BYTES:
            limit = {"limit": MOST_PICTURE_BYTES // MEBIBYTE}
            raise Flaws([("图片", "picture_too_large", limit)])
        return self.archive.read(path)


def _parse(archive: Archive, name: str) -> list:
    if archive.size(name) > MOST_ENTRIES_BYTES:
        raise Invalid("archive_not_recognized")
    try:
        entries = json.loads(
            archive.read(name).decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_repeated,
        )
    except (ValueError, RecursionError):
        raise Invalid("archive_not_recognized") from None
    if not isinstance(entries, list) or not entries:
        raise Invalid("archive_not_recognized")
    if len(entries) > importing.MOST_ENTRIES:
        raise Invalid("archive_too_many_entries", limit=importing.MOST_ENTRIES)
    return entries


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _incoming(number: int, entry: object, opened: _Opened) -> Incoming:
    """The entry with the pictures it names; raises Flaws for what is no entry."""
    if not isinstance(entry, dict):
        raise Flaws([("", "entry_not_recognized", {})])
    flaws = [
        (name[:50], "knowledge_field_foreign", {"field": name[:50]})
        for name in entry
        if name not in FIELDS
    ]
    flaws += [
        (name, "knowledge_field_unfit", {"field": name})
        for name, is_fit in _CHECKS.items()
        if not is_fit(entry.get(name))
    ]
    if flaws:
        raise Flaws(flaws)
    names = _picture_names(entry)
    pictures = {name: opened.picture(name) for name in names}
    return Incoming(
        number=number,
        code=entry["code"].strip(),
        kind=entry["kind"],
        compose=partial(compose, entry),
        original_language=entry.get("original_language"),
        organization=entry.get("organization"),
        pictures={name: content for name, content in pictures.items() if content is not None},
    )


def _is_code(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_CODE and value.isprintable()


def _is_part(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _is_list(value: object) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(each, dict) for each in value)
    )


_CHECKS: dict[str, Callable[[object], bool]] = {
    "code": _is_code,
    "kind": lambda value: isinstance(value, str) and value in KINDS,
    "original_language": lambda value: value is None or value in LANGUAGES,
    "organization": lambda value: value is None or isinstance(value, str),
    "zh": _is_part,
    "mn": _is_part,
    "facts": _is_part,
    "links": _is_list,
}


def _picture_names(entry: Mapping) -> set[str]:
    """All names below pictures/ that stand anywhere in the entry, which is as deep as JSON is."""
    names: set[str] = set()
    waiting: list[object] = [entry]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            names |= {value} if value.startswith(PICTURES) else set()
            names |= {match[2] for match in _SRC.finditer(value) if match[2].startswith(PICTURES)}
    return names
