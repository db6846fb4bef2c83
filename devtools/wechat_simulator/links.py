"""Links that open the mini-program from outside. WeChat: generateUrlLink, generateScheme."""

import secrets

from .endpoint import Call, api, is_whole_number, ok
from .errors import ApiError
from .limits import Limit

DAY = 86_400
ENVIRONMENTS = ("release", "trial", "develop")
LINK_LIMITS = (Limit(100, "second", 44990), Limit(500_000, "day", 44993, group="links"))


@api("/wxa/generate_urllink", limits=LINK_LIMITS)
def generate_url_link(call: Call) -> dict:
    """WeChat: 40165 path, 40212 query, 85079, 85401 time, 85402 environment, 40002."""
    _check_target(call, call.body)
    _check_expiry(call)
    return ok(url_link=f"https://wxaurl.cn/{secrets.token_urlsafe(8)}")


@api("/wxa/generatescheme", limits=LINK_LIMITS)
def generate_scheme(call: Call) -> dict:
    """The same rules; the target is in `jump_wxa` and an expiry needs `is_expire`."""
    target = call.body.get("jump_wxa", {})
    if not isinstance(target, dict):
        raise ApiError(47001)
    _check_target(call, target)
    if call.body.get("is_expire", False):
        _check_expiry(call)
    return ok(openlink=f"weixin://dl/business/?t={secrets.token_urlsafe(9)}")


def _check_target(call: Call, target: dict) -> None:
    environment = target.get("env_version", "release")
    if environment not in ENVIRONMENTS:
        raise ApiError(85402)
    if environment == "release" and not call.app.published_pages:
        raise ApiError(85079)
    path, query = target.get("path", ""), target.get("query", "")
    if not isinstance(path, str) or not _is_page(call, path, environment):
        raise ApiError(40165)
    if not isinstance(query, str) or len(query) > 1024:
        raise ApiError(40212)


def _is_page(call: Call, path: str, environment: str) -> bool:
    """An empty path is the home page; these two APIs accept a leading slash."""
    if not path:
        return True
    return environment != "release" or path.removeprefix("/") in call.app.published_pages


def _check_expiry(call: Call) -> None:
    """Type 0 is a moment from one minute to 30 days ahead, type 1 a number of days up to 30."""
    kind = call.body.get("expire_type", 0)
    if kind == 1:
        valid = is_whole_number(call.body.get("expire_interval"), 1, 30)
    elif kind == 0 and "expire_time" in call.body:
        now = call.now()
        valid = is_whole_number(call.body["expire_time"], now + 60, now + 30 * DAY)
    else:
        valid = kind == 0
    if not valid:
        raise ApiError(85401)
