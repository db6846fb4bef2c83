"""How long notices and messages are kept, and the end of one person's."""

from datetime import timedelta

from sqlalchemy import delete, select

from models import MessageAllowance, Notice, OutgoingMessage, WeChatIdentity
from services.context import Context

NOTICES_KEPT = timedelta(days=365)
SETTLED_KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=90)


def purge_old_notices(ctx: Context) -> int:
    """Delete notices of a year ago, and messages nobody has to look at; returns how many rows."""
    settled = OutgoingMessage.state.in_(("sent", "skipped"))
    return sum(
        ctx.session.execute(delete(table).where(*old)).rowcount
        for table, old in (
            (OutgoingMessage, (settled, OutgoingMessage.created_at < ctx.now - SETTLED_KEPT)),
            (OutgoingMessage, (OutgoingMessage.created_at < ctx.now - DEAD_KEPT,)),
            (Notice, (Notice.created_at < ctx.now - NOTICES_KEPT,)),
        )
    )


def erase_citizen(ctx: Context, *, citizen_id: int) -> None:
    """Delete everything held here about the person.

    The caller deletes their identities in the same transaction, by which nothing is filed for them
    afterwards: an announcement under way either comes before this and is deleted, or waits.
    """
    identities = select(WeChatIdentity.id).where(WeChatIdentity.citizen_id == citizen_id)
    ctx.session.execute(identities.order_by(WeChatIdentity.id).with_for_update())
    for table in (OutgoingMessage, Notice, MessageAllowance):
        ctx.session.execute(delete(table).where(table.citizen_id == citizen_id))
