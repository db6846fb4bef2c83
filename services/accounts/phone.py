"""The phone number: bound with WeChat's word for it, removed whenever its owner likes."""

from sqlalchemy.exc import IntegrityError

from models import Citizen
from services.accounts.profile import PHONE_PURPOSE, Profile, read_profile
from services.accounts.sessions import lock_account
from services.accounts.traces import is_phone_of_another, leave_traces
from services.context import Context
from services.errors import Conflict


def bind_phone(ctx: Context, *, code: str) -> Profile:
    """Bind the phone number behind a `getPhoneNumber` code; one number binds one account.

    Raises Conflict when another account has the number, or gave it up while ballots count by it,
    and what WeChatGateway.exchange_phone_code raises.
    """
    # WeChat may take seconds; the connection that checked the session is not held meanwhile.
    ctx.session.rollback()
    phone = ctx.services.wechat.exchange_phone_code(code)
    citizen = lock_account(ctx)
    _note_phone(ctx, citizen, phone)
    return read_profile(ctx)


def remove_phone(ctx: Context) -> Profile:
    """Forget the actor's number; nothing to do where there is none."""
    forget_phone(ctx, lock_account(ctx))
    ctx.session.flush()
    return read_profile(ctx)


def forget_phone(ctx: Context, citizen: Citizen) -> None:
    """Take the number off the row, leaving a trace while ballots may count by it."""
    if citizen.phone_index is not None:
        leave_traces(ctx, citizen_id=citizen.id, keys=[("phone", citizen.phone_index)])
    citizen.phone_encrypted = citizen.phone_index = citizen.phone_bound_at = None


def _note_phone(ctx: Context, citizen: Citizen, phone: str) -> None:
    crypto = ctx.services.crypto
    phone_index = crypto.blind_index(phone, purpose=PHONE_PURPOSE)
    if citizen.phone_index != phone_index:
        forget_phone(ctx, citizen)
    citizen.phone_encrypted = crypto.encrypt(phone, purpose=PHONE_PURPOSE)
    citizen.phone_index = phone_index
    citizen.phone_bound_at = ctx.now
    try:
        ctx.session.flush()
    except IntegrityError:
        raise Conflict("phone_taken") from None
    # Only now: whoever gives the number up at this moment has left their trace.
    if is_phone_of_another(ctx, phone_index=phone_index, citizen_id=citizen.id):
        raise Conflict("phone_still_counts")
