"""Signing in and one's own account."""

from server.endpoint import Routes
from server.problems import WECHAT_TROUBLE
from server.schemas.accounts import (
    ProfileView,
    RefreshTokenBody,
    TokensView,
    WeChatCode,
    WeChatSignInBody,
)
from services import accounts

routes = Routes("accounts", __name__, description="Signing in, and one's own account")


@routes.endpoint(
    "POST",
    "/auth/wechat",
    access="anyone",
    rate="sign_in",
    summary="Sign in with a wx.login code",
    body=WeChatSignInBody(),
    returns=TokensView(),
    refusals=(
        "wechat_code_invalid",
        "wechat_code_used",
        "wechat_user_blocked",
        "account_disabled",
        "consent_required",
        *WECHAT_TROUBLE,
    ),
)
def sign_in(ctx, **body):
    """Opens a session; whoever signs in for the first time gets an account.

    `consent_required`: show the privacy policy, then come again with its version and a new code."""
    return accounts.sign_in_with_wechat(ctx, **body)


@routes.endpoint(
    "POST",
    "/auth/refresh",
    access="anyone",
    rate="sign_in",
    summary="Exchange a refresh token for new tokens",
    body=RefreshTokenBody(),
    returns=TokensView(),
    refusals=("refresh_token_invalid", "refresh_token_reused", "session_ended"),
)
def refresh(ctx, refresh_token):
    """A refresh token works once. Sent again within a minute it is taken for a retry whose answer
    was lost; later, or after its successor was used, for a theft, and the session ends."""
    return accounts.refresh_session(ctx, refresh_token=refresh_token)


@routes.endpoint(
    "POST",
    "/auth/sign-out",
    access="citizen",
    rate="account",
    summary="End the session",
    status=204,
)
def sign_out(ctx):
    """Every token of the session stops working at once."""
    accounts.sign_out(ctx)


@routes.endpoint(
    "POST",
    "/auth/sign-out-everywhere",
    access="citizen",
    rate="account",
    summary="End all of one's sessions",
    status=204,
)
def sign_out_everywhere(ctx):
    """This one too: every token on every device stops working at once."""
    accounts.sign_out_everywhere(ctx)


@routes.endpoint(
    "GET",
    "/me",
    access="citizen",
    rate="account",
    summary="One's own account",
    returns=ProfileView(),
)
def read_profile(ctx):
    """The phone number is shown masked. Without `consent.is_current` the policy has changed since:
    show it, and send the consent to `/me/consents`."""
    return accounts.read_profile(ctx)


@routes.endpoint(
    "POST",
    "/me/phone",
    access="citizen",
    rate="bind_phone",
    summary="Bind a phone number with a getPhoneNumber code",
    body=WeChatCode(),
    returns=ProfileView(),
    refusals=("wechat_code_invalid", "phone_taken", "phone_still_counts", *WECHAT_TROUBLE),
)
def bind_phone(ctx, code):
    """One number binds one account; binding another number replaces the first."""
    return accounts.bind_phone(ctx, code=code)


@routes.endpoint(
    "DELETE",
    "/me/phone",
    access="citizen",
    rate="account",
    summary="Remove the phone number",
    returns=ProfileView(),
)
def remove_phone(ctx):
    """Campaigns that demand a number then take no more ballots. As long as one runs in which the
    number counted, it binds to no other account."""
    return accounts.remove_phone(ctx)
