"""Login codes and session keys.

WeChat: code2Session, checkSessionKey, ResetUserSessionKey, getUserEncryptKey.
"""

import base64
import hashlib
import hmac
import secrets

from .endpoint import Call, api, identify_app, ok
from .errors import ApiError
from .limits import Limit, spend
from .state import Code, Session, State, User, WeChatApp

CODE_SECONDS = 300
# WeChat does not publish how long a session_key lives; three days is what is usually observed.
SESSION_SECONDS = 3 * 86_400
ENCRYPT_KEY_SECONDS = 3600
PER_USER_LIMIT = (Limit(100, "minute"),)
SIGNATURE_LIMITS = (Limit(60_000, "minute"),)


def mint_code(state: State, codes: dict[str, Code], app: WeChatApp, **fields) -> Code:
    """A fresh code as the client would get it; taking one is a visit of the mini-program."""
    code = Code(secrets.token_urlsafe(24), app.appid, created_at=state.now(), **fields)
    codes[code.code] = code
    if code.openid:
        app.user(code.openid).last_visit_at = state.now()
    return code


def is_expired(code: Code, now: float) -> bool:
    return now - code.created_at >= CODE_SECONDS


@api("/sns/jscode2session", "GET", needs_token=False, content_type="text/plain")
def exchange_login_code(call: Call) -> dict:
    """The person behind a code of wx.login, and the key of their session."""
    query = call.query
    if query.get("grant_type") != "authorization_code":
        raise ApiError(40002)
    app = identify_app(call.state, query.get("appid"), query.get("secret"))
    spend(call.state, app, call.endpoint.path, call.endpoint.limits)
    code = redeem_code(call, app, call.state.login_codes, "js_code")
    user = app.user(code.openid)
    session = _open_session(call, user, code.rotate_session_key)
    answer = {"openid": user.openid, "session_key": session.session_key}
    return {**answer, "unionid": user.unionid} if user.unionid else answer


def redeem_code(call: Call, app: WeChatApp, codes: dict[str, Code], parameter: str) -> Code:
    """The code in this parameter of the query, used from now on.

    WeChat: 41008 none, 40029 unknown, expired or of another app, 45011, 40163 used, 40226 blocked.
    """
    code = _find_code(call, app, codes, call.query.get(parameter))
    spend(call.state, app, f"{call.endpoint.path} {code.openid}", PER_USER_LIMIT)
    if code.used:
        raise ApiError(40163, "code been used,")
    if app.user(code.openid).blocked:
        raise ApiError(40226)
    code.used = True
    return code


def _find_code(call: Call, app: WeChatApp, codes: dict[str, Code], given: str | None) -> Code:
    if not given:
        raise ApiError(41008)
    code = codes.get(given)
    if code is None or code.appid != app.appid or is_expired(code, call.now()):
        raise ApiError(40029, "invalid code,")
    return code


def _open_session(call: Call, user: User, rotate: bool) -> Session:
    if rotate or not has_session(user, call.now()):
        user.session = Session(_new_key(), call.now())
    return user.session


def has_session(user: User, now: float) -> bool:
    return user.session is not None and now - user.session.created_at < SESSION_SECONDS


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(16)).decode()


@api("/wxa/checksession", "GET", limits=SIGNATURE_LIMITS)
def check_session(call: Call) -> dict:
    """WeChat: 0 when the signature was made with the user's present session_key, else 87009."""
    user = _user_of_query(call)
    if not has_session(user, call.now()):
        raise ApiError(87009)
    _check_signature(call, user)
    return ok()


@api("/wxa/resetusersessionkey", "GET", limits=SIGNATURE_LIMITS)
def reset_session_key(call: Call) -> dict:
    """A new session_key at once, without a longer life. WeChat: 87007, 87008, 87009."""
    user = _user_with_session(call)
    user.session.session_key = _new_key()
    return ok(openid=user.openid, session_key=user.session.session_key)


@api("/wxa/business/getuserencryptkey", takes_body=False, limits=SIGNATURE_LIMITS)
def get_encrypt_keys(call: Call) -> dict:
    """The last three keys for application-layer encryption, newest first."""
    user = _user_with_session(call)
    _renew_encrypt_key(user, call.now())
    keys = [
        {**key, "expire_in": max(0, int(key["create_time"] + ENCRYPT_KEY_SECONDS - call.now()))}
        for key in user.encrypt_keys
    ]
    return ok(key_info_list=keys)


def _renew_encrypt_key(user: User, now: float) -> None:
    keys = user.encrypt_keys
    if keys and now - keys[0]["create_time"] < ENCRYPT_KEY_SECONDS:
        return
    newest = {
        "encrypt_key": _new_key(),
        "version": keys[0]["version"] + 1 if keys else 1,
        "iv": _new_key(),
        "create_time": int(now),
    }
    user.encrypt_keys = [newest, *keys][:3]


def _user_of_query(call: Call) -> User:
    user = call.app.users.get(call.query.get("openid", ""))
    if user is None:
        raise ApiError(40003)
    return user


def _user_with_session(call: Call) -> User:
    user = _user_of_query(call)
    if not has_session(user, call.now()):
        raise ApiError(87007)
    _check_signature(call, user)
    return user


def _check_signature(call: Call, user: User) -> None:
    """WeChat: signature = hex(hmac_sha256(key=session_key, msg=""))."""
    if call.query.get("sig_method") != "hmac_sha256":
        raise ApiError(87008)
    expected = hmac.new(user.session.session_key.encode(), b"", hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), call.query.get("signature", "").encode()):
        raise ApiError(87009)
