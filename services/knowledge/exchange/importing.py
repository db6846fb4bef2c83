"""Keeping what an import brings: all of it or nothing, and as drafts only.

Entries are found again by their code within the organization. What citizens see stays as it is: an
item that is published goes on as a draft beside its publication, one that waits for its review is
left alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from models import (
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeRevision,
    KnowledgeTopic,
    Organization,
    StoredFile,
)
from services import audit, files
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, ServiceError
from services.images import PreparedImage, prepare_image
from services.imports import Flaws, ImportReport, Outcome, import_rows
from services.knowledge.exchange.incoming import (
    CODE_TITLE,
    NAME_TITLE,
    PICTURES,
    Incoming,
    require_fit,
)
from services.knowledge.kinds import KINDS
from services.knowledge.writing import content as contents
from services.knowledge.writing.drafting import NOTHING, insert_draft, write
from services.knowledge.writing.flow import STEPS, record
from services.knowledge.writing.references import take_up
from services.knowledge.writing.staff_views import is_head
from services.organizations.reach import fetch_open_organization
from services.spreadsheets import Row, RowError, Sheet, Unfit
from services.turns import in_turns

MOST_ENTRIES = 500
# What stands for the code of an item without one, in exports and when they come back.
BY_ID = re.compile("item-([1-9][0-9]{0,17})")


BLAME = {"": CODE_TITLE, "file_not_found": "图片", "knowledge_link_unknown": "关联"}

Picture = PreparedImage | StoredFile


def require_importer(ctx: Context, organization_id: int) -> Organization:
    """The organization into which the actor may import; raises Missing, Conflict."""
    return fetch_open_organization(ctx, organization_id, Permission.MANAGE_KNOWLEDGE)


def keep(
    ctx: Context, *, organization_id: int, sheet: Sheet, dry_run: bool, is_archive: bool
) -> ImportReport:
    """Make drafts of the rows' entries, which are their value "entry".

    Raises Missing and Conflict for the organization, Unavailable when the storage fails.
    """
    pictures = _bring_pictures(ctx, organization_id, sheet)
    is_rehearsal = bool(dry_run or sheet.errors)
    stored = {
        place: files.store_image(ctx, picture, is_rehearsal=is_rehearsal)
        if isinstance(picture, PreparedImage)
        else picture
        for place, picture in in_turns(pictures.items(), length=1)
    }
    organization = require_importer(ctx, organization_id)
    importer = _Importer(ctx, organization, sheet, stored)
    report = import_rows(
        ctx,
        sheet,
        take=importer.take,
        write=ctx.session.flush,
        blame=BLAME,
        dry_run=dry_run,
    )
    if report.is_applied:
        _record(ctx, organization, report, is_archive=is_archive)
    return report


def _record(
    ctx: Context, organization: Organization, report: ImportReport, *, is_archive: bool
) -> None:
    audit.record(
        ctx,
        "knowledge.imported",
        about=("organization", organization.id, organization.name),
        organization_id=organization.id,
        after={
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "is_archive": is_archive,
        },
    )


def _bring_pictures(
    ctx: Context, organization_id: int, sheet: Sheet
) -> dict[tuple[int, str], Picture]:
    """The pictures by row and name: those their items show already, and others prepared.

    What is wrong with one is added to the sheet's errors. No connection is held while pictures are
    read and made anew, which takes its time.
    """
    entries = [row.values["entry"] for row in sheet.rows]
    with_pictures = [entry for entry in entries if entry.pictures]
    shown = _files_shown(ctx, organization_id, [entry.code for entry in with_pictures])
    ctx.session.rollback()
    found: dict[tuple[int, str], Picture] = {}
    for entry in with_pictures:
        for name, content in in_turns(entry.pictures.items(), length=1):
            try:
                picture = _same(ctx, shown.get(entry.code, ()), content)
                if picture is None:
                    prepared = prepare_image(content)
                    picture = _same(ctx, shown.get(entry.code, ()), prepared.content) or prepared
                found[entry.number, name] = picture
            except ServiceError as refusal:
                sheet.errors.append(
                    RowError(entry.number, "图片", refusal.code, dict(refusal.details))
                )
    return found


def _same(ctx: Context, shown: Iterable[StoredFile], content: bytes) -> StoredFile | None:
    """The file among these that has just this content."""
    storage = ctx.services.storage
    alike = (file for file in shown if file.bytes == len(content))
    return next((file for file in alike if storage.get(file.name) == content), None)


def _files_shown(
    ctx: Context, organization_id: int, codes: Sequence[str]
) -> dict[str, list[StoredFile]]:
    """The files that the items with these codes show now."""
    heads = _fetch_heads(ctx, organization_id, codes, is_locked=False)
    ids = {code: contents.picture_ids(head.content) for code, (_, head) in heads.items()}
    names = {
        code: contents.rich_file_names(item.kind, head.content)
        for code, (item, head) in heads.items()
    }
    found = ctx.session.scalars(
        select(StoredFile).where(
            or_(
                StoredFile.id.in_(set().union(*ids.values())),
                StoredFile.name.in_(set().union(*names.values())),
            )
        )
    ).all()
    # They outlive the transaction, which ends while pictures are prepared.
    ctx.session.expunge_all()
    return {
        code: [file for file in found if file.id in ids[code] or file.name in names[code]]
        for code in heads
    }


def _fetch_heads(
    ctx: Context, organization_id: int, codes: Sequence[str], *, is_locked: bool
) -> dict[str, tuple[KnowledgeItem, KnowledgeRevision]]:
    """The items of the organization by code, or by the stand-in for one, with their heads."""
    ids = {int(match[1]) for match in map(BY_ID.fullmatch, codes) if match}
    without = KnowledgeItem.id.in_(ids) & KnowledgeItem.code.is_(None)
    query = (
        select(KnowledgeItem, KnowledgeRevision)
        .join(KnowledgeRevision, is_head())
        .where(
            KnowledgeItem.organization_id == organization_id,
            or_(KnowledgeItem.code.in_(codes), without),
        )
        .order_by(KnowledgeItem.id)
    )
    if is_locked:
        query = query.with_for_update(of=KnowledgeItem).execution_options(populate_existing=True)
    return {
        item.code or f"item-{item.id}": (item, head) for item, head in ctx.session.execute(query)
    }


class _Importer:
    def __init__(
        self,
        ctx: Context,
        organization: Organization,
        sheet: Sheet,
        stored: Mapping[tuple[int, str], StoredFile],
    ) -> None:
        self.ctx = ctx
        self.organization = organization
        self.topics = dict(
            ctx.session.execute(select(KnowledgeTopic.name, KnowledgeTopic.id)).all()
        )
        self.stored = stored
        self.entries = {row.values["entry"].code: row.values["entry"] for row in sheet.rows}
        self.heads = _fetch_heads(ctx, organization.id, list(self.entries), is_locked=True)
        self._spoiled = {error.row for error in sheet.errors}
        self._row_by_code: dict[str, int] = {}
        self._made: set[str] = set()

    def take(self, row: Row) -> Outcome:
        entry: Incoming = row.values["entry"]
        self._require_meant_for_us(entry)
        item, head = self.ensure(entry)
        self._require_editable(item, entry)
        if row.number in self._spoiled:
            # Its pictures are wrong, which has been told; others may still refer to it.
            raise Flaws([])
        known = _Known(self, entry, item, head)
        composed = entry.compose(head.content, known)
        require_fit(entry.kind, composed)
        content = contents.normalize(entry.kind, composed)
        if not contents.title_of(content, item.original_language):
            raise Flaws([(NAME_TITLE, "required", {})])
        is_new = entry.code in self._made
        if content == head.content and not is_new:
            return "unchanged"
        self._write(item, head, content)
        if is_new:
            record(self.ctx, item, "knowledge.created", after={"kind": item.kind})
        return "created" if is_new else "updated"

    def ensure(self, entry: Incoming) -> tuple[KnowledgeItem, KnowledgeRevision]:
        """The entry's item, made now if there is none: entries may refer to later ones."""
        if entry.code not in self.heads:
            item = insert_draft(
                self.ctx,
                kind=entry.kind,
                organization_id=self.organization.id,
                original_language=entry.original_language or "zh",
                content=NOTHING,
                code=entry.code,
            )
            head = self.ctx.session.scalars(
                select(KnowledgeRevision).where(KnowledgeRevision.item_id == item.id)
            ).one()
            self.heads[entry.code] = item, head
            self._made.add(entry.code)
        return self.heads[entry.code]

    def _write(self, item: KnowledgeItem, head: KnowledgeRevision, content: dict) -> None:
        take_up(self.ctx, kind=item.kind, content=content, known=head.content, item_id=item.id)
        other = "mn" if item.original_language == "zh" else "zh"
        is_translated = content[other] != head.content[other]
        self.heads[item.code or f"item-{item.id}"] = (
            item,
            write(self.ctx, item, head, content, is_translation_current=is_translated),
        )

    def _require_meant_for_us(self, entry: Incoming) -> None:
        earlier = self._row_by_code.setdefault(entry.code, entry.number)
        if earlier != entry.number:
            raise Unfit("row_repeated", row=earlier)
        if entry.organization not in (None, self.organization.name):
            details = {"name": entry.organization[:50]}
            raise Flaws([("机构", "entry_of_another", details)])

    def _require_editable(self, item: KnowledgeItem, entry: Incoming) -> None:
        if item.kind != entry.kind:
            raise Unfit("entry_kind_fixed", title=KINDS[item.kind].title)
        if entry.original_language not in (None, item.original_language):
            raise Flaws([("原文语言", "entry_language_fixed", {})])
        if item.state not in STEPS["edit"].states:
            raise Conflict(f"knowledge_is_{item.state}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What one entry can refer to; see services/knowledge/exchange/incoming.py."""

    importer: _Importer
    entry: Incoming
    own: KnowledgeItem
    head: KnowledgeRevision

    @property
    def topics(self) -> Mapping[str, int]:
        return self.importer.topics

    def file(self, name: str) -> StoredFile:
        brought = self.importer.stored.get((self.entry.number, name))
        session = self.importer.ctx.session
        name = name.removeprefix(PICTURES)
        if brought is not None and brought.id is None:
            session.add(brought)
            session.flush()
        file = brought or session.scalar(select(StoredFile).where(StoredFile.name == name))
        if file is None or (brought is None and not self._shows(file)):
            raise Unfit("picture_missing")
        return file

    def item(self, reference: str) -> int:
        code, _, organization = reference.partition("@")
        entry = self.importer.entries.get(code)
        if entry is not None and not organization:
            return self.importer.ensure(entry)[0].id
        match = BY_ID.fullmatch(code)
        is_meant = KnowledgeItem.code == code
        if match:
            is_meant |= (KnowledgeItem.id == int(match[1])) & KnowledgeItem.code.is_(None)
        found = self.importer.ctx.session.scalar(
            select(KnowledgeItem.id)
            .join(Organization, Organization.id == KnowledgeItem.organization_id)
            .where(is_meant, Organization.name == (organization or self.importer.organization.name))
            .where(self._may_refer())
            .limit(1)
        )
        if found is None:
            raise Unfit("entry_unknown", reference=reference[:80])
        return found

    def organization(self, name: str) -> int:
        query = select(Organization.id).where(
            Organization.name == name, Organization.closed_at.is_(None)
        )
        ids = set(self.importer.ctx.session.scalars(query.limit(20)))
        known = {
            link.get("organization_id") or link.get("id")
            for link in self.head.content["links"]
            if link["target"] not in ("item", "entry")
        }
        meant = (ids & known) or ids
        if len(meant) != 1:
            raise Unfit("link_organization_unknown", name=name[:50])
        return meant.pop()

    def _may_refer(self):
        """Items that are published or within reach, as for who links by hand."""
        published = select(KnowledgePublication.item_id).where(
            KnowledgePublication.item_id == KnowledgeItem.id
        )
        return or_(
            published.exists(), is_within_reach(self.importer.ctx.actor, Permission.VIEW_KNOWLEDGE)
        )

    def _shows(self, file: StoredFile) -> bool:
        content = self.head.content
        ids = contents.picture_ids(content) | contents.video_ids(content)
        return file.id in ids or file.name in contents.rich_file_names(self.own.kind, content)
