"""The official account by which people sign in outside the mini-program, over wechatpy.

Only people inside WeChat's own browser can do that; WeChat tells anybody else to open it there.
"""

from urllib.parse import urlencode

from wechatpy.session.memorystorage import MemoryStorage

from services.errors import Forbidden
from services.wechat import LOGIN_REFUSALS, Gateway, StableTokenClient, WeChatUser

# The scope that brings the unionid; WeChat asks the person before.
SCOPE = "snsapi_userinfo"


class OfficialAccount(Gateway):
    """What Sain asks of WeChat for an official account (网页授权). Raises as WeChatGateway does.

    `page` is where WeChat sends people back to; its host is configured in WeChat's console.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        base_url: str,
        open_url: str,
        page: str,
        timeout: float,
    ) -> None:
        self.appid = appid
        self._open_url = open_url.rstrip("/")
        self._page = page
        # No call of ours needs an access token of this account, so there is none to share.
        self._client = StableTokenClient(
            appid, secret, base_url=base_url, storage=MemoryStorage(), timeout=timeout
        )

    def sign_in_address(self, *, state: str) -> str:
        """The page of WeChat that asks the person and sends them back with `code` and `state`."""
        # WeChat compares the order of the parameters, and wants the fragment.
        asked = {
            "appid": self.appid,
            "redirect_uri": self._page,
            "response_type": "code",
            "scope": SCOPE,
            "state": state,
        }
        return f"{self._open_url}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def exchange_code(self, code: str) -> WeChatUser:
        """The person behind a code, whose unionid is always known.

        This account knows them by another openid than the mini-program does; the unionid alone
        tells that they are one person with one vote. Raises as WeChatGateway.exchange_login_code
        does, and Forbidden for who has no unionid and for the stand-in that WeChat invents for
        somebody who looks at a snapshot of the page.
        """
        answer = self._ask_for_fields(lambda: self._client.exchange_web_code(code), LOGIN_REFUSALS)
        if answer.get("is_snapshotuser"):
            raise Forbidden("wechat_snapshot_page")
        user = self._read_user("sns/oauth2/access_token", answer)
        if not user.unionid:
            raise Forbidden("wechat_unionid_missing")
        return user
