"""What is queued is sent: when, to whom, what it says, and what follows from the answer."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from devtools.message_templates import RESULT_TEMPLATE
from models import MessagePause, WeChatIdentity
from server.extensions import runtime
from services import notifications
from services.message_templates import MessageTemplate
from services.notifications import sending
from services.notifications.outcomes import MOST_ATTEMPTS

SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def campaign(make):
    return make.campaign(title="健康达人评选")


@pytest.fixture
def queue(stage, campaign, wechat):
    """Queues a message to somebody who accepted it, here and at WeChat."""

    def put(openid="o-citizen", *, allowed=1, accepted=None, **values):
        citizen = stage.voter(campaign, openid, allowed=allowed)
        wechat.subscribe(openid, RESULT_TEMPLATE, times=accepted or allowed)
        stage.message(citizen, campaign, **values)
        return citizen

    return put


def states(stage) -> list[str]:
    return [each.state for each in stage.messages()]


def test_from_the_vote_to_the_message(http, make, stage, wechat, work, clock):
    campaign = make.campaign(closes_at=clock.now() + timedelta(hours=1), title="健康达人评选")
    citizen = make.citizen()
    make.identity(citizen)
    assert http.vote(campaign.id, make.entries(campaign)[0], token=citizen.token).status_code == 201
    body = {"choices": [{"template": "campaign_result", "result": "accept"}]}
    assert http.post("/me/subscriptions", body, token=citizen.token).status_code == 204
    wechat.subscribe("o-citizen", RESULT_TEMPLATE)
    clock.advance(hours=2)
    assert make.agree(campaign, "publish_result", notice="予以公布。").status_code == 200
    work()
    [message] = wechat.messages("o-citizen")
    assert message["page"] == f"pages/index/index?campaign={campaign.id}"
    assert message["data"] == {
        "thing1": "健康达人评选",
        "thing2": "比科普宣传",
        "time3": "2026年11月20日 13:00",
        "thing4": "结果已公布，点开看榜单和公告",
    }
    [row] = stage.messages()
    assert (row.state, row.msgid, row.attempts) == ("sent", str(message["msgid"]), 1)
    assert row.sent_at == clock.now()
    assert stage.remaining(citizen) == 0
    work()
    assert len(wechat.messages()) == 1


def test_nothing_is_due(work, wechat):
    work("send_messages")
    assert wechat.calls(SEND) == []


def test_a_long_title_and_mongolian_are_sent(stage, make, wechat, work):
    campaign = make.campaign(title="ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ \n" + "很长的活动名称" * 60)
    voter = stage.voter(campaign, allowed=1)
    wechat.subscribe("o-citizen", RESULT_TEMPLATE)
    stage.message(voter, campaign)
    work("send_messages")
    assert states(stage) == ["sent"]
    assert wechat.messages()[0]["data"]["thing1"] == "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ 很长的活…"


def test_not_before_it_is_due(queue, stage, work, clock, wechat):
    queue(next_attempt_at=clock.now() + timedelta(minutes=1))
    work("send_messages")
    assert states(stage) == ["pending"]
    clock.advance(minutes=1)
    work("send_messages")
    assert states(stage) == ["sent"]


def test_many_people_in_one_run(queue, stage, wechat, work):
    for number in range(20):
        queue(f"o-{number}")
    work("send_messages")
    assert states(stage) == ["sent"] * 20
    assert len({message["touser"] for message in wechat.messages()}) == 20


def test_one_person_gets_messages_one_after_the_other(queue, stage, campaign, wechat, work):
    citizen = queue(allowed=3)
    for _ in range(2):
        stage.message(citizen, campaign)
    wechat.set_app(send_seconds=0.1)
    work("send_messages")
    assert states(stage) == ["sent"] * 3
    assert stage.remaining(citizen) == 0


def test_who_has_no_allowance_is_passed_over(queue, stage, wechat, work):
    queue(allowed=0, accepted=1)
    work("send_messages")
    assert [(each.state, each.reason) for each in stage.messages()] == [("skipped", "no_allowance")]
    assert wechat.calls(SEND) == []


def test_who_was_erased_since_is_passed_over(app, queue, stage, session, wechat, work):
    queue("o-gone")
    session.execute(delete(WeChatIdentity))
    session.commit()
    stays = queue("o-stays")
    gone = queue("o-erased")
    with app.app_context():
        ctx = runtime().context()
        notifications.erase_citizen(ctx, citizen_id=gone.citizen_id)
        ctx.session.commit()
    work("send_messages")
    assert [(each.state, each.reason) for each in stage.messages()] == [
        ("skipped", "account_gone"),
        ("sent", None),
    ]
    assert [each["touser"] for each in wechat.messages()] == ["o-stays"]
    assert stage.remaining(stays) == 0


def test_who_is_erased_while_wechat_is_asked(app, queue, stage, monkeypatch, work, wechat):
    citizen = queue()
    send = sending._send

    def erase_and_send(gateway, claim):
        with app.app_context():
            ctx = runtime().context()
            notifications.erase_citizen(ctx, citizen_id=citizen.citizen_id)
            ctx.session.commit()
        return send(gateway, claim)

    monkeypatch.setattr(sending, "_send", erase_and_send)
    work("send_messages")
    assert stage.messages() == []


def test_old_news_is_not_sent(queue, stage, wechat, work, clock):
    queue(expires_at=clock.now() + timedelta(days=3))
    clock.advance(days=3, seconds=1)
    work("send_messages")
    assert [(each.state, each.reason) for each in stage.messages()] == [("skipped", "expired")]
    assert wechat.calls(SEND) == []


def test_without_a_template_any_more_nothing_is_sent(queue, stage, another_client, work, wechat):
    queue()
    work("send_messages", on=another_client(message_templates=()).application)
    assert [(each.state, each.reason) for each in stage.messages()] == [
        ("skipped", "template_unset")
    ]
    assert wechat.calls(SEND) == []


def test_a_long_term_template_is_not_used_up(queue, stage, config, another_client, work):
    [once] = config.message_templates
    always = MessageTemplate(once.code, once.template_id, once.keys, is_long_term=True)
    citizen = queue()
    work("send_messages", on=another_client(message_templates=(always,)).application)
    assert states(stage) == ["sent"]
    assert stage.remaining(citizen) == 1


def test_wechat_says_that_nothing_is_left(queue, stage, wechat, work):
    """43101: our count was wrong. The inbox has the notice all the same."""
    citizen = queue(allowed=3, accepted=1)
    wechat.fail(SEND, "errcode", errcode=43101)
    work("send_messages")
    [message] = stage.messages()
    assert (message.state, message.reason) == ("skipped", "no_allowance")
    assert message.last_errcode == 43101
    assert stage.remaining(citizen) == 0
    assert len(stage.notices()) == 1


@pytest.mark.parametrize("errcode", [40003, 47003, 45168])
def test_a_refused_message_is_dead_and_the_others_go_on(queue, stage, wechat, work, errcode):
    queue("o-1")
    wechat.fail(SEND, "errcode", errcode=errcode)
    work("send_messages")
    queue("o-2")
    work("send_messages")
    assert [(each.state, each.reason, each.last_errcode) for each in stage.messages()] == [
        ("dead", "refused", errcode),
        ("sent", None, 0),
    ]


@pytest.mark.parametrize(("errcode", "state"), [(40037, "dead"), (48001, "pending")])
def test_what_has_to_be_mended_pauses_the_others(queue, stage, wechat, work, clock, errcode, state):
    queue("o-1")
    wechat.fail(SEND, "errcode", errcode=errcode)
    work("send_messages")
    queue("o-2")
    work("send_messages")
    assert states(stage) == [state, "pending"]
    assert len(wechat.calls(SEND)) == 1
    clock.advance(hours=1)
    work("send_messages")
    assert states(stage)[1] == "sent"


def test_the_quota_of_a_day_ends_at_midnight(queue, stage, wechat, work, clock):
    clock.set(clock.START.replace(hour=15, minute=59))
    queue("o-1")
    wechat.fail(SEND, "errcode", errcode=45009)
    work("send_messages")
    queue("o-2")
    clock.advance(seconds=60)
    work("send_messages")
    assert states(stage) == ["pending", "pending"]
    clock.advance(minutes=5)
    work("send_messages")
    assert states(stage) == ["sent", "sent"]


def test_a_busy_wechat_is_asked_again(queue, stage, wechat, work, clock):
    citizen = queue()
    wechat.fail(SEND, "errcode", times=2, errcode=-1)
    for _ in range(3):
        work("send_messages")
        clock.advance(minutes=2)
    [message] = stage.messages()
    assert (message.state, message.attempts) == ("sent", 3)
    assert stage.remaining(citizen) == 0


def test_it_is_not_asked_for_ever(queue, stage, wechat, work, clock):
    citizen = queue()
    wechat.fail(SEND, "errcode", times=100, errcode=-1)
    for _ in range(MOST_ATTEMPTS + 3):
        work("send_messages")
        clock.advance(hours=4)
    [message] = stage.messages()
    assert (message.state, message.reason) == ("dead", "gave_up")
    assert message.last_errcode == -1
    assert len(wechat.calls(SEND)) == MOST_ATTEMPTS
    assert stage.remaining(citizen) == 1


def test_a_wechat_that_is_away_is_not_worn_out(queue, stage, work, another_client, clock, session):
    """Nothing but the first few tries, and then a pause; no message is lost to it."""
    for number in range(12):
        queue(f"o-{number}")
    away = another_client(wechat_base_url="http://127.0.0.1:9").application
    work("send_messages", on=away)
    session.rollback()
    assert session.scalar(select(MessagePause.until)) == clock.now() + timedelta(minutes=1)
    assert sum(each.attempts for each in stage.messages()) == sending.AT_ONCE
    clock.advance(minutes=3)
    work("send_messages")
    assert states(stage) == ["sent"] * 12


@pytest.mark.parametrize("executed", [True, False])
def test_an_answer_that_is_lost_is_not_asked_for_again(queue, stage, wechat, work, clock, executed):
    citizen = queue(allowed=2)
    wechat.fail(SEND, "reset", executed=executed)
    for _ in range(3):
        work("send_messages")
        clock.advance(days=1)
    assert states(stage) == ["unconfirmed"]
    assert len(wechat.messages()) == executed
    assert stage.remaining(citizen) == 2
