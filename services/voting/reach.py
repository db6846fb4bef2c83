"""Fetching campaigns for staff, each through a check of who asks."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from models import Campaign, Organization
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing


def fetch_campaign(
    ctx: Context,
    campaign_id: int,
    permission: Permission,
    *,
    revision: int | None = None,
    is_locked: bool = False,
) -> Campaign:
    """The campaign, drafts included, if the permission reaches its organization; raises Missing.

    With a `revision` that is not the present one it raises Conflict. With either, the row is locked
    until the transaction ends.
    """
    query = select_campaigns(ctx, permission).where(Campaign.id == campaign_id)
    if is_locked or revision is not None:
        query = query.with_for_update(of=Campaign)
    campaign = ctx.session.scalar(query.execution_options(populate_existing=True))
    if campaign is None:
        raise Missing("campaign_not_found")
    if revision is not None and campaign.revision != revision:
        raise Conflict("edited_meanwhile")
    return campaign


def select_campaigns(ctx: Context, permission: Permission) -> Select:
    """Campaigns whose organization the permission reaches, with it and their contest."""
    return (
        select(Campaign)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(is_within_reach(ctx.actor, permission))
        .options(contains_eager(Campaign.organization), joinedload(Campaign.contest))
    )
