"""Joining by a one-time link, signing in with two factors, and what stops guessers."""

import pyotp
import pytest
from sqlalchemy import select

from models import StaffAccount, StaffSession, StaffSignIn
from tests.console import ConsoleClient
from tests.http import code_of

PASSWORD = "Mugwort-and-7-herbs"


@pytest.fixture
def link(app) -> str:
    """What `flask staff create-admin` prints."""
    result = app.test_cli_runner().invoke(args=["staff", "create-admin", "--name", "乌兰"])
    assert result.exit_code == 0, result.output
    return result.output.strip()


@pytest.fixture
def token(link) -> str:
    return link.partition("#")[2]


@pytest.fixture
def joined(browser, token, clock) -> tuple[ConsoleClient, pyotp.TOTP]:
    """An administrator who has joined as wulan, and her authenticator."""
    browser.post("/invitations/accept", {"token": token, "username": "wulan", "password": PASSWORD})
    totp = browser.set_up_totp(clock)
    clock.advance(seconds=60)
    return browser, totp


@pytest.fixture
def another_browser(app):
    return ConsoleClient(app.test_client())


def test_a_one_time_link_makes_the_first_administrator(browser, link, token, clock):
    assert link.startswith("http://127.0.0.1:8000/console/invitation#")
    look = browser.post("/invitations/look", {"token": token}).get_json()
    assert (look["purpose"], look["name"], look["username"]) == ("join", "乌兰", None)
    assert look["organization"]["name"] == "内蒙古自治区卫生健康委员会"

    accepted = browser.post(
        "/invitations/accept", {"token": token, "username": " Wulan ", "password": PASSWORD}
    )
    assert accepted.status_code == 200, accepted.get_json()
    assert accepted.get_json()["step"] == "totp_setup"
    assert accepted.get_json()["permissions"] == []
    assert code_of(browser.get("/accounts")) == "staff_totp_setup_required"

    browser.set_up_totp(clock)
    session = browser.get("/session").get_json()
    assert session["step"] == "ready"
    assert session["staff"]["username"] == "wulan"
    assert [grant["role"] for grant in session["grants"]] == ["system_administrator"]
    assert "manage_organizations" in session["permissions"]
    assert browser.get("/accounts").status_code == 200


def test_a_link_works_once_and_for_a_week(app, browser, another_browser, token, clock):
    body = {"token": token, "username": "wulan", "password": PASSWORD}
    clock.advance(days=7)
    assert code_of(browser.post("/invitations/accept", body)) == "invitation_not_found"
    clock.advance(seconds=-1)
    assert browser.post("/invitations/accept", body).status_code == 200
    assert code_of(another_browser.post("/invitations/accept", body)) == "invitation_not_found"
    assert code_of(another_browser.post("/invitations/look", {"token": token})) == (
        "invitation_not_found"
    )


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1-x", "password_too_short"),
        ("only-lower-case", "password_too_simple"),
        ("Password123", "password_too_common"),
        ("Wulan-1949", "password_too_common"),
        ("Qwerty12345!", "password_too_common"),
    ],
)
def test_weak_passwords_are_refused_and_use_nothing_up(browser, token, password, code):
    body = {"token": token, "username": "wulan", "password": password}
    assert code_of(browser.post("/invitations/accept", body)) == code
    assert browser.post("/invitations/accept", body | {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("username", ["", "ab", "-wulan", "wu lan", "乌兰", "a" * 33, "wulan\n"])
def test_usernames_are_plain(browser, token, username):
    answer = browser.post(
        "/invitations/accept", {"token": token, "username": username, "password": PASSWORD}
    )
    if username == "wulan\n":
        assert answer.status_code == 200
    else:
        assert answer.get_json()["errors"].keys() == {"username"}


def test_a_username_is_taken_once_whatever_its_case(make, browser, token):
    make.staff(username="wulan")
    answer = browser.post(
        "/invitations/accept", {"token": token, "username": "WULAN", "password": PASSWORD}
    )
    assert (answer.status_code, code_of(answer)) == (409, "username_taken")


@pytest.mark.parametrize("username", ["wulan", "WuLan", " wulan ", "ｗｕｌａｎ"])
def test_signing_in_takes_password_and_code(joined, another_browser, clock, username):
    _, totp = joined
    first = another_browser.sign_in(username, PASSWORD)
    assert (first.status_code, first.get_json()["step"]) == (200, "totp")
    assert first.get_json()["grants"] == []
    assert code_of(another_browser.get("/accounts")) == "staff_totp_required"

    second = another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    assert second.get_json()["step"] == "ready"
    assert another_browser.get("/accounts").status_code == 200


def test_the_cookie_is_new_after_the_second_factor(joined, another_browser, clock):
    _, totp = joined
    another_browser.sign_in("wulan", PASSWORD)
    before = another_browser.client.get_cookie("sain_staff").value
    another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    after = another_browser.client.get_cookie("sain_staff").value
    assert before != after
    another_browser.client.set_cookie("sain_staff", before)
    assert code_of(another_browser.get("/session")) == "session_ended"


def test_the_cookie_is_kept_from_scripts_and_other_sites(joined, another_browser, another_client):
    header = another_browser.sign_in("wulan", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Strict" in header
    production = ConsoleClient(another_client(environment="production"))
    header = production.sign_in("wulan", PASSWORD).headers["Set-Cookie"]
    assert header.startswith("__Host-sain_staff=")
    assert "Secure" in header


def test_no_code_works_twice(joined, app, clock):
    _, totp = joined
    code = totp.at(clock.now())
    one, other = ConsoleClient(app.test_client()), ConsoleClient(app.test_client())
    one.sign_in("wulan", PASSWORD)
    other.sign_in("wulan", PASSWORD)
    assert one.post("/auth/totp", {"code": code}).status_code == 200
    assert code_of(other.post("/auth/totp", {"code": code})) == "totp_code_wrong"


@pytest.mark.parametrize(("seconds", "is_accepted"), [(-60, False), (-30, True), (30, True)])
def test_a_clock_may_be_half_a_minute_off(joined, another_browser, clock, seconds, is_accepted):
    _, totp = joined
    clock.advance(seconds=120)
    another_browser.sign_in("wulan", PASSWORD)
    code = totp.at(int(clock.now().timestamp()) + seconds)
    answer = another_browser.post("/auth/totp", {"code": code})
    assert (answer.status_code == 200) == is_accepted


def test_whatever_is_wrong_the_refusal_is_the_same(joined, make, another_browser, session):
    def refusal(username: str, password: str = "another-Passw0rt") -> dict:
        body = another_browser.sign_in(username, password).get_json()
        return {key: value for key, value in body.items() if key != "request_id"}

    wrong = refusal("wulan")
    assert wrong["code"] == "staff_sign_in_refused"
    assert refusal("nobody-here") == wrong
    for _ in range(4):
        refusal("wulan")
    assert refusal("wulan", PASSWORD) == wrong
    account = session.scalars(select(StaffAccount)).one()
    account.locked_until, account.disabled_at = None, account.created_at
    session.commit()
    assert refusal("wulan", PASSWORD) == wrong


def test_five_wrong_passwords_lock_for_half_an_hour(joined, another_browser, clock):
    for username in ("wulan", "WULAN", " wulan", "wulan", "wulan"):
        another_browser.sign_in(username, "wrong")
    assert code_of(another_browser.sign_in("wulan", PASSWORD)) == "staff_sign_in_refused"
    clock.advance(minutes=30)
    assert another_browser.sign_in("wulan", PASSWORD).status_code == 200


def test_wrong_codes_lock_too_and_end_the_session(joined, another_browser):
    another_browser.sign_in("wulan", PASSWORD)
    for _ in range(5):
        assert code_of(another_browser.post("/auth/totp", {"code": "000000"})) == "totp_code_wrong"
    assert code_of(another_browser.get("/session")) == "session_ended"
    assert code_of(another_browser.sign_in("wulan", PASSWORD)) == "staff_sign_in_refused"


def test_a_right_password_alone_does_not_forget_the_failures(joined, another_browser):
    """Else whoever knows the password could try codes without end."""
    for _ in range(4):
        another_browser.sign_in("wulan", PASSWORD)
        another_browser.post("/auth/totp", {"code": "000000"})
    another_browser.sign_in("wulan", PASSWORD)
    another_browser.post("/auth/totp", {"code": "000000"})
    assert code_of(another_browser.sign_in("wulan", PASSWORD)) == "staff_sign_in_refused"


def test_every_try_is_shown_to_the_owner(joined, another_browser, session):
    browser, _ = joined
    another_browser.client.environ_base["HTTP_USER_AGENT"] = "A guesser's browser"
    another_browser.sign_in("wulan", "wrong")
    items = browser.get("/me/sign-ins").get_json()["items"]
    assert [item["result"] for item in items] == ["wrong_password", "signed_in"]
    assert items[0]["user_agent"] == "A guesser's browser"
    assert session.scalars(select(StaffSignIn)).all()


def test_idle_sessions_end(joined, clock):
    browser, _ = joined
    clock.advance(minutes=28)
    assert browser.get("/session").status_code == 200
    clock.advance(minutes=29)
    assert browser.get("/session").status_code == 200
    clock.advance(minutes=30)
    assert code_of(browser.get("/session")) == "session_ended"


def test_no_session_lasts_longer_than_twelve_hours(joined, clock):
    browser, _ = joined
    for _ in range(28):
        clock.advance(minutes=25)
        assert browser.get("/session").status_code == 200
    clock.advance(minutes=25)
    assert code_of(browser.get("/session")) == "session_ended"


def test_the_second_factor_has_to_follow_soon(joined, another_browser, clock):
    _, totp = joined
    another_browser.sign_in("wulan", PASSWORD)
    clock.advance(minutes=15)
    answer = another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    assert code_of(answer) == "session_ended"


def test_signing_out_ends_the_session_on_the_server(joined):
    browser, _ = joined
    cookie = browser.client.get_cookie("sain_staff").value
    assert browser.post("/auth/sign-out").status_code == 204
    assert browser.client.get_cookie("sain_staff") is None
    browser.client.set_cookie("sain_staff", cookie)
    assert code_of(browser.get("/session")) == "session_ended"


@pytest.mark.parametrize("sent", ["", "wrong", "é", None])
def test_a_write_without_our_pages_token_is_refused(joined, session, sent):
    browser, _ = joined
    browser.csrf_token = sent or ""
    answer = browser.post("/auth/sign-out")
    assert (answer.status_code, code_of(answer)) == (403, "csrf_token_invalid")
    assert session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).all()


def test_the_token_of_another_session_is_no_good(joined, make):
    browser, _ = joined
    browser.csrf_token = make.console("district_officer").csrf_token
    assert code_of(browser.post("/auth/sign-out")) == "csrf_token_invalid"


def test_changing_the_password_ends_the_other_sessions(joined, another_browser, clock):
    browser, totp = joined
    another_browser.sign_in("wulan", PASSWORD)
    another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    change = {"current_password": "wrong", "new_password": "Wormwood-and-8-roots"}
    assert code_of(browser.post("/auth/password", change)) == "password_wrong"
    change["current_password"] = PASSWORD
    assert code_of(browser.post("/auth/password", change | {"new_password": PASSWORD})) == (
        "password_unchanged"
    )
    assert browser.post("/auth/password", change).status_code == 200
    assert browser.get("/session").status_code == 200
    assert code_of(another_browser.get("/session")) == "session_ended"
    assert another_browser.sign_in("wulan", "Wormwood-and-8-roots").status_code == 200


def test_a_password_of_ninety_days_has_to_be_changed_first(joined, another_browser, clock):
    _, totp = joined
    clock.advance(days=90)
    another_browser.sign_in("wulan", PASSWORD)
    answer = another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    assert answer.get_json()["step"] == "password_change"
    assert code_of(another_browser.get("/accounts")) == "staff_password_change_required"
    change = {"current_password": PASSWORD, "new_password": "Wormwood-and-8-roots"}
    assert another_browser.post("/auth/password", change).get_json()["step"] == "ready"
    assert another_browser.get("/accounts").status_code == 200


def test_a_password_cannot_be_changed_before_the_second_factor(joined, another_browser):
    another_browser.sign_in("wulan", PASSWORD)
    change = {"current_password": PASSWORD, "new_password": "Wormwood-and-8-roots"}
    assert code_of(another_browser.post("/auth/password", change)) == "second_factor_required"


def test_own_sessions_can_be_ended_from_afar_and_others_not(joined, another_browser, make, clock):
    browser, totp = joined
    another_browser.sign_in("wulan", PASSWORD)
    another_browser.post("/auth/totp", {"code": totp.at(clock.now())})
    sessions = browser.get("/me/sessions").get_json()["items"]
    assert [each["is_current"] for each in sessions] == [False, True]
    stranger = make.console("district_officer")
    answer = stranger.delete(f"/me/sessions/{sessions[0]['id']}")
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert browser.delete(f"/me/sessions/{sessions[0]['id']}").status_code == 204
    assert code_of(another_browser.get("/session")) == "session_ended"


def test_a_citizens_token_opens_nothing_here(app, make):
    headers = {"Authorization": f"Bearer {make.citizen().token}"}
    answer = app.test_client().get("/api/v1/staff/session", headers=headers)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_required")


@pytest.mark.parametrize("cookie", ["x", "x" * 3000, "é", "a b"])
def test_invented_cookies(browser, cookie):
    browser.client.set_cookie("sain_staff", cookie)
    assert browser.get("/session").status_code == 401
