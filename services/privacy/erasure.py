"""Erasing a person from every domain."""

from services import accounts, audit
from services.context import Context
from services.privacy.domains import ERASING

# Why somebody is erased: they asked for it here, or told WeChat instead.
CAUSES = ("asked", "wechat_revoked", "wechat_closed")


def erase_own_account(ctx: Context) -> None:
    """Erase the actor; they are signed out everywhere. Raises SignInRequired the second time."""
    citizen = accounts.lock_account(ctx)
    erase_citizen(ctx, citizen_id=citizen.id, cause="asked")


def erase_citizen(ctx: Context, *, citizen_id: int, cause: str) -> bool:
    """Remove all that says who a citizen is; False if nothing was left to remove.

    `cause` is one of CAUSES. Ballots, tallies and the audit trail stay as they are, under a number.
    That it was done is recorded, by that number, so that it can be proven without naming anybody.
    """
    if not accounts.lock_for_erasure(ctx, citizen_id=citizen_id):
        return False
    for erase in ERASING:
        erase(ctx, citizen_id=citizen_id)
    audit.record(
        ctx,
        "citizen.erased",
        about=("citizen", citizen_id, "市民账号"),
        organization_id=None,
        after={"cause": cause},
    )
    return True
