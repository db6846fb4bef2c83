"""Campaigns as the staff who run them see and edit them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select

from models import Campaign, CampaignEvent, Contest, Entry, Nomination, Organization, Scene
from models.organizations import COMMISSIONS
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid
from services.organizations.reach import fetch_open_organization
from services.paging import Page, SortKey, fetch_sorted_page
from services.text import escape_like
from services.voting.campaigns import has_status
from services.voting.reach import fetch_campaign, select_campaigns
from services.voting.rules import (
    RULE_FIELDS,
    TEXT_FIELDS,
    allowed_actions,
    check_rules,
    require_status_for,
)

SORTS = {
    "opens_at": SortKey(Campaign.opens_at, datetime),
    "closes_at": SortKey(Campaign.closes_at, datetime),
    "title": SortKey(Campaign.title),
    "quarter": SortKey(Campaign.quarter),
}


@dataclass(frozen=True, slots=True)
class StaffCampaign:
    """A campaign with what those who run it need to know and may do."""

    campaign: Campaign
    status: str
    entries_count: int
    nominations_waiting: int
    allowed_actions: list[str]


def list_campaigns(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    sort: str = "-opens_at",
    q: str | None = None,
    status: str | None = None,
    contest: str | None = None,
    quarter: str | None = None,
    organization_id: int | None = None,
) -> Page:
    """The campaigns within reach, drafts too; `organization_id` takes in all below it."""
    query = select_campaigns(ctx, Permission.VIEW_CAMPAIGNS)
    if q is not None:
        query = query.where(Campaign.title.ilike(f"%{escape_like(q)}%", escape="\\"))
    if status is not None:
        query = query.where(_has_status(status, ctx.now))
    if contest is not None:
        query = query.where(Campaign.contest_code == contest)
    if quarter is not None:
        query = query.where(Campaign.quarter == quarter)
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    page = fetch_sorted_page(
        ctx.session,
        query,
        id_column=Campaign.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    return Page(_view_all(ctx, page.items), page.next_cursor)


def _has_status(status: str, now: datetime) -> ColumnElement[bool]:
    if status == "draft":
        return Campaign.state == "draft"
    return and_(Campaign.state != "draft", has_status(status, now))


def get_campaign(ctx: Context, *, campaign_id: int) -> StaffCampaign:
    """One campaign within reach; raises Missing."""
    return view_campaign(ctx, fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS))


def view_campaign(ctx: Context, campaign: Campaign) -> StaffCampaign:
    ctx.session.flush()
    return _view_all(ctx, [campaign])[0]


def _view_all(ctx: Context, campaigns: list[Campaign]) -> list[StaffCampaign]:
    ids = [campaign.id for campaign in campaigns]
    entries = _count_by_campaign(ctx, Entry, ids, Entry.withdrawn_at.is_(None))
    waiting = _count_by_campaign(ctx, Nomination, ids, Nomination.state == "submitted")
    return [
        StaffCampaign(
            campaign,
            campaign.status_at(ctx.now),
            entries.get(campaign.id, 0),
            waiting.get(campaign.id, 0),
            allowed_actions(ctx, campaign),
        )
        for campaign in campaigns
    ]


def _count_by_campaign(
    ctx: Context,
    table: type[Entry] | type[Nomination],
    ids: list[int],
    condition: ColumnElement[bool],
) -> dict[int, int]:
    counts = (
        select(table.campaign_id, func.count())
        .where(table.campaign_id.in_(ids), condition)
        .group_by(table.campaign_id)
    )
    return dict(ctx.session.execute(counts).all())


def create_campaign(ctx: Context, *, organization_id: int, **values: object) -> StaffCampaign:
    """A draft, run by a commission; raises Missing, Conflict, and Invalid for its rules."""
    organization = fetch_open_organization(ctx, organization_id, Permission.MANAGE_CAMPAIGNS)
    if organization.kind not in COMMISSIONS:
        raise Invalid("campaign_organization_unsuitable")
    _require_contest(ctx, values["contest_code"])
    check_rules(values)
    campaign = Campaign(organization_id=organization.id, state="draft", **values)
    ctx.session.add(campaign)
    ctx.session.flush()
    campaign = fetch_campaign(ctx, campaign.id, Permission.MANAGE_CAMPAIGNS)
    record(ctx, "campaign.created", campaign, after=values)
    return view_campaign(ctx, campaign)


def _require_contest(ctx: Context, code: object) -> None:
    if ctx.session.get(Contest, code) is None:
        raise Invalid("contest_unknown")


def edit_campaign(
    ctx: Context, *, campaign_id: int, revision: int, **values: object
) -> StaffCampaign:
    """Change rules while it is a draft, and its texts until it closes.

    Raises Missing, Conflict with the reason, and Invalid for rules that contradict each other.
    """
    campaign = fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS, revision=revision)
    before, after = audit.changes({name: getattr(campaign, name) for name in values}, values)
    if not after:
        return view_campaign(ctx, campaign)
    _require_editable(ctx, campaign, after)
    for name, value in after.items():
        setattr(campaign, name, value)
    check_rules({name: getattr(campaign, name) for name in RULE_FIELDS})
    campaign.revision += 1
    record(ctx, "campaign.edited", campaign, before=before, after=after)
    ctx.session.flush()
    return get_campaign(ctx, campaign_id=campaign_id)


def _require_editable(ctx: Context, campaign: Campaign, after: Mapping[str, object]) -> None:
    if "contest_code" in after:
        _require_contest(ctx, after["contest_code"])
    status = campaign.status_at(ctx.now)
    if status == "draft":
        return
    require_status_for(ctx, campaign, "edit_texts")
    if not after.keys() <= TEXT_FIELDS:
        raise Conflict("campaign_rules_fixed")


def delete_campaign(ctx: Context, *, campaign_id: int, revision: int) -> None:
    """Throw a draft away, with its entries and nominations; raises Missing, Conflict."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS, revision=revision)
    require_status_for(ctx, campaign, "delete")
    record(ctx, "campaign.deleted", campaign)
    for table in (CampaignEvent, Scene, Nomination, Entry):
        ctx.session.execute(delete(table).where(table.campaign_id == campaign.id))
    ctx.session.delete(campaign)


def record(ctx: Context, action: str, campaign: Campaign, **values: Mapping) -> None:
    """Note an act upon the campaign."""
    audit.record(
        ctx,
        action,
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        **values,
    )
