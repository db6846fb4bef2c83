"""Binding a phone number."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from models import Citizen, db
from services.wechat import WeChatUser
from tests.http import code_of

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


def test_binding_again_replaces_the_number(http, make, wechat):
    login, other = make.citizen(), make.citizen()
    http.post("/me/phone", {"code": wechat.phone_code("13812345678")}, token=login.token)
    http.post("/me/phone", {"code": wechat.phone_code("13900001111")}, token=login.token)
    assert http.get("/me", token=login.token).get_json()["phone"] == "139****1111"
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
    http.post("/auth/wechat", {"code": "any"})
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
        ({"kind": "timeout", "seconds": 1}, "wechat_timeout"),
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
