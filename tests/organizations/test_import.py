"""Organizations created and changed by a spreadsheet: all that it says, or nothing."""

import pytest
from sqlalchemy import func, select, text

from models import AuditRecord, Organization
from tests.http import code_of
from tests.organizations.sheets import (
    COMMISSION,
    FULL,
    MONGOLIAN,
    actions,
    counts,
    errors,
    export,
    institutions,
    new,
    report,
    send,
    sheet,
)


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院", name_mn=MONGOLIAN, population=100)


def test_a_new_institution_with_everything(manager, make, session):
    answer = send(manager, FULL)
    assert report(answer) == {
        "is_applied": True,
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "error_count": 0,
        "errors": [],
        "ignored_columns": [],
    }
    created = institutions(session)["新的医院"]
    assert b"8361234" not in created.contact_phone_encrypted
    assert created.division_code == "150602"
    assert created.ancestor_ids == [*make.commission().ancestor_ids, created.id]
    seen = manager.get(f"/organizations/{created.id}").get_json()
    expected = FULL | {"standard": "raised", "latitude": 39.82}
    del expected["parent"]
    assert {key: seen[key] for key in expected} == expected
    (found,) = manager.get("/organizations", q="ᠮᠣᠩᠭᠣᠯ").get_json()["items"]
    assert found["id"] == created.id


def test_a_masked_number_never_takes_the_place_of_the_real_one(manager, make, hospital):
    path = f"/organizations/{hospital.id}"
    manager.patch(path, {"contact_phone": "13947712345"}, revision=1)
    (row,) = export(make.console("district_officer"), kind="hospital")
    assert counts(send(manager, row)) == (1, 0, 0, 1)
    assert counts(send(manager, row | {"address": "新址"})) == (1, 0, 1, 0)
    assert manager.get(path).get_json()["contact_phone"] == "13947712345"
    stale = row | {"contact_phone": "1394***9999", "revision": None}
    assert errors(send(manager, stale)) == [(2, "联系电话", "phone_masked")]
    assert errors(send(manager, new("x", contact_phone="***"))) == [(2, "联系电话", "phone_masked")]


def test_edits_change_what_differs(manager, hospital, session):
    (row,) = export(manager, kind="hospital")
    edited = row | {"name": "改名", "population": "", "standard": "达标", "contact_name": "乌云"}
    assert counts(send(manager, edited)) == (1, 0, 1, 0)
    changed = institutions(session)["改名"]
    assert (changed.id, changed.population, changed.standard) == (hospital.id, None, "met")
    assert (changed.contact_name, changed.revision, changed.name_mn) == ("乌云", 2, MONGOLIAN)
    record = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "organization.edited")
    ).one()
    assert record.before == {
        "name": "东胜区蒙医医院",
        "population": 100,
        "standard": "none",
        "contact_name": None,
    }
    # Whoever imports the same file once more changes nothing.
    assert counts(send(manager, edited | {"parent": ""})) == (1, 0, 0, 1)


def test_absent_columns_leave_values_alone(manager, hospital, session):
    row = {"id": hospital.id, "kind": "hospital", "name": hospital.name, "address": "新址"}
    assert counts(send(manager, row)) == (1, 0, 1, 0)
    changed = institutions(session)[hospital.name]
    assert (changed.address, changed.population, changed.name_mn) == ("新址", 100, MONGOLIAN)


def test_an_old_export_undoes_nothing(manager, hospital, session):
    (row,) = export(manager, kind="hospital")
    manager.patch(f"/organizations/{hospital.id}", {"address": "甲"}, revision=1)
    answer = send(manager, row | {"address": "乙"})
    assert errors(answer) == [(2, "版本", "edited_since_export")]
    assert institutions(session)[hospital.name].address == "甲"


def test_parents_further_up_in_the_file(manager, session):
    rows = [
        new("甲医院"),
        {"parent": "甲医院", "kind": "community_station", "name": "甲站"},
        {"parent": "甲站", "kind": "village_clinic", "name": "甲室"},
    ]
    assert counts(send(manager, *rows)) == (3, 3, 0, 0)
    made = institutions(session)
    assert made["甲室"].ancestor_ids[-3:] == [made[n].id for n in ("甲医院", "甲站", "甲室")]
    assert actions(session) == ["organization.created"] * 3 + ["organization.imported"]
    (summary,) = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "organization.imported")
    )
    assert summary.after == {"rows": 3, "created": 3, "updated": 0}
    later = [{"parent": "乙医院", "kind": "community_station", "name": "乙站"}, new("乙医院")]
    assert errors(send(manager, *later)) == [(2, "上级机构", "parent_not_found")]


def test_a_parent_renamed_further_up(manager, make, hospital, session):
    make.institution("铁西站", "community_station", parent=hospital)
    rows = {row["name"]: row for row in export(manager)}
    renamed = rows[hospital.name] | {"name": "新名医院"}
    station = rows["铁西站"] | {"address": "新址"}
    below = {"parent": "新名医院", "kind": "village_clinic", "name": "甲室"}
    # The name given up is free for the next row.
    follower = new(hospital.name)
    assert counts(send(manager, renamed, station, below, follower)) == (4, 2, 2, 0)
    made = institutions(session)
    assert made["甲室"].parent_id == hospital.id
    assert made["东胜区蒙医医院"].id != hospital.id


def test_parents_by_number_and_below_the_chosen_one(manager, make, hospital, session):
    other = make.institution("另一家")
    for parent in (hospital, other):
        make.institution("同名站", "community_station", parent=parent)
    clinic = {"kind": "village_clinic", "name": "甲室", "parent": "同名站"}
    assert errors(send(manager, clinic)) == [(2, "上级机构", "parent_ambiguous")]
    same_name = select(Organization).where(Organization.name == "同名站")
    stations = session.scalars(same_name.order_by(Organization.id)).all()
    numbered = clinic | {"parent_id": stations[1].id}
    assert errors(send(manager, numbered | {"parent": "别名"})) == [
        (2, "上级机构", "parent_differs")
    ]
    assert counts(send(manager, numbered)) == (1, 1, 0, 0)
    # In the subtree of the one chosen there is one of that name.
    assert counts(send(manager, clinic, parent_id=hospital.id)) == (1, 1, 0, 0)
    assert counts(send(manager, {"kind": "school", "name": "某校"}, parent_id=make.commission().id))
    made = institutions(session)
    assert made["某校"].parent_id == make.commission().id
    nowhere = {"kind": "school", "name": "另一所"}
    assert errors(send(manager, nowhere)) == [(2, "上级机构", "required")]
    outside = clinic | {"parent": "另一家", "name": "乙室"}
    assert errors(send(manager, outside, parent_id=hospital.id)) == [
        (2, "上级机构", "parent_not_found")
    ]


@pytest.mark.parametrize("column", ["rows", "dry run", "crash"])
def test_nothing_is_half_imported(manager, session, hospital, column):
    row = {"id": hospital.id, "kind": "hospital", "name": "改名"}
    rows = [row, new("甲医院"), {"parent": "甲医院", "kind": "village_clinic", "name": "甲室"}]
    if column == "rows":
        rows.append(new("甲医院"))
        assert errors(send(manager, *rows)) == [(5, "名称", "name_repeated")]
    elif column == "dry run":
        answer = send(manager, *rows, dry_run=True)
        assert counts(answer) == (3, 2, 1, 0)
        assert report(answer)["is_applied"] is False
    else:
        session.execute(text("ALTER TABLE organizations ADD CHECK (name <> '甲室')"))
        session.commit()
        answer = send(manager, *rows)
        session.execute(text("ALTER TABLE organizations DROP CONSTRAINT organizations_name_check"))
        session.commit()
        assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    (unchanged,) = institutions(session).values()
    assert (unchanged.name, unchanged.revision) == ("东胜区蒙医医院", 1)
    assert actions(session) == []


def test_every_error_is_told_at_once(manager, make, hospital):
    make.institution("已有的")
    foreign = make.institution("康巴什医院", parent=make.commission("150603"))
    rows = [
        new("已有的"),
        new("甲"),
        new("甲"),
        new("乙", longitude=181),
        new("丙", latitude="北"),
        new("丁", population=0),
        new("戊", kind="school", standard="达标"),
        new("己", kind="district_commission"),
        new("庚", kind="school", parent=hospital.name),
        new("辛", parent="康巴什医院"),
        new("壬", parent=None, parent_id=foreign.id),
        new("癸", parent=None, parent_id=999_999),
        new("", kind="hospital"),
        new("子", kind="殡仪馆"),
        new("丑\n寅"),
        new("卯" * 129),
        new("辰", contact_phone="1" * 33),
        {"id": hospital.id, "kind": "school", "name": hospital.name},
        {"id": hospital.id, "kind": "hospital", "name": hospital.name},
        {"id": foreign.id, "kind": "hospital", "name": "改名"},
        {"id": 999_999, "kind": "hospital", "name": "改名"},
        {"id": make.commission().id, "kind": "district_commission", "name": COMMISSION},
        {"id": 1.5, "kind": "hospital", "name": "改名"},
    ]
    expected = [
        (2, "名称", "organization_name_taken"),
        (4, "名称", "name_repeated"),
        (5, "经度", "out_of_range"),
        (6, "纬度", "not_number"),
        (7, "服务人口", "out_of_range"),
        (8, "达标情况", "standard_only_for_institutions"),
        (9, "类型", "commission_fixed"),
        (10, "上级机构", "organization_parent_unsuitable"),
        (11, "上级机构", "parent_not_found"),
        (12, "上级编号", "parent_number_unknown"),
        (13, "上级编号", "parent_number_unknown"),
        (14, "名称", "required"),
        (15, "类型", "not_choice"),
        (16, "名称", "not_one_line"),
        (17, "名称", "too_long"),
        (18, "联系电话", "too_long"),
        (19, "类型", "kind_fixed"),
        (20, "编号", "row_repeated"),
        (21, "编号", "organization_not_found"),
        (22, "编号", "organization_not_found"),
        (24, "编号", "not_whole_number"),
    ]
    answer = send(manager, *rows)
    assert errors(answer) == expected
    assert counts(answer) == (23, 1, 0, 1)
    first = report(answer)["errors"]
    assert first[0]["message"].startswith("同一个上级下面已经有同名机构")
    assert first[1]["message"] == "和第 3 行的名称相同，上级也相同，请改名或只留一行。"


def test_organizations_are_not_moved_by_an_import(manager, make, hospital):
    other = make.institution("另一家")
    (row,) = export(manager, q="蒙医医院")
    for change in ({"parent": other.name}, {"parent_id": other.id}):
        assert errors(send(manager, row | change)) == [(2, "上级机构", "parent_fixed")]


def test_its_own_people_import_nothing(make, hospital):
    for role in ("institution_manager", "institution_staff"):
        answer = send(make.console(role, hospital), new("x"))
        assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_what_one_may_not_change_by_hand_one_may_not_by_import(make, session):
    """Managing one place and looking after another does not add up."""
    foreign = make.institution("康巴什医院", parent=make.commission("150603"))
    account = make.staff("district_manager")
    make.grant(account, "institution_manager", foreign)
    console = make.console_of(account)
    row = {"id": foreign.id, "kind": "hospital", "name": foreign.name, "address": "新址"}
    assert counts(send(console, row)) == (1, 0, 1, 0)
    assert errors(send(console, row | {"name": "最好的医院"})) == [
        (2, "名称", "organization_field_fixed")
    ]
    below = {"parent_id": foreign.id, "kind": "village_clinic", "name": "甲室"}
    assert errors(send(console, below)) == [(2, "上级编号", "parent_number_unknown")]


def test_where_the_whole_import_is_refused(manager, make, hospital):
    row = {"kind": "school", "name": "某校"}
    for parent_id in (make.commission("150603").id, 999_999):
        answer = send(manager, row, parent_id=parent_id)
        assert (answer.status_code, code_of(answer)) == (404, "organization_not_found")
    manager.post(f"/organizations/{hospital.id}/close", {"reason": "x"}, revision=1)
    assert code_of(send(manager, row, parent_id=hospital.id)) == "organization_closed"
    assert code_of(send(manager, {"name": "没有类型"})) == "spreadsheet_columns_missing"
    path = "/organizations/import"
    assert code_of(manager.post(path, b"PK", dry_run="true")) == "spreadsheet_not_recognized"
    assert code_of(manager.post(path, b"", dry_run="true")) == "spreadsheet_not_recognized"
    assert code_of(manager.post(path, b"x" * (8 * 2**20 + 1), dry_run="true")) == "body_too_large"
    for query in ({}, {"dry_run": "maybe"}, {"dry_run": "true", "parent_id": "x"}):
        assert code_of(manager.post(path, sheet(row), **query)) == "invalid_request"


def test_as_many_rows_as_there_may_be(manager, session):
    rows = [new(f"机构{number}") for number in range(5001)]
    answer = send(manager, *rows)
    assert (answer.status_code, code_of(answer)) == (422, "spreadsheet_too_many_rows")
    # More than one statement can insert.
    assert counts(send(manager, *rows[:1200])) == (1200, 1200, 0, 0)
    assert session.scalar(select(func.count()).select_from(AuditRecord)) == 1201
    wrong = report(send(manager, *rows[:600]))
    assert (wrong["error_count"], len(wrong["errors"])) == (600, 500)


def test_columns_that_mean_nothing_are_named(manager):
    answer = send(manager, new("甲") | {"备注": "x"})
    assert report(answer)["ignored_columns"] == ["备注"]
