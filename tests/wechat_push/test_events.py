"""What events do, by way of the simulator and of the job."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditRecord, Citizen, WeChatEvent
from services.context import unit_of_work
from services.wechat_push import handlers
from services.wechat_push.subscriptions import Choice, Sent, choices_in, sent_in
from tests.http import code_of

REVOKED = {"Event": "user_authorization_revoke", "RevokeInfo": "1"}
JOB = "handle_wechat_events"


@pytest.fixture
def token(http, wechat) -> str:
    return http.sign_in(wechat.login_code("o-citizen")).get_json()["access_token"]


def test_the_simulator_verifies_our_address(connected):
    assert connected.push(verify=True)["verified"] is True


def test_who_revokes_in_wechat_is_erased(connected, http, token, run, session, events):
    delivery = connected.push(event=REVOKED | {"OpenID": "o-citizen"})["delivery"]
    assert delivery["state"] == "delivered"
    assert [attempt["body"] for attempt in delivery["attempts"]] == ["success"]
    assert http.get("/me", token=token).status_code == 200, "the push only keeps the event"
    run(JOB)
    assert code_of(http.get("/me", token=token)) == "session_ended"
    assert session.scalars(select(AuditRecord)).one().after == {"cause": "wechat_revoked"}
    (event,) = events()
    assert event.content is None
    assert event.handled_at is not None


def test_replays_and_losses_at_wechat_come_to_one_erasure(
    connected, http, wechat, token, run, session, events
):
    connected.push(drop=1)
    lost = connected.push(event=REVOKED | {"OpenID": "o-citizen"})["delivery"]
    assert lost["state"] == "dropped"
    for _ in range(3):
        assert connected.push(replay=lost["id"])["delivery"]["state"] == "delivered"
        run(JOB)
        again = http.sign_in(wechat.login_code("o-citizen")).get_json()["access_token"]
        assert http.get("/me", token=again).status_code == 200
    assert len(events()) == 1
    assert len(session.scalars(select(AuditRecord)).all()) == 1


def test_a_tampered_push_erases_nobody(connected, http, token, run, events):
    sent = REVOKED | {"OpenID": "o-citizen"}
    delivery = connected.push(event=sent, tampered=True)["delivery"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [403] * 3
    run(JOB)
    assert events() == []
    assert http.get("/me", token=token).status_code == 200


def test_who_closed_their_wechat_is_erased_too(safe, http, token, run, session):
    safe.push({"Event": "user_authorization_cancellation", "OpenID": "o-citizen"})
    run(JOB)
    assert session.scalars(select(AuditRecord)).one().after == {"cause": "wechat_closed"}


@pytest.mark.parametrize(
    "more",
    [
        {"OpenID": "o-nobody"},
        {"OpenID": "o-citizen", "AppID": "wxother000000000000"},
        {"FromUserName": "o-citizen"},
        {"OpenID": ["o-citizen"]},
        {"OpenID": None},
    ],
)
def test_nobody_is_erased_for_others(safe, http, token, run, events, more):
    safe.push(REVOKED | more)
    run(JOB)
    assert http.get("/me", token=token).status_code == 200
    assert events()[0].handled_at is not None


def test_a_name_with_a_blank_before_it_is_known(plain, http, token, run):
    plain.push(REVOKED | {" OpenID": "o-citizen"})
    run(JOB)
    assert code_of(http.get("/me", token=token)) == "session_ended"


def test_who_consented_anew_since_stays(safe, http, wechat, token, run, clock):
    """The event waited, and meanwhile they left by themselves and came back."""
    safe.push(REVOKED | {"OpenID": "o-citizen"})
    clock.advance(seconds=1)
    http.delete("/me", token=token)
    again = http.sign_in(wechat.login_code("o-citizen")).get_json()["access_token"]
    run(JOB)
    assert http.get("/me", token=again).status_code == 200


def test_two_workers_handle_an_event_once(app, safe, http, token, session):
    from server.extensions import runtime
    from services.jobs import run_job

    for number in range(20):
        safe.push(REVOKED | {"OpenID": f"o-{number}"})
    safe.push(REVOKED | {"OpenID": "o-citizen"})

    def work(_) -> None:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, JOB)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(session.scalars(select(AuditRecord)).all()) == 1
    assert session.scalars(select(Citizen)).one().deleted_at is not None
    left = select(WeChatEvent).where(WeChatEvent.handled_at.is_(None))
    assert session.scalars(left).all() == []


def test_one_that_fails_is_tried_again_and_holds_nobody_up(
    safe, run, events, clock, monkeypatch, http, token
):
    def fail(*_):
        raise RuntimeError("trouble")

    monkeypatch.setitem(handlers.HANDLERS, "user_info_modified", fail)
    safe.push({"Event": "user_info_modified", "OpenID": "o-1"})
    safe.push(REVOKED | {"OpenID": "o-citizen"})
    run(JOB)
    failing, done = events()
    assert (failing.tries, failing.handled_at, done.handled_at) == (1, None, clock.now())
    assert code_of(http.get("/me", token=token)) == "session_ended"
    run(JOB)
    assert events()[0].tries == 1, "not due yet"
    clock.advance(seconds=10)
    run(JOB)
    assert events()[0].tries == 2
    monkeypatch.undo()
    clock.advance(seconds=30)
    run(JOB)
    assert events()[0].content is None


def test_one_that_never_succeeds_is_given_up_and_forgotten(
    safe, run, events, clock, monkeypatch, caplog
):
    def fail(*_):
        raise RuntimeError("trouble")

    monkeypatch.setitem(handlers.HANDLERS, "user_info_modified", fail)
    safe.push({"Event": "user_info_modified", "OpenID": "o-canary"})
    for _ in range(9):
        run(JOB)
        clock.advance(hours=20)
    (event,) = events()
    assert (event.tries, event.content) == (9, None)
    assert "given up" in caplog.text
    assert "canary" not in caplog.text


def test_keys_are_kept_for_a_day(safe, run, events, clock):
    safe.push({"Event": "user_info_modified", "OpenID": "o-1"})
    run(JOB)
    clock.advance(days=1)
    run("purge_wechat_events")
    assert len(events()) == 1
    clock.advance(seconds=1)
    run("purge_wechat_events")
    assert events() == []


ITEM = {"TemplateId": "t-1", "SubscribeStatusString": "accept", "PopupScene": "2"}
DELIVERED = {"TemplateId": "t-1", "MsgID": "1700", "ErrorCode": "0", "ErrorStatus": "success"}


@pytest.fixture
def collected(monkeypatch):
    """What the subscription events are read as, once somebody handles them."""
    found = []
    for name, read in (
        ("subscribe_msg_popup_event", choices_in),
        ("subscribe_msg_change_event", choices_in),
        ("subscribe_msg_sent_event", sent_in),
    ):
        handle = lambda _ctx, event, _at, read=read: found.extend(read(event))  # noqa: E731
        monkeypatch.setitem(handlers.HANDLERS, name, handle)
    return found


@pytest.mark.parametrize("as_object", [False, True])
def test_choices_come_in_three_shapes(pusher, run, collected, as_object):
    items = ITEM if as_object else [ITEM, ITEM | {"SubscribeStatusString": "reject"}]
    pusher.push({"Event": "subscribe_msg_popup_event", "List": items})
    run(JOB)
    expected = [Choice("o-1", "t-1", True, "popup")]
    if not as_object:
        expected.append(Choice("o-1", "t-1", False, "popup"))
    assert collected == expected


def test_changes_and_deliveries(pusher, run, collected):
    pusher.push({"Event": "subscribe_msg_change_event", "List": [ITEM]})
    pusher.push({"Event": "subscribe_msg_sent_event", "List": [DELIVERED]})
    run(JOB)
    assert collected == [Choice("o-1", "t-1", True, "change"), Sent("o-1", "t-1", "1700", 0)]


@pytest.mark.parametrize(
    "items", [None, [], "text", ["text"], {}, [{}], [{"TemplateId": "t", "ErrorCode": "x"}]]
)
def test_lists_that_are_none(plain, run, collected, events, items):
    for name in ("subscribe_msg_popup_event", "subscribe_msg_sent_event"):
        plain.push({"Event": name, "List": items})
    run(JOB)
    assert collected == []
    assert all(event.handled_at for event in events())


def test_an_event_is_due_at_once(safe, events, clock):
    safe.push({"Event": "user_info_modified", "OpenID": "o-1"})
    (event,) = events()
    assert event.due_at == event.received_at == clock.now()
    assert event.due_at - timedelta(seconds=1) < clock.now()
