"""What WeChat thinks of a text somebody is about to leave."""

from services import accounts
from services.context import Context
from services.errors import Forbidden, Invalid, Limited, Unavailable

SCENE_COMMENT = 2
SCENE_FORUM = 3
SAFETY = {"pass": "passed", "review": "suspicious"}


def check_text(ctx: Context, text: str, *, scene: int) -> str:
    """ "passed", "suspicious", or "unchecked" where WeChat could not be asked.

    That is so of people it has not seen in the mini-program for two hours; and when it is in
    trouble, since people look at everything anyway. Raises Invalid for what must not be kept.
    Begins with a rollback, so nothing may be pending.
    """
    openid = accounts.find_openid(
        ctx, citizen_id=ctx.actor.citizen_id, appid=ctx.services.wechat.appid
    )
    # WeChat may take seconds; no connection is held meanwhile.
    ctx.session.rollback()
    if openid is None:
        return "unchecked"
    try:
        verdict = ctx.services.wechat.check_text(content=text, openid=openid, scene=scene)
    except (Forbidden, Limited, Unavailable):
        return "unchecked"
    if verdict == "risky":
        raise Invalid("text_risky")
    return SAFETY[verdict]
