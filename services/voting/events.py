"""The steps of a campaign's way, each with its reason, as those who run it look them up."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Campaign, CampaignEvent
from services.access import Permission
from services.context import Context
from services.voting.administration import record
from services.voting.reach import fetch_campaign


def list_events(ctx: Context, *, campaign_id: int) -> Sequence[CampaignEvent]:
    """What happened to the campaign, the latest first; raises Missing."""
    fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    return ctx.session.scalars(
        select(CampaignEvent)
        .where(CampaignEvent.campaign_id == campaign_id)
        .options(joinedload(CampaignEvent.staff))
        .order_by(CampaignEvent.id.desc())
    ).all()


def note_step(
    ctx: Context,
    campaign: Campaign,
    kind: str,
    reason: str | None = None,
    *,
    before: Mapping | None = None,
    after: Mapping | None = None,
) -> None:
    """Make a revision of a step that was taken, and note it for its history and for auditors."""
    campaign.revision += 1
    ctx.session.add(
        CampaignEvent(
            campaign_id=campaign.id,
            at=ctx.now,
            staff_id=ctx.actor.staff_id,
            kind=kind,
            reason=reason,
            before=before,
            after=after,
        )
    )
    why = {"reason": reason} if reason else {}
    record(ctx, f"campaign.{kind}", campaign, before=before, after=why | dict(after or {}))


def span_of(campaign: Campaign) -> dict[str, object]:
    """When it opens and closes, as events tell it."""
    return {
        "opens_at": campaign.opens_at.isoformat(),
        "closes_at": campaign.closes_at.isoformat(),
    }
