"""Fetching campaigns for staff, each through a check of who asks."""

from sqlalchemy import select
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
    """The campaign, drafts too, with contest and organization, if the permission reaches it.

    Raises Missing, and with a `revision` that is not the present one Conflict.
    """
    query = (
        select(Campaign)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(Campaign.id == campaign_id, is_within_reach(ctx.actor, permission))
        .options(joinedload(Campaign.contest), contains_eager(Campaign.organization))
        .execution_options(populate_existing=True)
    )
    if is_locked or revision is not None:
        query = query.with_for_update(of=Campaign)
    campaign = ctx.session.scalar(query)
    if campaign is None:
        raise Missing("campaign_not_found")
    if revision is not None and campaign.revision != revision:
        raise Conflict("edited_meanwhile")
    return campaign
