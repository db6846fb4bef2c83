"""Phone numbers. WeChat: getPhoneNumber, checkEncryptedData."""

import hashlib
import re
import secrets

from .endpoint import Call, api, ok
from .errors import ApiError
from .sessions import is_expired
from .state import Code

HASH_SECONDS = 3 * 86_400


@api("/wxa/business/getuserphonenumber")
def exchange_phone_code(call: Call) -> dict:
    """WeChat: single use, five minutes from the tap; 40013 when it is another app's code."""
    code = _usable_code(call, call.text("code"))
    code.used = True
    return ok(phone_info=_phone_info(call, code))


def _usable_code(call: Call, given: str) -> Code:
    code = call.state.phone_codes.get(given)
    if code is None or code.used or is_expired(code, call.now()):
        hint = f"{secrets.token_urlsafe(6)}-{secrets.token_urlsafe(3)}"
        raise ApiError(40029, f"invalid code hint: [{hint}]")
    if code.appid != call.app.appid:
        raise ApiError(40013)
    return code


def _phone_info(call: Call, code: Code) -> dict:
    """WeChat: phoneNumber carries the area code only for numbers from abroad."""
    domestic = code.country_code == "86"
    as_number = call.app.drift.country_code == "number"
    return {
        "phoneNumber": code.phone if domestic else f"+{code.country_code} {code.phone}",
        "purePhoneNumber": code.phone,
        "countryCode": int(code.country_code) if as_number else code.country_code,
        "watermark": {"timestamp": int(call.now()), "appid": call.app.appid},
    }


def remember_encrypted(state, encrypted_data: str) -> None:
    """Note data the client got encrypted, so that checkencryptedmsg can vouch for it."""
    digest = hashlib.sha256(encrypted_data.encode()).hexdigest()
    state.phone_hashes[digest] = state.now()


@api("/wxa/business/checkencryptedmsg")
def check_encrypted_data(call: Call) -> dict:
    """WeChat: answers only about the last three days, and misspells `vaild`."""
    digest = call.text("encrypted_msg_hash")
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ApiError(47001)
    created_at = call.state.phone_hashes.get(digest)
    if created_at is None or call.now() - created_at >= HASH_SECONDS:
        return ok(vaild=False)
    return ok(vaild=True, create_time=int(created_at))
