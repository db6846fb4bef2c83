"""Consents: none before, a ledger of them, and what a new version of the policy asks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import Citizen, Consent, WeChatIdentity
from services.policies import CURRENT_PRIVACY_VERSION as VERSION
from tests.http import HTTPClient, code_of

PATH = "/auth/wechat"
APPID = "wxsimulator0000000"


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def ledger(session) -> list[tuple]:
    session.rollback()
    rows = session.scalars(select(Consent).order_by(Consent.id))
    return [(row.citizen_id, row.policy, row.version, row.is_given, row.client) for row in rows]


@pytest.fixture
def publish(app, monkeypatch) -> Callable[[str], None]:
    """Puts a new version of the policy in force."""

    def put_in_force(version: str) -> None:
        parts = app.extensions["sain"]
        policy = replace(parts.services.privacy_policy, version=version)
        services = replace(parts.services, privacy_policy=policy)
        monkeypatch.setitem(app.extensions, "sain", replace(parts, services=services))

    return put_in_force


@pytest.mark.parametrize("more", [{}, {"policy_version": "0.9"}, {"policy_version": "2"}])
def test_nobody_has_an_account_before_they_consented(http, wechat, session, more):
    answer = http.post(PATH, {"code": wechat.login_code(unionid="u-1")} | more)
    assert (answer.status_code, code_of(answer)) == (403, "consent_required")
    assert count(session, Citizen) == count(session, WeChatIdentity) == 0
    assert count(session, Consent) == 0


@pytest.mark.parametrize("version", ["", "x" * 33, 1, None, "a\0"])
def test_a_version_that_is_none(http, version):
    answer = http.post(PATH, {"code": "any", "policy_version": version})
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


def test_a_consent_is_recorded_once_and_then_needs_no_repeating(http, wechat, session, clock):
    tokens = http.sign_in(wechat.login_code()).get_json()
    assert http.post(PATH, {"code": wechat.login_code()}).status_code == 200
    assert http.sign_in(wechat.login_code()).status_code == 200
    (entry,) = ledger(session)
    assert entry[1:] == ("privacy", VERSION, True, APPID)
    profile = http.get("/me", token=tokens["access_token"]).get_json()
    given_at = clock.now().isoformat()
    assert profile["consent"] == {"version": VERSION, "given_at": given_at, "is_current": True}
    listed = http.get("/me/consents", token=tokens["access_token"]).get_json()
    assert listed == {"items": [{"version": VERSION, "is_given": True, "at": given_at}]}


def test_a_double_click_records_one_consent(app, make, session):
    login = make.citizen()

    def consent(_):
        client = HTTPClient(app.test_client())
        return client.post("/me/consents", {"policy_version": VERSION}, token=login.token)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(consent, range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert ledger(session) == [(login.citizen_id, "privacy", VERSION, True, None)]


def test_a_session_from_before_goes_on_without_a_consent(http, make):
    login = make.citizen()
    assert http.get("/me", token=login.token).get_json()["consent"] is None
    assert http.get("/me/consents", token=login.token).get_json() == {"items": []}
    answer = http.post("/me/consents", {"policy_version": VERSION}, token=login.token)
    assert answer.get_json()["consent"]["is_current"] is True


def test_a_new_version_lets_sessions_go_on_and_asks_at_the_next_sign_in(
    http, wechat, session, publish, clock
):
    tokens = http.sign_in(wechat.login_code()).get_json()
    publish("2.0")
    clock.advance(minutes=5)
    profile = http.get("/me", token=tokens["access_token"]).get_json()
    assert (profile["consent"]["version"], profile["consent"]["is_current"]) == (VERSION, False)
    renewed = http.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert renewed.status_code == 200
    token = renewed.get_json()["access_token"]
    for sent in ({}, {"policy_version": VERSION}):
        refused = http.post(PATH, {"code": wechat.login_code()} | sent)
        assert code_of(refused) == "consent_required"
    old = http.post("/me/consents", {"policy_version": VERSION}, token=token)
    assert (old.status_code, code_of(old)) == (409, "policy_superseded")
    answer = http.post("/me/consents", {"policy_version": "2.0"}, token=token)
    assert answer.get_json()["consent"]["is_current"] is True
    assert http.post(PATH, {"code": wechat.login_code()}).status_code == 200
    assert [entry[2:4] for entry in ledger(session)] == [(VERSION, True), ("2.0", True)]


def test_withdrawing_ends_every_session_and_asks_anew(http, wechat, session, make):
    first = http.sign_in(wechat.login_code()).get_json()
    second = http.sign_in(wechat.login_code()).get_json()
    stranger = make.citizen()
    answer = http.delete("/me/consents", token=first["access_token"])
    assert (answer.status_code, answer.data) == (204, b"")
    for each in (first, second):
        assert code_of(http.get("/me", token=each["access_token"])) == "session_ended"
        refused = http.post("/auth/refresh", {"refresh_token": each["refresh_token"]})
        assert code_of(refused) == "session_ended"
    assert code_of(http.delete("/me/consents", token=first["access_token"])) == "session_ended"
    assert http.get("/me", token=stranger.token).status_code == 200
    assert code_of(http.post(PATH, {"code": wechat.login_code()})) == "consent_required"
    token = http.sign_in(wechat.login_code()).get_json()["access_token"]
    items = http.get("/me/consents", token=token).get_json()["items"]
    assert [item["is_given"] for item in items] == [True, False, True]
    assert count(session, Citizen) == 2, "the stranger and one more"


def test_ballots_cast_before_a_withdrawal_stay_and_count(http, wechat, make):
    campaign = make.campaign(ballots_per_day=1)
    entry_id = make.entries(campaign)[0]
    token = http.sign_in(wechat.login_code()).get_json()["access_token"]
    http.vote(campaign.id, entry_id, token=token)
    http.delete("/me/consents", token=token)
    assert code_of(http.vote(campaign.id, entry_id, token=token)) == "session_ended"
    token = http.sign_in(wechat.login_code()).get_json()["access_token"]
    assert code_of(http.vote(campaign.id, entry_id, token=token)) == "daily_limit_reached"


def test_others_consents_are_nobodys_business(http, make):
    one, other = make.citizen(), make.citizen()
    http.post("/me/consents", {"policy_version": VERSION}, token=one.token)
    assert http.get("/me/consents", token=other.token).get_json() == {"items": []}
