"""The end of a campaign's ballots, noted for the ledger."""

from sqlalchemy import ColumnElement, exists, or_, select, text

from models import Campaign, LedgerQueueItem, LedgerRecord
from services import ledger
from services.context import Context
from services.voting.standings import SETTLING_TIME

# An arbitrary number, the same for all deployments of Sain.
CLOSING_LOCK = 7_240_150_606


def close_campaigns(ctx: Context) -> None:
    """Note the closing of every campaign whose ballots must all be on disk by now, once."""
    ended = Campaign.closes_at <= ctx.now - SETTLING_TIME
    _note_closings(ctx, Campaign.state != "draft", ended)


def note_closing_once(ctx: Context, campaign: Campaign) -> None:
    """Note that every ballot of the campaign is on disk, unless that was done.

    It must have been closed for as long as SETTLING_TIME.
    """
    _note_closings(ctx, Campaign.id == campaign.id)


def _note_closings(ctx: Context, *which: ColumnElement[bool]) -> None:
    # Whoever comes second sees what the first has noted.
    ctx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CLOSING_LOCK})
    # In one statement, since the sealer moves the record from the one table to the other.
    is_noted = or_(
        *(
            exists().where(table.campaign_id == Campaign.id, table.kind == "closing")
            for table in (LedgerQueueItem, LedgerRecord)
        )
    )
    for campaign_id in ctx.session.scalars(
        select(Campaign.id).where(*which, ~is_noted).order_by(Campaign.id)
    ):
        ledger.note_closing(ctx, campaign_id=campaign_id)
