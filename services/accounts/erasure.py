"""Taking out of an account all that says whose it is."""

from sqlalchemy import delete, select

from models import Citizen, LoginSession, WeChatIdentity
from services.accounts.consents import read_consent, record_consent
from services.accounts.phone import forget_phone
from services.accounts.traces import TraceKey, leave_traces, openid_key, unionid_key
from services.context import Context


def lock_for_erasure(ctx: Context, *, citizen_id: int) -> bool:
    """Keep everybody else from changing the account; False if it is erased already.

    Whoever signs in at the same moment either waits and then finds the traces, or comes first and
    is signed out with the rest. Ballots on their way are not held up: they are cast under the
    number.
    """
    citizen = ctx.session.get_one(
        Citizen, citizen_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return citizen.deleted_at is None


def erase_account(ctx: Context, *, citizen_id: int) -> None:
    """Leave of a locked account nothing but its number and its traces."""
    citizen = ctx.session.get_one(Citizen, citizen_id)
    own = WeChatIdentity.citizen_id == citizen_id
    identities = ctx.session.scalars(select(WeChatIdentity).where(own)).all()
    for identity in identities:
        leave_traces(ctx, citizen_id=citizen_id, keys=_keys(ctx, identity))
    forget_phone(ctx, citizen)
    if read_consent(ctx, citizen_id=citizen_id) is not None:
        record_consent(ctx, citizen_id=citizen_id, is_given=False, client=None)
    ctx.session.execute(delete(WeChatIdentity).where(own))
    ctx.session.execute(delete(LoginSession).where(LoginSession.citizen_id == citizen_id))
    citizen.deleted_at = ctx.now
    ctx.session.flush()


def _keys(ctx: Context, identity: WeChatIdentity) -> list[TraceKey]:
    keys = [openid_key(ctx, identity.appid, identity.openid)]
    return keys if identity.unionid is None else [*keys, unionid_key(ctx, identity.unionid)]
