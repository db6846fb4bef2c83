"""Scripted failures, from errcodes to broken connections."""

import json
import time

import pytest
import requests

from devtools.wechat_simulator import APPOINTMENT_TEMPLATE

PATH = "/cgi-bin/getcallbackip"


@pytest.fixture
def token(weixin):
    return weixin.token()


def fault(weixin, kind, path=PATH, **more):
    return weixin.control("/faults", path=path, kind=kind, **more)["faults"]


def ask(weixin, token):
    return weixin.get(PATH, access_token=token)


def test_an_errcode_for_the_next_calls_only(weixin, token):
    fault(weixin, "errcode", errcode=-1, times=2)
    answers = [ask(weixin, token).json() for _ in range(3)]
    assert [answer.get("errcode", 0) for answer in answers] == [-1, -1, 0]
    assert answers[0]["errmsg"].startswith("system error rid: ")


def test_an_errcode_comes_with_its_usual_or_with_given_words(weixin, token):
    fault(weixin, "errcode", errcode=89503)
    fault(weixin, "errcode", errcode=48001, errmsg="own words")
    assert "administrator" in ask(weixin, token).json()["errmsg"]
    assert ask(weixin, token).json()["errmsg"].startswith("own words rid: ")


def test_a_fault_hits_only_its_path_unless_it_names_all(weixin, token):
    fault(weixin, "errcode", path="/sns/jscode2session")
    assert "ip_list" in ask(weixin, token).json()
    fault(weixin, "errcode", path="*")
    assert ask(weixin, token).json()["errcode"] == -1


def test_a_fault_may_skip_calls_first(weixin, token):
    fault(weixin, "errcode", skip=1)
    assert "ip_list" in ask(weixin, token).json()
    assert ask(weixin, token).json()["errcode"] == -1


def test_http_status(weixin, token):
    fault(weixin, "http_status", status=503)
    answer = ask(weixin, token)
    assert answer.status_code == 503
    assert "html" in answer.headers["Content-Type"]


def test_html_with_status_200(weixin, token):
    fault(weixin, "html")
    answer = ask(weixin, token)
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")


def test_truncated_json(weixin, token):
    fault(weixin, "truncated")
    answer = ask(weixin, token)
    assert answer.status_code == 200
    assert answer.text.startswith("{")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


def test_a_body_cut_off_with_its_connection(weixin, token):
    fault(weixin, "truncated", drop_connection=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(weixin, token)


def test_timeout_holds_the_connection_past_the_clients_patience(weixin, token):
    fault(weixin, "timeout", seconds=0.3)
    with pytest.raises(requests.exceptions.ReadTimeout):
        weixin.http.get(weixin.url + PATH, params={"access_token": token}, timeout=0.05)


def test_timeout_closes_without_an_answer_in_the_end(weixin, token):
    fault(weixin, "timeout", seconds=0.1)
    started = time.monotonic()
    with pytest.raises(requests.exceptions.ConnectionError, match="closed connection"):
        ask(weixin, token)
    assert 0.1 <= time.monotonic() - started < 2


def test_reset_is_a_tcp_reset(weixin, token):
    fault(weixin, "reset")
    with pytest.raises(requests.exceptions.ConnectionError, match="reset by peer"):
        ask(weixin, token)
    assert "ip_list" in ask(weixin, token).json()


def test_slow_dribbles_the_whole_body(weixin, token):
    fault(weixin, "slow", seconds=0.2)
    started = time.monotonic()
    with weixin.http.get(
        weixin.url + PATH, params={"access_token": token}, stream=True, timeout=5
    ) as answer:
        answer.raw.read(1)
        first_byte = time.monotonic() - started
        rest = answer.raw.read()
    assert time.monotonic() - started >= max(0.2, first_byte + 0.1)
    assert json.loads(b"{" + rest)["ip_list"]


def test_other_calls_are_served_while_one_is_held(weixin, token):
    fault(weixin, "timeout", seconds=20)
    with pytest.raises(requests.exceptions.ReadTimeout):
        weixin.http.get(weixin.url + PATH, params={"access_token": token}, timeout=0.02)
    started = time.monotonic()
    assert "ip_list" in ask(weixin, token).json()
    assert time.monotonic() - started < 5


def subscribed_message(weixin):
    weixin.control(
        "/subscriptions", openid="o-1", template_id=APPOINTMENT_TEMPLATE, status="accept"
    )
    values = {"thing1": "预约", "name2": "乌兰", "time3": "09:30", "phrase4": "已确认"}
    data = {key: {"value": value} for key, value in values.items()}
    return {"touser": "o-1", "template_id": APPOINTMENT_TEMPLATE, "data": data}


@pytest.mark.parametrize(("executed", "sent"), [(True, 1), (False, 0)])
def test_the_answer_may_be_lost_after_the_call_took_effect(weixin, executed, sent):
    send = "/cgi-bin/message/subscribe/send"
    body = subscribed_message(weixin)
    fault(weixin, "reset", path=send, executed=executed)
    with pytest.raises(requests.exceptions.ConnectionError):
        weixin.call(send, body)
    assert len(weixin.control("/messages", "GET")["messages"]) == sent


def test_faults_are_listed_and_cleared(weixin, token):
    listed = fault(weixin, "html", times=3)
    assert [(item["kind"], item["times"]) for item in listed] == [("html", 3)]
    assert weixin.control("/faults", "GET")["faults"] == listed
    weixin.control("/faults", "DELETE")
    assert weixin.control("/faults", "GET")["faults"] == []
    assert "ip_list" in ask(weixin, token).json()


@pytest.mark.parametrize(
    "body",
    [
        {"path": PATH},
        {"kind": "html"},
        {"path": "/no/such/api", "kind": "html"},
        {"path": PATH, "kind": "earthquake"},
        {"path": PATH, "kind": "html", "times": 0},
        {"path": PATH, "kind": "http_status", "status": 200},
        {"path": PATH, "kind": "slow", "seconds": "long"},
        {"path": PATH, "kind": "html", "colour": "red"},
    ],
)
def test_unusable_faults_are_explained(weixin, body):
    answer = weixin.try_control("/faults", **body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
