"""Messages at the console: who sees which, and sending a dead one again."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from devtools.message_templates import RESULT_TEMPLATE
from models import AuditRecord, MessagePause
from tests.http import code_of

SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def voter(stage, campaign):
    return stage.voter(campaign, allowed=5)


@pytest.fixture
def dead(stage, voter, campaign):
    return stage.message(
        voter, campaign, state="dead", reason="refused", last_errcode=47003, attempts=1
    )


@pytest.fixture
def manager(make):
    return make.console("district_manager")


def test_an_empty_list(manager):
    assert manager.get("/messages").get_json() == {"items": [], "next_cursor": None}


def test_what_staff_see_of_a_message(manager, dead, voter, clock):
    [item] = manager.get("/messages").get_json()["items"]
    organization = item.pop("organization")
    assert organization["kind"] == "district_commission"
    assert item == {
        "id": dead.id,
        "citizen_id": voter.citizen_id,
        "template": "campaign_result",
        "title": "评选结果公布了",
        "state": "dead",
        "reason": "refused",
        "attempts": 1,
        "next_attempt_at": clock.now().isoformat(),
        "last_errcode": 47003,
        "created_at": clock.now().isoformat(),
        "sent_at": None,
    }


def test_filters_and_pages(manager, stage, voter, campaign, dead):
    sent = [stage.message(voter, campaign, state="sent").id for _ in range(3)]
    page = manager.get("/messages", state="sent", limit=2).get_json()
    assert [item["id"] for item in page["items"]] == [sent[2], sent[1]]
    page = manager.get("/messages", state="sent", cursor=page["next_cursor"]).get_json()
    assert [item["id"] for item in page["items"]] == [sent[0]]
    own = {"organization_id": campaign.organization_id}
    assert len(manager.get("/messages", **own).get_json()["items"]) == 4
    assert manager.get("/messages", organization_id=999).get_json()["items"] == []
    assert manager.get("/messages", state="lost").status_code == 422
    assert code_of(manager.get("/messages", cursor="x")) == "cursor_invalid"


def test_whose_messages_are_within_reach(make, dead):
    neighbour = make.console("district_manager", make.commission("150603"))
    assert neighbour.get("/messages").get_json()["items"] == []
    answer = neighbour.post(f"/messages/{dead.id}/retry")
    assert (answer.status_code, code_of(answer)) == (404, "message_not_found")
    for role, division in [
        ("city_officer", "150600"),
        ("region_officer", "150000"),
        ("system_administrator", "150000"),
    ]:
        above = make.console(role, make.commission(division))
        assert len(above.get("/messages").get_json()["items"]) == 1, role


def test_sending_a_dead_one_again(dead, stage, wechat, work, clock, session):
    wechat.subscribe("o-citizen", RESULT_TEMPLATE)
    session.add(
        MessagePause(template="campaign_result", until=clock.now() + timedelta(hours=1), errcode=1)
    )
    session.commit()
    # Long after it would have been old news.
    clock.advance(days=20)
    answer = stage.make.console("district_manager").post(f"/messages/{dead.id}/retry")
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["state"] == "pending"
    assert answer.get_json()["attempts"] == 0
    work("send_messages")
    [message] = stage.messages()
    assert (message.state, message.attempts) == ("sent", 1)
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc())).first()
    assert (record.action, record.object_id) == ("message.retried", str(dead.id))
    assert record.before == {"attempts": 1, "errcode": 47003}


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "unconfirmed", "skipped"])
def test_only_dead_ones_are_sent_again(manager, stage, voter, campaign, state):
    reason = "no_allowance" if state == "skipped" else None
    message = stage.message(voter, campaign, state=state, reason=reason)
    answer = manager.post(f"/messages/{message.id}/retry")
    assert (answer.status_code, code_of(answer)) == (409, "message_not_dead")
    assert [each.state for each in stage.messages()] == [state]


def test_a_double_click_sends_it_once(make, dead, stage, wechat, work):
    wechat.subscribe("o-citizen", RESULT_TEMPLATE, times=2)
    consoles = [make.console("district_manager") for _ in range(2)]
    answers = []

    def click(console) -> None:
        answers.append(console.post(f"/messages/{dead.id}/retry").status_code)

    clicks = [Thread(target=click, args=(console,)) for console in consoles]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert sorted(answers) == [200, 409]
    work("send_messages")
    assert len(wechat.calls(SEND)) == 1
