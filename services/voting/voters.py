"""Voters, as other domains may ask about them."""

from collections.abc import Collection

from sqlalchemy import select

from models import Ballot, Campaign
from services.context import Context


def voters_in_unclosed_campaigns(
    ctx: Context, *, voter_ids: Collection[int], only_with_phone: bool = False
) -> set[int]:
    """Those of the voters who have a ballot in a campaign that has not closed.

    With `only_with_phone`, in one that demands a phone number.
    """
    query = (
        select(Ballot.voter_id)
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .where(Ballot.voter_id.in_(voter_ids), Campaign.closes_at > ctx.now)
        .distinct()
    )
    if only_with_phone:
        query = query.where(Campaign.phone_required)
    return set(ctx.session.scalars(query))
