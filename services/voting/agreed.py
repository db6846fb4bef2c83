"""What takes two persons once people vote: each act as it is checked, and as it is carried out.

An act is checked when one person proposes it, and once more when it is carried out in the
transaction in which the other agrees. Every check leaves the campaign locked.
"""

from datetime import datetime

from sqlalchemy import func, select

from models import Campaign, Entry
from services import ledger, notifications
from services.context import Context
from services.errors import Conflict, Invalid
from services.voting.closing import note_closing_once
from services.voting.entries import fetch_standing_entry, withdraw
from services.voting.events import note_step, span_of
from services.voting.lifecycle import extend
from services.voting.reach import fetch_campaign
from services.voting.rules import ACTIONS, TAKES_TWO
from services.voting.set_aside import SetAside, count_set_aside
from services.voting.standings import SETTLING_TIME, rank, read_votes

PERSONS = 2


def check_extension(ctx: Context, *, campaign_id: int, closes_at: datetime) -> Campaign:
    """The campaign, if it can be extended until then; raises Missing, Conflict, Invalid."""
    campaign = _fetch_for(ctx, "extend", campaign_id)
    if closes_at <= campaign.closes_at:
        raise Invalid("campaign_extension_too_early")
    return campaign


def carry_out_extension(
    ctx: Context, *, campaign_id: int, closes_at: datetime, reason: str
) -> None:
    """Close later than announced; raises as check_extension does."""
    campaign = check_extension(ctx, campaign_id=campaign_id, closes_at=closes_at)
    extend(ctx, campaign, closes_at, reason, persons=PERSONS)


def check_closing(ctx: Context, *, campaign_id: int) -> Campaign:
    """The campaign, if it can be closed early; raises Missing, Conflict."""
    return _fetch_for(ctx, "close", campaign_id)


def carry_out_closing(ctx: Context, *, campaign_id: int, reason: str) -> None:
    """Close now, earlier than announced. Ballots that arrived before still count.

    Raises as check_closing does.
    """
    campaign = check_closing(ctx, campaign_id=campaign_id)
    before = span_of(campaign)
    campaign.closes_at = ctx.now
    ledger.note_rules(ctx, campaign, event="closed", reason=reason, persons=PERSONS)
    note_step(ctx, campaign, "closed", reason, before=before, after=span_of(campaign))


def check_withdrawal(ctx: Context, *, campaign_id: int, entry_id: int) -> tuple[Campaign, Entry]:
    """The campaign and the entry, if it can be taken out; raises Missing, Conflict."""
    campaign = _fetch_for(ctx, "withdraw_entry", campaign_id)
    return campaign, fetch_standing_entry(ctx, campaign, entry_id)


def carry_out_withdrawal(ctx: Context, *, campaign_id: int, entry_id: int, reason: str) -> None:
    """Take an entry out of the vote for good; raises as check_withdrawal does."""
    campaign, entry = check_withdrawal(ctx, campaign_id=campaign_id, entry_id=entry_id)
    withdraw(ctx, campaign, entry, reason, persons=PERSONS)


def check_publication(ctx: Context, *, campaign_id: int) -> tuple[Campaign, SetAside]:
    """The campaign and what does not count in it, if its result can be published.

    Raises Missing, and Conflict before closing, while ballots may be on their way or await review,
    and once it is published.
    """
    campaign = _fetch_for(ctx, "publish_result", campaign_id)
    if campaign.result_published_at is not None:
        raise Conflict("result_published")
    if ctx.now < campaign.closes_at + SETTLING_TIME:
        wait = int((campaign.closes_at + SETTLING_TIME - ctx.now).total_seconds()) + 1
        raise Conflict("result_not_settled", retry_after=wait, seconds=wait)
    set_aside = count_set_aside(ctx, campaign.id)
    if set_aside.quarantined:
        raise Conflict("ballots_awaiting_review", ballots=set_aside.quarantined)
    return campaign, set_aside


def carry_out_publication(ctx: Context, *, campaign_id: int, notice: str) -> None:
    """Publish the final standings with a notice; what was published is kept word for word.

    Raises as check_publication does.
    """
    campaign, set_aside = check_publication(ctx, campaign_id=campaign_id)
    campaign.result_notice = notice
    campaign.result_published_at = ctx.now
    votes = read_votes(ctx, campaign)
    note_closing_once(ctx, campaign)
    ledger.note_result(
        ctx,
        campaign,
        standings=list(votes.items()),
        annulled=set_aside.annulled,
        persons=PERSONS,
    )
    _tell_voters(ctx, campaign)
    note_step(ctx, campaign, "result_published", after=_result(ctx, votes))


def _fetch_for(ctx: Context, action: str, campaign_id: int) -> Campaign:
    campaign = fetch_campaign(ctx, campaign_id, ACTIONS[action][1], is_locked=True)
    status = campaign.status_at(ctx.now)
    if status not in TAKES_TWO[action]:
        raise Conflict(f"campaign_is_{status}")
    return campaign


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


def _result(ctx: Context, votes: dict[int, int]) -> dict[str, object]:
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
