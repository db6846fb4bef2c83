"""Pictures that WeChat looks at before others see them: asked now, answered by push later."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update

from models import MediaCheck, StoredFile
from services import accounts, files
from services.context import Context
from services.errors import Conflict, Forbidden, Limited, Unavailable
from services.images import prepare_image

# WeChat answers within half an hour or not at all; then people have to look.
ANSWERED_WITHIN = timedelta(minutes=30)
STATES = {"pass": "passed", "risky": "rejected", "review": "review"}


def upload_checked_image(ctx: Context, *, content: bytes, scene: int) -> StoredFile:
    """Keep a picture of the citizen who acts, as files.upload_image does, and have WeChat look.

    `scene` is WeChat's: 1 profile, 2 comment, 3 forum, 4 social log. Where WeChat would not look,
    because the person has not been in the mini-program for two hours, or could not, it is for
    review at once. Begins with a rollback, so nothing may be pending.
    """
    openid = accounts.find_openid(
        ctx, citizen_id=ctx.actor.citizen_id, appid=ctx.services.wechat.appid
    )
    # Decoding and WeChat may take seconds; no connection is held meanwhile.
    ctx.session.rollback()
    file = files.store_image(ctx, prepare_image(content))
    trace_id = _ask(ctx, f"{ctx.services.site_url}{file.url}", openid, scene)
    ctx.session.add(file)
    ctx.session.flush()
    ctx.session.add(
        MediaCheck(
            trace_id=trace_id,
            file_id=file.id,
            state="review" if trace_id is None else "pending",
            asked_at=ctx.now,
        )
    )
    ctx.session.flush()
    return file


def read_states(ctx: Context, *, file_ids: Collection[int]) -> dict[int, str]:
    """What became of the checks of these files, by their ids."""
    rows = ctx.session.execute(
        select(MediaCheck.file_id, MediaCheck.state)
        .where(MediaCheck.file_id.in_(file_ids))
        .order_by(MediaCheck.id)
    )
    return dict(rows.all())


def note_result(ctx: Context, *, result: Mapping[str, object], received_at: datetime) -> None:
    """Note WeChat's answer, once; a failed check is for review.

    Raises Conflict for a check not known yet: the answer can be faster than the note of the asking.
    """
    trace_id = str(result.get("trace_id"))
    verdict = result.get("result")
    verdict = verdict if isinstance(verdict, dict) and str(result.get("errcode", 0)) == "0" else {}
    ctx.session.execute(
        update(MediaCheck)
        .where(MediaCheck.trace_id == trace_id, MediaCheck.answered_at.is_(None))
        .values(
            state=STATES.get(verdict.get("suggest"), "review"),
            label=_label(verdict.get("label")),
            answered_at=received_at,
        )
    )
    is_known = ctx.session.scalar(select(MediaCheck.id).where(MediaCheck.trace_id == trace_id))
    if is_known is None and ctx.now < received_at + ANSWERED_WITHIN:
        raise Conflict("media_check_unknown")


def review_unanswered(ctx: Context) -> int:
    """Hand what got no answer in time to people; returns how many. An answer still counts later."""
    return ctx.session.execute(
        update(MediaCheck)
        .where(MediaCheck.state == "pending", MediaCheck.asked_at <= ctx.now - ANSWERED_WITHIN)
        .values(state="review")
    ).rowcount


def _ask(ctx: Context, url: str, openid: str | None, scene: int) -> str | None:
    """The trace id; None where people have to look instead."""
    if openid is None:
        return None
    try:
        return ctx.services.wechat.check_media(media_url=url, openid=openid, scene=scene)
    except (Forbidden, Limited, Unavailable):
        return None


def _label(value: object) -> int | None:
    """WeChat's number, which is seen as text too."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
