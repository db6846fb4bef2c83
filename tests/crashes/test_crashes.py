"""Parts die under voting load; every ballot that was answered 201 is there afterwards, once."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from tempfile import TemporaryDirectory
from threading import Event

import psutil
import pytest
from flask_migrate import upgrade
from redis import Redis
from sqlalchemy import Engine, NullPool, create_engine, func, select, text
from sqlalchemy.orm import Session

from devtools.embedded import engines
from models import Ballot, Tally
from server import create_app
from server.extensions import Clock, runtime
from services import reference_data
from services.context import unit_of_work
from tests.conftest import close_connections, make_config
from tests.factories import Factory
from tests.served import Server, Voter, environment, served, wait_until

VOTERS = 24


@pytest.fixture(scope="module")
def durable_engines():
    """Engines that keep their promises: with fsync, unlike those of the other tests."""
    with TemporaryDirectory(prefix="sain-tests-") as folder, engines(folder, durable=True) as each:
        yield each


@pytest.fixture(scope="module")
def durable_config(durable_engines, simulator, tmp_path_factory):
    return make_config(durable_engines, simulator, storage=tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def voting(durable_config) -> Iterator[tuple[int, list[int], list[str]]]:
    """A campaign without practical limits, its entries, and the tokens of its voters."""
    app = create_app(durable_config)
    with app.app_context():
        upgrade()
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            reference_data.load(ctx)
    engine = create_engine(durable_config.database_owner_url)
    with Session(engine, expire_on_commit=False) as session:
        make = Factory(session, app, Clock)
        campaign = make.campaign(
            ballots_per_day=1000,
            ballots_per_entry_per_day=1000,
            opens_at=datetime.now(UTC) - timedelta(days=1),
        )
        yield (
            campaign.id,
            make.entries(campaign),
            [make.citizen().token for _ in range(VOTERS)],
        )
    engine.dispose()
    close_connections(app)


@pytest.fixture(scope="module")
def server(durable_config, voting) -> Iterator[Server]:
    with served(environment(durable_config)) as server:
        yield server


@pytest.fixture
def database(durable_engines, durable_config) -> Engine:
    """As its superuser, without a pool: each look is over a connection of its own."""
    url = durable_engines.postgres.url_for("sain", role="postgres")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE ballots, tallies CASCADE"))
    return engine


@contextmanager
def voting_load(server: Server, voting) -> Iterator[list[Voter]]:
    """Voters who vote without pause until the block ends; each wait is short and bounded."""
    campaign_id, entries, tokens = voting
    clients = [Voter(server.port, token) for token in tokens]
    stop = Event()

    def keep_voting(client: Voter) -> None:
        place = 0
        while not stop.is_set() and len(client.receipts) < 900:
            place += 1
            if client.vote(campaign_id, entries[place % len(entries)]) != 201:
                stop.wait(0.05)
        client.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        futures = [pool.submit(keep_voting, client) for client in clients]
        try:
            wait_for_more_votes(clients, 50)
            yield clients
        finally:
            stop.set()
        for future in futures:
            future.result()


def count_receipts(clients: list[Voter]) -> int:
    return sum(len(client.receipts) for client in clients)


def wait_for_more_votes(clients: list[Voter], more: int) -> None:
    goal = count_receipts(clients) + more
    wait_until(lambda: count_receipts(clients) >= goal, seconds=30)


def check_books(database: Engine, clients: list[Voter]) -> None:
    """Every receipt has its ballot, no request has two, and the tallies are a recount."""
    receipts = [receipt["id"] for client in clients for receipt in client.receipts]
    assert len(receipts) == len(set(receipts))
    request = (Ballot.voter_id, Ballot.request_key)
    with database.connect() as connection:
        ballots = set(connection.scalars(select(Ballot.id)))
        twice = connection.execute(
            select(*request).group_by(*request).having(func.count() > 1)
        ).all()
        recount = connection.execute(
            select(Ballot.entry_id, func.count()).group_by(Ballot.entry_id)
        ).all()
        sums = select(Tally.entry_id, func.sum(Tally.votes)).group_by(Tally.entry_id)
        tallies = connection.execute(sums).all()
    assert set(receipts) <= ballots
    assert twice == []
    assert dict(tallies) == dict(recount)


def check_refusals(clients: list[Voter]) -> None:
    """Whoever was refused was told to come back, and when."""
    refusals = {refusal for client in clients for refusal in client.refusals}
    assert {status for status, _ in refusals} <= {503}
    assert all(retry_after is not None for _, retry_after in refusals)


def under_load(server, voting, database, disturb: Callable[[list[Voter]], None]) -> list[Voter]:
    with voting_load(server, voting) as clients:
        disturb(clients)
        # Service comes back by itself.
        wait_for_more_votes(clients, 100)
    check_books(database, clients)
    check_refusals(clients)
    return clients


def test_the_gunicorn_workers_are_killed(server, voting, database):
    """One after the other, since the voters' connections may all be with one of them."""

    def kill(clients: list[Voter]) -> None:
        for victim in server.workers():
            os.kill(victim.pid, signal.SIGKILL)
            wait_until(partial(has_new_worker, server, victim), seconds=20)
            wait_for_more_votes(clients, 20)

    clients = under_load(server, voting, database, kill)
    assert sum(client.dropped for client in clients) > 0


def has_new_worker(server: Server, victim: psutil.Process) -> bool:
    workers = {worker.pid for worker in server.workers()}
    return len(workers) == 2 and victim.pid not in workers


def test_redis_is_killed_and_comes_back(server, voting, database, durable_engines):
    def kill(clients: list[Voter]) -> None:
        os.kill(durable_engines.redis.pid, signal.SIGKILL)
        wait_until(lambda: durable_engines.redis.pid is None, seconds=10)
        # Without Redis the votes go on.
        wait_for_more_votes(clients, 100)
        durable_engines.redis.start()

    clients = under_load(server, voting, database, kill)
    assert not any(client.refusals for client in clients)


def test_redis_is_flushed(server, voting, database, durable_config):
    def flush(clients: list[Voter]) -> None:
        with Redis.from_url(durable_config.redis_url) as redis:
            for _ in range(5):
                redis.flushall()
                wait_for_more_votes(clients, 20)

    clients = under_load(server, voting, database, flush)
    assert not any(client.refusals for client in clients)


def test_postgresql_is_restarted(server, voting, database, durable_engines):
    def restart(clients: list[Voter]) -> None:
        durable_engines.postgres.stop()
        wait_until(lambda: any(client.refusals for client in clients), seconds=30)
        durable_engines.postgres.start()

    clients = under_load(server, voting, database, restart)
    assert any(status == 503 for client in clients for status, _ in client.refusals)


def test_postgresql_crashes(server, voting, database, durable_engines):
    """kill -9 of the whole server: what a power failure leaves, as far as a test can go."""

    def crash(clients: list[Voter]) -> None:
        server_process = psutil.Process(durable_engines.postgres.pid)
        for process in [server_process, *server_process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        wait_until(lambda: durable_engines.postgres.pid is None, seconds=10)
        durable_engines.postgres.start()

    under_load(server, voting, database, crash)


def test_the_database_cuts_every_connection(server, voting, database):
    """As a fail-over or an operator does; the box finds out whether its batch was committed."""

    cut_boxes = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'sain ballot box'"
    )

    def cut(clients: list[Voter]) -> None:
        for _ in range(5):
            with database.connect() as connection:
                connection.execute(cut_boxes)
            wait_for_more_votes(clients, 20)

    under_load(server, voting, database, cut)


def test_a_request_answered_503_can_be_repeated_without_voting_twice(
    server, voting, database, durable_engines
):
    campaign_id, entries, tokens = voting
    client = Voter(server.port, tokens[0])
    assert client.vote(campaign_id, entries[0], "first") == 201
    durable_engines.postgres.stop()
    began = time.monotonic()
    assert client.vote(campaign_id, entries[0], "second") == 503
    assert time.monotonic() - began < 15
    durable_engines.postgres.start()
    assert client.vote(campaign_id, entries[0], "second") == 201
    assert client.vote(campaign_id, entries[0], "second") == 201
    client.close()
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Ballot)) == 2
