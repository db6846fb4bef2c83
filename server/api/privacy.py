"""The privacy policy, and what people decide about their own data."""

from server.endpoint import Routes
from server.schemas.accounts import ProfileView
from server.schemas.privacy import ConsentBody, ConsentList, ExportQuery, PolicyView
from services import accounts, privacy

routes = Routes("privacy", __name__, description="The privacy policy, and one's own data")


@routes.endpoint(
    "GET",
    "/policies/privacy",
    access="anyone",
    rate="read",
    summary="The privacy policy in force",
    returns=PolicyView(),
    is_cached=True,
)
def read_privacy_policy(ctx):
    """Its `version` is what a consent names."""
    return privacy.read_privacy_policy(ctx)


@routes.endpoint(
    "GET",
    "/me/consents",
    access="citizen",
    rate="account",
    summary="What one consented to and withdrew, the latest first",
    returns=ConsentList(),
)
def list_consents(ctx):
    """The latest is what holds."""
    return {"items": accounts.list_consents(ctx)}


@routes.endpoint(
    "POST",
    "/me/consents",
    access="citizen",
    rate="account",
    summary="Consent to the policy in force",
    body=ConsentBody(),
    returns=ProfileView(),
    refusals=("policy_superseded",),
)
def give_consent(ctx, policy_version):
    """Said again it changes nothing."""
    return privacy.give_consent(ctx, policy_version=policy_version)


@routes.endpoint(
    "DELETE",
    "/me/consents",
    access="citizen",
    rate="account",
    summary="Withdraw the consent",
    status=204,
)
def withdraw_consent(ctx):
    """Ends every session; signing in again needs a new consent. Ballots cast before stay."""
    accounts.withdraw_consent(ctx)


@routes.endpoint(
    "GET",
    "/me/export",
    access="citizen",
    rate="export",
    summary="Everything held about oneself, as a file",
    query=ExportQuery(),
    downloads=(privacy.XLSX, privacy.JSON),
)
def export_own_data(ctx, format):
    """As a spreadsheet to read, which WeChat opens, or as JSON to take elsewhere. Receipt codes and
    the phone number are in it in full."""
    return privacy.export_own_data(ctx, format=format)


@routes.endpoint(
    "DELETE",
    "/me",
    access="citizen",
    rate="account",
    summary="Erase oneself",
    status=204,
)
def erase_own_account(ctx):
    """At once and for good. Ballots stay and count, under a number; until the last campaign one
    voted in has closed, signing in again leads back to it, so that nobody votes twice."""
    privacy.erase_own_account(ctx)
