"""The console's first page: what waits for one, what is about to happen, and the quarter so far."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, exists, func, literal, null, or_, select

from models import Campaign, Nomination, Organization, Proposal, StaffAccount
from services import knowledge, proposals, publicity, voting
from services.access import Permission, is_within_reach
from services.context import Context

# What opens or closes within this time is shown, the next first.
SOON = timedelta(days=14)
MOST_SOON = 20
# A draft that opens within this time ought to be announced.
ANNOUNCED_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some work that waits; `campaign_id` when all of it concerns one campaign."""

    kind: str
    count: int
    campaign_id: int | None


@dataclass(frozen=True, slots=True)
class SoonCampaign:
    """A campaign about to open or to close, drafts too."""

    id: int
    title: str
    title_mn: str | None
    status: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the actor's permissions reach; the quarter is None for who may not see campaigns."""

    waiting: Sequence[Waiting]
    closing_soon: Sequence[SoonCampaign]
    quarter: voting.QuarterFigures | None


def get_dashboard(ctx: Context) -> Dashboard:
    """Each part for those who hold its permission somewhere, about what it reaches."""
    may_view = Permission.VIEW_CAMPAIGNS in ctx.actor.permissions
    return Dashboard(
        waiting=list(_find_waiting(ctx)),
        closing_soon=_find_closing_soon(ctx) if may_view else [],
        quarter=voting.sum_up_quarter(ctx) if may_view else None,
    )


def _find_waiting(ctx: Context) -> Iterator[Waiting]:
    for kind, (permission, select_waiting) in KINDS_OF_WORK.items():
        if permission not in ctx.actor.permissions:
            continue
        within = is_within_reach(ctx.actor, permission)
        found = select_waiting(ctx).where(within).subquery()
        campaign_id = found.c.campaign_id
        count, first, last = ctx.session.execute(
            select(func.count(), func.min(campaign_id), func.max(campaign_id)).select_from(found)
        ).one()
        if count:
            yield Waiting(kind, count, first if first == last else None)


def _knowledge_waiting(waiting: str) -> Callable[[Context], Select]:
    return lambda ctx: knowledge.select_waiting(ctx, waiting)


def _nominations_to_review(ctx: Context) -> Select:
    return (
        select(Nomination.campaign_id)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(Nomination.state == "submitted")
    )


def _nominations_returned(ctx: Context) -> Select:
    return (
        select(Nomination.campaign_id)
        .join(Organization, Organization.id == Nomination.organization_id)
        .where(Nomination.state == "returned")
    )


def _drafts_to_announce(ctx: Context) -> Select:
    return (
        select(Campaign.id.label("campaign_id"))
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(Campaign.state == "draft", Campaign.opens_at < ctx.now + ANNOUNCED_BEFORE)
    )


def _proposals_to_decide(ctx: Context) -> Select:
    return proposals.select_to_decide(ctx)


def _results_to_publish(ctx: Context) -> Select:
    """Those nobody has proposed to publish."""
    proposed = exists().where(
        Proposal.campaign_id == Campaign.id,
        Proposal.kind == "publish_result",
        Proposal.state == "open",
    )
    return (
        select(Campaign.id.label("campaign_id"))
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(
            Campaign.state != "draft",
            Campaign.closes_at <= ctx.now,
            Campaign.result_published_at.is_(None),
            ~proposed,
        )
    )


def _accounts_invited(ctx: Context) -> Select:
    """Who has not joined yet; administrators' accounts are for system administrators."""
    is_system = any(grant.role == "system_administrator" for grant in ctx.actor.grants)
    return _select_accounts().where(
        StaffAccount.username.is_(None), or_(StaffAccount.duty == "business", literal(is_system))
    )


def _accounts_locked(ctx: Context) -> Select:
    return _select_accounts().where(StaffAccount.locked_until > ctx.now)


def _select_accounts() -> Select:
    return (
        select(null().label("campaign_id"))
        .select_from(StaffAccount)
        .join(Organization, Organization.id == StaffAccount.organization_id)
        .where(StaffAccount.disabled_at.is_(None))
    )


def _knowledge_reports(ctx: Context) -> Select:
    return knowledge.select_waiting_reports(ctx)


def _knowledge_comments(_: Context) -> Select:
    return knowledge.select_pending_comments()


def _contributions(_: Context) -> Select:
    return knowledge.select_undecided_contributions()


def _publicity_to_confirm(_: Context) -> Select:
    return publicity.select_to_confirm()


def _publicity_returned(_: Context) -> Select:
    return publicity.select_to_mend()


KINDS_OF_WORK: dict[str, tuple[Permission, Callable[[Context], Select]]] = {
    "proposals_to_decide": (Permission.VIEW_CAMPAIGNS, _proposals_to_decide),
    "nominations_to_review": (Permission.REVIEW_NOMINATIONS, _nominations_to_review),
    "nominations_returned": (Permission.NOMINATE, _nominations_returned),
    "knowledge_to_review": (Permission.REVIEW_KNOWLEDGE, _knowledge_waiting("review")),
    "knowledge_to_publish": (Permission.PUBLISH_KNOWLEDGE, _knowledge_waiting("publish")),
    "knowledge_returned": (Permission.WRITE_KNOWLEDGE, _knowledge_waiting("returned")),
    "knowledge_review_due": (Permission.REVIEW_KNOWLEDGE, _knowledge_waiting("due")),
    "translations_stale": (Permission.WRITE_KNOWLEDGE, _knowledge_waiting("stale")),
    # Whoever wrote or approved something may look after it, and others answer.
    "knowledge_reports": (Permission.VIEW_KNOWLEDGE, _knowledge_reports),
    "knowledge_comments": (Permission.ANSWER_READERS, _knowledge_comments),
    "contributions": (Permission.ANSWER_READERS, _contributions),
    "publicity_to_confirm": (Permission.CONFIRM_PUBLICITY, _publicity_to_confirm),
    "publicity_returned": (Permission.RECORD_PUBLICITY, _publicity_returned),
    "drafts_to_announce": (Permission.MANAGE_CAMPAIGNS, _drafts_to_announce),
    "results_to_publish": (Permission.PUBLISH_RESULTS, _results_to_publish),
    "accounts_invited": (Permission.MANAGE_STAFF, _accounts_invited),
    "accounts_locked": (Permission.SECURE_STAFF, _accounts_locked),
}


def _find_closing_soon(ctx: Context) -> list[SoonCampaign]:
    """What opens or closes soon, by which comes next; at most 20 of them."""
    next_at = case((Campaign.opens_at > ctx.now, Campaign.opens_at), else_=Campaign.closes_at)
    campaigns = ctx.session.scalars(
        select(Campaign)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(
            is_within_reach(ctx.actor, Permission.VIEW_CAMPAIGNS),
            next_at > ctx.now,
            next_at <= ctx.now + SOON,
        )
        .order_by(next_at, Campaign.id)
        .limit(MOST_SOON)
    )
    return [
        SoonCampaign(
            each.id,
            each.title,
            each.title_mn,
            each.status_at(ctx.now),
            each.opens_at,
            each.closes_at,
        )
        for each in campaigns
    ]
