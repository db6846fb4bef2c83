"""Mini-program codes. WeChat: getUnlimitedQRCode, getQRCode, createQRCode."""

import re

from flask import Response

from .endpoint import Call, api, is_whole_number
from .errors import ApiError
from .images import grey_jpeg, transparent_png
from .limits import Limit

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
ENVIRONMENTS = ("release", "trial", "develop")
UNLIMITED_LIMITS = (Limit(5000, "minute"),)
# The two kinds with a path share one allowance for the life of the mini-program.
LIMITED_LIMITS = (Limit(100_000, "total", 45029, group="codes with a path"),)


@api("/wxa/getwxacodeunlimit", limits=UNLIMITED_LIMITS, format_errcode=40169)
def make_unlimited_code(call: Call) -> Response:
    """WeChat: 40169 scene length, 40129 scene characters, 41030 page, 40097, 85096."""
    _check_scene(call)
    environment = call.body.get("env_version", "release")
    if environment not in ENVIRONMENTS:
        raise ApiError(40097)
    _check_page(call, environment)
    return _picture(call)


def _check_scene(call: Call) -> None:
    scene = call.text("scene", 40129)
    if len(scene) > 32:
        raise ApiError(40169)
    if not SCENE.fullmatch(scene):
        raise ApiError(40129)
    if "scancode_time" in scene:
        raise ApiError(85096)


def _check_page(call: Call, environment: str) -> None:
    """No leading slash, no query; check_path (on by default) asks for a published page."""
    page = call.body.get("page")
    check_path = call.body.get("check_path", True)
    if not isinstance(check_path, bool):
        raise ApiError(40097)
    if page is None or page == "":
        return
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise ApiError(41030)
    if check_path and environment == "release" and page not in call.app.published_pages:
        raise ApiError(41030)


@api("/wxa/getwxacode", limits=LIMITED_LIMITS)
def make_code(call: Call) -> Response:
    """WeChat: 40159 path, 45029 after 100 000 codes together with createwxaqrcode."""
    _check_path(call)
    return _picture(call)


@api("/cgi-bin/wxaapp/createwxaqrcode", limits=LIMITED_LIMITS)
def make_square_code(call: Call) -> Response:
    """The older square code, out of the same allowance."""
    _check_path(call)
    return _picture(call)


def _check_path(call: Call) -> None:
    path = call.text("path", 40159)
    if len(path) > 1024 or path.startswith("/"):
        raise ApiError(40159)


def _picture(call: Call) -> Response:
    width = call.body.get("width", 430)
    is_hyaline = call.body.get("is_hyaline", False)
    switches = (call.body.get("auto_color", False), is_hyaline)
    if not is_whole_number(width, 280, 1280) or not all(isinstance(on, bool) for on in switches):
        raise ApiError(40097)
    _check_line_color(call.body.get("line_color"))
    if is_hyaline:
        return Response(transparent_png(width), content_type="image/png")
    return Response(grey_jpeg(width), content_type="image/jpeg")


def _check_line_color(color: object) -> None:
    """{"r","g","b"}, each 0-255 as a number or as digits, which the documents use both."""
    if color is None:
        return
    if not isinstance(color, dict) or set(color) != {"r", "g", "b"}:
        raise ApiError(40097)
    for part in color.values():
        if not re.fullmatch(r"\d{1,3}", str(part)) or int(part) > 255:
            raise ApiError(40097)
