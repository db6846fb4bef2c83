"""The ballot box: group commit of ballots.

One transaction per ballot would wait for the disk once per ballot. Here every request hands its
ballot to its process's box, whose one thread commits whatever has gathered meanwhile as one batch,
and each request is answered when its batch is on disk.

A batch is one reading statement (all that the rules need, taken from the database itself), the
rules of `decide`, and one writing statement, a transaction of its own, that inserts the ballots
and adds them to the tallies. Between the two another process may have taken a voter's next number;
the unique constraint on it then refuses ours, and the ballot is read and decided again.
"""

import logging
import secrets
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from datetime import date, datetime
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from uuid import UUID

from sqlalchemy import Row, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from models.voting import campaign_status
from services.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    ServiceError,
    SignInRequired,
    Unavailable,
)

log = logging.getLogger(__name__)

MAX_BATCH = 256
ANSWER_WITHIN_SECONDS = 10.0
RETRY_AFTER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class CastRequest:
    """What a voter asks for. `request_key` is equal for retries of one request."""

    campaign_id: int
    entry_id: int
    voter_id: int
    session_id: int
    request_key: UUID
    cast_at: datetime
    cast_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """The campaign's rules: how many ballots a voter has."""

    per_day: int
    per_entry_per_day: int
    in_all: int | None


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot on disk, its place among the voter's ballots, and the rules it was cast under."""

    id: int
    campaign_id: int
    entry_id: int
    cast_at: datetime
    receipt_secret: int
    number: int
    number_today: int
    number_today_for_entry: int
    limits: Limits


@dataclass(slots=True)
class _Waiting:
    request: CastRequest
    answer: "Future[CastBallot]"


# The box touches rows by key only. Forbidding the planner everything else keeps the prepared plan
# right while a table grows from empty to millions before its statistics are taken.
CONNECTION_SETTINGS = (
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET jit = off",
    "SET statement_timeout = '5s'",
)

READ_FACTS = text("""
    SELECT asked.position,
           citizen.id IS NOT NULL AS is_signed_in,
           citizen.phone_bound_at IS NOT NULL AS is_phone_bound,
           campaign.id IS NOT NULL AS is_campaign_known,
           campaign.state, campaign.opens_at, campaign.closes_at, campaign.phone_required,
           campaign.ballots_per_day, campaign.ballots_per_entry_per_day, campaign.ballots_in_all,
           entry.id IS NOT NULL AS is_entry_known,
           cast_before.in_all, cast_before.today, cast_before.today_for_entry,
           cast_before.same_request_id
    FROM unnest(CAST(:campaign_ids AS bigint[]), CAST(:entry_ids AS bigint[]),
                CAST(:voter_ids AS bigint[]), CAST(:session_ids AS bigint[]),
                CAST(:request_keys AS uuid[]), CAST(:days AS date[]),
                CAST(:moments AS timestamptz[]))
         WITH ORDINALITY AS asked (campaign_id, entry_id, voter_id, session_id, request_key,
                                   day, moment, position)
    LEFT JOIN login_sessions AS session
           ON session.id = asked.session_id AND session.citizen_id = asked.voter_id
          AND session.ended_at IS NULL AND session.expires_at > asked.moment
    LEFT JOIN citizens AS citizen
           ON citizen.id = session.citizen_id AND citizen.disabled_at IS NULL
    LEFT JOIN campaigns AS campaign
           ON campaign.id = asked.campaign_id AND campaign.state <> 'draft'
    LEFT JOIN entries AS entry
           ON entry.id = asked.entry_id AND entry.campaign_id = asked.campaign_id
          AND entry.withdrawn_at IS NULL
    CROSS JOIN LATERAL (
        SELECT count(*) AS in_all,
               count(*) FILTER (WHERE ballot.cast_on = asked.day) AS today,
               count(*) FILTER (WHERE ballot.cast_on = asked.day
                                  AND ballot.entry_id = asked.entry_id) AS today_for_entry,
               max(ballot.id) FILTER (WHERE ballot.request_key = asked.request_key)
                   AS same_request_id
        FROM ballots AS ballot
        WHERE ballot.voter_id = asked.voter_id AND ballot.campaign_id = asked.campaign_id
    ) AS cast_before
    ORDER BY asked.position
""")

READ_BALLOTS = text("""
    SELECT id, campaign_id, entry_id, cast_at, receipt_secret,
           number, number_today, number_today_for_entry
    FROM ballots WHERE id = ANY(CAST(:ids AS bigint[]))
""")

# Voters are inserted and tallies are bumped in a fixed order, so that two boxes never wait for
# each other in a circle.
WRITE_BALLOTS = text("""
    WITH inserted AS (
        INSERT INTO ballots (campaign_id, entry_id, voter_id, request_key, cast_at, cast_on,
                             receipt_secret, number, number_today, number_today_for_entry)
        SELECT * FROM unnest(
            CAST(:campaign_ids AS bigint[]), CAST(:entry_ids AS bigint[]),
            CAST(:voter_ids AS bigint[]), CAST(:request_keys AS uuid[]),
            CAST(:moments AS timestamptz[]), CAST(:days AS date[]),
            CAST(:receipt_secrets AS bigint[]), CAST(:numbers AS int[]),
            CAST(:numbers_today AS int[]), CAST(:numbers_today_for_entry AS int[]))
            AS accepted (campaign_id, entry_id, voter_id, request_key, cast_at, cast_on,
                         receipt_secret, number, number_today, number_today_for_entry)
        ORDER BY accepted.voter_id, accepted.campaign_id
        ON CONFLICT DO NOTHING
        RETURNING id, campaign_id, entry_id, voter_id
    ), tallied AS (
        INSERT INTO tallies (campaign_id, entry_id, votes)
        SELECT campaign_id, entry_id, count(*) FROM inserted
        GROUP BY campaign_id, entry_id ORDER BY entry_id
        ON CONFLICT (entry_id) DO UPDATE SET votes = tallies.votes + excluded.votes
    )
    SELECT id, voter_id, campaign_id FROM inserted
""")


def decide(request: CastRequest, facts: Row) -> Limits:
    """The limits the ballot may be cast under; raises the refusal the rules ask for."""
    _check_campaign(request, facts)
    if not facts.is_entry_known:
        raise Invalid("entry_not_in_campaign")
    if facts.phone_required and not facts.is_phone_bound:
        raise Forbidden("phone_required")
    limits = _limits(facts)
    if limits.in_all is not None and facts.in_all >= limits.in_all:
        raise Conflict("total_limit_reached", limit=limits.in_all)
    if facts.today >= limits.per_day:
        raise Conflict("daily_limit_reached", limit=limits.per_day)
    if facts.today_for_entry >= limits.per_entry_per_day:
        raise Conflict("entry_limit_reached", limit=limits.per_entry_per_day)
    return limits


def _check_campaign(request: CastRequest, facts: Row) -> None:
    if not facts.is_campaign_known:
        raise Missing("campaign_not_found")
    status = campaign_status(facts.state, facts.opens_at, facts.closes_at, request.cast_at)
    if status == "closed":
        raise Conflict("campaign_closed")
    if status != "open":
        raise Conflict("campaign_not_open")


def _limits(facts: Row) -> Limits:
    return Limits(facts.ballots_per_day, facts.ballots_per_entry_per_day, facts.ballots_in_all)


class BallotBox:
    """Commits the ballots of one process in groups. Its thread starts with the first ballot."""

    def __init__(self, database_url: str) -> None:
        self._engine = create_engine(
            database_url,
            isolation_level="AUTOCOMMIT",
            pool_size=1,
            max_overflow=0,
            pool_reset_on_return=None,
            connect_args={"connect_timeout": 3, "application_name": "sain ballot box"},
        )
        event.listen(self._engine, "connect", _apply_connection_settings)
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
        waiting = _Waiting(request, Future())
        self._ensure_running()
        self._queue.put(waiting)
        try:
            return waiting.answer.result(timeout=ANSWER_WITHIN_SECONDS)
        except FutureTimeoutError:
            waiting.answer.cancel()
            raise Unavailable("service_unavailable", retry_after=RETRY_AFTER_SECONDS) from None

    def close(self) -> None:
        """Give the database connection back; the box can still be used afterwards."""
        self._engine.dispose()

    def _ensure_running(self) -> None:
        if self._thread is None:
            with self._start_lock:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="ballot box", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            batch = self._gather()
            try:
                self._settle(batch)
            except Exception as error:
                self._fail(batch, error)

    def _gather(self) -> list[_Waiting]:
        """Wait for a ballot, then take what has gathered, at most one for each voter.

        A voter's second ballot is decided only when the first one is counted. Everything waiting
        is looked through, so one voter's flood does not keep others out of the batch.
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
            if waiting.request.voter_id in batch or len(batch) >= MAX_BATCH:
                left_over.append(waiting)
            elif waiting.answer.running() or waiting.answer.set_running_or_notify_cancel():
                batch[waiting.request.voter_id] = waiting
        self._postponed = left_over
        return list(batch.values())

    def _settle(self, batch: list[_Waiting]) -> None:
        """Commit the batch, once more if the connection was lost.

        Whether a lost connection had committed is unknown; the second reading tells, since a
        ballot that is there is found by its request key.
        """
        try:
            self._commit(batch)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._commit([waiting for waiting in batch if not waiting.answer.done()])

    def _commit(self, batch: list[_Waiting]) -> None:
        if not batch:
            return
        with self._engine.connect() as connection:
            requests = [waiting.request for waiting in batch]
            facts = connection.execute(READ_FACTS, _facts_parameters(requests)).all()
            accepted, earlier = self._decide_all(batch, facts)
            if earlier:
                self._answer_retries(connection, earlier)
            if accepted:
                written = connection.execute(WRITE_BALLOTS, _ballot_parameters(accepted)).all()
                self._answer_accepted(accepted, written)

    def _decide_all(
        self, batch: Sequence[_Waiting], facts: Sequence[Row]
    ) -> tuple[list["_Accepted"], list[tuple[_Waiting, Row]]]:
        accepted, earlier = [], []
        for waiting, row in zip(batch, facts, strict=True):
            try:
                if not row.is_signed_in:
                    raise SignInRequired("session_ended")
                if row.same_request_id is not None:
                    earlier.append((waiting, row))
                else:
                    accepted.append(_accept(waiting, row, decide(waiting.request, row)))
            except ServiceError as refusal:
                waiting.answer.set_exception(refusal)
        return accepted, earlier

    def _answer_retries(self, connection, earlier: list[tuple[_Waiting, Row]]) -> None:
        ids = [row.same_request_id for _, row in earlier]
        ballots = {row.id: row for row in connection.execute(READ_BALLOTS, {"ids": ids})}
        for waiting, row in earlier:
            ballot = ballots[row.same_request_id]
            if ballot.entry_id == waiting.request.entry_id:
                waiting.answer.set_result(CastBallot(*ballot, limits=_limits(row)))
            else:
                waiting.answer.set_exception(Invalid("idempotency_key_reused"))

    def _answer_accepted(self, accepted: list["_Accepted"], written: Sequence[Row]) -> None:
        ids = {(row.voter_id, row.campaign_id): row.id for row in written}
        for item in accepted:
            request = item.waiting.request
            ballot_id = ids.get((request.voter_id, request.campaign_id))
            if ballot_id is None:
                self._queue.put(item.waiting)
            else:
                item.waiting.answer.set_result(item.as_ballot(ballot_id))

    @staticmethod
    def _fail(batch: Iterable[_Waiting], error: Exception) -> None:
        log.error("A batch of ballots failed", exc_info=error)
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(
                    Unavailable("service_unavailable", retry_after=RETRY_AFTER_SECONDS)
                )


@dataclass(slots=True)
class _Accepted:
    waiting: _Waiting
    limits: Limits
    receipt_secret: int
    number: int
    number_today: int
    number_today_for_entry: int

    def as_ballot(self, ballot_id: int) -> CastBallot:
        request = self.waiting.request
        return CastBallot(
            ballot_id,
            request.campaign_id,
            request.entry_id,
            request.cast_at,
            self.receipt_secret,
            self.number,
            self.number_today,
            self.number_today_for_entry,
            self.limits,
        )


def _accept(waiting: _Waiting, facts: Row, limits: Limits) -> _Accepted:
    # 63 random bits: a signed bigint that is never negative.
    receipt_secret = secrets.randbits(63)
    return _Accepted(
        waiting,
        limits,
        receipt_secret,
        facts.in_all + 1,
        facts.today + 1,
        facts.today_for_entry + 1,
    )


def _facts_parameters(requests: Sequence[CastRequest]) -> dict[str, list]:
    return {
        "campaign_ids": [request.campaign_id for request in requests],
        "entry_ids": [request.entry_id for request in requests],
        "voter_ids": [request.voter_id for request in requests],
        "session_ids": [request.session_id for request in requests],
        "request_keys": [request.request_key for request in requests],
        "days": [request.cast_on for request in requests],
        "moments": [request.cast_at for request in requests],
    }


def _ballot_parameters(accepted: Sequence[_Accepted]) -> dict[str, list]:
    parameters = _facts_parameters([item.waiting.request for item in accepted])
    del parameters["session_ids"]
    return parameters | {
        "receipt_secrets": [item.receipt_secret for item in accepted],
        "numbers": [item.number for item in accepted],
        "numbers_today": [item.number_today for item in accepted],
        "numbers_today_for_entry": [item.number_today_for_entry for item in accepted],
    }


def _apply_connection_settings(connection, _record) -> None:
    with connection.cursor() as cursor:
        for setting in CONNECTION_SETTINGS:
            cursor.execute(setting)
