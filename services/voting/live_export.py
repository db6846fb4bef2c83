"""A campaign's live figures as a workbook."""

from collections.abc import Iterator
from typing import Any

from models import Campaign
from services import audit
from services.access import Permission
from services.clock import LOCAL_ZONE, local_day
from services.context import Context
from services.downloads import Download
from services.spreadsheets import Column, write_sheets
from services.voting.live import LEAST_SHOWN, LiveFigures, gather_figures
from services.voting.reach import fetch_campaign

SOURCES = {
    "list": "参评列表",
    "search": "搜索",
    "share": "分享",
    "scan": "扫码",
    "notice": "消息通知",
    None: "未知",
}
SHOWN = {
    "live": "实时票数",
    "delayed": "延时公布",
    "ranks_only": "只公布名次",
    "hidden": "投票结束前不公布",
}
BALLOTS = Column("ballots", "票数", kind="whole")
FEW = f"少于{LEAST_SHOWN}"
FEW_BALLOTS = Column(
    "ballots",
    "票数",
    kind="whole",
    get=lambda row: FEW if row.ballots is None else row.ballots,
)
VOTERS = Column("voters", "首次投票人数", kind="whole")
SUMMARY = (Column("name", "项目"), Column("value", "数值", width=40))
STANDINGS = (
    Column("rank", "名次", kind="whole"),
    Column("number", "编号", kind="whole"),
    Column("name", "参评对象", width=28),
    Column("name_mn", "蒙古文名称", width=28),
    Column("organization_name", "单位", width=32),
    Column("votes", "票数", kind="whole"),
    Column("is_withdrawn", "已退出", kind="yes_no"),
)
BY_HOUR = (Column("at", "时间（起）", kind="moment"), BALLOTS, VOTERS)
BY_DAY = (Column("on", "日期", kind="day"), BALLOTS, VOTERS)
BY_DIVISION = (
    Column("code", "区划代码"),
    Column("name", "地区", get=lambda row: row.name or "未注明单位"),
    FEW_BALLOTS,
)
BY_SOURCE = (Column("source", "来源", get=lambda row: SOURCES[row.source]), FEW_BALLOTS)


def export_live_figures(ctx: Context, *, campaign_id: int) -> Download:
    """What get_live_figures shows, with all hours, as a workbook; raises Missing."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    figures = gather_figures(ctx, campaign)
    audit.record(
        ctx,
        "campaign.figures_exported",
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
    )
    sheets = (
        ("概况", SUMMARY, _summary(campaign, figures)),
        ("榜单", STANDINGS, figures.standings),
        ("按天", BY_DAY, figures.by_day),
        ("按小时", BY_HOUR, figures.by_hour),
        ("按地区", BY_DIVISION, figures.by_division),
        ("按来源", BY_SOURCE, figures.by_source),
    )
    name = f"{campaign.title}-投票数据-{local_day(ctx.now):%Y%m%d}.xlsx"
    return Download(name, write_sheets(sheets))


def _summary(campaign: Campaign, figures: LiveFigures) -> Iterator[dict[str, Any]]:
    turnout = figures.turnout
    values = {
        "活动": campaign.title,
        "主办单位": campaign.organization.name,
        "数据截至": f"{figures.as_of.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}",
        "总票数": figures.votes,
        "投票人数": figures.voters,
        "服务人口": "未填写" if figures.population is None else figures.population,
        "参与率": "未知" if turnout is None else f"{turnout:.2%}",
        "榜单": SHOWN[figures.shown] + ("（已封榜）" if figures.is_frozen else ""),
    }
    for name, value in values.items():
        yield {"name": name, "value": value}
