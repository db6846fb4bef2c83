"""A campaign's way from draft to open; each step is an event with its reason.

What takes two persons once it is open, up to the published result, is in agreed.py.
"""

from datetime import datetime

from sqlalchemy import func, select

from models import Campaign, Entry
from services import ledger
from services.context import Context
from services.errors import Conflict, Invalid
from services.voting.administration import StaffCampaign, view_campaign
from services.voting.events import note_step, span_of
from services.voting.reach import fetch_campaign
from services.voting.rules import (
    ACTIONS,
    LEAST_ENTRIES,
    require_one_is_enough,
    require_status_for,
)


def announce_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Show it to the public; it opens by itself. Raises Missing, Conflict, Invalid."""
    campaign = _fetch_for(ctx, "announce", campaign_id, revision)
    _require_ready(ctx, campaign)
    if campaign.opens_at <= ctx.now:
        raise Invalid("campaign_opens_in_past")
    campaign.state = "announced"
    ledger.note_rules(ctx, campaign, event="announced")
    ledger.note_all_entries(ctx, campaign)
    note_step(ctx, campaign, "announced", after=span_of(campaign))
    return view_campaign(ctx, campaign)


def retract_campaign(
    ctx: Context, *, campaign_id: int, revision: int, reason: str
) -> StaffCampaign:
    """Make a draft again of what was announced and has not opened; raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "retract", campaign_id, revision)
    campaign.state = "draft"
    ledger.note_event(ctx, campaign, event="retracted", reason=reason)
    note_step(ctx, campaign, "retracted", reason)
    return view_campaign(ctx, campaign)


def open_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Let people vote from now on; raises Missing, Conflict, Invalid."""
    campaign = _fetch_for(ctx, "open", campaign_id, revision)
    before, was_draft = span_of(campaign), campaign.state == "draft"
    _require_ready(ctx, campaign)
    campaign.state = "announced"
    campaign.opens_at = ctx.now
    if campaign.nominations_close_at is not None:
        campaign.nominations_close_at = min(campaign.nominations_close_at, ctx.now)
    ledger.note_rules(ctx, campaign, event="opened")
    if was_draft:
        ledger.note_all_entries(ctx, campaign)
    note_step(ctx, campaign, "opened", before=before, after=span_of(campaign))
    return view_campaign(ctx, campaign)


def _require_ready(ctx: Context, campaign: Campaign) -> None:
    entries = ctx.session.scalar(
        select(func.count())
        .select_from(Entry)
        .where(Entry.campaign_id == campaign.id, Entry.withdrawn_at.is_(None))
    )
    if entries < LEAST_ENTRIES:
        raise Conflict("campaign_lacks_entries", least=LEAST_ENTRIES)
    if campaign.closes_at <= ctx.now:
        raise Invalid("campaign_closes_in_past")


def extend_campaign(
    ctx: Context, *, campaign_id: int, revision: int, closes_at: datetime, reason: str
) -> StaffCampaign:
    """Close later than announced, decided before it opens.

    Raises Missing, Conflict, also once two persons have to agree, Invalid for an earlier moment.
    """
    campaign = _fetch_for(ctx, "extend", campaign_id, revision)
    require_one_is_enough(ctx, campaign, "extend")
    if closes_at <= campaign.closes_at:
        raise Invalid("campaign_extension_too_early")
    extend(ctx, campaign, closes_at, reason, persons=1)
    return view_campaign(ctx, campaign)


def extend(
    ctx: Context, campaign: Campaign, closes_at: datetime, reason: str, *, persons: int
) -> None:
    """Have a locked campaign close later; so many persons want it."""
    before = span_of(campaign)
    campaign.closes_at = closes_at
    ledger.note_rules(ctx, campaign, event="extended", reason=reason, persons=persons)
    note_step(ctx, campaign, "extended", reason, before=before, after=span_of(campaign))


def suspend_campaign(
    ctx: Context, *, campaign_id: int, revision: int, reason: str
) -> StaffCampaign:
    """Take no ballots until it is resumed; the reason is public. Raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "suspend", campaign_id, revision)
    campaign.state = "suspended"
    campaign.suspension_reason = reason
    ledger.note_event(ctx, campaign, event="suspended", reason=reason)
    note_step(ctx, campaign, "suspended", reason)
    return view_campaign(ctx, campaign)


def resume_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Take ballots again; raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "resume", campaign_id, revision)
    campaign.state = "announced"
    campaign.suspension_reason = None
    ledger.note_event(ctx, campaign, event="resumed")
    note_step(ctx, campaign, "resumed")
    return view_campaign(ctx, campaign)


def _fetch_for(ctx: Context, action: str, campaign_id: int, revision: int) -> Campaign:
    campaign = fetch_campaign(ctx, campaign_id, ACTIONS[action][1], revision=revision)
    require_status_for(ctx, campaign, action)
    return campaign
