"""Organizations as a spreadsheet: its columns, the export and the template to fill in."""

from dataclasses import replace
from functools import partial

from models import Organization
from models.organizations import INSTITUTIONS, PARENT_KINDS
from services import wording
from services.access import Permission
from services.context import Context
from services.downloads import Download
from services.exports import export_list
from services.organizations.views import SORTS, select_organizations, shown_phone
from services.paging import in_order
from services.spreadsheets import Column, write_workbook

TITLE = "机构"
NAME_OF_TEMPLATE = "机构导入模板.xlsx"
LARGEST_NUMBER = 10**15 - 1

ID = Column("id", "编号", kind="whole", least=1, most=LARGEST_NUMBER)
PARENT = Column(
    "parent",
    "上级机构",
    kind="line",
    max_length=128,
    width=30,
    note="上级机构的名称，可以是这张表里写在前面的一行；不填时放在导入时选定的机构下面。",
    example="东胜区卫生健康委员会",
)
PARENT_ID = Column(
    "parent_id",
    "上级编号",
    kind="whole",
    least=1,
    most=LARGEST_NUMBER,
    note="有同名的上级机构时才要填，编号在导出的表里。",
)
KIND = Column(
    "kind", "类型", kind="choice", choices=wording.KINDS, required=True, example="tcm_clinic"
)
NAME = Column(
    "name", "名称", kind="line", max_length=128, required=True, width=30, example="巴音门克蒙医馆"
)
STANDARD = Column(
    "standard",
    "达标情况",
    kind="choice",
    choices=wording.STANDARDS,
    note="只有医疗机构才填。",
    example="met",
)
CONTACT_PHONE = Column(
    "contact_phone", "联系电话", kind="line", max_length=32, example="0477-8361234"
)
# Counts changes, so that an old file does not undo what others changed since.
REVISION = Column("revision", "版本", kind="whole", least=1, most=2**31 - 1)
DETAILS = (
    Column("name_mn", "蒙古文名称", kind="line", max_length=256),
    STANDARD,
    Column("contact_name", "联系人", kind="line", max_length=64, example="乌云"),
    CONTACT_PHONE,
    Column("address", "地址", kind="line", max_length=256, width=40, example="天骄路 1 号"),
    Column(
        "longitude",
        "经度",
        kind="decimal",
        least=-180,
        most=180,
        note="GCJ-02 坐标（腾讯地图、高德地图），单位是度。",
        example=109.98,
    ),
    Column("latitude", "纬度", kind="decimal", least=-90, most=90, note="同上。", example=39.82),
    Column(
        "population",
        "服务人口",
        kind="whole",
        least=1,
        most=2**31 - 1,
        note="服务多少人，用来算投票的参与率。",
        example=23_000,
    ),
)
COLUMNS = (ID, PARENT, PARENT_ID, KIND, NAME, *DETAILS, REVISION)
OF_CLOSED = (
    Column("closed_at", "撤销时间", kind="moment"),
    Column("closing_reason", "撤销原因", width=30),
)
_PLACEABLE = {kind: wording.KINDS[kind] for kind in PARENT_KINDS}
OF_TEMPLATE = (PARENT, PARENT_ID, replace(KIND, choices=_PLACEABLE), NAME, *DETAILS)
_PLAIN = tuple(
    column.key
    for column in (*COLUMNS, *OF_CLOSED)
    if column not in (PARENT, STANDARD, CONTACT_PHONE)
)


def export_organizations(ctx: Context, *, sort: str = "name", **filters: object) -> Download:
    """What list_organizations lists, to be edited and imported again; raises Invalid for too many.

    Telephone numbers are in full for organizations that the actor looks after.
    """
    query = select_organizations(ctx, **filters)
    return export_list(
        ctx,
        title=TITLE,
        columns=COLUMNS + (OF_CLOSED if filters.get("is_closed") else ()),
        query=in_order(query, id_column=Organization.id, keys=SORTS, sort=sort),
        view=partial(_view_row, ctx),
        permission=Permission.VIEW_ORGANIZATIONS,
        action="organization.exported",
        filters=filters,
    )


def _view_row(ctx: Context, organization: Organization, _children_count: int) -> dict[str, object]:
    row = {name: getattr(organization, name) for name in _PLAIN}
    row["parent"] = organization.parent and organization.parent.name
    row["contact_phone"] = shown_phone(ctx, organization)
    row["standard"] = organization.standard if organization.kind in INSTITUTIONS else None
    return row


def import_template(_ctx: Context) -> Download:
    """A spreadsheet to fill in with new organizations."""
    return Download(NAME_OF_TEMPLATE, write_workbook(TITLE, OF_TEMPLATE, [], template=True))
