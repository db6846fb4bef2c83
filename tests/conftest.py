"""Fixtures for tests over HTTP on real engines.

Every test worker has its own PostgreSQL and Redis, migrated once; each test starts with the
reference data and nothing else.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from devtools.embedded import Engines, engines
from devtools.message_templates import SETTING
from devtools.wechat_simulator import DEFAULT_OFFICIAL_APPID, DEFAULT_OFFICIAL_SECRET
from models import Base
from server import create_app
from server.config import RATES, Config
from server.extensions import Clock, runtime
from services import reference_data
from services.context import unit_of_work
from services.jobs import run_job
from services.ledger.sealing import COPY_NAME
from services.message_templates import read_templates
from services.rate_limits import Rate
from tests.console import ConsoleClient
from tests.factories import Factory
from tests.http import HTTPClient
from tests.wechat import WeChatControl, running_simulator

SECRET_KEYS = ["an old key that still reads 0123456789", "the key that signs now 0123456789 abc"]
KEPT_TABLES = {"alembic_version", "contests", "divisions", "organizations"}
# Those that refer to others come first.
EMPTIED_TABLES = [
    table for table in reversed(Base.metadata.sorted_tables) if table.name not in KEPT_TABLES
]
FILLED_TABLES = text(
    " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM {table.name})" for table in EMPTIED_TABLES
    )
)
RESTART_NUMBERS = select(
    *(
        func.setval(func.pg_get_serial_sequence(table.name, column.name), 1, False)
        for table in EMPTIED_TABLES
        for column in table.columns
        if column.identity is not None
    )
)
UNLIMITED = Rate(per_person=1_000_000, per_address=1_000_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that drive a browser evenly among the others.

    They mostly wait, the others need the processor; and none is left for the end, when one worker
    would wait for another.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    places = {}
    for is_browser in (False, True):
        alike = [path for path in files if ("browser" in path.parts) is is_browser]
        places |= {path: (place + 0.5) / len(alike) for place, path in enumerate(alike)}
    items[:] = [item for path in sorted(files, key=places.__getitem__) for item in files[path]]


class StoppedClock(Clock):
    """A clock that stands still until a test moves it."""

    START = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    moment = START

    @classmethod
    def now(cls) -> datetime:
        return cls.moment

    @classmethod
    def set(cls, moment: datetime) -> None:
        cls.moment = moment

    @classmethod
    def advance(cls, **duration: float) -> None:
        cls.moment += timedelta(**duration)


@pytest.fixture(scope="session")
def real_engines() -> Iterator[Engines]:
    # Not below pytest's own folder: as root the engines run as another user, and any other pytest
    # that starts meanwhile closes that folder to everybody but its owner.
    with TemporaryDirectory(prefix="sain-tests-") as folder, engines(folder, durable=False) as each:
        yield each


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    with running_simulator() as base_url:
        yield base_url


@pytest.fixture(scope="session")
def config(
    real_engines: Engines, simulator: str, tmp_path_factory: pytest.TempPathFactory
) -> Config:
    return make_config(real_engines, simulator, storage=tmp_path_factory.mktemp("files"))


def make_config(running: Engines, simulator: str, *, storage: Path, **changes: object) -> Config:
    settings = {
        "environment": "test",
        "database_url": running.database_url,
        "database_owner_url": running.database_owner_url,
        "redis_url": running.redis_url,
        "secret_keys": SECRET_KEYS,
        "data_keys": {"t1": ("aes-256-gcm", bytes(range(32)))},
        "active_data_key": "t1",
        "index_key": base64.b64decode("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        "ledger_key": bytes(range(32)),
        "wechat_appid": "wxsimulator0000000",
        "wechat_secret": "simulator-secret",
        "wechat_official": (DEFAULT_OFFICIAL_APPID, DEFAULT_OFFICIAL_SECRET),
        "wechat_base_url": simulator,
        "wechat_open_url": simulator,
        "wechat_timeout_seconds": 1.0,
        "message_templates": read_templates(SETTING),
        "storage": storage,
        "public_cache_seconds": 0.0,
        "has_docs": True,
        "metrics_token": "metrics-token-of-the-tests",
        "log_level": "WARNING",
        "rates": dict.fromkeys(RATES, UNLIMITED),
    }
    return Config(**(settings | changes))


@pytest.fixture(scope="session")
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config, clock=StoppedClock)
    with app.app_context():
        upgrade()
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            reference_data.load(ctx)
    yield app
    close_connections(app)


@cache
def _engine(url: str) -> Engine:
    """One for each database: making an engine asks the server a lot, connecting does not."""
    return create_engine(url, poolclass=NullPool)


def owner_engine(config: Config) -> Engine:
    return _engine(config.database_owner_url)


@cache
def _emptying_engine(url: str) -> Engine:
    """Keeps its one connection, over which the same statements run after every test."""
    return create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)


@pytest.fixture
def clock() -> type[StoppedClock]:
    return StoppedClock


@pytest.fixture
def session(app: Flask, config: Config) -> Iterator[Session]:
    """A database session of the test's own, outside the app; what it commits is seen by all.

    As the tables' owner it may do what the application's role may not.
    """
    with Session(owner_engine(config), expire_on_commit=False) as session:
        yield session


@pytest.fixture(autouse=True)
def _clean_start(request: pytest.FixtureRequest) -> Iterator[None]:
    StoppedClock.moment = StoppedClock.START
    yield
    if "app" in request.fixturenames:
        _empty_tables(request.getfixturevalue("app"))


def _empty_tables(app: Flask) -> None:
    """Delete what the test left; truncating all tables takes far longer than most tests."""
    config = app.extensions["sain"].config
    with _emptying_engine(config.database_owner_url).begin() as connection:
        for table in connection.scalars(FILLED_TABLES).all():
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(RESTART_NUMBERS)
        connection.execute(text(r"DELETE FROM organizations WHERE kind NOT LIKE '%\_commission'"))
    app.extensions["sain"].redis.flushdb()
    app.extensions["sain"].services.storage.delete(COPY_NAME)


@pytest.fixture
def make(app: Flask, session: Session) -> Factory:
    return Factory(session, app, StoppedClock)


@pytest.fixture
def http(app: Flask) -> HTTPClient:
    return HTTPClient(app.test_client())


@pytest.fixture
def browser(app: Flask) -> ConsoleClient:
    """A browser at the console in which nobody is signed in."""
    return ConsoleClient(app.test_client())


@pytest.fixture
def wechat(simulator: str) -> Iterator[WeChatControl]:
    control = WeChatControl(simulator)
    yield control
    control.reset()


@pytest.fixture
def run(app: Flask) -> Callable[[str], None]:
    """Runs a job of the timetable, as the worker would."""

    def run_now(name: str) -> None:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, name)

    return run_now


@pytest.fixture
def another_client(config: Config) -> Iterator[Callable[..., FlaskClient]]:
    """Makes clients of further apps on the same engines, with changed settings."""
    apps = []

    def make_client(**changes: object) -> FlaskClient:
        apps.append(create_app(replace(config, **changes), clock=StoppedClock))
        return apps[-1].test_client()

    yield make_client
    for app in apps:
        close_connections(app)


def close_connections(app: Flask) -> None:
    with app.app_context():
        runtime().context().session.get_bind().dispose()
        runtime().services.ballot_box.close()
        runtime().redis.close()
