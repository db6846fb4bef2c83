"""What citizens agreed to get as messages, and what became of those, as WeChat reports it.

Two reports tell of one tap: the client's, and WeChat's push to /wechat/push where that is
configured. The client's counts, as it also comes without a push, and for choices that WeChat
remembers and does not show again. A push only makes sure that something is left: it lifts a count
of nothing to one, and the client's report of the same tap then adds nothing. A count may still be
wrong, by a report that was lost or sent twice; WeChat has the true one, and its refusal (43101)
puts ours to nothing, so a wrong count costs one call and nobody gets a message they did not want.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from models import MessageAllowance, OutgoingMessage, WeChatIdentity
from services.context import Context
from services.message_templates import MessageTemplate, find_template
from services.notifications.outcomes import USED_UP, Outcome
from services.notifications.sending import UNSETTLED, settle
from services.wechat_messages import MessageAnswer

# What wx.requestSubscribeMessage calls a yes; all else (reject, ban, filter) changes nothing.
ACCEPTED = ("accept", "acceptWithAudio", "acceptWithAlert")
# Nobody is sent more than that in years; it bounds what a client that makes up taps can claim.
MOST_REMAINING = 100


def record_choices(ctx: Context, *, choices: Sequence[Mapping[str, str]]) -> None:
    """Note what the actor answered to wx.requestSubscribeMessage, for each `template` by its code.

    A template that is not, or no longer, set is passed over.
    """
    accepted = {each["template"] for each in choices if each["result"] in ACCEPTED}
    for code in sorted(accepted):
        if template := find_template(ctx.services.message_templates, code):
            _accept(ctx, ctx.actor.citizen_id, template)


def _accept(ctx: Context, citizen_id: int, template: MessageTemplate) -> None:
    more = case((MessageAllowance.is_ahead, 0), else_=1)
    one_more = func.least(MessageAllowance.remaining + more, MOST_REMAINING)
    remaining = 1 if template.is_long_term else one_more
    _put(ctx, citizen_id, template, remaining=remaining, is_ahead=False)


def note_subscription_event(
    ctx: Context, *, openid: str, template_id: str, is_accepted: bool, source: str
) -> None:
    """What WeChat pushed of a choice: `source` is "popup" or, from the person's settings, "change".

    People and templates that are not ours are passed over. It may come more than once.
    """
    citizen_id = _find_citizen(ctx, openid)
    template = _find_by_id(ctx, template_id)
    if citizen_id is None or template is None:
        return
    if is_accepted:
        _note_acceptance(ctx, citizen_id, template, source)
    elif source == "change" or template.is_long_term:
        # A no in the pop-up takes back nothing that was allowed once before.
        _forbid(ctx, citizen_id, template)


def _note_acceptance(ctx: Context, citizen_id: int, template: MessageTemplate, source: str) -> None:
    if template.is_long_term:
        _put(ctx, citizen_id, template, remaining=1, is_ahead=False)
    elif source == "popup":
        is_ahead = or_(MessageAllowance.remaining == 0, MessageAllowance.is_ahead)
        remaining = func.greatest(MessageAllowance.remaining, 1)
        _put(ctx, citizen_id, template, remaining=remaining, is_ahead=is_ahead, begins_ahead=True)


def _put(
    ctx: Context,
    citizen_id: int,
    template: MessageTemplate,
    *,
    remaining: int | ColumnElement[int],
    is_ahead: bool | ColumnElement[bool],
    begins_ahead: bool = False,
) -> None:
    """Change the person's count, or begin it with one."""
    first = insert(MessageAllowance).values(
        citizen_id=citizen_id,
        template_id=template.template_id,
        remaining=1,
        is_ahead=begins_ahead,
        changed_at=ctx.now,
    )
    ctx.session.execute(
        first.on_conflict_do_update(
            index_elements=["citizen_id", "template_id"],
            set_={"remaining": remaining, "is_ahead": is_ahead, "changed_at": ctx.now},
        )
    )


def _forbid(ctx: Context, citizen_id: int, template: MessageTemplate) -> None:
    ctx.session.execute(
        update(MessageAllowance)
        .where(
            MessageAllowance.citizen_id == citizen_id,
            MessageAllowance.template_id == template.template_id,
        )
        .values(remaining=0, is_ahead=False, changed_at=ctx.now)
    )


def note_sent_event(
    ctx: Context, *, openid: str, template_id: str, msgid: str, errcode: int
) -> None:
    """What WeChat pushed of a message it took: delivered (0), or not, and why.

    It may come before our own note of WeChat's answer, or instead of it when the sender died: a
    message of this template to this person that is not settled is then the one meant. Anything
    else is passed over. It may come more than once.
    """
    citizen_id = _find_citizen(ctx, openid)
    template = _find_by_id(ctx, template_id)
    if citizen_id is None or template is None:
        return
    if _note_delivery(ctx, citizen_id, msgid, errcode):
        return
    message_id = ctx.session.scalar(
        select(OutgoingMessage.id)
        .where(
            OutgoingMessage.citizen_id == citizen_id,
            OutgoingMessage.template == template.code,
            OutgoingMessage.state.in_(UNSETTLED),
        )
        .order_by(OutgoingMessage.id.desc())
        .limit(1)
    )
    if message_id is not None:
        outcome = Outcome("sent") if errcode == 0 else _undelivered(errcode)
        settle(ctx, message_id, template, outcome, MessageAnswer(errcode, msgid))


def _note_delivery(ctx: Context, citizen_id: int, msgid: str, errcode: int) -> bool:
    """Whether a message is known by this number; one that was not delivered is dead after all."""
    message_id = ctx.session.scalar(
        select(OutgoingMessage.id).where(
            OutgoingMessage.citizen_id == citizen_id, OutgoingMessage.msgid == msgid
        )
    )
    if message_id is None:
        return False
    if errcode != 0:
        outcome = _undelivered(errcode)
        ctx.session.execute(
            update(OutgoingMessage)
            .where(OutgoingMessage.id == message_id, OutgoingMessage.state == "sent")
            .values(state=outcome.state, reason=outcome.reason, last_errcode=errcode)
        )
    return True


def _undelivered(errcode: int) -> Outcome:
    if errcode in USED_UP:
        return Outcome("skipped", "no_allowance")
    return Outcome("dead", "not_delivered")


def _find_citizen(ctx: Context, openid: str) -> int | None:
    return ctx.session.scalar(
        select(WeChatIdentity.citizen_id).where(
            WeChatIdentity.appid == ctx.services.wechat.appid, WeChatIdentity.openid == openid
        )
    )


def _find_by_id(ctx: Context, template_id: str) -> MessageTemplate | None:
    templates = ctx.services.message_templates
    return next((each for each in templates if each.template_id == template_id), None)
