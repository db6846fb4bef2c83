"""Exports and templates, opened by two other programs."""

import io
from datetime import UTC, date, datetime
from types import SimpleNamespace

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from services.errors import Invalid
from services.spreadsheets import Column, read_workbook, write_workbook, writing
from tests.spreadsheets.files import parts_of

KINDS = {"hospital": "蒙医医院", "clinic": "中医馆"}
COLUMNS = [
    Column(
        "name", "名称", width=30, required=True, max_length=40, example="蒙医院", note="用全称。"
    ),
    Column("phone", "电话"),
    Column("beds", "床位", kind="whole"),
    Column("opened_on", "成立日期", kind="day", example=date(2001, 10, 1)),
    Column("changed_at", "修改时间", kind="moment"),
    Column("is_public", "公立", kind="yes_no"),
    Column("kind", "类型", kind="choice", choices=KINDS),
    Column("city", "城市", get=lambda row: row["place"]["city"]),
]
ROW = {
    "name": "内蒙古国际蒙医医院",
    "phone": "04715182000",
    "beds": -5,
    "opened_on": date(2011, 6, 30),
    "changed_at": datetime(2026, 11, 20, 16, 30, 15, 999, tzinfo=UTC),
    "is_public": True,
    "kind": "hospital",
    "place": {"city": "呼和浩特市"},
}


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def calamine(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_another_reader_sees_titles_and_typed_values():
    titles, row = calamine(write_workbook("机构", COLUMNS, [ROW]))
    assert titles == [column.title for column in COLUMNS]
    assert row[:3] == ["内蒙古国际蒙医医院", "04715182000", -5]
    assert row[3] == date(2011, 6, 30)
    assert row[4] == datetime(2026, 11, 21, 0, 30, 15)
    assert row[5:] == ["是", "蒙医医院", "呼和浩特市"]


def test_an_export_is_easy_to_work_with():
    sheet = opened(write_workbook("机构", COLUMNS, [ROW, ROW])).active
    assert sheet.title == "机构"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["C"].width
    assert sheet["A2"].alignment.wrap_text
    assert sheet["B2"].number_format == "@"
    assert sheet["D2"].number_format == "yyyy-mm-dd"


def test_rows_are_objects_too_and_blanks_stay_blank():
    row = SimpleNamespace(name=None, phone="1")
    assert calamine(write_workbook("x", COLUMNS[:2], [row])) == [["名称", "电话"], ["", "1"]]


def test_what_numbers_and_dates_of_excel_cannot_hold_becomes_text():
    columns = [Column("n", "数", kind="whole"), Column("on", "日", kind="day")]
    content = write_workbook("x", columns, [{"n": 10**17 + 1, "on": date(1850, 1, 1)}])
    assert calamine(content)[1] == ["100000000000000001", "1850-01-01"]


def test_an_unknown_choice_is_shown_as_its_code():
    columns = [Column("kind", "类型", kind="choice", choices=KINDS)]
    assert calamine(write_workbook("x", columns, [{"kind": "=new"}]))[1] == ["'=new"]


@pytest.mark.parametrize("title", ["", "'", "a/b:c*d?e[f]g\\h", "很长" * 30, "'引号'"])
def test_any_title_makes_a_sheet(title):
    content = write_workbook(title, COLUMNS[:1], [])
    assert calamine(content) == [["名称"]]


def test_texts_longer_than_a_cell_are_cut_and_not_lost():
    content = write_workbook("x", COLUMNS[:1], [{"name": "医" * 40_000}, {"name": "𠀀" * 40_000}])
    assert [len(row[0]) for row in calamine(content)[1:]] == [32_767, 16_383]


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS_OF_A_SHEET", 3)
    assert write_workbook("x", COLUMNS[:1], [{"name": "a"}] * 2)
    with pytest.raises(Invalid, match="spreadsheet_too_many_rows"):
        write_workbook("x", COLUMNS[:1], [{"name": "a"}] * 3)


def test_rows_are_not_kept_in_memory_and_nothing_stays_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen = []

    def rows():
        yield {"name": "a"}
        seen.extend(tmp_path.iterdir())
        raise LookupError

    with pytest.raises(LookupError):
        write_workbook("x", COLUMNS[:1], rows())
    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_template_explains_itself():
    book = opened(write_workbook("机构", COLUMNS, [], template=True))
    assert book.sheetnames == ["机构", "填写说明", "选项"]
    assert book["选项"].sheet_state == "hidden"
    sheet = book["机构"]
    assert sheet["A2"].value == "【示例】蒙医院"
    assert sheet["D2"].value == datetime(2001, 10, 1)
    assert sheet["A1"].font.color.rgb == "FFC00000"
    assert sheet["B1"].font.color is None or sheet["B1"].font.color.rgb != "FFC00000"
    explained = {row[0]: row[1:] for row in book["填写说明"].iter_rows(values_only=True)}
    assert explained["名称"] == ("是", "不超过 40 个字。用全称。", "蒙医院")
    assert explained["类型"][1] == "从下拉列表中选择：蒙医医院、中医馆。"
    assert explained["成立日期"][2] == "2001-10-01"


def test_choices_of_a_template_are_lists():
    book = opened(write_workbook("机构", COLUMNS, [], template=True))
    lists = {}
    for validation in book["机构"].data_validations.dataValidation:
        assert validation.type == "list"
        cells = book["选项"][validation.formula1.split("!")[1].replace("$", "")]
        lists[str(validation.sqref).split(":")[0]] = [cell.value for cell in cells[0]]
    assert lists == {"F2": ["是", "否"], "G2": ["蒙医医院", "中医馆"]}


def test_the_example_of_a_template_is_not_imported():
    columns = COLUMNS[:-1]
    sheet = read_workbook(write_workbook("机构", columns, [ROW], template=True), columns)
    assert [row.number for row in sheet.rows] == [3]
    assert sheet.errors == []


def test_an_export_has_no_lists_and_no_second_sheet():
    content = write_workbook("机构", COLUMNS, [ROW])
    assert opened(content).sheetnames == ["机构"]
    assert b"dataValidation" not in parts_of(content)["xl/worksheets/sheet1.xml"]
