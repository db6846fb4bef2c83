"""Binding a phone number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models import Citizen, db
from server.extensions import runtime
from services import accounts
from services.access import Actor
from services.wechat import WeChatUser
from tests.http import HTTPClient, code_of
from tests.served import someone_waits_for_a_lock, wait_until

GET_PHONE = "/wxa/business/getuserphonenumber"


def test_binding_shows_the_number_masked(http, make, wechat):
    token = make.citizen().token
    answer = http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=token)
    assert (answer.status_code, answer.get_json()["phone"]) == (200, "138****5678")
    assert http.get("/me", token=token).get_json()["phone"] == "138****5678"


def test_the_number_is_nowhere_in_the_database_in_clear(http, make, wechat, session):
    token = make.citizen().token
    http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=token)
    row = session.execute(text("SELECT citizens::text FROM citizens")).scalar_one()
    assert "13812345678" not in row
    assert b"13812345678".hex() not in row
    stored = session.scalars(select(Citizen)).one().phone_encrypted
    assert stored[1 : 1 + stored[0]] == b"t1"


def test_one_number_binds_one_account(http, make, wechat):
    first, second = make.citizen(), make.citizen()
    http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=first.token)
    answer = http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=second.token)
    assert (answer.status_code, code_of(answer)) == (409, "phone_taken")
    assert http.get("/me", token=second.token).get_json()["phone"] is None


def test_binding_again_replaces_the_number(http, make, wechat, clock):
    login, other = make.citizen(), make.citizen()
    http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=login.token)
    http.post("/me/phone", {"code": wechat.phone_code("13900001111")}, token=login.token)
    assert http.get("/me", token=login.token).get_json()["phone"] == "139****1111"
    clock.advance(seconds=30)
    freed = http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=other.token)
    assert freed.status_code == 200


def test_a_bound_citizen_may_vote_where_a_phone_is_required(http, make, wechat):
    campaign = make.campaign(phone_required=True)
    token = make.citizen().token
    http.post("/me/phone", {"code": wechat.phone_code()}, token=token)
    assert http.vote(campaign.id, make.entries(campaign)[0], token=token).status_code == 201


class WatchfulWeChat:
    """Notes how many database connections are held while WeChat is asked."""

    appid = "wxsimulator0000000"

    def __init__(self, pool) -> None:
        self._pool = pool
        self.held = []

    def exchange_login_code(self, code: str) -> WeChatUser:
        self.held.append(self._pool.checkedout())
        return WeChatUser("o-watched", None)

    def exchange_phone_code(self, code: str) -> str:
        self.held.append(self._pool.checkedout())
        return "+8613812345678"


def test_no_database_connection_is_held_while_wechat_answers(app, http, make, monkeypatch):
    parts = app.extensions["sain"]
    with app.app_context():
        wechat = WatchfulWeChat(db.engine.pool)
    services = replace(parts.services, wechat=wechat)
    monkeypatch.setitem(app.extensions, "sain", replace(parts, services=services))
    http.sign_in("any")
    http.post("/me/phone", {"code": "any"}, token=make.citizen().token)
    assert wechat.held == [0, 0]


def test_a_code_of_another_kind_or_app_is_refused(http, make, wechat):
    token = make.citizen().token
    used = wechat.phone_code()
    http.post("/me/phone", {"code": used}, token=token)
    for code in (wechat.login_code(), "none", used, wechat.phone_code(appid="wxother000000000000")):
        answer = http.post("/me/phone", {"code": code}, token=token)
        assert (answer.status_code, code_of(answer)) == (422, "wechat_code_invalid")


def test_an_access_token_that_wechat_refuses_is_renewed_once(http, make, wechat):
    token = make.citizen().token
    wechat.fail(GET_PHONE, "errcode", errcode=40001)
    answer = http.post("/me/phone", {"code": wechat.phone_code()}, token=token)
    assert answer.status_code == 200


def test_a_token_refused_for_ever_is_an_error_and_not_a_loop(http, make, wechat):
    token = make.citizen().token
    wechat.fail(GET_PHONE, "errcode", errcode=40001, times=50)
    answer = http.post("/me/phone", {"code": wechat.phone_code()}, token=token)
    assert (answer.status_code, code_of(answer)) == (503, "wechat_unreachable")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "timeout", "seconds": 20}, "wechat_timeout"),
        ({"kind": "html"}, "wechat_bad_answer"),
        ({"kind": "errcode", "errcode": 48001}, "wechat_misconfigured"),
    ],
    ids=["slow", "nonsense", "not opened"],
)
def test_trouble_at_wechat_binds_nothing(http, make, wechat, fault, code):
    token = make.citizen().token
    wechat.fail(GET_PHONE, **fault)
    answer = http.post("/me/phone", {"code": wechat.phone_code()}, token=token)
    assert code_of(answer) == code
    assert http.get("/me", token=token).get_json()["phone"] is None


def test_a_number_is_removed_and_removed_again(http, make, wechat, session, clock):
    login, other = make.citizen(), make.citizen()
    http.post("/me/phone", {"code": wechat.phone_code()}, token=login.token)
    for _ in range(2):
        answer = http.delete("/me/phone", token=login.token)
        assert (answer.status_code, answer.get_json()["phone"]) == (200, None)
    row = session.scalars(select(Citizen).where(Citizen.id == login.citizen_id)).one()
    assert (row.phone_encrypted, row.phone_index, row.phone_bound_at) == (None, None, None)
    clock.advance(seconds=30)
    freed = http.post("/me/phone", {"code": wechat.phone_code()}, token=other.token)
    assert freed.status_code == 200


def test_without_a_number_a_campaign_that_demands_one_takes_no_more_ballots(http, make, wechat):
    campaign = make.campaign(phone_required=True)
    first, second, _ = make.entries(campaign)
    token = make.citizen().token
    http.post("/me/phone", {"code": wechat.phone_code()}, token=token)
    http.vote(campaign.id, first, token=token)
    http.delete("/me/phone", token=token)
    assert code_of(http.vote(campaign.id, second, token=token)) == "phone_required"


def bind(http, wechat, login, phone="13812345678"):
    return http.post("/me/phone", {"code": wechat.phone_code(phone)}, token=login.token)


@pytest.mark.parametrize("way", ["removed", "replaced"])
def test_a_number_that_ballots_count_by_goes_to_nobody_else_meanwhile(
    http, make, wechat, clock, run, way
):
    campaign = make.campaign(phone_required=True, closes_at=clock.now() + timedelta(minutes=20))
    login, other = make.citizen(), make.citizen()
    bind(http, wechat, login)
    http.vote(campaign.id, make.entries(campaign)[0], token=login.token)
    if way == "removed":
        http.delete("/me/phone", token=login.token)
    else:
        bind(http, wechat, login, "13900001111")
    clock.advance(minutes=10)
    run("purge_traces")
    assert code_of(bind(http, wechat, other)) == "phone_still_counts"
    assert http.get("/me", token=other.token).get_json()["phone"] is None
    clock.advance(minutes=10)
    assert bind(http, wechat, other).status_code == 200


def test_its_owner_binds_a_removed_number_again_at_once(http, make, wechat):
    campaign = make.campaign(phone_required=True)
    login = make.citizen()
    bind(http, wechat, login)
    http.vote(campaign.id, make.entries(campaign)[0], token=login.token)
    http.delete("/me/phone", token=login.token)
    assert bind(http, wechat, login).status_code == 200


def test_a_number_that_counted_nowhere_is_free_although_its_owner_votes(http, make, wechat, clock):
    campaign = make.campaign()
    login, other = make.citizen(), make.citizen()
    bind(http, wechat, login)
    http.vote(campaign.id, make.entries(campaign)[0], token=login.token)
    http.delete("/me/phone", token=login.token)
    clock.advance(seconds=29)
    assert code_of(bind(http, wechat, other)) == "phone_still_counts"
    clock.advance(seconds=1)
    assert bind(http, wechat, other).status_code == 200


def test_two_who_pass_a_number_on_at_once_do_not_both_vote_with_it(
    app, http, make, wechat, session
):
    """The second waits for the first's row, and then sees the trace it left."""
    campaign = make.campaign(phone_required=True)
    login, other = make.citizen(), make.citizen()
    bind(http, wechat, login)
    http.vote(campaign.id, make.entries(campaign)[0], token=login.token)
    with ThreadPoolExecutor(1) as pool, app.app_context():
        ctx = runtime().context(actor=Actor(login.citizen_id, login.session_id))
        accounts.remove_phone(ctx)
        binding = pool.submit(bind, HTTPClient(app.test_client()), wechat, other)
        wait_until(lambda: binding.done() or someone_waits_for_a_lock(session), seconds=10)
        assert not binding.done()
        ctx.session.commit()
        assert code_of(binding.result()) == "phone_still_counts"


def test_a_session_that_ends_while_wechat_answers_binds_nothing(app, http, make, monkeypatch):
    login = make.citizen()

    class Leaving(WatchfulWeChat):
        def exchange_phone_code(self, code: str) -> str:
            HTTPClient(app.test_client()).post("/auth/sign-out", token=login.token)
            return "+8613812345678"

    parts = app.extensions["sain"]
    services = replace(parts.services, wechat=Leaving(None))
    monkeypatch.setitem(app.extensions, "sain", replace(parts, services=services))
    answer = http.post("/me/phone", {"code": "any"}, token=login.token)
    assert code_of(answer) == "session_ended"
