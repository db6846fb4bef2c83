"""Signing in outside the mini-program, through an official account."""

from server.endpoint import Routes
from server.problems import WECHAT_TROUBLE
from server.schemas.accounts import TokensView, WeChatSignInBody
from server.schemas.official_account import SignInAddress, SignInAddressQuery
from services import official_account

routes = Routes("official_account", __name__, description="Signing in outside the mini-program")


@routes.endpoint(
    "GET",
    "/auth/wechat-official/address",
    access="anyone",
    rate="sign_in",
    summary="Where to sign in with WeChat",
    query=SignInAddressQuery(),
    returns=SignInAddress(),
    refusals=("browser_sign_in_off",),
)
def find_sign_in_address(ctx, state):
    """WeChat comes back to the site's first page with `code` and `state` in the query, or with
    `state` alone from somebody who did not agree. Accept it only with the `state` you sent."""
    return {"url": official_account.find_sign_in_address(ctx, state=state)}


@routes.endpoint(
    "POST",
    "/auth/wechat-official",
    access="anyone",
    rate="sign_in",
    summary="Sign in with the code that WeChat sent back",
    body=WeChatSignInBody(),
    returns=TokensView(),
    refusals=(
        "browser_sign_in_off",
        "wechat_code_invalid",
        "wechat_code_used",
        "wechat_user_blocked",
        "wechat_unionid_missing",
        "wechat_snapshot_page",
        "account_disabled",
        "consent_required",
        *WECHAT_TROUBLE,
    ),
)
def sign_in(ctx, **body):
    """The same person has the same account here and in the mini-program.

    `consent_required`: show the privacy policy, then come again with its version and a new code."""
    return official_account.sign_in_with_official_account(ctx, **body)
