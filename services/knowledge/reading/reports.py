"""Errors that citizens found in items, and what staff answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, null, or_, select
from sqlalchemy.orm import aliased

from models import (
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeReport,
    KnowledgeReview,
    Organization,
    StaffAccount,
)
from services import accounts, audit, notifications
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Invalid, Missing
from services.idempotency import request_key
from services.knowledge.reading.cards import BriefOrganization
from services.knowledge.reading.published import PublicName, names_of_published
from services.knowledge.reading.queues import StaffItemName, cut_queue, in_queue
from services.paging import Page, cut_page, decode_cursor, encode_cursor

# Who wrote it, who vouched for it, and who answers; of these the last alone may answer.
READING = (
    Permission.WRITE_KNOWLEDGE,
    Permission.REVIEW_KNOWLEDGE,
    Permission.PUBLISH_KNOWLEDGE,
    Permission.ANSWER_READERS,
)
STATES = {"corrected": "已经更正", "declined": "核对后没有改动"}


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its author sees it; `item` while that is public."""

    id: int
    item_id: int
    item: PublicName | None
    text: str
    created_at: datetime
    state: str
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffReport:
    """A report as staff see it, who never learn whose it is."""

    report: KnowledgeReport
    item: StaffItemName
    organization: BriefOrganization
    answered_by_name: str | None
    may_answer: bool


def report_error(ctx: Context, *, item_id: int, text: str, idempotency_key: str) -> OwnReport:
    """Tell staff of an error in what is public now; the same key again files nothing.

    Raises Missing, Invalid, SignInRequired.
    """
    key = request_key(idempotency_key)
    accounts.lock_account(ctx)
    report = ctx.session.scalar(
        select(KnowledgeReport).where(
            KnowledgeReport.citizen_id == ctx.actor.citizen_id, KnowledgeReport.request_key == key
        )
    )
    if report is None:
        report = _file(ctx, item_id, text, key)
    elif (report.item_id, report.text) != (item_id, text):
        raise Invalid("idempotency_key_reused")
    return _own(report, names_of_published(ctx, [item_id]))


def list_own_reports(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's, the latest first."""
    query = (
        select(KnowledgeReport)
        .where(KnowledgeReport.citizen_id == ctx.actor.citizen_id)
        .order_by(KnowledgeReport.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(KnowledgeReport.id < last_id)
    page = cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))
    names = names_of_published(ctx, [report.item_id for report in page.items])
    return Page([_own(report, names) for report in page.items], page.next_cursor)


def list_reports(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    state: str | None = None,
    item_id: int | None = None,
) -> Page:
    """Those within reach: the open ones oldest first, all others latest first."""
    query = _select_within_reach(ctx, *READING)
    if item_id is not None:
        query = query.where(KnowledgeReport.item_id == item_id)
    query = in_queue(query, KnowledgeReport, state, waiting="open", cursor=cursor)
    rows = ctx.session.execute(query.limit(limit + 1)).all()
    return cut_queue(rows, limit, lambda row: _staff(ctx, row))


def answer_report(ctx: Context, *, report_id: int, state: str, answer: str) -> StaffReport:
    """Answer it for good, as "corrected" or "declined", and tell who reported it.

    Raises Missing, Conflict.
    """
    seen = _fetch(ctx, report_id, Permission.ANSWER_READERS)
    report = seen.report
    ctx.session.refresh(report, with_for_update=True)
    if report.state != "open":
        raise Conflict("knowledge_report_answered")
    report.state, report.answer = state, answer
    report.answered_at, report.answered_by_id = ctx.now, ctx.actor.staff_id
    ctx.session.flush()
    _tell(ctx, report)
    audit.record(
        ctx,
        "knowledge.report_answered",
        about=("knowledge", report.item_id, seen.item.title),
        organization_id=seen.organization.id,
        after={"report_id": report.id, "state": state, "answer": answer},
    )
    return _fetch(ctx, report_id, Permission.ANSWER_READERS)


def select_waiting_reports(ctx: Context) -> Select:
    """Open ones that the actor may answer, or that are about what they wrote or approved."""
    approved = select(KnowledgeReview.item_id).where(
        KnowledgeReview.item_id == KnowledgeReport.item_id,
        KnowledgeReview.revision_number == KnowledgeReport.revision_number,
        KnowledgeReview.verdict == "approved",
        KnowledgeReview.reviewer_id == ctx.actor.staff_id,
    )
    return (
        select(null().label("campaign_id"))
        .select_from(KnowledgeReport)
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeReport.item_id)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .where(
            KnowledgeReport.state == "open",
            or_(
                is_within_reach(ctx.actor, Permission.ANSWER_READERS),
                KnowledgeItem.author_id == ctx.actor.staff_id,
                approved.exists(),
            ),
        )
    )


def _file(ctx: Context, item_id: int, text: str, key) -> KnowledgeReport:
    number = ctx.session.scalar(
        select(KnowledgePublication.revision_number).where(KnowledgePublication.item_id == item_id)
    )
    if number is None:
        raise Missing("knowledge_not_public")
    report = KnowledgeReport(
        item_id=item_id,
        revision_number=number,
        citizen_id=ctx.actor.citizen_id,
        request_key=key,
        text=text,
        created_at=ctx.now,
        state="open",
    )
    ctx.session.add(report)
    ctx.session.flush()
    return report


def _own(report: KnowledgeReport, names: dict[int, PublicName]) -> OwnReport:
    return OwnReport(
        report.id,
        report.item_id,
        names.get(report.item_id),
        report.text,
        report.created_at,
        report.state,
        report.answer,
        report.answered_at,
    )


def _select_within_reach(ctx: Context, *permissions: Permission) -> Select:
    answerer = aliased(StaffAccount)
    within = [is_within_reach(ctx.actor, permission) for permission in permissions]
    return (
        select(KnowledgeReport, KnowledgeItem.title, KnowledgeItem.kind, Organization)
        .add_columns(answerer.name.label("answered_by_name"))
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeReport.item_id)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .outerjoin(answerer, answerer.id == KnowledgeReport.answered_by_id)
        .where(or_(*within))
    )


def _fetch(ctx: Context, report_id: int, permission: Permission) -> StaffReport:
    row = ctx.session.execute(
        _select_within_reach(ctx, permission)
        .where(KnowledgeReport.id == report_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise Missing("knowledge_report_not_found")
    return _staff(ctx, row)


def _staff(ctx: Context, row: Row) -> StaffReport:
    report, title, kind, organization, answered_by_name = row
    answers_at = ctx.actor.organizations_for(Permission.ANSWER_READERS)
    may_answer = report.state == "open" and _overlap(organization.ancestor_ids, answers_at)
    item = StaffItemName(report.item_id, title, kind)
    place = BriefOrganization(organization.id, organization.name, organization.name_mn)
    return StaffReport(report, item, place, answered_by_name, may_answer)


def _overlap(one: Sequence[int], other: Sequence[int]) -> bool:
    return not set(one).isdisjoint(other)


def _tell(ctx: Context, report: KnowledgeReport) -> None:
    if report.citizen_id is None:
        return
    name = names_of_published(ctx, [report.item_id]).get(report.item_id)
    about = f"“{name.either}”" if name else "的一条健康知识（已撤下）"
    notifications.tell_citizens(
        ctx,
        kind="knowledge_report_answered",
        cause=f"report:{report.id}",
        title="您反映的错误有了答复",
        bodies={
            report.citizen_id: f"您反映{about}里的错误，{STATES[report.state]}：{report.answer}"
        },
        target=notifications.Target("knowledge_item", report.item_id),
    )
