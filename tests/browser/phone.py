"""A citizen's phone: the mini-program as browsers get it, and as WeChat gets it.

The second is the build for WeChat on WeChat's component framework in Chromium
(miniprogram/tools/wxrun); what WeChat itself would do is asked of the simulator.
"""

import json
import mimetypes
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from playwright.sync_api import Locator, Page, Route, expect

from tests.wechat import WeChatControl

BUILT = Path(__file__).parents[2] / "miniprogram" / "dist" / "build"


@dataclass
class Phone:
    """What tests do with either build."""

    page: Page
    site: str
    wechat: WeChatControl
    person: str = field(default_factory=lambda: f"o-{secrets.token_hex(6)}")

    def button(self, name: str, *, exact: bool = False) -> Locator:
        """The buttons of this name on the page in front."""
        return self.page.get_by_role("button", name=name, exact=exact).filter(visible=True)

    def press(self, name: str, *, exact: bool = False) -> None:
        """Taps the first button of this name."""
        self.button(name, exact=exact).first.tap()

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name).filter(visible=True).first

    def text(self, words: str) -> Locator:
        return self.page.get_by_text(words).filter(visible=True).first

    def is_at_rest(self) -> None:
        """Waits until the page stands and nothing of it is loading any more."""
        expect(self.page.get_by_role("heading", level=1).filter(visible=True)).to_have_count(1)
        expect(self.page.locator("[aria-busy=true]").filter(visible=True)).to_have_count(0)

    def consent(self) -> None:
        """Agrees to the policy and signs in."""
        self.press("同意并继续")


@dataclass
class BrowserPhone(Phone):
    """The build for browsers, which the server has at /."""

    def open(self, path: str = "/pages/index/index") -> None:
        # An address that differs behind the # alone would not load the page anew.
        self.page.goto("about:blank")
        self.page.goto(f"{self.site}/#{path}")

    def reload(self) -> None:
        self.page.reload()

    def consent(self) -> None:
        """WeChat's page follows, on which somebody new signs in; then one is where one was."""
        super().consent()
        self.page.get_by_role("link", name="新的微信用户").tap()
        self.page.wait_for_url(f"{self.site}/**")


@dataclass
class WeChatPhone(Phone):
    """The build for WeChat."""

    def __post_init__(self) -> None:
        assert (BUILT / "wxrun/index.html").exists(), "python -m devtools.miniprogram tests"
        self.page.route(f"{self.site}/**", self._answer)

    def open(self, path: str = "/pages/index/index") -> None:
        page, _, query = path.lstrip("/").partition("?")
        given = f"path={page}&query={quote(query)}&openid={self.person}"
        self.page.goto(f"{self.site}/index.html?{given}")

    def reload(self) -> None:
        self.page.reload()

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/_wx/"):
            answer = self._as_wechat(path.removeprefix("/_wx/"), route.request.post_data_json)
            route.fulfill(json=answer)
        elif (file := BUILT / "wxrun" / path.lstrip("/")).is_file():
            media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=media_type)
        else:
            route.continue_()

    def _as_wechat(self, what: str, asked: dict) -> dict:
        if what == "login-code":
            return {"code": self.wechat.login_code(self.person)}
        if what == "phone-code":
            return {"code": self.wechat.phone_code(openid=self.person)}
        self.wechat.choose_subscription(self.person, asked["template_id"], asked["status"])
        return {}


PHONES: dict[str, type[Phone]] = {"browser": BrowserPhone, "wechat": WeChatPhone}


def remember(phone: BrowserPhone, **values: object) -> None:
    """Lets the browser start with what the mini-program would have kept on the device."""
    kept = {
        f"sain.{key}": json.dumps({"type": "string", "data": json.dumps(value)})
        for key, value in values.items()
    }
    phone.page.add_init_script(
        "if (origin !== 'null') "
        f"for (const [key, value] of Object.entries({json.dumps(kept)})) "
        "if (localStorage.getItem(key) === null) localStorage.setItem(key, value);"
    )
