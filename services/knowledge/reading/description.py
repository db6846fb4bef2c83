"""What is held about a reader, told to them."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select

from models import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeFavourite,
    KnowledgeOpinion,
    KnowledgePublication,
    KnowledgeReport,
    Organization,
)
from services.context import Context
from services.disclosure import Section
from services.spreadsheets import Column

ROWS_AT_ONCE = 500
REASONS = {
    "hard_to_read": "看不懂",
    "incomplete": "内容不全",
    "not_what_i_sought": "不是我要找的",
    "outdated": "内容过时",
    "other": "其他",
}
REPORT_STATES = {"open": "等待答复", "corrected": "已更正", "declined": "未作改动"}
COMMENT_STATES = {"pending": "等待审核", "shown": "已公开", "rejected": "未公开"}
CHECKS = {"passed": "通过", "suspicious": "可疑，由人工审核", "unchecked": "没有经微信检查"}
CONTRIBUTION_STATES = {"received": "等待处理", "accepted": "已采用", "declined": "未采用"}
_ITEM = Column("item", "健康知识", width=32)
_CREATED_AT = Column("created_at", "时间", kind="moment")
FAVOURITE_COLUMNS = (_ITEM, Column("created_at", "收藏时间", kind="moment"))
OPINION_COLUMNS = (
    _ITEM,
    _CREATED_AT,
    Column("is_helpful", "是否有帮助", kind="yes_no"),
    Column("reason", "原因", kind="choice", choices=REASONS),
)
REPORT_COLUMNS = (
    _ITEM,
    _CREATED_AT,
    Column("text", "反映的错误", width=48),
    Column("state", "状态", kind="choice", choices=REPORT_STATES),
    Column("answer", "答复", width=48),
    Column("answered_at", "答复时间", kind="moment"),
)
COMMENT_COLUMNS = (
    _ITEM,
    _CREATED_AT,
    Column("text", "评论", width=48),
    Column("state", "状态", kind="choice", choices=COMMENT_STATES),
    Column("safety", "微信内容安全检查", kind="choice", choices=CHECKS),
    Column("reason", "未公开的原因", width=36),
)
CONTRIBUTION_COLUMNS = (
    _CREATED_AT,
    Column("organization", "交给"),
    Column("title", "标题", width=32),
    Column("text", "内容", width=48),
    Column("collected_from", "提供人"),
    Column("collected_in", "收集地点"),
    Column("known_since", "流传时间"),
    Column("pictures", "图片张数", kind="whole"),
    Column("safety", "微信内容安全检查", kind="choice", choices=CHECKS),
    Column("state", "状态", kind="choice", choices=CONTRIBUTION_STATES),
    Column("answer", "答复", width=48),
)


def describe_citizen(ctx: Context, *, citizen_id: int) -> Iterator[Section]:
    """Favourites, opinions, reports, comments, and what was sent in.

    Which items somebody read is not known.
    """
    for key, title, columns, query in (
        ("knowledge_favourites", "收藏的健康知识", FAVOURITE_COLUMNS, _favourites()),
        ("knowledge_opinions", "对健康知识的评价", OPINION_COLUMNS, _opinions()),
        ("knowledge_reports", "反映的错误", REPORT_COLUMNS, _reports()),
        ("knowledge_comments", "评论", COMMENT_COLUMNS, _comments()),
        ("contributions", "提供的传统知识", CONTRIBUTION_COLUMNS, _contributions()),
    ):
        own = query.where(query.selected_columns.citizen_id == citizen_id)
        rows = ctx.session.execute(own.execution_options(yield_per=ROWS_AT_ONCE))
        yield Section(key, title, columns, rows)


def _about(table: type, *columns) -> Select:
    """Rows of a table with the public name of the item each is about, where it has one."""
    name = func.coalesce(KnowledgePublication.name, KnowledgePublication.name_mn)
    return (
        select(table.citizen_id, name.label("item"), table.created_at, *columns)
        .outerjoin(KnowledgePublication, KnowledgePublication.item_id == table.item_id)
        .order_by(table.created_at, table.item_id)
    )


def _favourites() -> Select:
    return _about(KnowledgeFavourite)


def _opinions() -> Select:
    return _about(KnowledgeOpinion, KnowledgeOpinion.is_helpful, KnowledgeOpinion.reason)


def _reports() -> Select:
    return _about(
        KnowledgeReport,
        KnowledgeReport.text,
        KnowledgeReport.state,
        KnowledgeReport.answer,
        KnowledgeReport.answered_at,
    )


def _comments() -> Select:
    return _about(
        KnowledgeComment,
        KnowledgeComment.text,
        KnowledgeComment.state,
        KnowledgeComment.safety,
        KnowledgeComment.reason,
    )


def _contributions() -> Select:
    provenance = KnowledgeContribution.provenance
    return (
        select(
            KnowledgeContribution.citizen_id,
            KnowledgeContribution.created_at,
            Organization.name.label("organization"),
            KnowledgeContribution.title,
            KnowledgeContribution.text,
            *(
                provenance[name].astext.label(name)
                for name in ("collected_from", "collected_in", "known_since")
            ),
            func.cardinality(KnowledgeContribution.picture_ids).label("pictures"),
            KnowledgeContribution.safety,
            KnowledgeContribution.state,
            KnowledgeContribution.answer,
        )
        .join(Organization, Organization.id == KnowledgeContribution.organization_id)
        .order_by(KnowledgeContribution.id)
    )
