"""What happens in votes, sealed when a test says so, and read as a stranger would."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models import Campaign, LedgerRecord
from server.extensions import runtime
from services import ledger
from services.context import unit_of_work
from services.ledger import merkle


@dataclass(frozen=True)
class Log:
    """The ledger as it is published."""

    client: FlaskClient

    def checkpoint(self) -> str:
        answer = self.client.get("/ledger/checkpoint")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def head(self) -> tuple[int, bytes]:
        return ledger.checkpoints.parse_checkpoint(self.checkpoint())

    @property
    def size(self) -> int:
        return self.head()[0]

    def tile(self, path: str) -> bytes:
        answer = self.client.get(f"/ledger/tile/{path}")
        assert answer.status_code == 200, path
        return answer.data

    def data(self) -> list[bytes]:
        """Every record, from the bundles."""
        size, found = self.size, []
        for number in range(-(-size // 256)):
            width = min(256, size - number * 256)
            part = "" if width == 256 else f".p/{width}"
            found += split_bundle(self.tile(f"entries/{tile_number(number)}{part}"))
        assert len(found) == size
        return found

    def records(self) -> list[dict]:
        return [json.loads(data) for data in self.data()]

    def kinds(self) -> list[str]:
        return [record["type"] for record in self.records()]


def tile_number(number: int) -> str:
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def split_bundle(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2])
        found.append(bundle[2:end])
        bundle = bundle[end:]
    return found


def root_of(leaves: list[bytes]) -> bytes:
    """The root by the words of RFC 6962, from all leaves' data at once."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


@pytest.fixture
def log(app: Flask) -> Log:
    return Log(app.test_client())


@pytest.fixture
def work(app: Flask) -> Callable:
    """Calls a service in a unit of work of its own, as nobody."""

    def call(service: Callable, *args: object, **kwargs: object) -> object:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                return service(ctx, *args, **kwargs)

    return call


@pytest.fixture
def seal(work) -> Callable[[], ledger.Sealed | None]:
    return lambda: work(ledger.seal)


@pytest.fixture
def cast(http, make) -> Callable[..., dict]:
    """Casts a ballot for the entry at a place of the campaign, by a new citizen unless told."""

    def cast_one(campaign: Campaign, place: int = 0, *, by=None) -> dict:
        citizen = by or make.citizen()
        entry_id = make.entries(campaign)[place]
        answer = http.vote(campaign.id, entry_id, token=citizen.token)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()

    return cast_one


@pytest.fixture
def places(session) -> Callable[[], dict[int, int]]:
    """The place of each sealed ballot in the log, by its id."""

    def read() -> dict[int, int]:
        session.rollback()
        query = select(LedgerRecord.ballot_id, LedgerRecord.index)
        return dict(session.execute(query.where(LedgerRecord.kind == "ballot")).all())

    return read
