"""What notices and messages are held about a person, told to them."""

from collections.abc import Iterator

from sqlalchemy import select

from models import MessageAllowance, Notice, OutgoingMessage
from services.context import Context
from services.disclosure import Section
from services.spreadsheets import Column

ROWS_AT_ONCE = 500
KINDS = {
    "campaign_result": "评选结果",
    "ballots_set_aside": "选票待核",
    "ballots_decided": "选票复核结果",
    "objection_answered": "异议答复",
}
STATES = {
    "pending": "等待发送",
    "sending": "正在发送",
    "sent": "已发送",
    "unconfirmed": "不知是否送达",
    "skipped": "没有发送",
    "dead": "没有送达",
}
NOTICE_COLUMNS = (
    Column("created_at", "时间", kind="moment"),
    Column("kind", "类别", kind="choice", choices=KINDS),
    Column("title", "标题", width=32),
    Column("title_mn", "标题（蒙古文）", width=32),
    Column("body", "内容", width=48),
    Column("body_mn", "内容（蒙古文）", width=48),
    Column("read_at", "阅读时间", kind="moment"),
)
MESSAGE_COLUMNS = (
    Column("created_at", "时间", kind="moment"),
    Column("template", "类别", kind="choice", choices=KINDS),
    Column("text", "内容", width=48, get=lambda row: "；".join(map(str, row.fields.values()))),
    Column("state", "状态", kind="choice", choices=STATES),
    Column("sent_at", "发送时间", kind="moment"),
)
ALLOWANCE_COLUMNS = (
    Column("template_id", "微信模板", width=36),
    Column("remaining", "还可发送几条", kind="whole"),
    Column("changed_at", "时间", kind="moment"),
)


def describe_citizen(ctx: Context, *, citizen_id: int) -> Iterator[Section]:
    """The inbox, the messages through WeChat, and how many of those the person allowed."""
    for key, title, columns, table in (
        ("notices", "消息", NOTICE_COLUMNS, Notice),
        ("messages", "微信消息", MESSAGE_COLUMNS, OutgoingMessage),
        ("allowances", "微信消息授权", ALLOWANCE_COLUMNS, MessageAllowance),
    ):
        rows = ctx.session.scalars(
            select(table)
            .where(table.citizen_id == citizen_id)
            .order_by(*table.__mapper__.primary_key)
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        yield Section(key, title, columns, rows)
