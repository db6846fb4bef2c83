"""Events: kept when they come, which is quick, and handled by a job, which may take its time."""

import json
import logging
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from models import WeChatEvent
from services.context import Context
from services.push_channel import Content
from services.wechat_push.handlers import HANDLERS

log = logging.getLogger(__name__)

KEY_PURPOSE = "wechat.event"
BATCH = 100
FIRST_PAUSE = timedelta(seconds=10)
# With three times the pause after each, they stretch over nine hours.
MOST_TRIES = 9
# A push is only taken while fresh, so its key is needed for minutes; a day is easier to explain.
KEPT_AFTER_HANDLING = timedelta(days=1)


def keep_event(ctx: Context, *, content: Content) -> bool:
    """Keep an event to be handled; False for one kept before, or that is nothing to us.

    A repeated push has the same content, up to the moment it was made at, whatever its envelope.
    """
    name = content.get("Event")
    if content.get("MsgType") != "event" or not isinstance(name, str) or name not in HANDLERS:
        return False
    kept = ctx.session.scalar(
        insert(WeChatEvent)
        .values(
            key=_key(ctx, content),
            name=name,
            content=content,
            received_at=ctx.now,
            due_at=ctx.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(WeChatEvent.id)
    )
    return kept is not None


def handle_events(ctx: Context) -> int:
    """Handle what is due, each by itself, and forget whom it named; returns how many.

    What cannot be handled is tried again later, and given up in the end.
    """
    due = ctx.session.scalars(
        select(WeChatEvent)
        .where(WeChatEvent.handled_at.is_(None), WeChatEvent.due_at <= ctx.now)
        .order_by(WeChatEvent.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_handle(ctx, event) for event in due)


def purge_events(ctx: Context) -> int:
    """Delete the keys of events that were handled long ago; returns how many."""
    return ctx.session.execute(
        delete(WeChatEvent).where(WeChatEvent.handled_at < ctx.now - KEPT_AFTER_HANDLING)
    ).rowcount


def _handle(ctx: Context, event: WeChatEvent) -> bool:
    try:
        with ctx.session.begin_nested():
            HANDLERS[event.name](ctx, event.content, event.received_at)
    except Exception:
        log.warning("Handling a %s failed, try %s", event.name, event.tries + 1, exc_info=True)
        _postpone(ctx, event)
        return False
    _forget(ctx, event)
    return True


def _postpone(ctx: Context, event: WeChatEvent) -> None:
    event.due_at = ctx.now + FIRST_PAUSE * 3**event.tries
    event.tries += 1
    if event.tries >= MOST_TRIES:
        log.critical("A %s was given up after %s tries", event.name, event.tries)
        _forget(ctx, event)


def _forget(ctx: Context, event: WeChatEvent) -> None:
    event.handled_at = ctx.now
    event.content = None


def _key(ctx: Context, content: Content) -> bytes:
    """What is the same for all pushes of one event: WeChat's own number of it, or all it says."""
    for name in ("MsgId", "trace_id"):
        if content.get(name):
            return _hash(ctx, [content["Event"], name, str(content[name])])
    # Its sender and moment, which WeChat recommends, are the same for two who revoke in a second.
    return _hash(ctx, content)


def _hash(ctx: Context, value: object) -> bytes:
    text = json.dumps(value, sort_keys=True)
    return ctx.services.crypto.blind_index(text, purpose=KEY_PURPOSE)
