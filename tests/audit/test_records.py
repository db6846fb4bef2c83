"""What is recorded: every act once, with what changed and nothing secret, or else no act at all."""

import json
import re

import pyotp
import pytest
from sqlalchemy import select, text

from models import Organization, StaffAccount
from server.extensions import runtime
from services import audit
from services.context import unit_of_work
from tests.console import ConsoleClient
from tests.http import code_of

PASSWORD = "Mugwort-and-7-herbs"
ANOTHER_PASSWORD = "Wormwood-and-8-roots"
PHONE = "13947712345"
REASON = {"reason": "调离"}


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def nurse(make, hospital):
    return make.staff(at=hospital, name="其其格")


@pytest.fixture
def world(make, hospital, nurse, clock):
    """The names by which ACTS speak of things."""
    disabled = make.staff("institution_staff", hospital, name="停", disabled_at=clock.now())
    locked = make.staff(name="锁", locked_until=clock.now().replace(year=2027))
    return {
        "commission": make.commission().id,
        "hospital": hospital.id,
        "elsewhere": make.institution("另一家医院", kind="tcm_clinic").id,
        "nurse": nurse.id,
        "grant": make.grant(nurse, "institution_staff", hospital).id,
        "disabled": disabled.id,
        "locked": locked.id,
        "region": make.commission("150000"),
    }


# Role, route, body, revision; then the actions recorded, with what was and what is.
ACTS = [
    (
        "city_officer",
        "POST /organizations",
        {"parent_id": "commission", "kind": "school", "name": "第一小学"},
        [("organization.created", None, {"kind": "school", "name": "第一小学"})],
    ),
    (
        "city_officer",
        "PATCH /organizations/{hospital}",
        {"name": "东胜区蒙医医院", "address": "天骄路", "standard": "met", "latitude": 39.82},
        [
            (
                "organization.edited",
                {"address": None, "standard": "none", "latitude": None},
                {"address": "天骄路", "standard": "met", "latitude": 39.82},
            )
        ],
    ),
    ("city_officer", "PATCH /organizations/{hospital}", {"name": "东胜区蒙医医院"}, []),
    (
        "city_officer",
        "POST /organizations/{hospital}/move",
        {"parent_id": "elsewhere"},
        [("organization.moved", {"parent": "东胜区卫生健康委员会"}, {"parent": "另一家医院"})],
    ),
    (
        "city_officer",
        "POST /organizations/{hospital}/close",
        REASON,
        [("organization.closed", None, {"reason": "调离", "organizations": 1, "accounts": 1})],
    ),
    (
        "city_officer",
        "POST /accounts",
        {"name": "巴雅尔", "organization_id": "hospital"},
        [("staff.created", None, {"name": "巴雅尔", "duty": "business"})],
    ),
    (
        "city_officer",
        "POST /accounts",
        {"name": "巴雅尔", "organization_id": "hospital", "role": "institution_manager"},
        [
            ("staff.created", None, {"name": "巴雅尔", "duty": "business"}),
            (
                "staff.role_granted",
                None,
                {"role": "institution_manager", "organization": "东胜区蒙医医院"},
            ),
        ],
    ),
    (
        "city_officer",
        "PATCH /accounts/{nurse}",
        {"name": "其木格", "organization_id": "hospital"},
        [("staff.edited", {"name": "其其格"}, {"name": "其木格"})],
    ),
    ("city_officer", "PATCH /accounts/{nurse}", {"name": "其其格"}, []),
    (
        "city_officer",
        "POST /accounts/{nurse}/invitation",
        None,
        [("staff.password_reset", None, None)],
    ),
    (
        "city_officer",
        "POST /accounts/{nurse}/disable",
        REASON,
        [("staff.disabled", None, REASON)],
    ),
    ("city_officer", "POST /accounts/{disabled}/disable", REASON, []),
    ("city_officer", "POST /accounts/{disabled}/enable", None, [("staff.enabled", None, None)]),
    ("city_officer", "POST /accounts/{nurse}/enable", None, []),
    (
        "security_administrator",
        "POST /accounts/{locked}/unlock",
        None,
        [("staff.unlocked", None, None)],
    ),
    ("security_administrator", "POST /accounts/{nurse}/unlock", None, []),
    (
        "security_administrator",
        "POST /accounts/{nurse}/reset-totp",
        None,
        [("staff.totp_reset", None, None)],
    ),
    (
        "city_officer",
        "POST /accounts/{nurse}/grants",
        {"role": "institution_manager", "organization_id": "hospital"},
        [
            (
                "staff.role_granted",
                None,
                {"role": "institution_manager", "organization": "东胜区蒙医医院"},
            )
        ],
    ),
    (
        "city_officer",
        "POST /accounts/{nurse}/grants",
        {"role": "institution_staff", "organization_id": "hospital"},
        [],
    ),
    (
        "city_officer",
        "DELETE /accounts/{nurse}/grants/{grant}",
        None,
        [
            (
                "staff.role_ended",
                None,
                {"role": "institution_staff", "organization": "东胜区蒙医医院"},
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("role", "route", "body", "expected"), ACTS, ids=lambda value: value if str(value) else None
)
def test_every_act_leaves_its_record(make, trail, world, role, route, body, expected):
    place = "150600" if role == "city_officer" else "150602"
    console = make.console(role, make.commission(place), name="乌兰")
    method, path = route.split()
    ids = {name: world[value] for name, value in (body or {}).items() if value in world}
    answer = console.send(method, path.format(**world), body and body | ids, revision=1)
    assert answer.status_code < 300, answer.get_json()
    records = trail()
    assert [(each.action, each.before, each.after) for each in records] == expected
    for record in records:
        assert (record.staff_id, record.staff_name) == (console.staff_id, "乌兰")
        assert record.roles == [role]
        assert record.object_type == record.action.partition(".")[0]
        assert (int(record.object_id) > 0, record.object_label != "") == (True, True)
        assert record.organization_id is not None
        assert record.address == "127.0.0.1"
        assert record.request_id == answer.headers["X-Request-ID"]


@pytest.fixture
def joined(app, browser, clock):
    """An administrator who has joined as wulan; the invitation's token, and the authenticator."""
    printed = app.test_cli_runner().invoke(args=["staff", "create-admin", "--name", "乌兰"])
    token = printed.output.strip().partition("#")[2]
    browser.post("/invitations/accept", {"token": token, "username": "wulan", "password": PASSWORD})
    totp = browser.set_up_totp(clock)
    clock.advance(minutes=1)
    return browser, token, totp


def test_signing_in_and_what_one_does_to_ones_own_account(app, joined, trail, clock):
    browser, _, totp = joined
    other = ConsoleClient(app.test_client())
    other.sign_in("wulan", PASSWORD)
    other.post("/auth/totp", {"code": totp.at(clock.now())})
    sessions = browser.get("/me/sessions").get_json()["items"]
    other_id = next(each["id"] for each in sessions if not each["is_current"])
    assert browser.delete(f"/me/sessions/{other_id}").status_code == 204
    assert browser.delete(f"/me/sessions/{other_id}").status_code == 204
    browser.post("/auth/password", {"current_password": PASSWORD, "new_password": ANOTHER_PASSWORD})
    browser.post("/auth/sign-out")
    records = trail()
    assert [record.action for record in records] == [
        "staff.created",
        "staff.joined",
        "staff.signed_in",
        "staff.signed_in",
        "staff.session_ended",
        "staff.password_changed",
        "staff.signed_out",
    ]
    assert [record.staff_name for record in records] == ["系统"] + ["乌兰"] * 6
    assert [record.after for record in records[2:4]] == [{"second_factor": "set up"}, None]


def test_a_lock_is_recorded_though_the_request_is_refused(app, joined, trail):
    before = len(trail())
    stranger = ConsoleClient(app.test_client())
    for _ in range(7):
        assert code_of(stranger.sign_in("wulan", "another-Passw0rt")) == "staff_sign_in_refused"
    (record,) = trail()[before:]
    # It was somebody who did not know the password, so not known to be the owner.
    assert (record.action, record.staff_id, record.object_label) == ("staff.locked", None, "乌兰")


def test_nothing_secret_and_no_telephone_number_is_recorded(app, joined, make, trail, clock):
    browser, token, totp = joined
    secrets = {PASSWORD, ANOTHER_PASSWORD, PHONE, "8361234", token, totp.secret}
    cookie = browser.client.get_cookie("sain_staff").value
    secrets |= {cookie, browser.csrf_token}
    body = {"parent_id": make.commission().id, "kind": "hospital", "name": "医院"}
    created = browser.post("/organizations", body | {"contact_phone": PHONE}).get_json()
    path = f"/organizations/{created['id']}"
    browser.patch(path, {"contact_phone": "0477-8361234", "contact_name": None}, revision=1)
    browser.get(path)
    invited = browser.post("/accounts", {"name": "某人", "organization_id": created["id"]})
    secrets.add(invited.get_json()["link"].partition("#")[2])
    again = browser.post(f"/accounts/{invited.get_json()['account']['id']}/invitation").get_json()
    new_token = again["link"].partition("#")[2]
    person = ConsoleClient(app.test_client())
    joining = {"token": new_token, "username": "somebody", "password": PASSWORD}
    person.post("/invitations/accept", joining)
    secrets |= {new_token, person.set_up_totp(clock).secret}
    browser.post("/auth/password", {"current_password": PASSWORD, "new_password": ANOTHER_PASSWORD})
    person.post("/auth/sign-out")
    browser.post("/auth/sign-out")
    written = json.dumps(
        [{**vars(record), "seal": record.seal.hex()} for record in trail()],
        default=str,
        ensure_ascii=False,
    )
    assert "organization.contact_seen" in written
    assert "(changed)" in written
    assert all(len(secret) >= 7 for secret in secrets)
    assert [secret for secret in secrets if secret in written] == []


def test_what_is_refused_is_not_recorded(make, hospital, nurse, trail):
    manager = make.console("district_manager")
    namesake = {"parent_id": make.commission().id, "kind": "school", "name": hospital.name}
    refusals = [
        manager.post("/organizations", namesake),
        manager.patch(f"/organizations/{hospital.id}", {"name": "x"}, revision=7),
        manager.post(f"/organizations/{hospital.id}/move", {"parent_id": hospital.id}, revision=1),
        manager.post(
            "/accounts",
            {"name": "某人", "organization_id": hospital.id, "role": "region_officer"},
        ),
        manager.post(f"/accounts/{manager.staff_id}/disable", REASON),
        manager.post(f"/accounts/{nurse.id}/reset-totp"),
    ]
    assert [answer.status_code for answer in refusals] == [409, 412, 422, 403, 403, 404]
    assert trail() == []


@pytest.fixture
def crash_at_commit(session):
    """Has the database fail where nobody can catch it any more."""
    session.execute(
        text(
            "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''no''; END'"
        )
    )
    session.execute(
        text(
            "CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON organizations "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()"
        )
    )
    session.commit()
    yield
    session.rollback()
    session.execute(text("DROP FUNCTION crash CASCADE"))
    session.commit()


def create_hospital(console, make):
    body = {"parent_id": make.commission().id, "kind": "hospital", "name": "医院"}
    return console.post("/organizations", body)


def count_hospitals(session) -> int:
    session.rollback()
    return len(session.scalars(select(Organization).where(Organization.kind == "hospital")).all())


def test_a_crash_at_the_very_end_leaves_neither_act_nor_record(
    make, session, trail, crash_at_commit
):
    manager = make.console("district_manager")
    assert code_of(create_hospital(manager, make)) == "internal_error"
    assert (count_hospitals(session), trail()) == (0, [])


@pytest.fixture
def closed_trail(session):
    """Nothing can be recorded."""
    session.execute(text("REVOKE INSERT ON audit_records FROM sain"))
    session.commit()
    yield
    session.rollback()
    session.execute(text("GRANT INSERT ON audit_records TO sain"))
    session.commit()


def test_an_act_that_cannot_be_recorded_does_not_happen(make, session, trail, closed_trail):
    manager = make.console("district_manager")
    assert code_of(create_hospital(manager, make)) == "internal_error"
    assert (count_hospitals(session), trail()) == (0, [])


def test_a_lock_that_cannot_be_recorded_is_none(app, joined, session, closed_trail):
    """The refusal that keeps its changes fails closed like any other."""
    stranger = ConsoleClient(app.test_client())
    codes = [code_of(stranger.sign_in("wulan", "another-Passw0rt")) for _ in range(5)]
    assert codes == ["staff_sign_in_refused"] * 4 + ["internal_error"]
    assert session.scalars(select(StaffAccount.failures)).all() == [4]


def test_what_could_not_be_recorded_is_not_committed_by_the_next_unit_of_work(
    app, make, session, trail
):
    hospital = make.institution("原名")
    with app.app_context():
        ctx = runtime().context()

        def rename(name: str, **values) -> None:
            with unit_of_work(ctx.session):
                ctx.session.get_one(Organization, hospital.id).name = name
                about = ("organization", hospital.id, name)
                audit.record(ctx, "test.done", about=about, organization_id=None, **values)

        with pytest.raises(TypeError):
            rename("没有记录的名字", after={"value": object()})
        with unit_of_work(ctx.session):
            audit.record(ctx, "test.done", about=("test", 1, "x"), organization_id=None)
    session.refresh(hospital)
    assert hospital.name == "原名"
    assert [record.object_label for record in trail()] == ["x"]


HOSTILE = "x\u202e\u2028\u2066=cmd|'/c calc'!A0\x85 \u200b审计记录完整"


def test_texts_cannot_forge_lines_of_the_trail(app, make, nurse, trail, verify):
    manager = make.console("district_manager", name=HOSTILE)
    for reason in ("a\nb", "a\rb", "a\0b", "a\x1b[2Jb"):
        answer = manager.post(f"/accounts/{nurse.id}/disable", {"reason": reason})
        assert answer.status_code == 422
    answer = manager.client.post(
        f"/api/v1/staff/accounts/{nurse.id}/disable",
        json={"reason": HOSTILE},
        headers={"X-CSRF-Token": manager.csrf_token, "X-Request-ID": "=cmd forged"},
    )
    assert answer.status_code == 200, answer.get_json()
    (record,) = trail()
    assert (record.staff_name, record.after) == (HOSTILE, {"reason": HOSTILE})
    assert re.fullmatch("[0-9a-f]{16}", record.request_id)
    assert re.fullmatch("✓ 1 条审计记录完整\nhead 1:[0-9a-f]{64}\n", verify().stdout)


def test_a_code_is_no_secret_to_leak_but_is_not_recorded_either(joined, trail, clock):
    _, _, totp = joined
    assert isinstance(totp, pyotp.TOTP)
    assert totp.at(clock.now()) not in str([vars(record) for record in trail()])
