"""Sending what is queued, each message at most once and to each person one at a time.

A message is marked as being sent, and that is committed, before WeChat is called; no database
transaction is open meanwhile. docs/decisions/0011 says why at most once.
"""

import logging
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from models import MessageAllowance, MessagePause, Notice, OutgoingMessage, WeChatIdentity
from services.context import Context, unit_of_work
from services.message_templates import MessageTemplate, find_template
from services.notifications.outcomes import EVERYTHING, Outcome, Pause, judge
from services.wechat import WeChatGateway
from services.wechat_messages import MessageAnswer

log = logging.getLogger(__name__)

AT_ONCE = 8
RUN_SECONDS = 10.0
# A sender answers within WECHAT_TIMEOUT_SECONDS for a token, a try and one more; after this long
# it is dead.
LEASE = timedelta(minutes=5)
PAUSE_UNREACHED = timedelta(minutes=1)
# The first page of the mini-program leads on from here.
PAGE = "pages/index/index"
UNSETTLED = ("sending", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker alone is to send; plain values, as no transaction is open."""

    id: int
    citizen_id: int
    attempts: int
    openid: str
    template: MessageTemplate
    fields: dict[str, str]
    page: str


def send_messages(ctx: Context) -> None:
    """Send what is due, for about ten seconds; several workers may do so at once."""
    deadline = time.monotonic() + RUN_SECONDS
    with unit_of_work(ctx.session):
        _give_up_lost(ctx)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while time.monotonic() < deadline:
            claims = _claim_batch(ctx)
            if claims is None:
                return
            answers = list(pool.map(partial(_send, ctx.services.wechat), claims))
            with unit_of_work(ctx.session):
                _settle_batch(ctx, claims, answers)


def _give_up_lost(ctx: Context) -> None:
    """Messages whose sender died may have been sent, so nobody sends them again."""
    ctx.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.state == "sending", OutgoingMessage.next_attempt_at < ctx.now)
        .values(state="unconfirmed")
    )


def _claim_batch(ctx: Context) -> list[Claim] | None:
    """Messages to send now, to as many people; None when nothing is due."""
    try:
        with unit_of_work(ctx.session):
            return _claim(ctx)
    except IntegrityError:
        # Another worker took another message to one of them at the same moment. It is done soon.
        return []


def _claim(ctx: Context) -> list[Claim] | None:
    due = _lock_due(ctx)
    if not due:
        return None
    # One message to each person; the others wait their turn.
    firsts = {row.citizen_id: row for row in reversed(due)}
    openids = _read_openids(ctx, firsts)
    allowances = _read_allowances(ctx, firsts)
    claims = []
    for citizen_id, row in sorted(firsts.items()):
        template = find_template(ctx.services.message_templates, row.template)
        openid = openids.get(citizen_id)
        allowed = allowances.get((citizen_id, template and template.template_id), 0)
        if reason := _hindrance(ctx, row, template, openid, allowed):
            _skip(ctx, row.id, reason)
        else:
            claims.append(_claim_of(row, template, openid))
    _mark_as_sending(ctx, claims)
    return claims


def _lock_due(ctx: Context) -> Sequence:
    """Due messages that no other worker looks at, to people to whom none is on its way."""
    other = aliased(OutgoingMessage)
    is_paused = exists().where(
        MessagePause.until > ctx.now,
        MessagePause.template.in_((OutgoingMessage.template, EVERYTHING)),
    )
    is_under_way = exists().where(
        other.citizen_id == OutgoingMessage.citizen_id, other.state == "sending"
    )
    columns = OutgoingMessage.__table__.columns
    return ctx.session.execute(
        select(*columns, Notice.target_type, Notice.target_id)
        .join(Notice, Notice.id == OutgoingMessage.notice_id)
        .where(
            OutgoingMessage.state == "pending",
            OutgoingMessage.next_attempt_at <= ctx.now,
            ~is_paused,
            ~is_under_way,
        )
        .order_by(OutgoingMessage.next_attempt_at, OutgoingMessage.id)
        .limit(AT_ONCE)
        .with_for_update(of=OutgoingMessage, skip_locked=True)
    ).all()


def _read_openids(ctx: Context, citizen_ids) -> dict[int, str]:
    rows = ctx.session.execute(
        select(WeChatIdentity.citizen_id, WeChatIdentity.openid).where(
            WeChatIdentity.citizen_id.in_(citizen_ids),
            WeChatIdentity.appid == ctx.services.wechat.appid,
        )
    )
    return dict(rows.all())


def _read_allowances(ctx: Context, citizen_ids) -> dict[tuple[int, str], int]:
    rows = ctx.session.scalars(
        select(MessageAllowance).where(MessageAllowance.citizen_id.in_(citizen_ids))
    )
    return {(row.citizen_id, row.template_id): row.remaining for row in rows}


def _hindrance(
    ctx: Context, row, template: MessageTemplate | None, openid: str | None, allowed: int
) -> str | None:
    """Why the message stays in the inbox only."""
    if ctx.now > row.expires_at:
        return "expired"
    if template is None:
        return "template_unset"
    if openid is None:
        return "account_gone"
    return "no_allowance" if allowed == 0 else None


def _skip(ctx: Context, message_id: int, reason: str) -> None:
    ctx.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == message_id)
        .values(state="skipped", reason=reason)
    )


def _claim_of(row, template: MessageTemplate, openid: str) -> Claim:
    page = PAGE if row.target_type is None else f"{PAGE}?{row.target_type}={row.target_id}"
    return Claim(row.id, row.citizen_id, row.attempts + 1, openid, template, row.fields, page)


def _mark_as_sending(ctx: Context, claims: Sequence[Claim]) -> None:
    """In order of the people, so that two workers wait for each other in one direction only."""
    table = OutgoingMessage.__table__
    mark = (
        update(table)
        .where(table.c.id == bindparam("message_id"))
        .values(
            state="sending",
            attempts=table.c.attempts + 1,
            next_attempt_at=ctx.now + LEASE,
        )
    )
    for claim in claims:
        ctx.session.execute(mark, {"message_id": claim.id})


def _send(wechat: WeChatGateway, claim: Claim) -> MessageAnswer:
    """Runs beside others in a thread, without the database."""
    try:
        return wechat.send_subscribe_message(
            openid=claim.openid,
            template_id=claim.template.template_id,
            page=claim.page,
            data=claim.template.fill(claim.fields),
        )
    except Exception:
        # The answers to the other messages must not be lost with this one's.
        log.exception("Message %s could not be sent", claim.id)
        return MessageAnswer(None, is_lost=True)


def _settle_batch(ctx: Context, claims: Sequence[Claim], answers: Sequence[MessageAnswer]) -> None:
    for claim, answer in zip(claims, answers, strict=True):
        outcome = judge(
            answer,
            template=claim.template.code,
            attempts=claim.attempts,
            now=ctx.now,
            chance=random.random(),
        )
        settle(ctx, claim.id, claim.template, outcome, answer)
    if claims and all(answer.errcode is None for answer in answers):
        log.warning("WeChat cannot be reached; messages wait for a minute")
        _pause(ctx, Pause(EVERYTHING, ctx.now + PAUSE_UNREACHED), None)


def settle(
    ctx: Context,
    message_id: int,
    template: MessageTemplate,
    outcome: Outcome,
    answer: MessageAnswer,
) -> bool:
    """Write down what became of a message; False if that was known, or the message is gone.

    An answer that comes after its message was given up as lost still counts.
    """
    values = {"state": outcome.state, "reason": outcome.reason, "last_errcode": answer.errcode}
    if outcome.state == "sent":
        values |= {"sent_at": ctx.now, "msgid": answer.msgid}
    if outcome.next_attempt_at is not None:
        values["next_attempt_at"] = outcome.next_attempt_at
    citizen_id = ctx.session.scalar(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == message_id, OutgoingMessage.state.in_(UNSETTLED))
        .values(values)
        .returning(OutgoingMessage.citizen_id)
    )
    if citizen_id is None:
        return False
    if outcome.state == "dead":
        log.error("Message %s is dead: errcode %s", message_id, answer.errcode)
    if outcome.pause is not None:
        _pause(ctx, outcome.pause, answer.errcode)
    _use_allowance(ctx, citizen_id, template, outcome)
    return True


def _pause(ctx: Context, pause: Pause, errcode: int | None) -> None:
    """A pause is made longer by another, never shorter."""
    values = {"until": pause.until, "errcode": errcode}
    fresh = insert(MessagePause).values(template=pause.template, **values)
    longest = func.greatest(MessagePause.until, fresh.excluded.until)
    ctx.session.execute(
        fresh.on_conflict_do_update(
            index_elements=["template"], set_={"until": longest, "errcode": errcode}
        )
    )


def _use_allowance(
    ctx: Context, citizen_id: int, template: MessageTemplate, outcome: Outcome
) -> None:
    """WeChat has counted one message, or says that none is left."""
    is_used_up = outcome.reason == "no_allowance"
    if not is_used_up and (outcome.state != "sent" or template.is_long_term):
        return
    one_less = func.greatest(MessageAllowance.remaining - 1, 0)
    ctx.session.execute(
        update(MessageAllowance)
        .where(
            MessageAllowance.citizen_id == citizen_id,
            MessageAllowance.template_id == template.template_id,
        )
        .values(remaining=0 if is_used_up else one_less, is_ahead=False, changed_at=ctx.now)
    )
