"""Ballots with where they came from, ballots set aside, and the books checked."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select, text

from models import (
    Ballot,
    Campaign,
    SetAsideBallot,
    SetAsideTally,
    Tally,
)
from server.extensions import runtime
from services.context import unit_of_work
from services.screening.moving import set_aside
from services.voting import count_mismatched_tallies
from tests.factories import SignedIn
from tests.http import HTTPClient


@pytest.fixture
def vote_from(app, make) -> Callable[..., int]:
    """Casts a ballot over HTTP from an address with a browser; returns its id."""

    def vote(
        campaign,
        entry_id: int,
        voter: SignedIn | None = None,
        *,
        address: str = "203.0.113.7",
        agent: str = "MicroMessenger/8.0",
        source: str | None = "list",
    ) -> int:
        client = app.test_client()
        client.environ_base.update(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
        more = {} if source is None else {"source": source}
        token = (voter or make.citizen()).token
        answer = HTTPClient(client).vote(campaign.id, entry_id, token=token, **more)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()["id"]

    return vote


@pytest.fixture
def service(app) -> Callable[..., object]:
    """Runs a service function in a unit of work, as the system itself."""

    def run_now(function, *arguments, **values):
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                return function(ctx, *arguments, **values)

    return run_now


@pytest.fixture
def quarantine(service) -> Callable[..., None]:
    """Sets ballots aside as the screening would."""

    def put_aside(
        ballot_ids: Sequence[int], *, group_id: int | None = None, signals: dict | None = None
    ) -> None:
        service(_put_aside, ballot_ids, group_id, signals or {"network_burst": 30, "night": 10})

    return put_aside


def _put_aside(ctx, ballot_ids, group_id, signals) -> None:
    ballots = ctx.session.scalars(select(Ballot).where(Ballot.id.in_(ballot_ids))).all()
    campaign = ctx.session.get(Campaign, ballots[0].campaign_id)
    rows = [
        {
            "ballot_id": ballot.id,
            "entry_id": ballot.entry_id,
            "voter_id": ballot.voter_id,
            "cast_at": ballot.cast_at,
            "score": sum(signals.values()),
            "signals": signals,
            "group_id": group_id,
        }
        for ballot in ballots
    ]
    set_aside(ctx, campaign, rows, reasons=["同一网络短时间集中投票"] * len(rows))


@pytest.fixture
def books(service, session) -> Callable[[], None]:
    """Asserts that every tally is a recount."""

    def check() -> None:
        session.rollback()
        assert service(count_mismatched_tallies) == 0
        for table, column in ((Tally, Tally.votes), (SetAsideTally, SetAsideTally.quarantined)):
            assert session.scalar(select(func.count()).select_from(table).where(column < 0)) == 0

    return check


def states(session, ballot_ids: Sequence[int]) -> list[str]:
    """The state of each ballot, "counted" where it was never set aside."""
    session.rollback()
    rows = dict(session.execute(select(SetAsideBallot.ballot_id, SetAsideBallot.state)).all())
    return [rows.get(ballot_id, "counted") for ballot_id in ballot_ids]


def noted(session, campaign_id: int) -> list[tuple[str, list[int], str, int]]:
    """What waits to be sealed: kind, ballots, reason, persons."""
    session.rollback()
    rows = session.execute(
        text(
            "SELECT kind, ballot_ids, content->>'reason', CAST(content->>'persons' AS int)"
            " FROM ledger_queue WHERE campaign_id = :id AND ballot_ids IS NOT NULL ORDER BY id"
        ),
        {"id": campaign_id},
    )
    return [tuple(row) for row in rows]
