"""Several senders at once, and senders that die: no message twice, to nobody two at a time."""

import multiprocessing
import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import text

from devtools.message_templates import RESULT_TEMPLATE
from models import OutgoingMessage
from server import create_app
from server.extensions import runtime
from services.context import unit_of_work
from services.jobs import run_job
from services.notifications import sending
from tests.conftest import StoppedClock
from tests.served import wait_until

SEND = "/cgi-bin/message/subscribe/send"
PEOPLE = 30


def send_as_a_worker(config, start=None) -> None:
    """What a process of the worker does, with everything of its own."""
    app = create_app(config, clock=StoppedClock)
    with app.app_context():
        ctx = runtime().context()
        if start is not None:
            start.wait(90)
        with unit_of_work(ctx.session):
            run_job(ctx, "send_messages")


@pytest.fixture
def crowd(stage, make, wechat):
    """People with three messages each, and a WeChat that takes its time over each."""
    campaign = make.campaign()
    for number in range(PEOPLE):
        citizen = stage.voter(campaign, f"o-{number}", allowed=3)
        wechat.subscribe(f"o-{number}", RESULT_TEMPLATE, times=3)
        for _ in range(3):
            stage.message(citizen, campaign)
    wechat.set_app(send_seconds=0.05)
    return campaign


def assert_everybody_got_theirs_once(stage, wechat) -> None:
    sent = Counter(message["touser"] for message in wechat.messages())
    assert sent == {f"o-{number}": 3 for number in range(PEOPLE)}
    rows = stage.messages()
    assert {row.state for row in rows} == {"sent"}
    numbers = {str(message["msgid"]) for message in wechat.messages()}
    assert {row.msgid for row in rows} == numbers
    # Had two been on their way to one person, WeChat would have refused one (43108), and a
    # second try would be counted.
    assert {row.attempts for row in rows} == {1}


def run_workers(config, count: int) -> None:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(count)
    workers = [spawn.Process(target=send_as_a_worker, args=(config, start)) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(90)
    assert [worker.exitcode for worker in workers] == [0] * count


def test_workers_side_by_side(crowd, stage, wechat, config, work):
    run_workers(config, 2)
    # What they had no time for.
    work("send_messages")
    assert_everybody_got_theirs_once(stage, wechat)


def both_claim(app, monkeypatch) -> list[list[int]]:
    """Two workers read what is due before either of them marks what it takes."""
    meeting = Barrier(2)
    lock_due = sending._lock_due

    def lock_and_meet(ctx):
        due = lock_due(ctx)
        if not meeting.broken and meeting.n_waiting < 2:
            meeting.wait(timeout=10)
        return due

    monkeypatch.setattr(sending, "_lock_due", lock_and_meet)
    # Each takes one row, so that they lock different messages to the same person.
    monkeypatch.setattr(sending, "AT_ONCE", 1)

    def claim(_) -> list[int]:
        with app.app_context():
            claims = sending._claim_batch(runtime().context())
            return [each.id for each in claims or []]

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(claim, range(2)))


@pytest.fixture
def two_messages(stage, make):
    campaign = make.campaign()
    citizen = stage.voter(campaign, allowed=2)
    return [stage.message(citizen, campaign).id for _ in range(2)]


def test_two_messages_to_one_person_are_not_taken_at_once(app, two_messages, stage, monkeypatch):
    claimed = both_claim(app, monkeypatch)
    assert sorted(map(len, claimed)) == [0, 1]
    assert sorted(each.state for each in stage.messages()) == ["pending", "sending"]


@pytest.fixture
def no_index(session):
    """The database without the unique index, put back afterwards."""
    index = next(
        each
        for each in OutgoingMessage.__table__.indexes
        if each.name == "uq_outgoing_messages_sending"
    )
    session.execute(text(f"DROP INDEX {index.name}"))
    session.commit()
    yield
    session.rollback()
    session.execute(text("TRUNCATE outgoing_messages"))
    index.create(session.connection())
    session.commit()


def test_it_is_the_index_that_keeps_them_apart(app, two_messages, no_index, monkeypatch):
    claimed = both_claim(app, monkeypatch)
    assert sorted(map(len, claimed)) == [1, 1]


def test_a_sender_that_dies_leaves_nothing_to_be_sent_again(
    make, stage, wechat, config, clock, work
):
    """Killed between WeChat's answer and our note of it: the message was sent, and stays so."""
    campaign = make.campaign()
    citizen = stage.voter(campaign, allowed=2)
    wechat.subscribe("o-citizen", RESULT_TEMPLATE, times=2)
    stage.message(citizen, campaign)
    # WeChat sends it and is slow to say so; the sender is killed while it waits.
    wechat.fail(SEND, "timeout", executed=True, seconds=20)
    worker = multiprocessing.get_context("spawn").Process(
        target=send_as_a_worker, args=(replace(config, wechat_timeout_seconds=20.0),)
    )
    worker.start()
    wait_until(lambda: wechat.messages(), seconds=90)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(10)
    assert [each.state for each in stage.messages()] == ["sending"]
    work("send_messages")
    assert [each.state for each in stage.messages()] == ["sending"]
    clock.advance(minutes=6)
    work("send_messages")
    assert [each.state for each in stage.messages()] == ["unconfirmed"]
    # Other news still reaches the person.
    stage.message(citizen, campaign)
    work("send_messages")
    assert [each.state for each in stage.messages()] == ["unconfirmed", "sent"]
    assert len(wechat.messages()) == 2


def test_an_answer_that_comes_after_the_sender_was_given_up(
    make, stage, wechat, clock, work, app, monkeypatch
):
    campaign = make.campaign()
    citizen = stage.voter(campaign, allowed=1)
    wechat.subscribe("o-citizen", RESULT_TEMPLATE)
    stage.message(citizen, campaign)
    send = sending._send

    def send_while_others_give_up(gateway, claim):
        answer = send(gateway, claim)
        clock.advance(minutes=6)
        work("send_messages")
        assert [each.state for each in stage.messages()] == ["unconfirmed"]
        return answer

    monkeypatch.setattr(sending, "_send", send_while_others_give_up)
    work("send_messages")
    assert [each.state for each in stage.messages()] == ["sent"]
    assert stage.remaining(citizen) == 0


def test_no_transaction_is_open_while_wechat_is_asked(
    make, stage, wechat, session, work, monkeypatch
):
    campaign = make.campaign()
    stage.message(stage.voter(campaign, allowed=1), campaign)
    wechat.subscribe("o-citizen", RESULT_TEMPLATE)
    send, open_ones = sending._send, []
    idle = text("SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()")

    def look_and_send(gateway, claim):
        session.rollback()
        open_ones.append(session.scalar(idle))
        return send(gateway, claim)

    monkeypatch.setattr(sending, "_send", look_and_send)
    work("send_messages")
    assert open_ones == [0]
