"""Staff as a spreadsheet, and what all exports of the console have in common."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text

from models import AuditRecord
from models.organizations import ORGANIZATION_KINDS, STANDARDS
from models.staff import DUTIES
from services import wording
from services.access import ROLES
from services.exports import MOST_ROWS
from services.staff import ACCOUNT_STATUSES
from tests.http import code_of

TITLES = [
    "编号",
    "姓名",
    "用户名",
    "机构",
    "账号类别",
    "角色",
    "状态",
    "已绑定动态验证码",
    "最近登录",
    "创建时间",
    "停用原因",
]


@pytest.fixture
def manager(make):
    return make.console("district_manager", name="苏和", search_text="苏和")


def export(console, **filters) -> list[list]:
    answer = console.get("/accounts/export", **filters)
    assert answer.status_code == 200, answer.get_json()
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    titles, *rows = book.get_sheet_by_index(0).to_python()
    assert titles == TITLES
    return rows


def names(console, **filters) -> list[str]:
    return [row[1] for row in export(console, **filters)]


def test_every_code_has_words():
    assert wording.ROLES.keys() == ROLES.keys()
    assert wording.KINDS.keys() == set(ORGANIZATION_KINDS)
    assert wording.STANDARDS.keys() == set(STANDARDS)
    assert wording.DUTIES.keys() == set(DUTIES)
    assert wording.ACCOUNT_STATUSES.keys() == set(ACCOUNT_STATUSES)


def test_an_account_in_words(manager, make, clock):
    hospital = make.institution("东胜区蒙医医院")
    nurse = make.staff(
        "institution_staff",
        hospital,
        name="其其格",
        username="qiqige",
        search_text="其其格",
        last_signed_in_at=clock.now(),
    )
    make.grant(nurse, "institution_manager", hospital)
    (row,) = export(manager, q="其其格")
    assert row[:8] == [
        nurse.id,
        "其其格",
        "qiqige",
        "东胜区蒙医医院",
        "业务",
        "机构人员（东胜区蒙医医院）\n机构负责人（东胜区蒙医医院）",
        "使用中",
        "是",
    ]
    assert [each.isoformat() for each in row[8:10]] == ["2026-11-20T12:00:00"] * 2


def test_the_file_and_the_record(manager, make, session):
    answer = manager.get("/accounts/export", role="district_manager", q="苏")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E5%B7%A5%E4%BD%9C%E4%BA%BA%E5%91%98-20261120.xlsx"
    )
    record = session.scalars(select(AuditRecord)).one()
    assert (record.action, record.staff_name, record.object_label) == (
        "staff.exported",
        "苏和",
        "工作人员",
    )
    assert record.organization_id == make.commission().id
    assert record.after == {"rows": 1, "filters": {"role": "district_manager", "q": "苏"}}


def test_filters_order_and_reach_are_those_of_the_list(manager, make):
    hospital = make.institution("东胜区蒙医医院")
    make.staff("institution_staff", hospital, name="乙", disabled_at=None)
    make.staff("institution_staff", hospital, name="甲", username=None, password_hash=None)
    make.staff("district_officer", make.commission("150603"), name="外人")
    assert sorted(names(manager)) == sorted(["苏和", "甲", "乙"])
    assert names(manager, organization_id=hospital.id, sort="name") == ["乙", "甲"]
    assert names(manager, organization_id=hospital.id, sort="-name") == ["甲", "乙"]
    assert names(manager, status="invited") == ["甲"]
    assert names(manager, role="district_officer") == []
    institution = make.console("institution_manager", hospital, name="丙")
    assert sorted(names(institution)) == sorted(["甲", "乙", "丙"])
    assert code_of(manager.get("/accounts/export", cursor="x")) == "invalid_request"


def test_who_acts_in_two_places_is_recorded_above_both(make, session):
    account = make.staff("district_manager")
    make.grant(account, "district_manager", make.commission("150603"))
    export(make.console_of(account))
    record = session.scalars(select(AuditRecord)).one()
    assert record.organization_id == make.commission("150600").id


def test_names_are_no_formulas(manager, make):
    make.staff("district_officer", name="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in names(manager)


def test_longer_lists_have_to_be_filtered(manager, make, session):
    session.execute(
        text(
            "INSERT INTO staff_accounts (organization_id, duty, name, must_change_password,"
            " totp_last_step, failures, created_at, search_text, revision, disabled_at)"
            " SELECT :organization_id, 'business', '某' || n, false, 0, 0, now(), '', 1,"
            " CASE WHEN n <= 1200 THEN now() END FROM generate_series(1, :rows) AS n"
        ),
        {"organization_id": make.commission().id, "rows": MOST_ROWS},
    )
    session.commit()
    answer = manager.get("/accounts/export")
    assert (answer.status_code, code_of(answer)) == (422, "export_too_long")
    assert "20000 行" in answer.get_json()["detail"]
    assert len(set(names(manager, status="disabled"))) == 1200
