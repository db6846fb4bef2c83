"""What a citizen sees of their own account."""

from dataclasses import dataclass
from datetime import datetime

from models import Citizen
from services import notifications
from services.accounts.consents import CurrentConsent, read_consent
from services.context import Context

PHONE_PURPOSE = "citizen.phone"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a citizen sees of their own account; the phone number is masked."""

    created_at: datetime
    phone: str | None
    consent: CurrentConsent | None
    unread_notices: int


def read_profile(ctx: Context) -> Profile:
    """The signed-in citizen's own account."""
    citizen = ctx.session.get_one(Citizen, ctx.actor.citizen_id)
    phone = read_phone(ctx, citizen)
    return Profile(
        citizen.created_at,
        None if phone is None else mask_phone(phone),
        read_consent(ctx, citizen_id=citizen.id),
        notifications.count_unread(ctx),
    )


def read_phone(ctx: Context, citizen: Citizen) -> str | None:
    """The bound number in E.164 form, in full."""
    if citizen.phone_encrypted is None:
        return None
    return ctx.services.crypto.decrypt(citizen.phone_encrypted, purpose=PHONE_PURPOSE)


def mask_phone(phone: str) -> str:
    """+8613812345678 → 138****5678: enough to recognize one's own number."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}"
