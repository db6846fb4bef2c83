"""What people send: values by kind, clear errors, and all that is tolerated."""

from datetime import UTC, date, datetime

import pytest

from server.messages import translate_row_error
from services.spreadsheets import Column, RowError, read_workbook
from services.spreadsheets.escaping import escape
from tests.spreadsheets.files import (
    NAME,
    errors_of,
    hand_written,
    refusal,
    sheet_of,
    table,
    values_of,
    with_parts,
    workbook,
)

KINDS = {"hospital": "蒙医医院", "clinic": "中医馆（综合）"}


def read_one(kind: str, *cells, **options) -> list:
    """The values of cells in a column of a kind, an error's code in place of a value."""
    column = Column("value", "值", kind=kind, **options)
    sheet = read_workbook(table(["编号", "值"], *(["x", cell] for cell in cells)), [column, ID])
    found = {row.number: row.values["value"] for row in sheet.rows}
    found |= {error.row: error.code for error in sheet.errors}
    return [found[number] for number in sorted(found)]


ID = Column("id", "编号")


def test_texts():
    # Written as numbers by people, read as what they see.
    assert read_one("text", 13812345678, 1.0, 0.1, -3, 1e-7, True, " 名 称 ", "　a\u00a0") == [
        "13812345678",
        "1",
        "0.1",
        "-3",
        "0.0000001",
        "是",
        "名 称",
        "a",
    ]
    assert read_one("text", "12345", "123456", max_length=5) == ["12345", "too_long"]
    assert read_one("text", 150102199001011234, "150102199001011234") == [
        "digits_lost",
        "150102199001011234",
    ]


def test_whole_numbers():
    assert read_one("whole", 5, -5, "12", "1,200", "１２", "3.0", "+4") == [
        5,
        -5,
        12,
        1200,
        12,
        3,
        4,
    ]
    assert set(read_one("whole", 1.5, "一", "1e3", "0x10", "--1")) == {"not_whole_number"}


def test_decimal_numbers():
    assert read_one("decimal", 109.98, "39.82", "１０９．５", -1, "1,200.50", "7.") == [
        109.98,
        39.82,
        109.5,
        -1.0,
        1200.5,
        7.0,
    ]
    assert set(read_one("decimal", "1e3", "nan", "inf", "1.2.3", ".", "北", "٣")) == {"not_number"}


@pytest.mark.parametrize("kind", ["whole", "decimal"])
def test_numbers_in_a_range(kind):
    cells = (-180, 180, -181, "181", 1e14)
    refused = ["out_of_range"] * 3
    assert read_one(kind, *cells, least=-180, most=180) == [-180, 180, *refused]


def test_lines():
    read = read_one("line", " 名称 ", "甲\n乙", "甲\x7f乙", "甲\t乙", "123456", max_length=5)
    assert read == ["名称", "not_one_line", "not_one_line", "甲\t乙", "too_long"]


def test_which_columns_are_absent():
    columns = [NAME, Column("day", "日期", kind="day"), ID]
    sheet = read_workbook(table(["编号", "姓名"], ["1", None]), columns)
    assert sheet.absent_columns == {"day"}
    assert sheet.rows[0].values == {"id": "1", "name": None, "day": None}


def test_days_and_moments():
    day = date(2026, 3, 5)
    typed = (
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026年3月5日",
        "２０２６－０３－０５",
        20260305,
        46086,
    )
    assert read_one("day", *typed) == [day] * 7
    assert set(read_one("day", "2026-02-30", "三月", "26-3-5", "0001-01-01", -1)) == {"not_day"}
    moment = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    typed = ("2026-03-05 09:30", "2026/3/5 9:30:00", "2026年3月5日 9时30分", "2026-03-05T09:30")
    assert read_one("moment", *typed) == [moment] * 4
    assert read_one("moment", "2026-03-05 25:00") == ["not_moment"]


def test_days_as_excel_counts_them():
    def fill(sheet, book):
        sheet.write_row(0, 0, ["编号", "值"])
        for row, number in enumerate((1, 59, 61, 46086.396, 2_958_465, 2_958_466), start=1):
            sheet.write_number(row, 1, number, book.add_format({"num_format": 14}))

    sheet = read_workbook(workbook(fill), [Column("value", "值", kind="day"), ID])
    assert values_of(sheet, "value") == [
        date(1900, 1, 1),
        date(1900, 2, 28),
        date(1900, 3, 1),
        date(2026, 3, 5),
        date(9999, 12, 31),
    ]
    assert errors_of(sheet) == [(7, "值", "not_day")]


def test_dates_in_a_column_of_texts_are_read_as_they_look():
    def fill(sheet, book):
        sheet.write_string(0, 0, "姓名")
        sheet.write_datetime(
            1, 0, date(2026, 3, 5), book.add_format({"num_format": "yyyy年m月d日"})
        )
        sheet.write_datetime(2, 0, datetime(2026, 3, 5, 9, 30), book.add_format({"num_format": 22}))
        sheet.write_number(3, 0, 5, book.add_format({"num_format": '[Red]0"天";General'}))

    assert values_of(read_workbook(workbook(fill), [NAME])) == [
        "2026-03-05",
        "2026-03-05 09:30",
        "5",
    ]
    assert values_of(read_workbook(workbook(fill, date_1904=True), [NAME]))[0] == "2026-03-05"


def test_choices_and_truths():
    assert read_one("choice", " 蒙医医院", "中医馆(综合)", choices=KINDS) == ["hospital", "clinic"]
    assert read_one("choice", "诊所", choices=KINDS) == ["not_choice"]
    assert read_one("yes_no", "是", "否", "Y", True, "√", "也许") == [
        True,
        False,
        True,
        True,
        True,
        "not_yes_no",
    ]


def test_errors_say_where_and_what_in_chinese():
    columns = [
        Column("name", "姓名", required=True),
        Column("kind", "类型", kind="choice", choices=KINDS),
    ]
    sheet = read_workbook(table(["姓名", "类型"], ["甲", ""], [], ["", "x"]), columns)
    assert [row.number for row in sheet.rows] == [2]
    assert sheet.errors == [
        RowError(4, "姓名", "required", {}),
        RowError(4, "类型", "not_choice", {"choices": "蒙医医院、中医馆（综合）"}),
    ]
    words = [translate_row_error(each.code, "zh-Hans", **each.details) for each in sheet.errors]
    assert words == ["不能为空。", "只能填：蒙医医院、中医馆（综合）。"]


def test_titles_are_found_in_any_order_and_under_a_heading():
    content = table(
        ["呼和浩特市名单"], ["备注", " 电　话*", "\n姓 名", "其他"], ["r", "1", "甲", "o"]
    )
    sheet = read_workbook(content, [NAME, Column("phone", "电话"), Column("fax", "传真")])
    assert sheet.rows[0].values == {"name": "甲", "phone": "1", "fax": None}
    assert sheet.rows[0].number == 3
    assert sheet.ignored_columns == ["备注", "其他"]


def test_missing_and_repeated_titles():
    columns = [NAME, Column("phone", "电话", required=True), Column("fax", "传真", required=True)]
    missing = refusal(table(["姓名"], ["甲"]), columns)
    assert (missing.code, missing.details) == (
        "spreadsheet_columns_missing",
        {"titles": "电话、传真"},
    )
    none_found = refusal(table(["a"], ["b"]), [NAME, columns[1]])
    assert none_found.details == {"titles": "姓名、电话"}
    assert refusal(table(["姓名", "姓名"], ["a", "b"])).code == "spreadsheet_columns_repeated"


@pytest.mark.parametrize(
    "rows", [[], [["姓名"]], [["姓名"], [" "], ["　"]], [["姓名"], ["【示例】甲"]]]
)
def test_empty(rows):
    assert refusal(table(*rows)).code == "spreadsheet_empty"


def test_too_many_rows_are_refused_and_blank_ones_not_counted():
    content = table(["姓名"], ["a"], [""], ["b"], [], ["c"])
    assert [row.number for row in read_workbook(content, [NAME], most_rows=3).rows] == [2, 4, 6]
    refused = refusal(content, most_rows=2)
    assert (refused.code, refused.details) == ("spreadsheet_too_many_rows", {"limit": 2})


def test_a_text_with_the_mark_of_the_example_is_read_once_escaped():
    content = table(["姓名"], ["【示例】甲"], [escape("【示例】乙")])
    assert values_of(read_workbook(content, [NAME])) == ["【示例】乙"]


def test_formulas_count_by_their_results():
    rows = (
        '<row r="2"><c r="A2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f></c></row>'
        '<row r="5"><c r="A5"><f>1+1</f><v/></c></row>'
        '<row r="6"><c r="A6" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="7"><c r="A7" t="str"><f>""</f><v></v></c></row>'
    )
    sheet = read_workbook(hand_written(rows), [NAME])
    assert values_of(sheet) == ["ab", "2", None]
    assert errors_of(sheet) == [
        (4, "姓名", "formula_without_value"),
        (5, "姓名", "formula_without_value"),
        (6, "姓名", "cell_error"),
    ]
    assert sheet.errors[2].details == {"value": "#DIV/0!"}


def test_cells_and_rows_need_not_say_where_they_are():
    rows = "<row><c/><c><v>1</v></c></row><row><c t='inlineStr'><is><t>甲</t></is></c></row>"
    assert values_of(read_workbook(hand_written(rows), [NAME])) == ["甲"]


def test_rich_texts_are_joined_without_their_readings():
    runs = "<r><t>蒙</t></r><r><rPr><b/></rPr><t>医</t></r>"
    text = f"<is>{runs}<rPh sb='0' eb='1'><t>měng</t></rPh></is>"
    rows = f'<row r="2"><c r="A2" t="inlineStr">{text}</c></row>'
    assert values_of(read_workbook(hand_written(rows), [NAME])) == ["蒙医"]


def test_characters_written_by_number():
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for row, text in enumerate(("a_x000D_b", "a_x005F_x000D_b", "_x0000_c", "_xD800_d"), 2)
    )
    sheet = read_workbook(hand_written(rows), [NAME])
    assert values_of(sheet) == ["a\nb", "a_x000D_b", "c", "d"]


def test_a_false_dimension_is_not_believed():
    titles = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c></row>'
    for claimed in ("A1:XFD1048576", "A1", "nonsense"):
        sheet = sheet_of(titles + row, before=f'<dimension ref="{claimed}"/>')
        assert values_of(read_workbook(with_parts(table([""]), sheet=sheet), [NAME])) == ["甲"]


def test_hidden_sheets_are_passed_over_and_merged_and_hidden_rows_read():
    def fill(sheet, book):
        sheet.hide()
        shown = book.add_worksheet("名单")
        shown.activate()
        shown.set_first_sheet()
        shown.merge_range(0, 0, 0, 3, "名单")
        shown.write_column(1, 0, ["姓名", "甲", "乙"])
        shown.set_row(2, None, None, {"hidden": True})

    assert values_of(read_workbook(workbook(fill), [NAME])) == ["甲", "乙"]


def test_the_strict_dialect_is_read():
    content = with_parts(
        table([""]),
        sheet=sheet_of(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
            '<row r="2"><c r="A2" t="d"><v>2026-03-05</v></c></row>'
        ).replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )
    day = Column("day", "姓名", kind="day")
    assert values_of(read_workbook(content, [day]), "day") == [date(2026, 3, 5)]


def test_every_error_of_a_cell_has_words():
    codes = {"required", "too_long", "not_choice", "not_yes_no", "not_day", "not_moment"}
    codes |= {"not_whole_number", "digits_lost", "cell_error", "formula_without_value"}
    codes |= {"picture_missing", "picture_too_large", "picture_repeated"}
    for code in codes:
        for language in ("zh-Hans", "mn-Mong"):
            assert translate_row_error(code, language, limit=1, choices="甲", value="#N/A")
