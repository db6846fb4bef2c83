"""A campaign's way from draft to published result; each step is an event with its reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models import Campaign, CampaignEvent, Entry
from services import notifications
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid
from services.voting.administration import StaffCampaign, record, view_campaign
from services.voting.reach import fetch_campaign
from services.voting.rules import ACTIONS, LEAST_ENTRIES, require_status_for
from services.voting.standings import SETTLING_TIME, rank, read_votes


def announce_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Show it to the public; it opens by itself. Raises Missing, Conflict, Invalid."""
    campaign = _fetch_for(ctx, "announce", campaign_id, revision)
    _require_ready(ctx, campaign)
    if campaign.opens_at <= ctx.now:
        raise Invalid("campaign_opens_in_past")
    campaign.state = "announced"
    return _note(ctx, campaign, "announced", after=_span(campaign))


def retract_campaign(
    ctx: Context, *, campaign_id: int, revision: int, reason: str
) -> StaffCampaign:
    """Make a draft again of what was announced and has not opened; raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "retract", campaign_id, revision)
    campaign.state = "draft"
    return _note(ctx, campaign, "retracted", reason)


def open_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Let people vote from now on; raises Missing, Conflict, Invalid."""
    campaign = _fetch_for(ctx, "open", campaign_id, revision)
    before = _span(campaign)
    _require_ready(ctx, campaign)
    campaign.state = "announced"
    campaign.opens_at = ctx.now
    if campaign.nominations_close_at is not None:
        campaign.nominations_close_at = min(campaign.nominations_close_at, ctx.now)
    return _note(ctx, campaign, "opened", before=before, after=_span(campaign))


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
    """Close later than announced; raises Missing, Conflict, Invalid for an earlier moment."""
    campaign = _fetch_for(ctx, "extend", campaign_id, revision)
    if closes_at <= campaign.closes_at:
        raise Invalid("campaign_extension_too_early")
    before = _span(campaign)
    campaign.closes_at = closes_at
    return _note(ctx, campaign, "extended", reason, before=before, after=_span(campaign))


def suspend_campaign(
    ctx: Context, *, campaign_id: int, revision: int, reason: str
) -> StaffCampaign:
    """Take no ballots until it is resumed; the reason is public. Raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "suspend", campaign_id, revision)
    campaign.state = "suspended"
    campaign.suspension_reason = reason
    return _note(ctx, campaign, "suspended", reason)


def resume_campaign(ctx: Context, *, campaign_id: int, revision: int) -> StaffCampaign:
    """Take ballots again; raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "resume", campaign_id, revision)
    campaign.state = "announced"
    campaign.suspension_reason = None
    return _note(ctx, campaign, "resumed")


def close_campaign(ctx: Context, *, campaign_id: int, revision: int, reason: str) -> StaffCampaign:
    """Close now, earlier than announced. Ballots that arrived before still count.

    Raises Missing, Conflict.
    """
    campaign = _fetch_for(ctx, "close", campaign_id, revision)
    before = _span(campaign)
    campaign.closes_at = ctx.now
    return _note(ctx, campaign, "closed", reason, before=before, after=_span(campaign))


def publish_result(ctx: Context, *, campaign_id: int, revision: int, notice: str) -> StaffCampaign:
    """Publish the final standings with a notice; what was published is kept word for word.

    Raises Missing, and Conflict before closing, while ballots may be on their way, and after.
    """
    campaign = _fetch_for(ctx, "publish_result", campaign_id, revision)
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    if ctx.now < campaign.closes_at + SETTLING_TIME:
        wait = int((campaign.closes_at + SETTLING_TIME - ctx.now).total_seconds()) + 1
        raise Conflict("result_not_settled", retry_after=wait, seconds=wait)
    campaign.result_notice = notice
    campaign.result_published_at = ctx.now
    _tell_voters(ctx, campaign)
    return _note(ctx, campaign, "result_published", after=_result(ctx, campaign))


def _tell_voters(ctx: Context, campaign: Campaign) -> None:
    notifications.announce_to_voters(
        ctx,
        campaign,
        kind="campaign_result",
        title="评选结果公布了",
        body=f"您投过票的“{campaign.title}”已经公布结果，点开可以看榜单和公告。",
        fields={
            "campaign": campaign.title,
            "contest": campaign.contest.name,
            "organization": campaign.organization.name,
            "closed_at": campaign.closes_at,
            "published_at": ctx.now,
            "note": "结果已公布，点开看榜单和公告",
        },
    )


def _result(ctx: Context, campaign: Campaign) -> dict[str, object]:
    votes = read_votes(ctx, campaign)
    names = dict(
        ctx.session.execute(
            select(Entry.id, func.concat(Entry.number, " ", Entry.name)).where(Entry.id.in_(votes))
        ).all()
    )
    standings = [
        {
            "entry_id": item.entry_id,
            "entry": names[item.entry_id],
            "rank": item.rank,
            "votes": item.votes,
        }
        for item in rank(votes)
    ]
    return {"total_votes": sum(votes.values()), "standings": standings}


def list_events(ctx: Context, *, campaign_id: int) -> Sequence[CampaignEvent]:
    """What happened to the campaign, the latest first; raises Missing."""
    fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    return ctx.session.scalars(
        select(CampaignEvent)
        .where(CampaignEvent.campaign_id == campaign_id)
        .options(joinedload(CampaignEvent.staff))
        .order_by(CampaignEvent.id.desc())
    ).all()


def _fetch_for(ctx: Context, action: str, campaign_id: int, revision: int) -> Campaign:
    campaign = fetch_campaign(ctx, campaign_id, ACTIONS[action][1], revision=revision)
    require_status_for(ctx, campaign, action)
    return campaign


def _span(campaign: Campaign) -> dict[str, object]:
    return {
        "opens_at": campaign.opens_at.isoformat(),
        "closes_at": campaign.closes_at.isoformat(),
    }


def _note(
    ctx: Context,
    campaign: Campaign,
    kind: str,
    reason: str | None = None,
    *,
    before: Mapping | None = None,
    after: Mapping | None = None,
) -> StaffCampaign:
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
    return view_campaign(ctx, campaign)
