"""Whatever happens, and whenever it crashes: no ballot is lost, and no checkpoint is taken back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from models import Ballot, LedgerRecord
from server.extensions import runtime
from services import ledger
from services.context import unit_of_work
from services.ledger import merkle, sealing
from services.ledger.checkpoints import parse_checkpoint
from services.ledger.statements import SEALER_LOCK

INSERT = text("""
    INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,
                         cast_on, number, number_today, number_today_for_entry)
    SELECT :campaign_id, :entry_id, :voter_id, 1, '2026-11-20T04:00:00Z', gen_random_uuid(),
           '2026-11-20', number, number, number
    FROM generate_series(CAST(:first AS int), :last) AS number
""")


class Crash(Exception):
    """The process is gone."""


@pytest.fixture
def voting(make, session):
    """Puts as many ballots as wanted on disk, past the ballot box, in a transaction given."""
    campaign = make.campaign(ballots_per_day=1000, ballots_per_entry_per_day=1000)
    entry_id, voter_id = make.entries(campaign)[0], make.citizen().citizen_id
    counted = iter(range(1, 1_000_000))

    def insert(connection, number: int) -> None:
        numbers = [next(counted) for _ in range(number)]
        values = {"campaign_id": campaign.id, "entry_id": entry_id, "voter_id": voter_id}
        connection.execute(INSERT, values | {"first": numbers[0], "last": numbers[-1]})

    insert.campaign = campaign
    return insert


def check_whole(session, log, checkpoints: list[str]) -> None:
    """Every ballot on disk has one place, and every checkpoint ever seen is the log's beginning."""
    session.rollback()
    ballots = set(session.scalars(text("SELECT id FROM ballots")))
    sealed = list(session.scalars(text("SELECT ballot_id FROM ledger_records WHERE kind='ballot'")))
    assert sorted(sealed) == sorted(ballots)
    tree = ledger.tiles.stored_tree(session, log.size)
    heads = [parse_checkpoint(note) for note in checkpoints]
    for (old, old_root), (new, new_root) in pairwise(heads):
        proof = merkle.consistency_proof(tree.read, old, new)
        merkle.check_consistency(old, new, old_root, new_root, proof)
    leaves = [merkle.leaf_hash(data) for data in log.data()]
    anew = ledger.tiles.Tree()
    anew.append(leaves)
    assert (anew.size, anew.root()) == heads[-1] == log.head()


def seal_and_crash(app, at_statement: int) -> None:
    """Seal, and lose the connection before the so-manieth statement, the last being the commit."""
    with app.app_context():
        ctx = runtime().context()
        engine = ctx.session.get_bind()
        left = iter(range(at_statement))

        def count(*_):
            if next(left, None) is None:
                raise Crash

        event.listen(engine, "before_cursor_execute", count)
        event.listen(engine, "commit", count)
        try:
            with unit_of_work(ctx.session):
                ledger.seal(ctx)
        except Crash:
            ctx.session.rollback()
        finally:
            event.remove(engine, "before_cursor_execute", count)
            event.remove(engine, "commit", count)


HAPPENINGS = st.one_of(
    st.tuples(st.just("vote"), st.integers(1, 300)),
    st.tuples(st.just("decide"), st.integers(0, 50)),
    st.tuples(st.just("seal"), st.just(0)),
    st.tuples(st.just("crash"), st.integers(1, 24)),
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=st.lists(HAPPENINGS, min_size=3, max_size=12))
def test_random_histories(app, session, voting, log, seal, work, history):
    """Examples go on with the log of those before, which only makes their histories longer."""
    checkpoints = [log.checkpoint()]
    for happening, number in history:
        if happening == "vote":
            voting(session, number)
            session.commit()
        elif happening == "decide":
            decide(session, work, voting.campaign.id, number)
        elif happening == "seal":
            seal()
        else:
            seal_and_crash(app, number)
        checkpoints.append(log.checkpoint())
    while not seal().has_all:
        pass
    check_whole(session, log, [*checkpoints, log.checkpoint()])


def decide(session, work, campaign_id: int, number: int) -> None:
    ids = session.scalars(
        text("SELECT id FROM ballots ORDER BY id DESC LIMIT :most"), {"most": number}
    )
    work(
        ledger.note_decision,
        "quarantine",
        campaign_id=campaign_id,
        ballot_ids=ids.all(),
        reason="投票时间集中",
    )


def test_sealers_at_once(app, session, voting, log):
    """Eight sealers and two voters, each with a connection of its own."""
    checkpoints, lock = [], threading.Lock()
    ready = threading.Barrier(10)
    done = threading.Event()
    engine = session.get_bind()

    def vote(_):
        ready.wait(30)
        for _ in range(15):
            with lock, engine.begin() as connection:
                voting(connection, 20)

    def seal(_):
        ready.wait(30)
        while not done.is_set():
            with app.app_context():
                ctx = runtime().context()
                with unit_of_work(ctx.session):
                    sealed = ledger.seal(ctx)
            if sealed is not None:
                checkpoints.append(sealed.head.note)

    with ThreadPoolExecutor(10) as pool:
        sealers = [pool.submit(seal, number) for number in range(8)]
        for voter in [pool.submit(vote, number) for number in range(2)]:
            voter.result(120)
        done.set()
        for sealer in sealers:
            sealer.result(120)
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            checkpoints.append(ledger.seal(ctx).head.note)
    checkpoints.sort(key=lambda note: parse_checkpoint(note)[0])
    check_whole(session, log, checkpoints)
    assert session.query(LedgerRecord).filter_by(kind="ballot").count() == 600


def test_a_sealer_that_has_company_skips(session, seal, voting):
    voting(session, 1)
    session.commit()
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEALER_LOCK})
    assert seal() is None
    session.rollback()
    assert seal().ballots == 1


def test_two_sealers_without_the_lock_cannot_both_commit(app, session, voting, log, monkeypatch):
    """The places themselves are the last line."""
    monkeypatch.setattr("services.ledger.statements.TRY_LOCK", text("SELECT CAST(:lock AS text)"))
    voting(session, 3)
    session.commit()
    met = threading.Barrier(2)
    sign = sealing._sign

    def sign_together(*args):
        met.wait(30)
        return sign(*args)

    def write_together(*args):
        met.wait(30)
        return write(*args)

    write = sealing._write_new_ballots
    monkeypatch.setattr(sealing, "_write_new_ballots", write_together)

    def seal(_):
        with app.app_context():
            ctx = runtime().context()
            try:
                with unit_of_work(ctx.session):
                    ledger.seal(ctx)
            except Exception as error:
                return type(error).__name__
            return "sealed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(seal, range(2))) == ["IntegrityError", "sealed"]
    check_whole(session, log, [log.checkpoint()])


def test_a_ballot_that_is_committed_late_is_sealed_later(session, seal, voting, places):
    """Its id and its transaction are older than what is sealed first."""
    engine = session.get_bind()
    with engine.connect() as slow, engine.connect() as quick:
        voting(slow, 1)
        voting(quick, 2)
        quick.commit()
        assert seal().ballots == 2
        assert seal().ballots == 0
        voting(quick, 1)
        quick.commit()
        assert seal().ballots == 1
        slow.commit()
    assert seal().ballots == 1
    assert seal().ballots == 0
    ids = sorted(places(), key=places().get)
    assert ids == [*sorted(ids)[1:], sorted(ids)[0]]


def test_ballots_that_were_rolled_back_are_none(session, seal, voting):
    voting(session, 3)
    session.rollback()
    voting(session, 1)
    session.commit()
    assert seal().ballots == 1


def test_more_ballots_than_fit_into_one_sealing(session, seal, voting, log, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_BALLOTS", 100)
    for _ in range(3):
        voting(session, 90)
        session.commit()
    sealed = [seal() for _ in range(3)]
    assert [(each.ballots, each.has_all) for each in sealed] == [
        (100, False),
        (100, False),
        (70, True),
    ]
    check_whole(session, log, [each.head.note for each in sealed])


def test_a_database_restored_to_another_server(session, seal, voting, log):
    """There transactions are numbered anew, below the cut and below what ballots have noted."""
    voting(session, 5)
    session.commit()
    seal()
    session.execute(text("UPDATE ballot_cuts SET xact = 4000000000000"))
    session.execute(text("UPDATE ballots SET xact = 4000000000000 + id"))
    voting(session, 2)
    session.commit()
    assert seal().ballots == 2
    voting(session, 3)
    session.commit()
    assert seal().ballots == 3
    check_whole(session, log, [log.checkpoint()])


def test_the_cut_follows(session, seal, voting):
    voting(session, 1)
    session.commit()
    seal()
    first = session.scalar(text("SELECT xact FROM ballot_cuts"))
    session.rollback()
    voting(session, 1)
    session.commit()
    seal()
    newest = session.scalar(text("SELECT max(xact) FROM ballots"))
    assert first <= newest < session.scalar(text("SELECT xact FROM ballot_cuts"))
    assert session.query(Ballot).count() == 2
