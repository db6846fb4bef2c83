"""Publicity as spreadsheets: the list, and the counts of a quarter."""

from models import PublicityRecord
from services.access import Permission
from services.clock import local_day, quarter_of
from services.context import Context
from services.downloads import Download
from services.exports import export_list
from services.paging import in_order
from services.publicity.figures import select_kinds
from services.publicity.views import SORTS, select_records
from services.publicity.wording import LEVELS, MEDIA, STATES
from services.spreadsheets import Column

TITLE = "宣传报道"
OF_RECORDS = (
    Column("appeared_on", "刊播日期", kind="day"),
    Column("quarter", "季度"),
    Column("organization", "机构", width=30),
    Column("title", "标题", width=50),
    Column("medium", "媒体类型", kind="choice", choices=MEDIA),
    Column("outlet", "媒体名称"),
    Column("level", "级别", kind="choice", choices=LEVELS),
    Column("person_name", "人物"),
    Column("url", "链接", width=50),
    Column("state", "状态", kind="choice", choices=STATES),
    Column("reason", "退回原因", width=30),
    Column("recorded_by", "登记人"),
    Column("recorded_at", "登记时间", kind="moment"),
    Column("decided_by", "确认人"),
    Column("decided_at", "确认时间", kind="moment"),
)
OF_FIGURES = (
    Column("quarter", "季度"),
    Column("organization", "机构", width=30),
    Column("level", "级别", kind="choice", choices=LEVELS),
    Column("medium", "媒体类型", kind="choice", choices=MEDIA),
    Column("count", "已确认条数", kind="whole"),
)


def export_records(ctx: Context, *, sort: str = "-appeared_on", **filters: object) -> Download:
    """The records within reach that the filters let through; raises Invalid for too many."""
    return export_list(
        ctx,
        title=TITLE,
        columns=OF_RECORDS,
        query=in_order(
            select_records(ctx, **filters), id_column=PublicityRecord.id, keys=SORTS, sort=sort
        ),
        view=_exported,
        permission=Permission.VIEW_PUBLICITY,
        action="publicity.exported",
        filters=filters,
    )


def export_figures(
    ctx: Context, *, quarter: str | None = None, organization_id: int | None = None
) -> Download:
    """A quarter's counts by institution, level and medium."""
    code = quarter or quarter_of(local_day(ctx.now)).code
    return export_list(
        ctx,
        title=f"{TITLE}统计-{code}",
        columns=OF_FIGURES,
        query=select_kinds(ctx, quarter=code, organization_id=organization_id),
        view=lambda organization, level, medium, count: {
            "quarter": code,
            "organization": organization.name,
            "level": level,
            "medium": medium,
            "count": count,
        },
        permission=Permission.VIEW_PUBLICITY,
        action="publicity.figures_exported",
        filters={"quarter": code, "organization_id": organization_id},
    )


def _exported(record: PublicityRecord) -> dict[str, object]:
    names = ("appeared_on", "title", "medium", "outlet", "level", "person_name", "url", "state")
    more = ("reason", "recorded_at", "decided_at")
    return {name: getattr(record, name) for name in (*names, *more)} | {
        "quarter": quarter_of(record.appeared_on).code,
        "organization": record.organization.name,
        "recorded_by": record.recorded_by.name,
        "decided_by": record.decided_by_name,
    }
