"""A campaign's entries as a spreadsheet: the template, the import with portraits, the export."""

from collections import defaultdict
from functools import partial

from sqlalchemy import select

from models import Campaign, Entry, Organization, StoredFile
from services import files
from services.access import Permission
from services.context import Context
from services.downloads import Download
from services.errors import ServiceError
from services.exports import export_list
from services.images import PreparedImage, prepare_image
from services.imports import ImportReport, Outcome, import_rows
from services.paging import in_order
from services.spreadsheets import Column, Row, RowError, Sheet, Unfit, read_workbook, write_workbook
from services.turns import in_turns
from services.voting.entries import (
    SORTS,
    StaffEntry,
    fetch_for_entries,
    insert_entry,
    note_changed,
    select_entries,
)
from services.voting.reach import fetch_campaign
from services.voting.standings import may_see_votes, read_votes

TITLE = "参评对象"
MOST_ROWS = 500

NUMBER = Column(
    "number",
    "编号",
    kind="whole",
    least=1,
    most=999_999,
    note="不填时接着已有的编号往下排。",
    example=1,
)
NAME = Column("name", "名称", kind="line", max_length=64, required=True, example="乌云其其格")
ORGANIZATION = Column(
    "organization",
    "所属机构",
    kind="line",
    max_length=128,
    width=30,
    note="机构在系统里的全称；个人没有机构的可以不填。",
    example="东胜区蒙医医院",
)
PORTRAIT = Column(
    "portrait",
    "照片",
    kind="picture",
    note="直接把照片插入这一格；也可以填文件名，把照片和表格放进同一个 zip 上传。竖版 3:4 最好。",
)
STATEMENT = Column("statement", "介绍", max_length=5000, width=60, example="从事蒙医诊疗二十年……")
COLUMNS = (
    NUMBER,
    NAME,
    Column("name_mn", "蒙古文名称", kind="line", max_length=128),
    ORGANIZATION,
    STATEMENT,
    Column("statement_mn", "蒙古文介绍", max_length=5000, width=40),
    PORTRAIT,
)
OF_EXPORT = (
    *COLUMNS[:-1],
    Column("votes", "票数", kind="whole"),
    Column("withdrawn_at", "退出时间", kind="moment"),
    Column("withdrawal_reason", "退出原因", width=30),
)
# To which column a refusal belongs.
BLAME = {
    "": NAME.title,
    "entry_number_taken": NUMBER.title,
    "organization_unknown": ORGANIZATION.title,
    "organization_ambiguous": ORGANIZATION.title,
}


def entries_template(ctx: Context, *, campaign_id: int) -> Download:
    """A spreadsheet to fill in with new entries; raises Missing."""
    fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS)
    return Download("参评对象导入模板.xlsx", write_workbook(TITLE, COLUMNS, [], template=True))


def export_entries(
    ctx: Context, *, campaign_id: int, sort: str = "number", **filters: object
) -> Download:
    """All entries of a campaign, with votes where the actor may know them; raises Missing."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    votes = read_votes(ctx, campaign) if may_see_votes(ctx, campaign) else {}
    return export_list(
        ctx,
        title=f"{campaign.title}-{TITLE}",
        columns=OF_EXPORT,
        query=in_order(
            select_entries(campaign_id, **filters),
            id_column=Entry.id,
            keys=SORTS,
            sort=sort,
        ),
        view=lambda entry: _exported(StaffEntry(entry, votes.get(entry.id))),
        permission=Permission.VIEW_CAMPAIGNS,
        action="entry.exported",
        filters=filters | {"campaign_id": campaign_id},
    )


def _exported(row: StaffEntry) -> dict[str, object]:
    entry = row.entry
    names = ("number", "name", "name_mn", "statement", "statement_mn", "withdrawn_at")
    return {name: getattr(entry, name) for name in names} | {
        "withdrawal_reason": entry.withdrawal_reason,
        "organization": entry.organization and entry.organization.name,
        "votes": row.votes,
    }


def import_entries(
    ctx: Context, *, campaign_id: int, content: bytes, dry_run: bool
) -> ImportReport:
    """Add the entries of an xlsx file, or of a zip with one and its pictures: all or none.

    Raises Invalid for a file that cannot be read, Missing and Conflict for the campaign.
    """
    fetch_for_entries(ctx, campaign_id)
    # Pictures take their time; neither the campaign nor a connection is held meanwhile.
    ctx.session.rollback()
    sheet = read_workbook(content, COLUMNS, most_rows=MOST_ROWS)
    pictures = _prepare_pictures(sheet)
    is_kept = not (sheet.errors or dry_run)
    stored = {
        number: files.store_image(ctx, picture)
        for number, picture in in_turns(pictures.items(), length=1)
        if is_kept
    }
    campaign = fetch_for_entries(ctx, campaign_id)
    added: list[Entry] = []
    organizations = _organizations_by_name(ctx, campaign, sheet)
    return import_rows(
        ctx,
        sheet,
        take=partial(_take, ctx, campaign, organizations, stored, added),
        write=partial(note_changed, ctx, campaign, added),
        blame=BLAME,
        dry_run=dry_run,
    )


def _prepare_pictures(sheet: Sheet) -> dict[int, PreparedImage]:
    """The portraits by row; what is wrong with one is added to the sheet's errors."""
    prepared = {}
    for row in in_turns(sheet.rows, length=1):
        content = row.pictures.get(PORTRAIT.key)
        if content is None:
            continue
        try:
            prepared[row.number] = prepare_image(content)
        except ServiceError as refusal:
            sheet.errors.append(RowError(row.number, PORTRAIT.title, refusal.code, refusal.details))
    return prepared


def _organizations_by_name(ctx: Context, campaign: Campaign, sheet: Sheet) -> dict[str, list[int]]:
    """The ids of open organizations below the campaign's, by the names that rows give."""
    names = {row.values[ORGANIZATION.key] for row in sheet.rows} - {None}
    found = defaultdict(list)
    rows = ctx.session.execute(
        select(Organization.name, Organization.id).where(
            Organization.name.in_(names),
            Organization.ancestor_ids.contains([campaign.organization_id]),
            Organization.closed_at.is_(None),
        )
    )
    for name, organization_id in rows:
        found[name].append(organization_id)
    return found


def _take(
    ctx: Context,
    campaign: Campaign,
    organizations: dict[str, list[int]],
    stored: dict[int, StoredFile],
    added: list[Entry],
    row: Row,
) -> Outcome:
    values = {key: value for key, value in row.values.items() if value is not None}
    values.pop(PORTRAIT.key, None)
    name = values.pop(ORGANIZATION.key, None)
    if name is not None:
        values["organization_id"] = _find(organizations.get(name, []), name)
    picture = stored.get(row.number)
    if picture is not None:
        ctx.session.add(picture)
        ctx.session.flush()
        values["portrait_id"] = picture.id
    added.append(insert_entry(ctx, campaign, values))
    return "created"


def _find(ids: list[int], name: str) -> int:
    if not ids:
        raise Unfit("organization_unknown", name=name)
    if len(ids) > 1:
        raise Unfit("organization_ambiguous", name=name)
    return ids[0]
