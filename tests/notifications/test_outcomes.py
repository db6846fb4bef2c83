"""Each of WeChat's error codes, and what follows from it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.outcomes import (
    EVERYTHING,
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    PAUSE_TO_MEND,
    Outcome,
    Pause,
    judge,
)
from services.wechat_messages import MessageAnswer

# 21:30 in Asia/Shanghai.
NOW = datetime(2026, 11, 20, 13, 30, 17, tzinfo=UTC)


def outcome_of(errcode: int | None, *, attempts=1, now=NOW, chance=0.5, is_lost=False) -> Outcome:
    answer = MessageAnswer(errcode, is_lost=is_lost)
    return judge(answer, template="campaign_result", attempts=attempts, now=now, chance=chance)


def test_what_needs_nothing_more():
    assert outcome_of(0) == Outcome("sent")
    assert outcome_of(43101) == Outcome("skipped", "no_allowance")
    assert outcome_of(None, is_lost=True) == Outcome("unconfirmed")


@pytest.mark.parametrize("errcode", [40003, 40097, 45168, 47001, 47003])
def test_a_message_that_cannot_be_sent_is_dead(errcode):
    assert outcome_of(errcode) == Outcome("dead", "refused")


@pytest.mark.parametrize("errcode", [40037, 41030, 43107])
def test_a_template_that_cannot_be_used_pauses_its_messages(errcode):
    pause = Pause("campaign_result", NOW + PAUSE_TO_MEND)
    assert outcome_of(errcode) == Outcome("dead", "refused", pause=pause)


@pytest.mark.parametrize(
    "errcode",
    [40001, 40014, 42001, 40013, 40125, 40164, 40243, 48001, 50002, 50007, 89503, 89506, 89507],
)
def test_an_account_that_cannot_send_pauses_everything(errcode):
    outcome = outcome_of(errcode)
    assert (outcome.state, outcome.reason) == ("pending", None)
    assert outcome.pause == Pause(EVERYTHING, NOW + PAUSE_TO_MEND)
    assert outcome.next_attempt_at > NOW + PAUSE_TO_MEND


@pytest.mark.parametrize("errcode", [44990, 44991, 45011])
def test_too_many_in_a_minute_wait_for_the_next(errcode):
    until = datetime(2026, 11, 20, 13, 31, tzinfo=UTC)
    outcome = outcome_of(errcode)
    assert outcome.state == "pending"
    assert outcome.pause == Pause(EVERYTHING, until)
    assert outcome.next_attempt_at > until


@pytest.mark.parametrize(
    ("now", "next_day"),
    [
        (NOW, datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
        # A second before midnight in Asia/Shanghai, and midnight.
        (
            datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 20, 16, 0, tzinfo=UTC),
        ),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), datetime(2026, 11, 21, 16, 0, tzinfo=UTC)),
    ],
)
def test_too_many_in_a_day_wait_for_the_next(now, next_day):
    outcome = outcome_of(45009, now=now)
    assert outcome.pause == Pause(EVERYTHING, next_day + timedelta(minutes=2))
    assert outcome.next_attempt_at > next_day


@pytest.mark.parametrize("errcode", [-1, 43108, None, 12345])
def test_what_may_pass_is_tried_again_later_and_later(errcode):
    waits = [
        outcome_of(errcode, attempts=attempts).next_attempt_at - NOW
        for attempts in range(1, MOST_ATTEMPTS)
    ]
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert outcome_of(errcode).pause is None


def test_waits_are_spread():
    earliest = outcome_of(-1, chance=0.0).next_attempt_at - NOW
    latest = outcome_of(-1, chance=1.0).next_attempt_at - NOW
    assert (earliest, latest) == (FIRST_WAIT / 2, FIRST_WAIT * 1.5)


@pytest.mark.parametrize("errcode", [-1, 43108, None, 45009, 48001])
def test_after_so_many_tries_a_message_is_dead(errcode):
    assert outcome_of(errcode, attempts=MOST_ATTEMPTS - 1).state == "pending"
    outcome = outcome_of(errcode, attempts=MOST_ATTEMPTS)
    assert (outcome.state, outcome.reason) == ("dead", "gave_up")
