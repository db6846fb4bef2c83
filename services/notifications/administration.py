"""Messages as staff see them: what was not sent, why, and trying once more."""

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import contains_eager

from models import MessagePause, Notice, Organization, OutgoingMessage
from services import audit
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing
from services.notifications.outcomes import MESSAGE_LIFETIME
from services.paging import Page, cut_page, decode_cursor, encode_cursor


def list_messages(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    state: str | None = None,
    organization_id: int | None = None,
) -> Page:
    """Messages about what organizations within reach did, the latest first.

    Who gets them is told by a number only. `organization_id` takes in a subtree.
    """
    query = _select_messages(ctx).order_by(OutgoingMessage.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(OutgoingMessage.state == state)
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(OutgoingMessage.id < last_id)
    return cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))


def retry_message(ctx: Context, *, message_id: int) -> OutgoingMessage:
    """Have a dead message sent after what was wrong with it is mended.

    That also ends the pause of its template. Raises Missing, and Conflict for any other message:
    what is unconfirmed may have arrived, and nobody gets a message twice.
    """
    message = ctx.session.scalar(
        _select_messages(ctx)
        .where(OutgoingMessage.id == message_id)
        .with_for_update(of=OutgoingMessage)
        .execution_options(populate_existing=True)
    )
    if message is None:
        raise Missing("message_not_found")
    if message.state != "dead":
        raise Conflict("message_not_dead")
    audit.record(
        ctx,
        "message.retried",
        about=("message", message.id, message.notice.title),
        organization_id=message.organization_id,
        before={"attempts": message.attempts, "errcode": message.last_errcode},
    )
    message.state, message.reason = "pending", None
    message.attempts, message.next_attempt_at = 0, ctx.now
    message.expires_at = ctx.now + MESSAGE_LIFETIME
    # A message that was not delivered has the number of a first try, which is over.
    message.msgid = message.sent_at = None
    ctx.session.execute(delete(MessagePause).where(MessagePause.template == message.template))
    ctx.session.flush()
    return message


def _select_messages(ctx: Context) -> Select:
    return (
        select(OutgoingMessage)
        .join(Organization, Organization.id == OutgoingMessage.organization_id)
        .join(Notice, Notice.id == OutgoingMessage.notice_id)
        .where(is_within_reach(ctx.actor, Permission.MANAGE_MESSAGES))
        .options(
            contains_eager(OutgoingMessage.organization), contains_eager(OutgoingMessage.notice)
        )
    )
