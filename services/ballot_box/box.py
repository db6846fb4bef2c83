"""The box itself: requests put ballots in, one thread settles them in batches."""

import logging
import secrets
from collections import deque
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import DBAPIError

from services.ballot_box.ballots import CastBallot, CastRequest
from services.ballot_box.connection import connect_box
from services.ballot_box.settling import Outcome, settle
from services.errors import ServiceError, Unavailable

log = logging.getLogger(__name__)

MAX_BATCH = 256
SHARDS = 64
# Each loss means that the voter's ballot was cast elsewhere, so limits end the row far earlier.
MOST_LOST_NUMBERS = 100
ANSWER_WITHIN_SECONDS = 10.0
RETRY_AFTER_SECONDS = 2


class _Waiting:
    """A request and, in time, its outcome. A plain lock is the cheapest thing to wait for."""

    __slots__ = ("_lost_numbers", "is_given_up", "is_settled", "outcome", "request")

    def __init__(self, request: CastRequest) -> None:
        self.request = request
        self.outcome: Outcome = None
        self.is_given_up = False
        self._lost_numbers = 0
        self.is_settled = Lock()
        self.is_settled.acquire()

    def settle(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.is_settled.release()

    def lose_number(self) -> int:
        """Another process took the number; returns how often that has happened."""
        self._lost_numbers += 1
        return self._lost_numbers


class BallotBox:
    """Commits the ballots of one process in groups. Its thread starts with the first ballot."""

    def __init__(self, database_url: str) -> None:
        self._engine = connect_box(database_url, connections=1)
        # Boxes that happen on the same shard only wait for each other a little more often.
        self._shard = secrets.randbelow(SHARDS)
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self._postponed: deque[_Waiting] = deque()
        self._start_lock = Lock()
        self._thread: Thread | None = None

    def cast(self, request: CastRequest) -> CastBallot:
        """Put one ballot on disk and return it; a retry returns the ballot of the first try.

        Raises SignInRequired, Missing, Conflict, Invalid or Forbidden as the rules ask, and
        Unavailable when the database does not answer: the ballot may then have been counted or
        not, and asking again with the same `request_key` finds out without voting twice.
        """
        waiting = _Waiting(request)
        self._ensure_running()
        self._queue.put(waiting)
        if not waiting.is_settled.acquire(timeout=ANSWER_WITHIN_SECONDS):
            waiting.is_given_up = True
            raise _unavailable()
        if isinstance(waiting.outcome, ServiceError):
            raise waiting.outcome
        return waiting.outcome

    def close(self) -> None:
        """Give the database connection back; the box can still be used afterwards."""
        self._engine.dispose()

    def _ensure_running(self) -> None:
        """Start the thread; again, should it ever have died, as after a fork."""
        if self._is_running():
            return
        with self._start_lock:
            if not self._is_running():
                self._thread = Thread(target=self._run, name="ballot box", daemon=True)
                self._thread.start()

    def _is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while True:
            batch = self._gather()
            if batch:
                self._answer(batch, self._settle([waiting.request for waiting in batch]))

    def _gather(self) -> list[_Waiting]:
        """Wait for a ballot, then take what has gathered, at most one for each voter.

        Everything waiting is looked through, so one voter's flood does not keep others out.
        """
        if not self._postponed:
            self._postponed.append(self._queue.get())
        while True:
            try:
                self._postponed.append(self._queue.get_nowait())
            except Empty:
                return self._take_one_for_each_voter()

    def _take_one_for_each_voter(self) -> list[_Waiting]:
        batch: dict[int, _Waiting] = {}
        left_over: deque[_Waiting] = deque()
        for waiting in self._postponed:
            if waiting.is_given_up:
                continue
            if waiting.request.voter_id in batch or len(batch) >= MAX_BATCH:
                left_over.append(waiting)
            else:
                batch[waiting.request.voter_id] = waiting
        self._postponed = left_over
        return list(batch.values())

    def _settle(self, requests: Sequence[CastRequest]) -> list[Outcome]:
        """Settle the batch; a second time if the connection was lost, in halves if it fails.

        Halving leaves a ballot that cannot be settled, say because someone holds its voter's row,
        to fail alone.
        """
        try:
            return self._settle_once(requests)
        except DBAPIError as error:
            if error.connection_invalidated:
                return self._settle_last(requests)
            if isinstance(error.orig, QueryCanceled | LockNotAvailable) and len(requests) > 1:
                return self._settle_halves(requests)
            return self._give_up(requests)
        except Exception:
            return self._give_up(requests)

    def _settle_last(self, requests: Sequence[CastRequest]) -> list[Outcome]:
        try:
            return self._settle_once(requests)
        except Exception:
            return self._give_up(requests)

    def _settle_halves(self, requests: Sequence[CastRequest]) -> list[Outcome]:
        middle = len(requests) // 2
        return self._settle(requests[:middle]) + self._settle(requests[middle:])

    @staticmethod
    def _give_up(requests: Sequence[CastRequest]) -> list[Outcome]:
        log.exception("%s ballots could not be settled", len(requests))
        return [_unavailable() for _ in requests]

    def _settle_once(self, requests: Sequence[CastRequest]) -> list[Outcome]:
        with self._engine.connect() as connection:
            return settle(connection, requests, shard=self._shard)

    def _answer(self, batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if outcome is not None:
                waiting.settle(outcome)
            elif waiting.lose_number() < MOST_LOST_NUMBERS:
                self._postponed.append(waiting)
            else:
                waiting.settle(_unavailable())


def _unavailable() -> Unavailable:
    return Unavailable("service_unavailable", retry_after=RETRY_AFTER_SECONDS)
