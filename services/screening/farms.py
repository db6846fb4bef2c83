"""Looking for farms after the fact."""

from services import audit
from services.context import Context
from services.screening.deciding import lock_campaign


def search_campaign(ctx: Context, *, campaign_id: int) -> int:
    campaign = lock_campaign(ctx, campaign_id)
    audit.record(
        ctx,
        "campaign.farms_searched",
        about=("campaign", campaign.id, campaign.title),
        organization_id=campaign.organization_id,
        after={"proposed": 0},
    )
    return 0
