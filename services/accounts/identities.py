"""Who is who: from what WeChat calls a person to their one account."""

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from models import Citizen, WeChatIdentity
from services.accounts.traces import find_traced_citizen
from services.context import Context
from services.wechat import WeChatUser


def find_citizen(ctx: Context, user: WeChatUser, appid: str) -> Citizen | None:
    """The person's row, locked: by this app's openid, by the unionid of all apps, or by a trace.

    Found by a trace it may be an erased one. Ballots do not wait for the lock, an erasure does;
    whoever waited for an erasure here finds the trace it left.
    """
    known = (WeChatIdentity.appid == appid) & (WeChatIdentity.openid == user.openid)
    citizen = _find_by_identity(ctx, known)
    if citizen is None and user.unionid is not None:
        citizen = _find_by_identity(ctx, WeChatIdentity.unionid == user.unionid)
    return citizen or find_traced_citizen(ctx, user, appid)


def find_citizen_by_openid(ctx: Context, *, appid: str, openid: str) -> int | None:
    """The id of the citizen whom a WeChat app calls so."""
    return ctx.session.scalar(
        select(WeChatIdentity.citizen_id).where(
            WeChatIdentity.appid == appid, WeChatIdentity.openid == openid
        )
    )


def find_openid(ctx: Context, *, citizen_id: int | None, appid: str) -> str | None:
    """What a WeChat app calls the citizen, if it knows them."""
    return ctx.session.scalar(
        select(WeChatIdentity.openid).where(
            WeChatIdentity.citizen_id == citizen_id, WeChatIdentity.appid == appid
        )
    )


def register_citizen(ctx: Context, user: WeChatUser, appid: str) -> Citizen:
    """A new account for somebody of whom nothing was found."""
    try:
        with ctx.session.begin_nested():
            citizen = Citizen(created_at=ctx.now)
            ctx.session.add(citizen)
            ctx.session.flush()
            ctx.session.add(
                WeChatIdentity(
                    citizen_id=citizen.id, appid=appid, openid=user.openid, unionid=user.unionid
                )
            )
    except IntegrityError:
        # The same person signed in twice at once; the other request made the account.
        citizen = find_citizen(ctx, user, appid)
        link_identity(ctx, citizen, user, appid)
    return citizen


def link_identity(ctx: Context, citizen: Citizen, user: WeChatUser, appid: str) -> None:
    """Note what this app calls a person who is known already, and the unionid once it is told."""
    ctx.session.execute(
        insert(WeChatIdentity)
        .values(citizen_id=citizen.id, appid=appid, openid=user.openid)
        .on_conflict_do_nothing(index_elements=["appid", "openid"])
    )
    if user.unionid is not None:
        _note_unionid(ctx, user, appid)


def _note_unionid(ctx: Context, user: WeChatUser, appid: str) -> None:
    """Keep the unionid with this identity, unless one of the person's others holds it."""
    holder = aliased(WeChatIdentity)
    is_held = select(holder.id).where(holder.unionid == user.unionid).exists()
    own = (WeChatIdentity.appid == appid) & (WeChatIdentity.openid == user.openid)
    try:
        with ctx.session.begin_nested():
            ctx.session.execute(
                update(WeChatIdentity)
                .where(own, WeChatIdentity.unionid.is_(None), ~is_held)
                .values(unionid=user.unionid)
            )
    except IntegrityError:
        # Signed in through another app at the same time, which holds it now.
        return


def _find_by_identity(ctx: Context, condition: ColumnElement[bool]) -> Citizen | None:
    return ctx.session.scalar(
        select(Citizen)
        .join(WeChatIdentity, WeChatIdentity.citizen_id == Citizen.id)
        .where(condition, Citizen.deleted_at.is_(None))
        .with_for_update(key_share=True, of=Citizen)
        .execution_options(populate_existing=True)
    )
