"""Items of one kind as a spreadsheet: the template, the export, and reading what comes back."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from sqlalchemy import Select, select

from models import KnowledgeItem, KnowledgeRevision, KnowledgeTopic, Organization
from services.access import Permission
from services.context import Context
from services.downloads import Download
from services.exports import export_list
from services.imports import Flaws, ImportReport
from services.knowledge import kinds
from services.knowledge.exchange import cells, importing
from services.knowledge.exchange.incoming import (
    CODE_TITLE,
    PARTS,
    Incoming,
    Known,
    fields_of,
    title_of_place,
)
from services.knowledge.kinds import KINDS, Field
from services.knowledge.writing.reach import select_items
from services.knowledge.writing.staff_views import is_head
from services.spreadsheets import Column, Row, Sheet, Unfit, read_workbook, write_workbook

LANGUAGE_NAMES = {"zh": "中文", "mn": "蒙古文"}
CODE = Column(
    "code",
    CODE_TITLE,
    kind="line",
    max_length=64,
    required=True,
    note="本机构自己定的编号，再次导入时靠它找到同一条。导出时没有编号的显示为 item-数字，不要改。",
    example="herb-huangqi",
)
FIRST = (
    CODE,
    Column(
        "organization",
        "机构",
        kind="line",
        max_length=128,
        note="可以不填。填了必须是导入的机构；从别处带来的表请清空这一列。",
    ),
    Column(
        "original_language",
        "原文语言",
        kind="choice",
        choices=LANGUAGE_NAMES,
        note="先写的是哪种文字，另一种就是译文。不填是中文。",
        example="zh",
    ),
)
NOTES = {
    "rich": "一行一段，不带格式。导出后没有改动的格子，原来的格式和图片都会保留；"
    "改动了的按纯文字重写，图片请在页面上再插入。",
    "lines": "一行一个，或用顿号隔开。",
    "steps": "一行一步，不用写序号。步骤的图片请在页面上添加。",
    "composition": "一行一味，例如：黄芪 9 克（先煎）；盐 适量。",
    "topics": "系统里已有的主题，用顿号隔开。",
    "pictures": "插入的图片放在第一张，原有的往后排；不填就保持不变。"
    "图片说明和更多图片请在页面上编辑。",
}
EXAMPLES = {
    "name": "黄芪",
    "aliases": "黄耆\n北芪",
    "composition": "黄芪 18 克\n防风 9 克（去芦）",
    "topic_ids": "四季养生",
}
# As much as a field holds, each on a line of its own.
LONGEST = {
    "line": kinds.LONGEST_LINE,
    "text": kinds.LONGEST_TEXT,
    "lines": kinds.MOST_LINES * (kinds.LONGEST_LINE + 1),
}


def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a kind's sheet. Videos and links are edited on the page only."""
    fields = ((part, each) for part in _in_reading_order(kind) for each in part[1])
    return (*FIRST, *(_column(part, each) for (part, _), each in fields))


def _in_reading_order(kind: str) -> Iterator[tuple[str, list[Field]]]:
    """Each field of a half followed by its other language, then the facts."""
    for each in fields_of(kind, "zh"):
        yield "zh", [each]
        yield "mn", [each]
    yield "facts", [each for each in fields_of(kind, "facts") if each.form != "video"]


def _column(part: str, of: Field) -> Column:
    form = {"line": "line", "choice": "choice", "day": "day", "pictures": "picture"}
    is_long = of.form in ("text", "rich", "steps", "composition")
    limit = {"max_length": LONGEST[of.form]} if of.form in LONGEST else {}
    return Column(
        f"{part}.{of.name}",
        title_of_place(part, of),
        kind=form.get(of.form, "text"),
        choices=of.choices or {},
        width=40 if is_long else None,
        note=" ".join(filter(None, (NOTES.get(of.form, ""), of.hint))),
        example=EXAMPLES.get(of.name) if part != "mn" else None,
        **limit,
    )


def import_template(ctx: Context, *, kind: str) -> Download:
    """A spreadsheet to fill in with items of a kind."""
    title = KINDS[kind].title
    content = write_workbook(title, columns_of(kind), [], template=True)
    return Download(f"{title}导入模板.xlsx", content)


def export_items(ctx: Context, *, kind: str, **filters: object) -> Download:
    """The items of a kind within reach that the filters let through; raises Invalid."""
    topics = dict(ctx.session.execute(select(KnowledgeTopic.id, KnowledgeTopic.name)).all())
    return export_list(
        ctx,
        title=KINDS[kind].title,
        columns=columns_of(kind),
        query=select_heads(ctx, kind=kind, **filters),
        view=partial(_exported, topics),
        permission=Permission.VIEW_KNOWLEDGE,
        action="knowledge.exported",
        filters={"kind": kind} | filters,
    )


def select_heads(
    ctx: Context,
    *,
    kind: str | None = None,
    organization_id: int | None = None,
    state: str | None = None,
) -> Select:
    """Rows of an item within reach and its head; `organization_id` takes in the whole subtree."""
    query = (
        select_items(ctx, Permission.VIEW_KNOWLEDGE)
        .join(KnowledgeRevision, is_head())
        .add_columns(KnowledgeRevision)
        .order_by(KnowledgeItem.organization_id, KnowledgeItem.id)
    )
    wanted = {KnowledgeItem.kind: kind, KnowledgeItem.state: state}
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    return query


def code_of(item: KnowledgeItem) -> str:
    """Its code, or what stands for one."""
    return item.code or f"item-{item.id}"


def _exported(
    topics: Mapping[int, str], item: KnowledgeItem, head: KnowledgeRevision
) -> dict[str, object]:
    row: dict[str, object] = {
        "code": code_of(item),
        "organization": item.organization.name,
        "original_language": item.original_language,
    }
    for part in PARTS:
        values = head.content[part] or {}
        for each in fields_of(item.kind, part):
            row[f"{part}.{each.name}"] = _cell(each, values.get(each.name), topics)
    return row


def _cell(of: Field, value: object, topics: Mapping[int, str]) -> object:
    if cells.is_shown(of.form):
        return cells.show(of, value, topics)
    if of.form in ("pictures", "video"):
        return None
    return date.fromisoformat(value) if of.form == "day" and value else value


def import_items(
    ctx: Context, *, kind: str, organization_id: int, content: bytes, dry_run: bool
) -> ImportReport:
    """Make drafts of a sheet's rows, all or none; raises Invalid, Missing, Conflict."""
    importing.require_importer(ctx, organization_id)
    ctx.session.rollback()
    read = read_workbook(content, columns_of(kind), most_rows=importing.MOST_ENTRIES)
    rows = [
        Row(row.number, {"entry": _incoming(kind, row, read.absent_columns)}, {})
        for row in read.rows
    ]
    sheet = Sheet(rows, list(read.errors), read.ignored_columns)
    return importing.keep(
        ctx, organization_id=organization_id, sheet=sheet, dry_run=dry_run, is_archive=False
    )


def _incoming(kind: str, row: Row, absent: frozenset[str]) -> Incoming:
    return Incoming(
        number=row.number,
        code=row.values["code"],
        kind=kind,
        compose=partial(_compose, kind, row, absent),
        original_language=row.values["original_language"],
        organization=row.values["organization"],
        pictures=row.pictures,
    )


def _compose(kind: str, row: Row, absent: frozenset[str], current: dict, known: Known) -> dict:
    """What the row says, and of what it says nothing, what there is."""
    content: dict = {"links": current["links"]}
    flaws: list[tuple[str, str, dict]] = []
    for part in PARTS:
        before = current[part] or {}
        content[part] = dict(before)
        for each in fields_of(kind, part):
            key = f"{part}.{each.name}"
            if each.form == "video" or key in absent:
                continue
            try:
                value = _value(each, key, row, before.get(each.name), known)
            except Unfit as unfit:
                flaws.append((title_of_place(part, each), unfit.code, unfit.details))
            else:
                content[part][each.name] = value
    if flaws:
        raise Flaws(flaws)
    return content


def _value(of: Field, key: str, row: Row, current: object, known: Known) -> object:
    if of.form == "pictures":
        return _with_picture(row, key, current, known)
    if cells.is_shown(of.form):
        return cells.read(of, row.values[key], current, known.topics)
    return row.values[key]


def _with_picture(row: Row, key: str, current: object, known: Known) -> list[dict]:
    """The pictures there are, with the one in the cell in front."""
    pictures = list(current or [])
    if key not in row.pictures:
        return pictures
    file_id = known.file(key).id
    first = next((each for each in pictures if each["file_id"] == file_id), {"file_id": file_id})
    return [first, *(each for each in pictures if each["file_id"] != file_id)]
