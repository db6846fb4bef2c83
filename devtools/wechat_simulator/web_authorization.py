"""Signing in on a web page through an official account. WeChat: 网页授权.

The page on which people agree is WeChat's own; this one says that it is not, and asks who one
wants to be.
"""

import secrets
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Response, redirect

from .endpoint import Call, api, identify_app
from .errors import ApiError
from .limits import spend
from .people import PEOPLE, Person, somebody_new
from .sessions import mint_code, redeem_code
from .state import User, WeChatApp

PAGE_PATH = "/connect/oauth2/authorize"
CHOICE_PATH = "/connect/oauth2/choose"
BASE, USERINFO = "snsapi_base", "snsapi_userinfo"
TOKEN_SECONDS = 7200
NEW = "new"


class PageError(Exception):
    """What WeChat shows instead of its page: a number and a few words."""


@api(PAGE_PATH, "GET", needs_token=False)
def show_page(call: Call) -> Response:
    """WeChat: 10003 address of another domain, 10005 scope, 10010 to 10012 missing, 10016 appid."""
    try:
        app = _check_request(call)
    except PageError as error:
        return _page("无法登录", f'<p class="error">{escape(str(error))}</p>')
    return _page("微信登录", _choices(call, app))


@api(CHOICE_PATH, "GET", needs_token=False)
def choose(call: Call) -> Response:
    """Back to where one came from: with a code, or without one after refusing."""
    try:
        app = _check_request(call)
    except PageError as error:
        return _page("无法登录", f'<p class="error">{escape(str(error))}</p>')
    answer = {"state": call.query.get("state", "")}
    if key := call.query.get("person"):
        person = PEOPLE.get(key) or somebody_new()
        answer = {"code": _mint(call, app, person)} | answer
    return redirect(_with_query(call.query["redirect_uri"], answer))


@api("/sns/oauth2/access_token", "GET", needs_token=False, content_type="text/plain")
def exchange_web_code(call: Call) -> dict:
    """The person behind a code that a web page got; the unionid only if they were asked."""
    if call.query.get("grant_type") != "authorization_code":
        raise ApiError(40002)
    app = identify_app(call.state, call.query.get("appid"), call.query.get("secret"))
    spend(call.state, app, call.endpoint.path, call.endpoint.limits)
    code = redeem_code(call, app, call.state.web_codes, "code")
    user = app.user(code.openid)
    answer = {
        "access_token": f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(60)}",
        "expires_in": TOKEN_SECONDS,
        "refresh_token": f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(60)}",
        "openid": user.openid,
        "scope": code.scope,
    }
    if code.is_snapshot:
        return {**answer, "is_snapshotuser": 1, "unionid": f"u-snapshot-{secrets.token_hex(8)}"}
    return {**answer, "unionid": user.unionid} if _tells_unionid(user, code.scope) else answer


def _tells_unionid(user: User, scope: str) -> bool:
    return user.unionid is not None and scope == USERINFO


def _check_request(call: Call) -> WeChatApp:
    """The app whose page was asked for; raises PageError in WeChat's words."""
    query = call.query
    for name, number in (("appid", 10012), ("redirect_uri", 10011), ("scope", 10010)):
        if not query.get(name):
            raise PageError(f"{name} 不能为空（错误码 {number}）")
    app = call.state.apps.get(query["appid"])
    if app is None:
        raise PageError("appid 参数错误（错误码 10016）")
    if query.get("response_type") != "code" or query["scope"] not in (BASE, USERINFO):
        raise PageError("scope 参数错误或没有 scope 权限（错误码 10005）")
    address = urlsplit(query["redirect_uri"])
    if address.scheme not in ("http", "https") or address.hostname not in app.oauth_domains:
        raise PageError("redirect_uri 参数错误：不在网页授权域名里（错误码 10003）")
    return app


def _mint(call: Call, app: WeChatApp, person: Person) -> str:
    openid = person.visit(app).openid
    scope = call.query["scope"]
    return mint_code(call.state, call.state.web_codes, app, openid=openid, scope=scope).code


def _with_query(address: str, added: dict[str, str]) -> str:
    scheme, host, path, query, fragment = urlsplit(address)
    query = "&".join(filter(None, (query, urlencode(added))))
    return urlunsplit((scheme, host, path, query, fragment))


def _choices(call: Call, app: WeChatApp) -> str:
    asked = {name: call.query.get(name, "") for name in ("appid", "redirect_uri", "scope", "state")}
    asked["response_type"] = "code"

    def link(person: str) -> str:
        return escape(f"{CHOICE_PATH}?{urlencode(asked | {'person': person})}")

    people = "".join(
        f'<li><a class="person" href="{link(person.key)}">'
        f"<b>{escape(person.name)}</b><span>{escape(person.about)}</span></a></li>"
        for person in PEOPLE.values()
    )
    host = escape(urlsplit(call.query["redirect_uri"]).netloc)
    return (
        f"<p>登录 <b>{host}</b>（{escape(app.appid)}），您想当谁？</p><ul>{people}"
        f'<li><a class="person" href="{link(NEW)}"><b>新的微信用户</b>'
        f"<span>每次都是没来过的人</span></a></li></ul>"
        f'<a class="cancel" href="{link("")}">取消</a>'
    )


def _page(title: str, content: str) -> Response:
    html = PAGE.format(title=title, content=content)
    return Response(html, content_type="text/html; charset=utf-8")


PAGE = """\
<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}（微信模拟器）</title>
<style>
  :root {{ color-scheme: light dark; --page: #f5f7f4; --card: #fff; --text: #1c2320;
    --note: #4a5551; --line: #dde3df; --main: #14664f; --warm: #fceedc; --warm-text: #8a4604; }}
  @media (prefers-color-scheme: dark) {{ :root {{ --page: #121715; --card: #1b221f;
    --text: #e8edea; --note: #b4bfba; --line: #2c3531; --main: #5fc2a0; --warm: #3a2a14;
    --warm-text: #f0a458; }} }}
  * {{ box-sizing: border-box; }}
  body {{ margin: 0 auto; max-width: 420px; min-height: 100vh; padding: 24px 16px 32px;
    background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }}
  h1 {{ margin: 16px 0 8px; font-size: 22px; }}
  .not-wechat {{ margin: 0; padding: 12px 16px; border-radius: 12px; background: var(--warm);
    color: var(--warm-text); }}
  ul {{ margin: 16px 0; padding: 0; list-style: none; }}
  li + li {{ margin-top: 8px; }}
  a {{ display: block; color: inherit; text-decoration: none; }}
  .person {{ min-height: 60px; padding: 8px 16px; border: 1px solid var(--line);
    border-radius: 12px; background: var(--card); }}
  .person b {{ display: block; font-size: 18px; color: var(--main); }}
  .person span {{ color: var(--note); font-size: 14px; }}
  .cancel {{ padding: 12px; border: 1px solid var(--line); border-radius: 8px;
    text-align: center; color: var(--note); }}
  a:focus-visible {{ outline: 3px solid var(--main); outline-offset: 2px; }}
  .error {{ font-size: 18px; }}
</style>
<p class="not-wechat">这里是开发用的<b>微信模拟器</b>，不是微信。下面的人都是虚构的。</p>
<h1>{title}</h1>
{content}
</html>
"""
