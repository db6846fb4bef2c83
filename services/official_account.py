"""Signing in outside the mini-program, through the operator's official account."""

from services import accounts
from services.accounts import IssuedTokens
from services.context import Context
from services.errors import Missing
from services.wechat_official import OfficialAccount


def find_sign_in_address(ctx: Context, *, state: str) -> str:
    """Where to send a person who wants to sign in; raises Missing where nobody can.

    `state` comes back with them: the client makes it up and compares it, so that nobody can be
    signed in by somebody else's link.
    """
    return _official_account(ctx).sign_in_address(state=state)


def sign_in_with_official_account(
    ctx: Context, *, code: str, policy_version: str | None = None
) -> IssuedTokens:
    """Open a session for the person behind a code that came back; see `accounts.sign_in`.

    Raises Missing where nobody can sign in this way, and what OfficialAccount.exchange_code raises.
    """
    account = _official_account(ctx)
    user = account.exchange_code(code)
    return accounts.sign_in(ctx, user=user, appid=account.appid, policy_version=policy_version)


def _official_account(ctx: Context) -> OfficialAccount:
    account = ctx.services.official_account
    if account is None:
        raise Missing("browser_sign_in_off")
    return account
