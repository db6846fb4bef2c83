"""The value rules of subscribe-message templates, type by type."""

import pytest

from devtools.wechat_simulator.state import Template
from devtools.wechat_simulator.template_rules import accepts, value_type

GOOD = {
    "thing": ["a", "字" * 20, "Mongol ᠮᠣᠩᠭᠣᠯ 1!", "好消息🎉", "🎉" * 10, "中间 有空格"],
    "number": ["0", "12.50", "9" * 32],
    "letter": ["A", "abcXYZ", "z" * 32],
    "symbol": ["!", "——", "¥%&", "。,、;:"],
    "character_string": ["A-1_2#", "x" * 32, "2027/01-16~!"],
    "time": [
        "09:30",
        "9:30",
        "23:59:59",
        "2027年1月16日 09:30",
        "2027-01-16 09:30:00",
        "09:30~11:00",
        "2027年1月16日 09:30~2027年1月16日 11:00",
    ],
    "date": [
        "2027年1月16日",
        "2027年01月",
        "1月16日",
        "2027-01-16",
        "2027/1/16",
        "2027.01.16",
        "2027年1月16日 09:30",
        "2027-01-16~2027-01-18",
    ],
    "amount": ["100", "\uffe5100", "¥100.50", "$3", "100元", "¥9999999999"],
    "phone_number": ["13800138000", "+86-0471-1234567"],
    "car_number": ["蒙A12345", "蒙A1234警", "A12345", "蒙AD12345"],
    "name": ["乌兰", "阿拉坦·其其格", "John Smith-Lee", "王Ann", "囍" * 10, "𠮷田"],
    "phrase": ["已确认", "待", "五个汉字吧"],
    "enum": ["通知"],
}
BAD = {
    "thing": [
        "字" * 21,
        "🎉" * 11,
        " 前有空格",
        "换\n行",
        "制\t表",
        "\x00",
        "\u2028",
        "  ",
        "\ud83c",
    ],
    "number": ["1,000", "一", "9" * 33, "-1", "1.", "٣", "1🎉"],
    "letter": ["a1", "z" * 33, "é", "a b"],
    "symbol": ["a", "1", "!" * 6, "🎉", "中", "! !"],
    "character_string": ["编号1", "x" * 33, "a b", "é", "a🎉"],
    "time": ["24:00", "09:60", "9点", "2027-13-01 09:00", "2027-01-16", "09:30~", "1:2~3:4~5:6"],
    "date": ["2027年13月1日", "2027-02-32", "09:30", "明天", "2027-01/16", "20270116"],
    "amount": ["¥", "¥12345678901", "12345678.901", "100人民币", "¥¥1", "一百"],
    "phone_number": ["1" * 18, "138abc", "电话"],
    "car_number": ["蒙A123456789", "A蒙12345", "蒙A-1234", "🚗"],
    "name": ["囍" * 11, "a" * 21, "王" + "a" * 10, "乌兰2", "🎉", "ᠣᠯᠠᠭᠠᠨ"],
    "phrase": ["六个汉字不行", "ok", "已 确认", "已确认!", "好🎉"],
    "enum": ["其他"],
}
TEMPLATE = Template("t", (), enums={"enum1": ["通知"]})


def cases(table):
    return [(kind, value) for kind, values in table.items() for value in values]


@pytest.mark.parametrize(("kind", "value"), cases(GOOD))
def test_accepted(kind, value):
    assert accepts(TEMPLATE, f"{kind}1", value)


@pytest.mark.parametrize(("kind", "value"), cases(BAD))
def test_refused(kind, value):
    assert not accepts(TEMPLATE, f"{kind}1", value)


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("value", ["", None, 5, ["a"], "a\nb", "\x7f"])
def test_refused_whatever_the_type(kind, value):
    assert not accepts(TEMPLATE, f"{kind}1", value)


def test_the_type_is_the_key_without_its_number():
    assert value_type("character_string13") == "character_string"
    assert value_type("thing") is None
    assert value_type("poem1") is None
