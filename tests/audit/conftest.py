"""A trail to look at, and the command that verifies it."""

from collections.abc import Callable, Sequence

import pytest
from click.testing import Result
from sqlalchemy import select

from models import AuditRecord
from server.extensions import runtime
from services import audit
from services.context import unit_of_work


@pytest.fixture
def trail(session) -> Callable[[], Sequence[AuditRecord]]:
    """All records as they are now, in order."""

    def read() -> Sequence[AuditRecord]:
        session.rollback()
        query = select(AuditRecord).order_by(AuditRecord.number)
        return session.scalars(query.execution_options(populate_existing=True)).all()

    return read


@pytest.fixture
def verify(app) -> Callable[..., Result]:
    """`flask audit verify`."""
    return lambda *heads: app.test_cli_runner().invoke(
        args=["audit", "verify", *(part for head in heads for part in ("--head", head))]
    )


@pytest.fixture
def note(app) -> Callable[..., None]:
    """Records an act of the system in a unit of work of its own."""

    def note(label: str = "某事", **values: object) -> None:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                audit.record(
                    ctx, "test.done", about=("test", 7, label), organization_id=None, **values
                )

    return note
