"""Citizens' accounts: signing in by any way, consents, sessions, the phone number, the end."""

from services.accounts.consents import (
    CurrentConsent,
    give_consent,
    list_consents,
    read_consent,
    withdraw_consent,
)
from services.accounts.description import describe_citizen
from services.accounts.erasure import erase_account, lock_for_erasure
from services.accounts.identities import find_citizen_by_openid, find_openid
from services.accounts.phone import bind_phone, remove_phone
from services.accounts.profile import Profile, read_profile
from services.accounts.sessions import (
    IssuedTokens,
    lock_account,
    purge_expired_sessions,
    refresh_session,
    require_live_session,
    sign_out,
    sign_out_everywhere,
)
from services.accounts.signing_in import sign_in, sign_in_with_wechat
from services.accounts.traces import purge_traces

__all__ = [
    "CurrentConsent",
    "IssuedTokens",
    "Profile",
    "bind_phone",
    "describe_citizen",
    "erase_account",
    "find_citizen_by_openid",
    "find_openid",
    "give_consent",
    "list_consents",
    "lock_account",
    "lock_for_erasure",
    "purge_expired_sessions",
    "purge_traces",
    "read_consent",
    "read_profile",
    "refresh_session",
    "remove_phone",
    "require_live_session",
    "sign_in",
    "sign_in_with_wechat",
    "sign_out",
    "sign_out_everywhere",
    "withdraw_consent",
]
