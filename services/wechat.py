"""The WeChat gateway: the calls Sain makes to WeChat's server API, over wechatpy.

wechatpy 1.8.18 fetches classic tokens from a fixed address without a time limit and retries a
refused token for ever; the client below replaces those parts. Callers see only this module's
results and ServiceErrors, never a session key, and no WeChat error code but those of messages.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import requests
import urllib3
from redis import Redis, RedisError
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage
from wechatpy.session.memorystorage import MemoryStorage
from wechatpy.session.redisstorage import RedisStorage

from services.errors import Forbidden, Invalid, Limited, ServiceError, Unavailable
from services.images import to_png
from services.wechat_messages import PROGRAM_STATES, MessageAnswer, hand_over

log = logging.getLogger(__name__)

TOKEN_REFUSED = {40001, 40014, 42001}
TOKEN_REFRESH_MARGIN_SECONDS = 300
MISCONFIGURED = {40013, 40125, 40164, 40243, 41002, 41004, 48001, 50002, 50007}
RATE_REFUSED = {44990, 44991, 45009, 45011}
READ_BYTES = 64 * 1024
LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
LONGEST_OPENID = 128
LONGEST_PHONE = 20
LONGEST_TRACE_ID = 128
# What msg_sec_check takes at once, in characters.
LONGEST_CHECKED_TEXT = 2500
MEDIA_TYPE_IMAGE = 2
HIGHEST_RISK = 4

ENV_VERSIONS = ("release", "trial", "develop")
# In pixels: seven centimetres on paper at 300 to the inch.
CODE_WIDTH = 860

TextVerdict = Literal["pass", "review", "risky"]

# The refusals an error code means for one kind of call.
Refusals = Mapping[int, Callable[[], ServiceError]]


@dataclass(frozen=True, slots=True)
class WeChatUser:
    """Who WeChat says is behind a login code."""

    openid: str
    unionid: str | None


class TokenStorage(SessionStorage):
    """Shares the access token through Redis, and keeps one in memory while Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._shared = RedisStorage(redis, prefix="sain:wechat")
        self._own = MemoryStorage()

    def get(self, key, default=None):
        try:
            return self._shared.get(key, default)
        except RedisError:
            return self._own.get(key, default)

    def set(self, key, value, ttl=None):
        self._own.set(key, value, ttl)
        try:
            self._shared.set(key, value, ttl)
        except RedisError:
            log.warning("Redis is away; the WeChat token is kept in this process only")

    def delete(self, key):
        self._own.delete(key)
        try:
            self._shared.delete(key)
        except RedisError:
            log.warning("Redis is away; a refused WeChat token could not be withdrawn from it")


class BoundedSession(requests.Session):
    """HTTP with a limit on the whole answer, in time and size.

    The timeout of requests is for each wait for bytes, so an answer that drips would never end.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, request: requests.PreparedRequest, **options) -> requests.Response:
        """The answer with its content read; raises requests.Timeout or ContentDecodingError."""
        deadline = time.monotonic() + self._seconds
        options |= {"stream": True, "timeout": self._seconds, "allow_redirects": False}
        response = super().send(request, **options)
        with response:
            response._content = self._read(response, deadline)
        return response

    @staticmethod
    def _read(response: requests.Response, deadline: float) -> bytes:
        content = bytearray()
        try:
            while chunk := response.raw.read1(READ_BYTES, decode_content=True):
                content += chunk
                if time.monotonic() > deadline:
                    raise requests.Timeout("the answer took too long")
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise requests.exceptions.ContentDecodingError("the answer is too large")
        except urllib3.exceptions.ReadTimeoutError as error:
            raise requests.Timeout(error) from error
        except urllib3.exceptions.HTTPError as error:
            raise requests.ConnectionError(error) from error
        return bytes(content)


class StableTokenClient(WeChatClient):
    """wechatpy's client on the stable_token endpoint, with bounded time and one retry."""

    def __init__(
        self, appid: str, secret: str, *, base_url: str, storage: SessionStorage, timeout: float
    ) -> None:
        super().__init__(appid, secret, session=storage, timeout=timeout, auto_retry=False)
        self._http = BoundedSession(timeout)
        self._base_url = base_url.rstrip("/")

    @property
    def access_token(self) -> str:
        return self.require_token()

    def require_token(self) -> str:
        """The token at hand, or else a new one."""
        token = self.session.get(self.access_token_key)
        return token or self.fetch_access_token()

    def fetch_access_token(self) -> str:
        """A token by stable_token in normal mode, which all workers may call at any time."""
        answer = self._http.post(
            f"{self._base_url}/cgi-bin/stable_token",
            json={
                "grant_type": "client_credential",
                "appid": self.appid,
                "secret": self.secret,
            },
        )
        result = self._handle_result(answer)
        token, lifetime = result["access_token"], int(result["expires_in"])
        ttl = max(1, lifetime - TOKEN_REFRESH_MARGIN_SECONDS)
        self.session.set(self.access_token_key, token, ttl)
        return token

    def call(self, path: str, data: dict) -> dict | requests.Response:
        """POST to a path under the base URL; a refused token is replaced once.

        An answer that is not JSON, as a picture is, comes back as it is.
        """
        token = self.access_token
        try:
            return self._post_with(token, path, data)
        except WeChatClientException as error:
            if error.errcode not in TOKEN_REFUSED:
                raise
            # Another worker may have fetched a newer one already: drop only the refused token.
            if self.session.get(self.access_token_key) == token:
                self.session.delete(self.access_token_key)
            return self._post_with(self.access_token, path, data)

    def exchange_login_code(self, code: str) -> dict:
        """Who is behind a code of `wx.login`."""
        return self._exchange("/sns/jscode2session", js_code=code)

    def exchange_web_code(self, code: str) -> dict:
        """Who is behind a code that WeChat sent back to a web page."""
        return self._exchange("/sns/oauth2/access_token", code=code)

    def _exchange(self, path: str, **code: str) -> dict:
        """One of the calls that need no access token."""
        answer = self._http.get(
            f"{self._base_url}{path}",
            params={
                "appid": self.appid,
                "secret": self.secret,
                **code,
                "grant_type": "authorization_code",
            },
        )
        answer.raise_for_status()
        return self._handle_result(answer)

    def _post_with(self, token: str, path: str, data: dict) -> dict:
        return self.post(f"{self._base_url}{path}", params={"access_token": token}, data=data)


class Gateway:
    """How WeChat is asked, and its answers and refusals are read."""

    def _ask_for_fields(self, call: Callable, refusals: Refusals) -> dict:
        answer = self._ask(call, refusals)
        if not isinstance(answer, dict):
            raise _nonsense("an answer", answer)
        return answer

    def _ask(self, call: Callable, refusals: Refusals) -> object:
        try:
            return call()
        except requests.Timeout:
            raise Unavailable("wechat_timeout", retry_after=5) from None
        except requests.RequestException as error:
            log.warning("WeChat cannot be reached: %s", type(error).__name__)
            raise Unavailable("wechat_unreachable", retry_after=10) from None
        except WeChatClientException as error:
            raise _refusal(error, refusals) from None
        except (KeyError, TypeError, ValueError):
            raise _nonsense("stable_token", None) from None

    def _read_user(self, what: str, answer: dict) -> WeChatUser:
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if not _is_text(openid, LONGEST_OPENID) or not isinstance(unionid, str | None):
            raise _nonsense(what, answer)
        return WeChatUser(openid, unionid)


class WeChatGateway(Gateway):
    """What Sain asks of WeChat for the mini-program.

    Every method raises Unavailable when WeChat is slow, down, answers nonsense or refuses us, and
    Limited when it asks us to slow down. `timeout` is in seconds, for connecting and then for the
    whole answer. `env_version` is the version of the mini-program that codes open.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        base_url: str,
        redis: Redis,
        timeout: float,
        env_version: str = "release",
    ) -> None:
        self.appid = appid
        self.env_version = env_version
        self._client = StableTokenClient(
            appid, secret, base_url=base_url, storage=TokenStorage(redis), timeout=timeout
        )

    def exchange_login_code(self, code: str) -> WeChatUser:
        """The user behind a `wx.login` code; the session key is dropped unread.

        Raises Invalid for a code that is used, expired or another app's, and Forbidden for one
        that WeChat blocks as high-risk.
        """
        answer = self._ask_for_fields(
            lambda: self._client.exchange_login_code(code), LOGIN_REFUSALS
        )
        return self._read_user("jscode2session", answer)

    def exchange_phone_code(self, code: str) -> str:
        """The phone number behind a `getPhoneNumber` code, in E.164 form (+8613800000000)."""
        answer = self._ask_for_fields(
            lambda: self._client.call("/wxa/business/getuserphonenumber", {"code": code}),
            PHONE_REFUSALS,
        )
        phone = answer.get("phone_info")
        if not isinstance(phone, dict):
            raise _nonsense("getuserphonenumber", answer)
        # The country code is documented as text and seen as a number.
        country, number = str(phone.get("countryCode")), phone.get("purePhoneNumber")
        digits = f"{country}{number}"
        if not _is_text(number, LONGEST_PHONE) or not (digits.isascii() and digits.isdecimal()):
            raise _nonsense("getuserphonenumber", answer)
        return f"+{digits}"

    def make_code(self, *, scene: str, page: str) -> bytes:
        """A mini-program code, as a PNG, that opens `page` with `scene`.

        `scene` is at most 32 ASCII letters, digits and a few signs; `page` has no leading slash and
        must be in the released mini-program, else this raises Unavailable. Other versions are not
        checked for it.
        """
        asked = {
            "scene": scene,
            "page": page,
            "width": CODE_WIDTH,
            "env_version": self.env_version,
            "check_path": self.env_version == "release",
        }
        answer = self._ask(
            lambda: self._client.call("/wxa/getwxacodeunlimit", asked), CODE_REFUSALS
        )
        picture = to_png(answer.content) if isinstance(answer, requests.Response) else None
        if picture is None:
            raise _nonsense("getwxacodeunlimit", answer)
        return picture

    def send_subscribe_message(
        self, *, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> MessageAnswer:
        """Have a subscribe message sent; `data` are the values of the template's keys.

        Unlike the other methods it raises nothing: whoever sends must know what is certain.
        """
        return hand_over(
            self._client,
            {
                "touser": openid,
                "template_id": template_id,
                "page": page,
                "miniprogram_state": PROGRAM_STATES[self.env_version],
                "lang": "zh_CN",
                "data": {key: {"value": value} for key, value in data.items()},
            },
        )

    def check_media(self, *, media_url: str, openid: str, scene: int) -> str:
        """Have a picture looked at; returns the trace id under which the answer is pushed later.

        `media_url` is public, of at most 10 MB. Raises Forbidden for somebody who has not been in
        the mini-program for two hours.
        """
        asked = {
            "media_url": media_url,
            "media_type": MEDIA_TYPE_IMAGE,
            "version": 2,
            "scene": scene,
            "openid": openid,
        }
        answer = self._ask_for_fields(
            lambda: self._client.call("/wxa/media_check_async", asked), MEDIA_REFUSALS
        )
        trace_id = answer.get("trace_id")
        if not _is_text(trace_id, LONGEST_TRACE_ID):
            raise _nonsense("media_check_async", answer)
        return trace_id

    def check_text(self, *, content: str, openid: str, scene: int) -> TextVerdict:
        """What WeChat thinks of a text of at most 2,500 characters: pass, review or risky.

        `scene` is 1 profile, 2 comment, 3 forum, 4 social log. Raises Forbidden for somebody who
        has not been in the mini-program for two hours.
        """
        asked = {"content": content, "version": 2, "scene": scene, "openid": openid}
        answer = self._ask_for_fields(
            lambda: self._client.call("/wxa/msg_sec_check", asked), TEXT_REFUSALS
        )
        result = answer.get("result")
        suggest = result.get("suggest") if isinstance(result, dict) else None
        if suggest not in get_args(TextVerdict):
            raise _nonsense("msg_sec_check", answer)
        return suggest

    def get_risk_rank(self, *, openid: str, address: str) -> int:
        """How risky WeChat thinks somebody is, from 0 to 4; the scene is cheating in marketing.

        Raises Forbidden for somebody who has not been in the mini-program for two hours, and
        Unavailable("wechat_api_unauthorized") where the account has not opened this interface.
        """
        asked = {"appid": self.appid, "openid": openid, "scene": 1, "client_ip": address}
        answer = self._ask_for_fields(
            lambda: self._client.call("/wxa/getuserriskrank", asked), RISK_REFUSALS
        )
        rank = answer.get("risk_rank")
        if type(rank) is not int or not 0 <= rank <= HIGHEST_RISK:
            raise _nonsense("getuserriskrank", answer)
        return rank


LOGIN_REFUSALS = {
    40029: lambda: Invalid("wechat_code_invalid"),
    40163: lambda: Invalid("wechat_code_used"),
    40226: lambda: Forbidden("wechat_user_blocked"),
}
PHONE_REFUSALS = {
    40013: lambda: Invalid("wechat_code_invalid"),
    40029: lambda: Invalid("wechat_code_invalid"),
}
MEDIA_REFUSALS = {
    # The same picture is being looked at.
    87020: lambda: Limited("wechat_busy", retry_after=60),
    61010: lambda: Forbidden("wechat_visit_required"),
}
TEXT_REFUSALS = {
    61010: lambda: Forbidden("wechat_visit_required"),
}
RISK_REFUSALS = {
    48001: lambda: Unavailable("wechat_api_unauthorized", retry_after=3600),
    61010: lambda: Forbidden("wechat_visit_required"),
}
CODE_REFUSALS = {
    41030: lambda: Unavailable("wechat_page_unpublished", retry_after=300),
}


def _refusal(error: WeChatClientException, refusals: Refusals) -> ServiceError:
    if error.errcode in refusals:
        return refusals[error.errcode]()
    if error.errcode in RATE_REFUSED:
        return Limited("wechat_busy", retry_after=60)
    if error.errcode in MISCONFIGURED:
        log.error("WeChat refuses our settings: errcode %s", error.errcode)
        return Unavailable("wechat_misconfigured", retry_after=300)
    log.warning("WeChat answered errcode %s", error.errcode)
    return Unavailable("wechat_unreachable", retry_after=10)


def _nonsense(what: str, answer: object) -> Unavailable:
    log.warning("WeChat's answer to %s makes no sense: a %s", what, type(answer).__name__)
    return Unavailable("wechat_bad_answer", retry_after=10)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest
