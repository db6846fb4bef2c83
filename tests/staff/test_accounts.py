"""Inviting, changing and disabling staff; roles; who reaches whom."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.http import code_of


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def nurse(make, hospital):
    return make.staff("institution_staff", hospital, name="其其格")


def test_a_manager_invites_somebody_with_a_role(manager, hospital):
    body = {"name": "巴雅尔", "organization_id": hospital.id, "role": "institution_manager"}
    answer = manager.post("/accounts", body)
    assert answer.status_code == 201, answer.get_json()
    invited = answer.get_json()
    assert invited["link"].startswith("/console/invitation#")
    assert invited["account"]["status"] == "invited"
    assert [grant["role"] for grant in invited["account"]["grants"]] == ["institution_manager"]


@pytest.mark.parametrize(
    ("inviter", "role", "code"),
    [
        ("district_manager", "district_manager", "role_not_grantable"),
        ("district_manager", "city_officer", "role_not_grantable"),
        ("district_manager", "system_administrator", "role_not_grantable"),
        ("system_administrator", "district_officer", "role_not_grantable"),
        ("institution_manager", "institution_manager", None),
        ("institution_manager", "district_officer", "role_not_grantable"),
        ("city_officer", "institution_staff", None),
    ],
)
def test_nobody_grants_more_than_they_may(make, hospital, inviter, role, code):
    place = {"institution_manager": hospital, "city_officer": make.commission("150600")}
    console = make.console(inviter, place.get(inviter, make.commission()))
    body = {"name": "某人", "organization_id": hospital.id, "role": role}
    answer = console.post("/accounts", body)
    assert (code_of(answer) if answer.status_code != 201 else None) == code
    accounts = console.get("/accounts", q="某人").get_json()["items"]
    assert len(accounts) == (1 if code is None else 0)


def test_roles_fit_the_kind_of_organization(manager, make, hospital, nurse):
    grant = {"role": "district_officer", "organization_id": hospital.id}
    assert code_of(manager.post(f"/accounts/{nurse.id}/grants", grant)) == "role_not_grantable"


def test_only_system_administrators_make_administrators(make, manager):
    body = {"name": "某人", "organization_id": make.commission().id, "duty": "auditor"}
    assert code_of(manager.post("/accounts", body)) == "administrator_account"
    answer = make.console("system_administrator").post("/accounts", body)
    assert answer.get_json()["account"]["duty"] == "auditor"
    assert answer.get_json()["account"]["grants"] == []


def test_only_system_administrators_touch_administrators(make, manager):
    auditor = make.staff("auditor")
    path = f"/accounts/{auditor.id}"
    assert manager.get(path).status_code == 200
    assert code_of(manager.post(f"{path}/disable", {"reason": "x"})) == "administrator_account"
    assert code_of(manager.post(f"{path}/invitation")) == "administrator_account"
    assert code_of(manager.patch(path, {"name": "x"}, revision=1)) == "administrator_account"


def test_the_three_duties_are_never_one_persons(make, session):
    security = make.console("security_administrator")
    commission = make.commission()
    for role, other in (("auditor", "system_administrator"), ("auditor", "district_officer")):
        account = make.staff(role)
        grant = {"role": other, "organization_id": commission.id}
        answer = security.post(f"/accounts/{account.id}/grants", grant)
        assert code_of(answer) == "role_does_not_fit_duty"
    officer = make.staff("district_officer")
    grant = {"role": "auditor", "organization_id": commission.id}
    answer = security.post(f"/accounts/{officer.id}/grants", grant)
    assert code_of(answer) == "role_does_not_fit_duty"
    for statement in (
        "UPDATE staff_grants SET role = 'auditor' WHERE staff_id = :id",
        "UPDATE staff_grants SET role = 'auditor', duty = 'auditor' WHERE staff_id = :id",
        "UPDATE staff_accounts SET duty = 'auditor' WHERE id = :id",
    ):
        with pytest.raises(IntegrityError):
            session.execute(text(statement), {"id": officer.id})
        session.rollback()


def test_roles_count_from_the_next_request_on(make, manager, nurse):
    console = make.console_of(nurse)
    assert code_of(console.get("/accounts")) == "not_found"
    grant = {"role": "institution_manager", "organization_id": nurse.organization_id}
    granted = manager.post(f"/accounts/{nurse.id}/grants", grant).get_json()
    assert [each["role"] for each in granted["grants"]] == [
        "institution_staff",
        "institution_manager",
    ]
    assert console.get("/accounts").status_code == 200
    grant_id = granted["grants"][1]["id"]
    assert manager.delete(f"/accounts/{nurse.id}/grants/{grant_id}").status_code == 200
    assert code_of(console.get("/accounts")) == "not_found"
    again = manager.delete(f"/accounts/{nurse.id}/grants/{grant_id}")
    assert code_of(again) == "grant_not_found"


def test_granting_twice_changes_nothing(manager, nurse):
    grant = {"role": "institution_staff", "organization_id": nurse.organization_id}
    granted = manager.post(f"/accounts/{nurse.id}/grants", grant).get_json()
    assert len(granted["grants"]) == 1


def test_nobody_changes_their_own_roles_or_account(make):
    manager = make.console("district_manager")
    grant = {"role": "district_officer", "organization_id": make.commission().id}
    path = f"/accounts/{manager.staff_id}"
    assert code_of(manager.post(f"{path}/grants", grant)) == "own_roles_fixed"
    assert code_of(manager.post(f"{path}/disable", {"reason": "x"})) == "own_account_fixed"
    security = make.console("security_administrator")
    assert code_of(security.post(f"/accounts/{security.staff_id}/reset-totp")) == (
        "own_account_fixed"
    )


def test_disabling_ends_sessions_at_once(make, manager, nurse):
    console = make.console_of(nurse)
    assert console.get("/session").status_code == 200
    answer = manager.post(f"/accounts/{nurse.id}/disable", {"reason": "调离"})
    assert answer.get_json()["status"] == "disabled"
    assert code_of(console.get("/session")) == "session_ended"
    assert manager.post(f"/accounts/{nurse.id}/enable").get_json()["status"] == "active"
    assert code_of(console.get("/session")) == "session_ended"


def test_a_lost_phone(make, nurse):
    security = make.console("security_administrator")
    console = make.console_of(nurse)
    assert security.post(f"/accounts/{nurse.id}/reset-totp").get_json()["has_totp"] is False
    assert code_of(console.get("/session")) == "session_ended"


def test_a_lost_password(make, manager, nurse, browser):
    link = manager.post(f"/accounts/{nurse.id}/invitation").get_json()["link"]
    token = link.partition("#")[2]
    look = browser.post("/invitations/look", {"token": token}).get_json()
    assert (look["purpose"], look["username"]) == ("reset", nurse.username)
    reset = {"token": token, "password": "Wormwood-and-8-roots"}
    assert browser.post("/invitations/accept", reset).get_json()["step"] == "totp"


def test_a_new_link_takes_the_place_of_the_old_one(manager, hospital, browser):
    body = {"name": "巴雅尔", "organization_id": hospital.id}
    first = manager.post("/accounts", body).get_json()
    second = manager.post(f"/accounts/{first['account']['id']}/invitation").get_json()
    tokens = [each["link"].partition("#")[2] for each in (first, second)]
    answers = [browser.post("/invitations/look", {"token": token}) for token in tokens]
    assert [answer.status_code for answer in answers] == [404, 200]


def test_two_who_edit_at_once(manager, nurse):
    path = f"/accounts/{nurse.id}"
    read = manager.get(path)
    assert read.headers["ETag"] == '"1"'
    assert manager.patch(path, {"name": "其其格乙"}, revision=1).get_json()["revision"] == 2
    second = manager.patch(path, {"name": "其其格丙"}, revision=1)
    assert (second.status_code, code_of(second)) == (412, "edited_meanwhile")
    assert manager.get(path).get_json()["name"] == "其其格乙"
    assert code_of(manager.patch(path, {"name": "丁"})) == "revision_required"


REACH = [
    ("district_manager", "150603", "other district"),
    ("institution_manager", None, "other hospital"),
]


@pytest.mark.parametrize(("role", "division", "who"), REACH)
def test_out_of_reach_is_as_if_it_did_not_exist(make, nurse, role, division, who):
    place = make.commission(division) if division else make.institution("别的医院")
    console = make.console(role, place)
    grants = {"role": "institution_staff", "organization_id": nurse.organization_id}
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("POST", "/invitation", None),
        ("POST", "/disable", {"reason": "x"}),
        ("POST", "/enable", None),
        ("POST", "/grants", grants),
        ("DELETE", "/grants/1", None),
    ]
    for method, path, body in calls:
        answers = [
            console.send(method, f"/accounts/{account_id}{path}", body, revision=1)
            for account_id in (nurse.id, 999_999)
        ]
        bodies = [
            {key: value for key, value in answer.get_json().items() if key != "request_id"}
            for answer in answers
        ]
        assert bodies[0] == bodies[1], (who, method, path)
        assert answers[0].status_code == 404, (who, method, path)
    assert nurse.id not in [each["id"] for each in console.get("/accounts").get_json()["items"]]


def test_a_lower_level_does_not_reach_up(make, nurse):
    city_officer = make.staff("city_officer", make.commission("150600"))
    manager = make.console("district_manager")
    assert code_of(manager.get(f"/accounts/{city_officer.id}")) == "staff_not_found"
    body = {"name": "x", "organization_id": make.commission("150600").id}
    assert code_of(manager.post("/accounts", body)) == "organization_not_found"


def test_the_list_filters_sorts_and_pages(make, manager, hospital):
    for name in ("阿木古郎", "白音", "查干", "大卫"):
        make.staff("institution_staff", hospital, name=name, search_text=name)
    first = manager.get("/accounts", organization_id=hospital.id, sort="-name", limit=3)
    page = first.get_json()
    names = [each["name"] for each in page["items"]]
    rest = manager.get(
        "/accounts", organization_id=hospital.id, sort="-name", limit=3, cursor=page["next_cursor"]
    ).get_json()
    assert names + [each["name"] for each in rest["items"]] == sorted(
        ("阿木古郎", "白音", "查干", "大卫"), reverse=True
    )
    assert rest["next_cursor"] is None
    other_order = manager.get("/accounts", sort="name", cursor=page["next_cursor"])
    assert code_of(other_order) == "cursor_invalid"
    assert [each["name"] for each in manager.get("/accounts", q="白").get_json()["items"]] == [
        "白音"
    ]
    assert manager.get("/accounts", role="auditor").get_json()["items"] == []
    assert manager.get("/accounts", status="disabled").get_json()["items"] == []
    assert (
        len(manager.get("/accounts", status="active", role="institution_staff").json["items"]) == 4
    )
