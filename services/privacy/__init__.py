"""What people may ask of us about their own data, over all domains."""

from services import accounts
from services.accounts import Profile
from services.context import Context
from services.policies import Policy
from services.privacy.erasure import erase_citizen, erase_own_account
from services.privacy.export import JSON, XLSX, export_own_data

__all__ = [
    "JSON",
    "XLSX",
    "erase_citizen",
    "erase_own_account",
    "export_own_data",
    "give_consent",
    "read_privacy_policy",
]


def read_privacy_policy(ctx: Context) -> Policy:
    """The version in force."""
    return ctx.services.privacy_policy


def give_consent(ctx: Context, *, policy_version: str) -> Profile:
    """Record the actor's consent and return their account; raises Conflict for an old version."""
    accounts.give_consent(ctx, policy_version=policy_version)
    return accounts.read_profile(ctx)
