"""What follows from WeChat's answer to a message: a rule for each of its error codes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.clock import day_start
from services.wechat_messages import MessageAnswer

# Older news is in the inbox only.
MESSAGE_LIFETIME = timedelta(days=3)
MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
PAUSE_TO_MEND = timedelta(minutes=30)
EVERYTHING = "*"

# The person has no acceptance left.
USED_UP = {43101}
# This message cannot be sent as it is: the openid, a value, a word that WeChat does not allow.
MESSAGE_REFUSED = {40003, 40097, 45168, 47001, 47003}
# None of this template can: its id, its page, its ban.
TEMPLATE_REFUSED = {40037, 41030, 43107}
# Nothing can be sent until somebody mends the account or its settings.
ACCOUNT_REFUSED = {
    *(40001, 40014, 42001),
    *(40013, 40125, 40164, 40243, 41002, 41004),
    *(48001, 50002, 50007),
    *(89503, 89506, 89507),
}
RATE_EXCEEDED = {44990, 44991, 45011}
DAY_EXCEEDED = {45009}


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing of this template, or of any (EVERYTHING), is sent until then."""

    template: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state a message goes into; `next_attempt_at` is for pending ones."""

    state: str
    reason: str | None = None
    next_attempt_at: datetime | None = None
    pause: Pause | None = None


def judge(
    answer: MessageAnswer, *, template: str, attempts: int, now: datetime, chance: float
) -> Outcome:
    """What becomes of a message after this many attempts; `chance` from 0 to 1 spreads waits.

    What WeChat may have sent is never tried again: an answer that was lost leaves the message
    unconfirmed.
    """
    code = answer.errcode
    if answer.is_lost:
        return Outcome("unconfirmed")
    if code == 0:
        return Outcome("sent")
    if code in USED_UP:
        return Outcome("skipped", "no_allowance")
    if code in MESSAGE_REFUSED:
        return Outcome("dead", "refused")
    if code in TEMPLATE_REFUSED:
        return Outcome("dead", "refused", pause=Pause(template, now + PAUSE_TO_MEND))
    return _try_again(pause_for(code, now), attempts, now, chance)


def pause_for(errcode: int | None, now: datetime) -> Pause | None:
    """How long everything has to wait because of this code, if it has."""
    if errcode in ACCOUNT_REFUSED:
        return Pause(EVERYTHING, now + PAUSE_TO_MEND)
    if errcode in RATE_EXCEEDED:
        return Pause(EVERYTHING, now.replace(second=0, microsecond=0) + timedelta(minutes=1))
    if errcode in DAY_EXCEEDED:
        # WeChat counts days in Asia/Shanghai; its clock and ours may differ by a little.
        return Pause(EVERYTHING, day_start(now + timedelta(days=1)) + timedelta(minutes=2))
    return None


def _try_again(pause: Pause | None, attempts: int, now: datetime, chance: float) -> Outcome:
    if attempts >= MOST_ATTEMPTS:
        return Outcome("dead", "gave_up", pause=pause)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (0.5 + chance)
    earliest = pause.until if pause else now
    return Outcome("pending", next_attempt_at=earliest + wait, pause=pause)
