"""Signing in: one person has one account, and none before they consented to the privacy policy."""

from models import Citizen
from services.accounts import consents, identities
from services.accounts.sessions import IssuedTokens, open_session
from services.context import Context
from services.errors import Forbidden
from services.wechat import WeChatUser


def sign_in_with_wechat(
    ctx: Context, *, code: str, policy_version: str | None = None
) -> IssuedTokens:
    """Open a session for the person behind a `wx.login` code; see `sign_in`.

    Raises what WeChatGateway.exchange_login_code raises, too.
    """
    wechat = ctx.services.wechat
    user = wechat.exchange_login_code(code)
    return sign_in(ctx, user=user, appid=wechat.appid, policy_version=policy_version)


def sign_in(
    ctx: Context, *, user: WeChatUser, appid: str, policy_version: str | None
) -> IssuedTokens:
    """Open a session for somebody as the WeChat app `appid` knows them.

    They get an account if they have none in any app, and their old one back if they erased it and
    a campaign they voted in still runs. `policy_version` is the version of the privacy policy they
    say they consent to. Raises Forbidden for a disabled account, and, before anything is made, for
    who has not consented to the current version.
    """
    citizen = identities.find_citizen(ctx, user, appid)
    if citizen is not None and citizen.disabled_at is not None:
        raise Forbidden("account_disabled")
    is_new_consent = not consents.has_current_consent(ctx, citizen)
    if is_new_consent and policy_version != ctx.services.privacy_policy.version:
        raise Forbidden("consent_required")
    citizen = _make_sure_of_account(ctx, citizen, user, appid)
    if is_new_consent:
        consents.record_consent(ctx, citizen_id=citizen.id, is_given=True, client=appid)
    return open_session(ctx, citizen_id=citizen.id, appid=appid)


def _make_sure_of_account(
    ctx: Context, citizen: Citizen | None, user: WeChatUser, appid: str
) -> Citizen:
    if citizen is None:
        return identities.register_citizen(ctx, user, appid)
    citizen.deleted_at = None
    identities.link_identity(ctx, citizen, user, appid)
    return citizen
