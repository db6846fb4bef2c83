"""Entries by the sheet: template, import with portraits, all or none, export."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models import AuditRecord, Entry, StoredFile
from tests.files.pictures import jpeg
from tests.http import code_of
from tests.spreadsheets.files import table as sheet
from tests.spreadsheets.files import zipped

TITLES = ("编号", "名称", "蒙古文名称", "所属机构", "介绍", "照片")


def table(*rows: dict[str, object]) -> bytes:
    return sheet(TITLES, *([row.get(title) for title in TITLES] for row in rows))


@pytest.fixture
def officer(make):
    return make.console("district_officer")


@pytest.fixture
def campaign(make):
    return make.campaign(state="draft", entries=0)


@pytest.fixture
def send(officer, campaign):
    def post(content: bytes, *, dry_run: bool = False, console=officer):
        path = f"/campaigns/{campaign.id}/entries/import"
        return console.post(path, content, dry_run=str(dry_run).lower())

    return post


def count(session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_entries_with_everything(send, officer, campaign, make, session):
    make.institution("东胜区蒙医医院")
    rows = (
        {
            "名称": "乌云其其格",
            "蒙古文名称": "ᠣᠶᠤᠨᠴᠡᠴᠡᠭ",
            "所属机构": "东胜区蒙医医院",
            "介绍": "=讲蒙医养生",
            "照片": "乌云.jpg",
        },
        {"编号": 7, "名称": "巴图"},
    )
    content = zipped({"名单.xlsx": table(*rows), "照片/乌云.jpg": jpeg(600, 800)})
    report = send(content).get_json()
    assert (report["is_applied"], report["created"], report["errors"]) == (True, 2, [])
    items = officer.get(f"/campaigns/{campaign.id}/entries").get_json()["items"]
    assert [(each["number"], each["name"]) for each in items] == [(1, "乌云其其格"), (7, "巴图")]
    assert items[0]["organization"]["name"] == "东胜区蒙医医院"
    assert items[0]["name_mn"] == "ᠣᠶᠤᠨᠴᠡᠴᠡᠭ"
    assert items[0]["statement"] == "=讲蒙医养生"
    assert officer.client.get(items[0]["portrait_url"]).status_code == 200
    assert [each.action for each in session.scalars(select(AuditRecord))] == ["entry.added"] * 2


def test_one_wrong_row_and_nothing_is_imported(send, session, make):
    make.institution("外区医院", parent=make.commission("150603"))
    report = send(
        table(
            {"名称": "乌云其其格"},
            {"名称": ""},
            {"名称": "巴图", "编号": 3},
            {"名称": "白音", "编号": 3},
            {"名称": "查干", "所属机构": "外区医院"},
            {"名称": "x" * 65},
        )
    ).get_json()
    assert report["is_applied"] is False
    assert [(each["row"], each["column"], each["code"]) for each in report["errors"]] == [
        (5, "编号", "entry_number_taken"),
        (6, "所属机构", "organization_unknown"),
        (7, "名称", "too_long"),
    ]
    assert all(each["message"] for each in report["errors"])
    assert (count(session, Entry), count(session, StoredFile), count(session, AuditRecord)) == (
        0,
        0,
        0,
    )


def test_a_dry_run_changes_nothing_and_stores_no_picture(send, session, app):
    content = zipped({"名单.xlsx": table({"名称": "甲", "照片": "a.jpg"}), "a.jpg": jpeg()})
    report = send(content, dry_run=True).get_json()
    assert (report["is_applied"], report["created"]) == (False, 1)
    assert (count(session, Entry), count(session, StoredFile)) == (0, 0)


def test_a_picture_that_is_none_is_the_rows_error(send):
    content = zipped({"名单.xlsx": table({"名称": "甲", "照片": "a.jpg"}), "a.jpg": b"no picture"})
    (error,) = send(content).get_json()["errors"]
    assert (error["row"], error["column"], error["code"]) == (2, "照片", "image_not_recognized")


def test_an_open_campaign_takes_no_more(send, campaign, session):
    campaign.state = "announced"
    session.commit()
    assert code_of(send(table({"名称": "迟到"}))) == "campaign_is_open"


def test_a_stranger_finds_no_campaign(send, make):
    stranger = make.console("district_manager", make.commission("150603"))
    assert code_of(send(table({"名称": "甲"}), console=stranger)) == "campaign_not_found"


def test_the_template_comes_back_empty(send, officer, campaign):
    template = officer.get(f"/campaigns/{campaign.id}/entries/import-template")
    assert code_of(send(template.data)) == "spreadsheet_empty"


def test_an_export_holds_no_formula(officer, campaign, make):
    make.entry(campaign, number=1, name="=cmd|calc", statement="@SUM(1)")
    answer = officer.get(f"/campaigns/{campaign.id}/entries/export")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.data)).active
    first = [cell.value for cell in sheet[2]]
    assert "'=cmd|calc" in first
    assert "'@SUM(1)" in first
