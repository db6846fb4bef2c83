"""The end of a campaign's ballots, noted for the ledger."""

from sqlalchemy import exists, select, text

from models import Campaign, LedgerQueueItem, LedgerRecord
from services import ledger
from services.context import Context
from services.voting.standings import SETTLING_TIME

# An arbitrary number, the same for all deployments of Sain.
CLOSING_LOCK = 7_240_150_606


def close_campaigns(ctx: Context) -> None:
    """Note the closing of every campaign whose ballots must all be on disk by now, once."""
    # Whoever comes second sees what the first has noted.
    ctx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CLOSING_LOCK})
    is_sealed = exists().where(
        LedgerRecord.campaign_id == Campaign.id, LedgerRecord.kind == "closing"
    )
    is_noted = exists().where(
        LedgerQueueItem.campaign_id == Campaign.id, LedgerQueueItem.kind == "closing"
    )
    ended = (Campaign.state != "draft", Campaign.closes_at <= ctx.now - SETTLING_TIME)
    for campaign_id in ctx.session.scalars(
        select(Campaign.id).where(*ended, ~is_sealed, ~is_noted).order_by(Campaign.id)
    ):
        ledger.note_closing(ctx, campaign_id=campaign_id)
