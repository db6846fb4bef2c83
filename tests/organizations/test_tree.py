"""The tree of organizations: who sees what, creating, editing, moving, closing."""

import pytest
from sqlalchemy import select

from models import AuditRecord, Organization, StaffGrant
from tests.http import code_of

MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ\u202fᠶᠢᠨ ᠭᠠᠵᠠᠷ"


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


def names(answer) -> list[str]:
    return [item["name"] for item in answer.get_json()["items"]]


def test_an_institution_with_everything(manager, make):
    body = {
        "parent_id": make.commission().id,
        "kind": "tcm_clinic",
        "name": " 巴音门克蒙医馆 ",
        "name_mn": MONGOLIAN,
        "standard": "raised",
        "contact_name": "乌云",
        "contact_phone": "0477-8361234",
        "address": "天骄路 1 号",
        "longitude": 109.98,
        "latitude": 39.82,
        "population": 23_000,
    }
    answer = manager.post("/organizations", body)
    assert answer.status_code == 201, answer.get_json()
    created = answer.get_json()
    expected = body | {"name": "巴音门克蒙医馆", "division_code": "150602", "revision": 1}
    del expected["parent_id"]
    assert {key: created[key] for key in expected} == expected
    assert [step["name"] for step in created["path"]] == [
        "内蒙古自治区卫生健康委员会",
        "鄂尔多斯市卫生健康委员会",
        "东胜区卫生健康委员会",
        "巴音门克蒙医馆",
    ]
    assert manager.get(f"/organizations/{created['id']}").get_json() == created


def test_the_tree_unfolds_from_where_ones_reach_begins(manager, make, hospital):
    (root,) = manager.get("/organizations/tree").get_json()["items"]
    assert (root["name"], root["children_count"]) == ("东胜区卫生健康委员会", 1)
    below = manager.get("/organizations/tree", parent_id=root["id"])
    assert names(below) == ["东胜区蒙医医院"]
    region = make.console("region_officer", make.commission("150000"))
    (root,) = region.get("/organizations/tree").get_json()["items"]
    assert root["children_count"] == 12


def test_two_roles_one_above_the_other_have_one_root(make, hospital):
    account = make.staff("district_officer")
    make.grant(account, "institution_staff", hospital)
    console = make.console_of(account)
    assert names(console.get("/organizations/tree")) == ["东胜区卫生健康委员会"]


def test_a_hospital_sees_itself_only(make, hospital):
    make.institution("别的医院")
    console = make.console("institution_manager", hospital)
    assert names(console.get("/organizations")) == ["东胜区蒙医医院"]


def test_telephone_numbers_are_masked_but_for_those_in_charge(manager, make, session, hospital):
    path = f"/organizations/{hospital.id}"
    changed = manager.patch(path, {"contact_phone": "13947712345"}, revision=1).get_json()
    assert changed["contact_phone"] == "13947712345"
    officer = make.console("district_officer")
    assert officer.get(path).get_json()["contact_phone"] == "1394***2345"
    listed = manager.get("/organizations", q="蒙医医院").get_json()["items"]
    assert listed[0]["contact_phone"] == "1394***2345"
    records = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
    assert [record.action for record in records] == [
        "organization.edited",
        "organization.contact_seen",
    ]
    assert "13947712345" not in str([vars(record) for record in records])
    stored = session.get_one(
        Organization, hospital.id, populate_existing=True
    ).contact_phone_encrypted
    assert b"13947712345" not in stored


def test_its_own_people_change_how_it_is_reached_and_no_more(make, hospital):
    console = make.console("institution_manager", hospital)
    path = f"/organizations/{hospital.id}"
    assert console.patch(path, {"address": "新址"}, revision=1).status_code == 200
    for body in ({"name": "最好的医院"}, {"standard": "raised"}, {"population": 7}):
        assert code_of(console.patch(path, body, revision=2)) == "organization_field_fixed"
    assert console.patch(path, {"name": "东胜区蒙医医院"}, revision=2).status_code == 200


def test_names_are_unique_below_one_parent(manager, make, hospital):
    body = {"parent_id": make.commission().id, "kind": "school", "name": "东胜区蒙医医院"}
    assert code_of(manager.post("/organizations", body)) == "organization_name_taken"
    other = make.institution("另一家")
    renamed = manager.patch(f"/organizations/{other.id}", {"name": hospital.name}, revision=1)
    assert (renamed.status_code, code_of(renamed)) == (409, "organization_name_taken")


@pytest.mark.parametrize(
    ("kind", "parent", "is_allowed"),
    [
        ("hospital", "commission", True),
        ("community_station", "hospital", True),
        ("school", "hospital", False),
        ("department", "hospital", False),
        ("department", "department", True),
        ("village_clinic", "school", False),
    ],
)
def test_what_may_hang_where(manager, make, kind, parent, is_allowed):
    parents = {"commission": make.commission}
    place = parents.get(parent, lambda: make.institution("上级", kind=parent))()
    body = {"parent_id": place.id, "kind": kind, "name": "下级"}
    answer = manager.post("/organizations", body)
    if is_allowed:
        assert answer.status_code == 201
    else:
        assert code_of(answer) == "organization_parent_unsuitable"


def test_commissions_are_not_made_by_hand(manager, make):
    body = {"parent_id": make.commission().id, "kind": "district_commission", "name": "x"}
    assert manager.post("/organizations", body).get_json()["errors"].keys() == {"kind"}
    root = make.commission("150000")
    console = make.console("system_administrator", root)
    for path in ("/move", "/close"):
        answer = console.post(
            f"/organizations/{make.commission().id}{path}",
            {"parent_id": root.id} if path == "/move" else {"reason": "x"},
            revision=1,
        )
        assert code_of(answer) == "commission_fixed"


def test_the_standard_is_for_institutions(manager, make):
    body = {"parent_id": make.commission().id, "kind": "school", "name": "x", "standard": "met"}
    assert code_of(manager.post("/organizations", body)) == "standard_only_for_institutions"


@pytest.mark.parametrize(
    "body",
    [
        {"longitude": 181},
        {"latitude": "39"},
        {"population": 0},
        {"standard": "best"},
        {"name": "  "},
        {"name": "x" * 129},
        {"name": "a\nb"},
        {"kind": "school"},
        {"revision": 7},
        {"closed_at": None},
        {"is_demonstration": True},
    ],
)
def test_wrong_values(manager, hospital, body):
    answer = manager.patch(f"/organizations/{hospital.id}", body, revision=1)
    assert (answer.status_code, answer.get_json()["errors"].keys()) == (422, body.keys())


def test_moving_takes_everything_below_along(make, session, hospital):
    station = make.institution("铁西站", "community_station", parent=hospital)
    console = make.console("region_officer", make.commission("150000"))
    target = make.commission("150603")
    answer = console.post(
        f"/organizations/{hospital.id}/move", {"parent_id": target.id}, revision=1
    )
    assert answer.get_json()["division_code"] == "150603"
    moved = session.get_one(Organization, station.id, populate_existing=True)
    assert moved.ancestor_ids == [*target.ancestor_ids, hospital.id, station.id]
    assert moved.division_code == "150603"
    assert names(make.console("district_officer", target).get("/organizations", q="铁西")) == [
        "铁西站"
    ]
    assert names(make.console("district_officer").get("/organizations", q="铁西")) == []


def test_nothing_moves_below_itself_or_out_of_reach(make, manager, hospital):
    station = make.institution("铁西站", "community_station", parent=hospital)
    path = f"/organizations/{hospital.id}/move"
    assert code_of(manager.post(path, {"parent_id": station.id}, revision=1)) == (
        "organization_parent_unsuitable"
    )
    elsewhere = {"parent_id": make.commission("150603").id}
    assert code_of(manager.post(path, elsewhere, revision=1)) == "organization_not_found"


def test_closing_takes_its_people_along(make, manager, session, hospital):
    station = make.institution("铁西站", "community_station", parent=hospital)
    nurse = make.console("institution_staff", station)
    visitor = make.staff("district_officer")
    make.grant(visitor, "institution_staff", hospital)
    path = f"/organizations/{hospital.id}"
    assert manager.get(f"{path}/closing").get_json() == {
        "organizations": 2,
        "accounts": 1,
        "campaigns": 0,
    }
    closed = manager.post(f"{path}/close", {"reason": "合并"}, revision=1).get_json()
    assert closed["closed_at"]
    assert closed["allowed_actions"] == []
    assert code_of(nurse.get("/session")) == "session_ended"
    assert make.console_of(visitor).get("/session").get_json()["grants"][0]["role"] == (
        "district_officer"
    )
    assert not session.scalars(
        select(StaffGrant).where(
            StaffGrant.organization_id.in_([hospital.id, station.id]),
            StaffGrant.ended_at.is_(None),
        )
    ).all()
    assert names(manager.get("/organizations")) == ["东胜区卫生健康委员会"]
    assert len(names(manager.get("/organizations", is_closed="true"))) == 2
    again = manager.post(f"{path}/close", {"reason": "合并"}, revision=2)
    assert code_of(again) == "organization_closed"
    # The name is free again.
    make.institution("东胜区蒙医医院")


def test_an_organization_with_a_running_campaign_stays(make, manager, hospital):
    make.campaign(organization_id=hospital.id)
    answer = manager.post(f"/organizations/{hospital.id}/close", {"reason": "x"}, revision=1)
    assert code_of(answer) == "organization_has_campaigns"


@pytest.mark.parametrize(
    ("role", "division"),
    [("district_manager", "150603"), ("institution_manager", None)],
)
def test_out_of_reach_is_as_if_it_did_not_exist(make, hospital, role, division):
    place = make.commission(division) if division else make.institution("别的医院")
    console = make.console(role, place)
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"address": "x"}),
        ("POST", "/move", {"parent_id": place.id}),
        ("GET", "/closing", None),
        ("POST", "/close", {"reason": "x"}),
    ]
    for method, path, body in calls:
        answers = [
            console.send(method, f"/organizations/{each}{path}", body, revision=1)
            for each in (hospital.id, 999_999)
        ]
        bodies = [
            {key: value for key, value in answer.get_json().items() if key != "request_id"}
            for answer in answers
        ]
        assert bodies[0] == bodies[1], (method, path)
        assert answers[0].status_code == 404, (method, path)


def test_two_who_edit_at_once(manager, hospital):
    path = f"/organizations/{hospital.id}"
    assert manager.get(path).headers["ETag"] == '"1"'
    assert manager.patch(path, {"address": "甲"}, revision=1).status_code == 200
    assert code_of(manager.patch(path, {"address": "乙"}, revision=1)) == "edited_meanwhile"
    assert manager.get(path).get_json()["address"] == "甲"


def test_mongolian_is_found_by_its_shape(manager, make):
    make.institution("蒙医馆", name_mn=MONGOLIAN)
    created = manager.get("/organizations", q="蒙医").get_json()["items"]
    path = f"/organizations/{created[0]['id']}"
    manager.patch(path, {"name_mn": MONGOLIAN + "᠎"}, revision=1)
    assert manager.get(path).get_json()["name_mn"] == MONGOLIAN + "᠎"
    assert names(manager.get("/organizations", q="ᠮᠣᠩᠭᠣᠯ")) == ["蒙医馆"]


@pytest.mark.parametrize("sort", ["name", "-name", "kind", "-population", "standard"])
def test_every_order_pages_through_everything_once(manager, make, sort):
    for number in range(7):
        make.institution(f"机构{number}", population=100 - number if number % 2 else None)
    seen, cursor = [], None
    while True:
        query = {"cursor": cursor} if cursor else {}
        page = manager.get("/organizations", sort=sort, limit=3, **query).get_json()
        seen += [item["id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) == 8
