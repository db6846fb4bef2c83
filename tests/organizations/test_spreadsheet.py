"""Organizations exported to spreadsheets, and the template to fill in."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import AuditRecord
from services.organizations.spreadsheet import COLUMNS, OF_TEMPLATE
from tests.http import code_of
from tests.organizations.sheets import (
    COMMISSION,
    FULL,
    MONGOLIAN,
    TITLES,
    XLSX,
    actions,
    cells_of,
    counts,
    errors,
    export,
    institutions,
    new,
    report,
    send,
)
from tests.spreadsheets.files import table


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院", name_mn=MONGOLIAN, population=100)


def test_what_is_exported_comes_back_unchanged(manager, make, session):
    send(manager, FULL, new("学校", kind="school"), new("=cmd|'/c calc'!A0", name_mn="\u202fᠤᠨ"))
    make.institution("铁西站", "community_station", parent=institutions(session)["新的医院"])
    make.institution("很细的坐标", longitude=109.12345678901234, latitude=-1e-12)
    answer = manager.get("/organizations/export")
    again = manager.post("/organizations/import", answer.get_data(), dry_run="false")
    assert counts(again) == (6, 0, 0, 6)
    assert report(again)["ignored_columns"] == []
    assert {each.revision for each in institutions(session).values()} == {1}
    assert actions(session)[-1] == "organization.exported"


def test_the_file_of_an_export(manager, make, hospital, session):
    answer = manager.get("/organizations/export", kind="hospital")
    assert answer.content_type == XLSX
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E6%9C%BA%E6%9E%84-20261120.xlsx"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert cells_of(answer.get_data())[0] == [column.title for column in COLUMNS]
    (row,) = export(manager, kind="hospital")
    assert row == dict.fromkeys(TITLES, "") | {
        "id": hospital.id,
        "parent": COMMISSION,
        "parent_id": make.commission().id,
        "kind": "医院",
        "name": "东胜区蒙医医院",
        "name_mn": MONGOLIAN,
        "standard": "未达标",
        "population": 100,
        "revision": 1,
    }
    record = session.scalars(select(AuditRecord)).first()
    assert (record.action, record.object_type, record.object_label) == (
        "organization.exported",
        "list",
        "机构",
    )
    assert record.organization_id == make.commission().id
    assert record.after == {"rows": 1, "filters": {"kind": "hospital", "is_closed": False}}


def test_formulas_are_escaped(manager):
    send(manager, new("=cmd|'/c calc'!A0"))
    (row,) = export(manager, kind="hospital")
    assert row["name"] == "'=cmd|'/c calc'!A0"


def test_filters_order_and_reach_are_those_of_the_list(manager, make, hospital):
    other = make.institution("别的医院", population=7)
    make.institution("康巴什的", parent=make.commission("150603"))
    assert [row["name"] for row in export(manager, kind="hospital", sort="population")] == [
        "别的医院",
        "东胜区蒙医医院",
    ]
    assert [row["name"] for row in export(manager, q="别的")] == ["别的医院"]
    assert [row["name"] for row in export(manager, parent_id=hospital.id)] == []
    assert [row["name"] for row in export(manager, organization_id=hospital.id)] == [hospital.name]
    assert [row["name"] for row in export(make.console("institution_staff", other))] == ["别的医院"]
    assert code_of(manager.get("/organizations/export", limit=5)) == "invalid_request"


def test_closed_ones_say_when_and_why(manager, hospital):
    manager.post(f"/organizations/{hospital.id}/close", {"reason": "合并"}, revision=1)
    (row,) = export(manager, is_closed="true")
    assert (row["name"], row["撤销原因"]) == (hospital.name, "合并")
    assert row["撤销时间"].isoformat() == "2026-11-20T12:00:00"
    answer = manager.get("/organizations/export", is_closed="true")
    again = manager.post("/organizations/import", answer.get_data(), dry_run="true")
    assert errors(again) == [(2, "编号", "organization_closed")]


def test_telephone_numbers_are_whole_for_those_in_charge(manager, make, hospital, session):
    manager.patch(f"/organizations/{hospital.id}", {"contact_phone": "13947712345"}, revision=1)
    officer = make.console("district_officer")
    assert export(manager, kind="hospital")[0]["contact_phone"] == "13947712345"
    assert export(officer, kind="hospital")[0]["contact_phone"] == "1394***2345"
    # Their own institution's alone.
    account = make.staff("institution_manager", hospital)
    make.grant(account, "district_officer", make.commission())
    send(manager, new("别的医院", contact_phone="13847754321"))
    phones = {row["name"]: row["contact_phone"] for row in export(make.console_of(account))}
    assert (phones["东胜区蒙医医院"], phones["别的医院"]) == ("13947712345", "1384***4321")
    assert "13947712345" not in str([vars(each) for each in session.scalars(select(AuditRecord))])


def test_the_template_can_be_filled_in(manager, session):
    answer = manager.get("/organizations/import-template")
    assert answer.content_type == XLSX
    titles, example = cells_of(answer.get_data())[:2]
    assert titles == [column.title for column in OF_TEMPLATE]
    assert (
        code_of(manager.post("/organizations/import", answer.get_data(), dry_run="false"))
        == "spreadsheet_empty"
    )
    # The example would itself do.
    filled = [cell.removeprefix("【示例】") if isinstance(cell, str) else cell for cell in example]
    content = table(titles, filled)
    assert counts(manager.post("/organizations/import", content, dry_run="false")) == (1, 1, 0, 0)
    assert list(institutions(session)) == ["巴音门克蒙医馆"]
    kinds = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_name("选项")
    assert "旗县区卫健委" not in kinds.to_python()[0]
