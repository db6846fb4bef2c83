"""Limits under real concurrency, and that the unique constraint is what upholds them."""

import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text

from models import Ballot, Tally
from services.ballot_box import BallotBox, CastRequest
from services.ballot_box import box as box_module
from services.ballot_box.settling import settle
from services.clock import local_day
from services.errors import Conflict, ServiceError, Unavailable
from tests.factories import Factory
from tests.served import Voter, environment, served, wait_until

NUMBERING = "uq_ballots_voter_id_campaign_id_number"


def count_ballots(session, **where) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Ballot).filter_by(**where))


def assert_tallies_are_a_recount(session) -> None:
    recount = dict(
        session.execute(select(Ballot.entry_id, func.count()).group_by(Ballot.entry_id)).all()
    )
    sums = select(Tally.entry_id, func.sum(Tally.votes)).group_by(Tally.entry_id)
    tallies = dict(session.execute(sums).all())
    assert tallies == recount


@pytest.fixture
def box(config):
    """Makes ballot boxes as separate processes would have them."""
    boxes = []

    def make_box(kind=BallotBox):
        boxes.append(kind(config.database_url))
        return boxes[-1]

    yield make_box
    for each in boxes:
        each.close()


def request_for(make: Factory, campaign, login, entry_id: int) -> CastRequest:
    now = make.clock.now()
    return CastRequest(
        campaign.id, entry_id, login.citizen_id, login.session_id, uuid4().hex, now, local_day(now)
    )


def race(boxes, requests) -> list[object]:
    """Cast the requests at once, each through its own box; returns ballots and refusals."""

    def cast(pair):
        try:
            return pair[0].cast(pair[1])
        except ServiceError as refusal:
            return refusal

    with ThreadPoolExecutor(len(boxes)) as pool:
        return list(pool.map(cast, zip(boxes, requests, strict=True)))


class MeetingBox(BallotBox):
    """Waits between its first reading and writing until the other boxes have read as well."""

    meeting: Barrier
    has_met = False

    def _settle_once(self, requests):
        with self._engine.connect() as connection:
            event.listen(connection, "after_cursor_execute", self._meet)
            return settle(connection, requests, shard=0)

    def _meet(self, *_arguments) -> None:
        if not self.has_met:
            self.has_met = True
            self.meeting.wait(timeout=10)


def cast_after_everyone_has_read(make, box, count: int):
    """So many boxes read that the voter has no ballot yet, and only then write."""
    campaign = make.campaign(ballots_per_day=1)
    login = make.citizen()
    entries = make.entries(campaign)
    MeetingBox.meeting = Barrier(count)
    requests = [
        request_for(make, campaign, login, entries[place % len(entries)]) for place in range(count)
    ]
    return race([box(MeetingBox) for _ in range(count)], requests)


def test_boxes_that_all_saw_no_ballot_cast_one(make, box, session):
    answers = cast_after_everyone_has_read(make, box, 3)
    assert count_ballots(session) == 1
    refusals = [answer for answer in answers if isinstance(answer, Conflict)]
    assert [refusal.code for refusal in refusals] == ["daily_limit_reached"] * 2
    assert_tallies_are_a_recount(session)


@pytest.fixture
def no_numbering(session):
    """The database without the constraint, put back afterwards."""
    session.execute(text(f"ALTER TABLE ballots DROP CONSTRAINT {NUMBERING}"))
    session.commit()
    yield
    session.rollback()
    session.execute(text("TRUNCATE ballots, tallies CASCADE"))
    session.execute(
        text(
            f"ALTER TABLE ballots ADD CONSTRAINT {NUMBERING} UNIQUE (voter_id, campaign_id, number)"
        )
    )
    session.commit()


def test_without_the_constraint_the_same_race_is_lost(make, box, session, no_numbering):
    """Shows that the test above tests the constraint and not luck."""
    cast_after_everyone_has_read(make, box, 3)
    assert count_ballots(session) == 3


def test_many_voters_race_over_many_boxes_within_all_three_limits(make, box, session):
    campaign = make.campaign(
        ballots_per_day=3, ballots_per_entry_per_day=2, ballots_in_all=4, entries=3
    )
    entries = make.entries(campaign)
    voters = [make.citizen() for _ in range(6)]
    boxes = [box() for _ in range(4)]
    for _ in range(2):
        requests = [
            request_for(make, campaign, login, entries[place % 3])
            for login in voters
            for place in range(12)
        ]
        used = [boxes[place % len(boxes)] for place in range(len(requests))]
        race(used, requests)
        make.clock.advance(days=1)
    for login in voters:
        assert count_ballots(session, voter_id=login.citizen_id) == 4
    per_day = session.execute(
        select(func.count(Ballot.id)).group_by(Ballot.voter_id, Ballot.cast_on)
    ).scalars()
    assert max(per_day) == 3
    per_entry = session.execute(
        select(func.count(Ballot.id)).group_by(Ballot.voter_id, Ballot.cast_on, Ballot.entry_id)
    ).scalars()
    assert max(per_entry) <= 2
    assert_tallies_are_a_recount(session)


@pytest.fixture(scope="module")
def server(config):
    with served(environment(config)) as server:
        yield server


def send_at_once(server, login, campaign, entry_id: int, *, keys: list[str]) -> list[Voter]:
    """One request per key of the same voter over fifty connections; returns the clients."""
    clients = [Voter(server.port, login.token) for _ in range(50)]

    def send(place: int) -> None:
        for key in keys[place :: len(clients)]:
            clients[place].vote(campaign.id, entry_id, key)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(send, range(len(clients))))
    for client in clients:
        client.close()
    return clients


@pytest.fixture
def real_time(clock):
    """The served processes have the real clock, so rows must be made by it too."""
    clock.set(datetime.now(UTC))


def test_a_thousand_parallel_requests_of_one_voter(real_time, server, make, session):
    campaign = make.campaign(ballots_per_day=5, ballots_per_entry_per_day=5)
    login, entry_id = make.citizen(), make.entries(campaign)[0]

    clients = send_at_once(
        server, login, campaign, entry_id, keys=[f"key-{n}" for n in range(1000)]
    )

    assert sum(len(client.receipts) for client in clients) == 5
    refusals = [status for client in clients for status, _ in client.refusals]
    assert refusals == [409] * 995
    assert count_ballots(session) == 5
    assert_tallies_are_a_recount(session)


def test_a_batch_keeps_the_source_of_each_ballot(make, box, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    sources = ["scan", None, "list", None]
    requests = [
        replace(request_for(make, campaign, make.citizen(), entry_id), source=source)
        for source in sources
    ]
    ids = [outcome.id for outcome in box()._settle(requests)]
    kept = dict(session.execute(select(Ballot.id, Ballot.source)).all())
    assert [kept[ballot_id] for ballot_id in ids] == sources


def test_a_thousand_retries_of_one_request_are_one_ballot(real_time, server, make, session):
    campaign = make.campaign(ballots_per_day=5, ballots_per_entry_per_day=5)
    login, entry_id = make.citizen(), make.entries(campaign)[0]

    clients = send_at_once(server, login, campaign, entry_id, keys=["one-key"] * 1000)

    receipts = [receipt for client in clients for receipt in client.receipts]
    assert len(receipts) == 1000
    assert len({receipt["receipt_code"] for receipt in receipts}) == 1
    assert count_ballots(session) == 1


def test_one_voters_flood_does_not_keep_others_waiting(make, box, session):
    """A batch takes at most one ballot of each voter, but looks through all that wait."""
    campaign = make.campaign(ballots_per_day=1000, ballots_per_entry_per_day=1000)
    flooder, other = make.citizen(), make.citizen()
    entry_id = make.entries(campaign)[0]
    one = box()
    flood = [request_for(make, campaign, flooder, entry_id) for _ in range(400)]
    with ThreadPoolExecutor(401) as pool:
        flooding = [pool.submit(one.cast, request) for request in flood]
        ballot = pool.submit(one.cast, request_for(make, campaign, other, entry_id)).result()
        still_waiting = sum(not each.done() for each in flooding)
        for each in flooding:
            each.result()
    assert ballot.number == 1
    assert still_waiting > 0
    assert count_ballots(session, voter_id=flooder.citizen_id) == 400


def test_a_ballot_nobody_waits_for_any_more_is_not_cast(make, box, session, monkeypatch):
    campaign = make.campaign()
    login, entry_id = make.citizen(), make.entries(campaign)[0]
    monkeypatch.setattr(box_module, "ANSWER_WITHIN_SECONDS", 0.0)
    monkeypatch.setattr(BallotBox, "_ensure_running", lambda self: None)
    given_up = box()
    with pytest.raises(Unavailable):
        given_up.cast(request_for(make, campaign, login, entry_id))
    assert given_up._gather() == []
    assert count_ballots(session) == 0


def test_the_day_of_a_ballot_is_the_one_it_was_sent_on(make, box, session, clock):
    """A ballot sent before midnight and committed after it belongs to the day before."""
    campaign = make.campaign()
    login, entry_id = make.citizen(), make.entries(campaign)[0]
    request = request_for(make, campaign, login, entry_id)
    clock.advance(days=1)
    box().cast(request)
    session.rollback()
    ballot = session.scalars(select(Ballot)).one()
    assert ballot.cast_on == local_day(clock.now() - timedelta(days=1))


def test_a_ballot_counts_at_the_moment_its_body_has_arrived(
    real_time, server, make, session, clock
):
    """Headers sent in time do not hold the door open for a body that comes after closing."""
    campaign = make.campaign(closes_at=clock.now() + timedelta(seconds=2))
    login, entry_id = make.citizen(), make.entries(campaign)[0]
    body = json.dumps({"entry_id": entry_id}).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(
            f"POST /api/v1/campaigns/{campaign.id}/ballots HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {login.token}\r\nIdempotency-Key: slow\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        wait_until(lambda: datetime.now(UTC) > campaign.closes_at, seconds=5)
        connection.sendall(body)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())
        answer.close()
    assert (answer.status, problem["code"]) == (409, "campaign_closed")
    assert count_ballots(session) == 0


def test_a_voter_whose_row_is_held_does_not_hold_up_the_others(make, box, session):
    campaign = make.campaign()
    held, *others = [make.citizen() for _ in range(4)]
    entry_id = make.entries(campaign)[0]
    requests = [request_for(make, campaign, login, entry_id) for login in (held, *others)]
    session.execute(text(f"SELECT 1 FROM citizens WHERE id = {held.citizen_id} FOR UPDATE"))
    one = box()
    outcomes = one._settle(requests)
    session.rollback()
    assert isinstance(outcomes[0], Unavailable)
    assert [outcome.number for outcome in outcomes[1:]] == [1, 1, 1]
    assert count_ballots(session) == 3


def test_binding_a_phone_does_not_hold_the_voters_row_against_ballots(make, box, session):
    campaign = make.campaign()
    login, entry_id = make.citizen(), make.entries(campaign)[0]
    session.execute(
        text(
            f"UPDATE citizens SET phone_index = 'x', phone_bound_at = now() "
            f"WHERE id = {login.citizen_id}"
        )
    )
    assert box().cast(request_for(make, campaign, login, entry_id)).number == 1
    session.rollback()


def test_a_gap_in_the_numbers_stops_nobody(make, box, session):
    campaign = make.campaign()
    login = make.citizen()
    one = box()
    first, second, third = [
        request_for(make, campaign, login, entry_id) for entry_id in make.entries(campaign)
    ]
    one.cast(first)
    one.cast(second)
    session.execute(text("DELETE FROM ballots WHERE number = 1"))
    session.commit()
    assert one.cast(third).number == 3


def test_a_number_that_is_always_lost_is_given_up(make, box, session):
    """Whatever the reason, the box must not spin."""

    class LosingBox(BallotBox):
        tries = 0

        def _settle_once(self, requests):
            self.tries += 1
            return [None] * len(requests)

    campaign = make.campaign()
    losing = box(LosingBox)
    with pytest.raises(Unavailable):
        losing.cast(request_for(make, campaign, make.citizen(), make.entries(campaign)[0]))
    assert losing.tries == box_module.MOST_LOST_NUMBERS


def test_a_box_whose_thread_died_starts_another(make, box):
    campaign = make.campaign()
    login, one = make.citizen(), box()
    first, second, _ = make.entries(campaign)
    one.cast(request_for(make, campaign, login, first))
    dead = Thread(target=lambda: None)
    dead.start()
    dead.join()
    one._thread = dead
    assert one.cast(request_for(make, campaign, login, second)).number == 2


def test_boxes_that_write_the_same_entries_in_opposite_order_do_not_lock_each_other(
    make, box, session
):
    campaign = make.campaign(ballots_per_day=100, ballots_per_entry_per_day=100)
    entries = make.entries(campaign)
    voters = [make.citizen() for _ in range(30)]
    boxes = [box() for _ in range(2)]
    for each in boxes:
        each._shard = 0

    def settle_all(place: int) -> int:
        order = entries if place == 0 else entries[::-1]
        logins = voters if place == 0 else voters[::-1]
        counted = 0
        for _ in range(10):
            requests = [
                request_for(make, campaign, login, order[turn % len(order)])
                for turn, login in enumerate(logins)
            ]
            outcomes = boxes[place]._settle(requests)
            assert not any(isinstance(outcome, Unavailable) for outcome in outcomes)
            counted += sum(outcome is not None for outcome in outcomes)
        return counted

    with ThreadPoolExecutor(2) as pool:
        counted = sum(pool.map(settle_all, range(2)))
    assert count_ballots(session) == counted
    assert_tallies_are_a_recount(session)
