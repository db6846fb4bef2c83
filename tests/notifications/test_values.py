"""Values for message templates: cut, cleaned, and always such as WeChat takes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.wechat_simulator.state import Template
from devtools.wechat_simulator.template_rules import accepts as wechat_accepts
from services.message_values import (
    FIT_MOMENT,
    FIT_TEXT,
    accepts,
    fit_date,
    fit_phrase,
    fit_thing,
    fit_time,
)

FAMILY = "👨‍👩‍👧‍👦"
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ ᠶᠢᠨ ᠡᠮᠴᠢ"


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("健康达人评选", "健康达人评选"),
        ("一" * 20, "一" * 20),
        ("一" * 21, "一" * 19 + "…"),
        ("一" * 5000, "一" * 19 + "…"),
        ("  两头的空格 ", "两头的空格"),
        ("第一行\n第二行\r\n第三行", "第一行 第二行 第三行"),
        ("有\t制表\x00符\x7f", "有 制表 符"),
        ("全角\u3000空格", "全角 空格"),
        ("零宽\u200b字符\ufeff", "零宽字符"),
        ("方向\u202e标记", "方向标记"),
        ("行\u2028分隔", "行 分隔"),
        ("半个\ud83d表情", "半个表情"),
        ("", "详情见小程序"),
        (" \n ", "详情见小程序"),
        ("\u200b", "详情见小程序"),
        # Each emoji takes two of the twenty.
        ("🌿" * 10, "🌿" * 10),
        ("🌿" * 11, "🌿" * 9 + "…"),
        # Not cut within what people see as one character.
        ("一" * 15 + FAMILY, "一" * 15 + "…"),
        (FAMILY + "一" * 15, FAMILY + "一" * 8 + "…"),
        ("👍🏽" * 6, "👍🏽" * 4 + "…"),
        ("e\u0301" * 12, "e\u0301" * 9 + "…"),
        ("a" + "\u0301" * 40, "详情见小程序"),
        # A space before the cut is dropped.
        ("一" * 18 + " 二三四", "一" * 18 + "…"),
        (MONGOLIAN[:20], MONGOLIAN[:20]),
        ("ᠡᠮᠨᠡᠯᠭᠡ\u202fᠶᠢᠨ", "ᠡᠮᠨᠡᠯᠭᠡ\u202fᠶᠢᠨ"),
        ("ᠰᠠᠷ\u180eᠠ", "ᠰᠠᠷ\u180eᠠ"),
    ],
)
def test_things(text, fitted):
    assert fit_thing(text) == fitted


def test_mongolian_is_cut_after_a_whole_letter():
    fitted = fit_thing(MONGOLIAN)
    assert fitted.endswith("…")
    assert MONGOLIAN.startswith(fitted[:-1])
    assert len(fitted) <= 20


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("已公布", "已公布"),
        ("比文化传播（进校园）", "比文化传播"),
        ("第 3 名", "第名"),
        ("OK", "见详情"),
        ("", "见详情"),
        ("ᠮᠣᠩᠭᠣᠯ", "见详情"),
        ("𠀀𠀁𠀂𠀃𠀄𠀅", "𠀀𠀁𠀂𠀃𠀄"),
    ],
)
def test_phrases(text, fitted):
    assert fit_phrase(text) == fitted


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        # The last minute of a day in Asia/Shanghai, and the first of the next.
        (datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), "2026年11月20日", "23:59"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "2026年11月21日", "00:00"),
        (datetime(2026, 12, 31, 16, 5, tzinfo=UTC), "2027年1月1日", "00:05"),
        (datetime(2026, 2, 28, 1, 2, tzinfo=UTC), "2026年2月28日", "09:02"),
    ],
)
def test_moments_are_those_of_shanghai(moment, day, time):
    assert fit_date(moment) == day
    assert fit_time(moment) == f"{day} {time}"


@given(st.text())
def test_wechat_takes_every_fitted_text(text):
    for kind, fit in FIT_TEXT.items():
        assert wechat_accepts(Template("t", (f"{kind}1",)), f"{kind}1", fit(text)), text


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))
def test_wechat_takes_every_fitted_moment(moment):
    if moment.year > 9990:
        return
    for kind, fit in FIT_MOMENT.items():
        assert wechat_accepts(Template("t", (f"{kind}1",)), f"{kind}1", fit(moment)), moment


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("thing", "点开看榜单"),
        ("phrase", "已公布"),
        ("number", "12"),
        ("number", "3.5"),
        ("letter", "TCM"),
        ("symbol", "!!"),
        ("character_string", "2026Q4"),
        ("time", "09:30"),
        ("time", "2026年11月20日 09:30"),
        ("date", "2026年11月20日"),
        ("date", "2026-11-20"),
        ("amount", "¥12.50"),
        ("phone_number", "0477-12345678"),
        ("car_number", "蒙K12345"),
        ("name", "乌兰"),
        ("enum", "通知"),
    ],
)
def test_fixed_texts_of_the_right_form(kind, text):
    assert accepts(kind, text)
    template = Template("t", (f"{kind}1",), enums={"enum1": ["通知"]})
    assert wechat_accepts(template, f"{kind}1", text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("thing", ""),
        ("thing", " 空格在前"),
        ("thing", "一" * 21),
        ("thing", "🌿" * 11),
        ("thing", "两\n行"),
        ("phrase", "不止五个汉字"),
        ("phrase", "第1名"),
        ("number", "十二"),
        ("number", "１２"),
        ("letter", "T C M"),
        ("character_string", "含中文"),
        ("time", "25:00"),
        ("date", "昨天"),
        ("amount", "很多"),
    ],
)
def test_fixed_texts_of_the_wrong_form(kind, text):
    assert not accepts(kind, text)
