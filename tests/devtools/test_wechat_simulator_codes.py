"""Mini-program codes and links."""

import struct

import pytest

from devtools.wechat_simulator import DEFAULT_APPID

UNLIMITED = "/wxa/getwxacodeunlimit"
LINK = "/wxa/generate_urllink"
SCHEME = "/wxa/generatescheme"
NOW = 1_800_000_000


def ask(weixin, path, body):
    return weixin.post(path, body, access_token=weixin.token())


def errcode(answer):
    """0 for a picture; an error must say it is JSON."""
    if answer.headers["Content-Type"].startswith("image/"):
        return 0
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    return answer.json()["errcode"]


def jpeg_size(data):
    """Width and height from the frame header, walking the segments as a decoder does."""
    position = 2
    while data[position + 1] != 0xC0:
        position += 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]
    height, width = struct.unpack(">HH", data[position + 5 : position + 9])
    return width, height


def test_success_is_a_jpeg_of_the_asked_width(weixin):
    answer = ask(weixin, UNLIMITED, {"scene": "a=1", "page": "pages/index/index", "width": 300})
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer.content.endswith(b"\xff\xd9")
    assert jpeg_size(answer.content) == (300, 300)
    assert jpeg_size(ask(weixin, UNLIMITED, {"scene": "a"}).content) == (430, 430)


def test_a_transparent_code_is_a_png(weixin):
    answer = ask(weixin, UNLIMITED, {"scene": "a", "is_hyaline": True})
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"scene": "x" * 32}, 0),
        ({"scene": "x" * 33}, 40169),
        ({"scene": "0aZ!#$&'()*+,/:;=?@-._~"}, 0),
        ({"scene": ""}, 40129),
        ({"scene": "100%"}, 40129),
        ({"scene": "中"}, 40129),
        ({"scene": "a b"}, 40129),
        ({"scene": 7}, 40129),
        ({"scene": "scancode_time=1"}, 85096),
        ({"page": "/pages/index/index"}, 41030),
        ({"page": "pages/index/index?a=1"}, 41030),
        ({"page": "/pages/index/index", "check_path": False}, 41030),
        ({"page": "pages/new/index"}, 41030),
        ({"page": "pages/new/index", "check_path": False}, 0),
        ({"page": "pages/new/index", "env_version": "trial"}, 0),
        ({"env_version": "beta"}, 40097),
        ({"check_path": "no"}, 40097),
        ({"width": 279}, 40097),
        ({"width": 280}, 0),
        ({"width": 1280}, 0),
        ({"width": 1281}, 40097),
        ({"auto_color": 1}, 40097),
        ({"line_color": {"r": 0, "g": "0", "b": 255}}, 0),
        ({"line_color": {"r": 0, "g": 0, "b": 256}}, 40097),
        ({"line_color": {"r": 0}}, 40097),
    ],
)
def test_unlimited_arguments(weixin, change, expected):
    assert errcode(ask(weixin, UNLIMITED, {"scene": "a", **change})) == expected


def test_a_body_that_is_not_json_is_40169_here(weixin):
    assert errcode(ask(weixin, UNLIMITED, b"scene=a")) == 40169


@pytest.mark.parametrize("path", ["/wxa/getwxacode", "/cgi-bin/wxaapp/createwxaqrcode"])
def test_codes_with_a_path(weixin, path):
    assert errcode(ask(weixin, path, {"path": "pages/index/index?a=1"})) == 0
    assert errcode(ask(weixin, path, {"path": "p" * 1024})) == 0
    assert errcode(ask(weixin, path, {"path": "p" * 1025})) == 40159
    assert errcode(ask(weixin, path, {"path": "/pages/index/index"})) == 40159
    assert errcode(ask(weixin, path, {})) == 40159


def test_codes_with_a_path_share_100_000_for_ever(weixin):
    weixin.control("/quotas", path="/wxa/getwxacode", window="total", used=99_999)
    body = {"path": "pages/index/index"}
    assert errcode(ask(weixin, "/cgi-bin/wxaapp/createwxaqrcode", body)) == 0
    weixin.advance(400 * 86_400)
    assert weixin.call("/cgi-bin/clear_quota", {"appid": DEFAULT_APPID})["errcode"] == 0
    assert errcode(ask(weixin, "/wxa/getwxacode", body)) == 45029


def test_a_url_link(weixin):
    answer = weixin.call(LINK, {"path": "/pages/index/index", "query": "a=1"})
    assert answer["errcode"] == 0
    assert answer["url_link"].startswith("https://wxaurl.cn/")


def test_a_scheme(weixin):
    target = {"path": "pages/index/index", "query": ""}
    answer = weixin.call(SCHEME, {"jump_wxa": target})
    assert answer["errcode"] == 0
    assert answer["openlink"].startswith("weixin://dl/business/?t=")


TARGETS = [
    ({}, 0),
    ({"path": "pages/new/index"}, 40165),
    ({"path": 5}, 40165),
    ({"path": "pages/new/index", "env_version": "develop"}, 0),
    ({"query": "q" * 1024}, 0),
    ({"query": "q" * 1025}, 40212),
    ({"env_version": "beta"}, 85402),
]


@pytest.mark.parametrize(("target", "expected"), TARGETS)
def test_targets_follow_the_same_rules(weixin, target, expected):
    assert weixin.call(LINK, {"is_expire": True, **target})["errcode"] == expected
    assert weixin.call(SCHEME, {"jump_wxa": target})["errcode"] == expected


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        ({"expire_type": 0, "expire_time": NOW + 59}, 85401),
        ({"expire_type": 0, "expire_time": NOW + 60}, 0),
        ({"expire_type": 0, "expire_time": NOW + 30 * 86_400}, 0),
        ({"expire_time": NOW + 30 * 86_400 + 1}, 85401),
        ({"expire_type": 1, "expire_interval": 1}, 0),
        ({"expire_type": 1, "expire_interval": 30}, 0),
        ({"expire_type": 1, "expire_interval": 31}, 85401),
        ({"expire_type": 1}, 85401),
        ({"expire_type": 2}, 85401),
    ],
)
def test_expiry(weixin, expiry, expected):
    assert weixin.call(LINK, {"path": "", **expiry})["errcode"] == expected
    assert weixin.call(SCHEME, {"is_expire": True, **expiry})["errcode"] == expected
    assert weixin.call(SCHEME, {"is_expire": False, **expiry})["errcode"] == 0


def test_a_mini_program_without_a_release_has_no_links(weixin):
    weixin.control("/apps", appid=DEFAULT_APPID, published_pages=[])
    assert weixin.call(LINK, {"path": ""})["errcode"] == 85079


def test_links_and_schemes_share_a_day(weixin):
    weixin.control("/quotas", path=LINK, window="day", used=500_000)
    assert weixin.call(SCHEME, {"jump_wxa": {}})["errcode"] == 44993


def test_links_are_limited_per_second(weixin):
    weixin.control("/quotas", path=LINK, window="second", used=100)
    assert weixin.call(LINK, {"path": ""})["errcode"] == 44990
    weixin.advance(1)
    assert weixin.call(LINK, {"path": ""})["errcode"] == 0
