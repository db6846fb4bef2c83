"""When something does not fit, nothing is signed."""

import psycopg
import pytest
from sqlalchemy import text

from models import AuditRecord
from services import ledger
from services.ledger.sealing import COPY_NAME
from tests.audit.test_database_roles import connect


@pytest.fixture
def sealed(make, cast, seal):
    """A log of some ballots, and the campaign to cast more in."""
    campaign = make.campaign()
    for _ in range(3):
        cast(campaign)
        seal()
    # The copy is of the checkpoint before, until the next sealing looks.
    seal()
    return campaign


def change(session, *statements: str) -> None:
    for statement in statements:
        session.execute(text(statement))
    session.commit()


RESTORE = (
    "DELETE FROM ledger_records WHERE index >= 3",
    "DELETE FROM ledger_checkpoints WHERE size > 3",
    "UPDATE ledger_tiles SET hashes = substring(hashes from 1 for 96)",
    "DELETE FROM ballot_cuts",
)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM ledger_records WHERE index = 4", "4 records, but a checkpoint over 5"),
        ("UPDATE ledger_tiles SET hashes = sha256(hashes)", "lead to another root"),
        ("DELETE FROM ledger_tiles", "lead to another root"),
        ("UPDATE ledger_checkpoints SET root = sha256('')", "says something else"),
        ("UPDATE ledger_checkpoints SET note = replace(note, '\n5\n', '\n6\n')", "something else"),
    ],
)
def test_what_was_tampered_with_is_not_signed(
    sealed, session, cast, run, caplog, log, statement, words
):
    change(session, statement)
    before = log.checkpoint()
    cast(sealed)
    run("seal_ledger")
    (record,) = caplog.records
    assert (record.levelname, words in record.getMessage()) == ("CRITICAL", True)
    assert log.checkpoint() == before


def test_a_restored_backup_is_not_sealed_over(sealed, session, cast, seal, app, log):
    change(session, *RESTORE)
    cast(sealed)
    with pytest.raises(ledger.LedgerTrouble, match="5 records were signed, and only 3 are left"):
        seal()
    result = app.test_cli_runner().invoke(args=["ledger", "seal"])
    assert (result.exit_code, "docs/ledger.md" in result.stderr) == (1, True)
    assert log.size == 3


def test_a_log_that_took_another_way_meanwhile_is_not_sealed_over(sealed, session, seal, app):
    storage = app.extensions["sain"].services.storage
    copy = storage.get(COPY_NAME)
    change(session, *RESTORE)
    storage.delete(COPY_NAME)
    change(session, "UPDATE campaigns SET title = title || '二'")
    assert seal().head.size == 5
    storage.put(COPY_NAME, copy.replace(b"\n5\n", b"\n4\n"), "text/plain")
    with pytest.raises(ledger.LedgerTrouble, match="another root than the kept checkpoint"):
        seal()


def test_the_way_out_is_taken_by_an_operator_and_recorded(sealed, session, cast, seal, app, run):
    change(session, *RESTORE)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["ledger", "accept-loss"], input="n\n").exit_code == 1
    with pytest.raises(ledger.LedgerTrouble):
        seal()
    result = runner.invoke(args=["ledger", "accept-loss"], input="y\n")
    assert (result.exit_code, "从 3 条处" in result.stdout) == (0, True)
    assert seal().head.size == 5
    session.rollback()
    record = session.query(AuditRecord).one()
    assert (record.action, record.before, record.after) == (
        "ledger.loss_accepted",
        {"size": 5},
        {"size": 3},
    )


def test_a_copy_that_is_none(sealed, seal, app):
    app.extensions["sain"].services.storage.put(COPY_NAME, b"5", "text/plain")
    with pytest.raises(ledger.LedgerTrouble, match="cannot be read"):
        seal()


def test_the_copy_follows(sealed, app, log):
    copy = app.extensions["sain"].services.storage.get(COPY_NAME)
    assert copy.decode() == log.checkpoint()


def test_the_application_only_adds_to_the_ledger(sealed, config):
    for statement in (
        "UPDATE ledger_records SET data = data",
        "DELETE FROM ledger_records",
        "UPDATE ledger_checkpoints SET note = note",
        "DELETE FROM ledger_checkpoints",
    ):
        with (
            connect(config.database_url) as application,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            application.execute(statement)
