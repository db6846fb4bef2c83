"""`flask ledger verify` names every kind of tampering that somebody with the database could do."""

import pytest
from sqlalchemy import text

from models import Base, SetAsideBallot, SetAsideTally
from services import ledger


@pytest.fixture
def verify(app):
    return lambda: app.test_cli_runner().invoke(args=["ledger", "verify"])


@pytest.fixture
def told(make, cast, seal, work, session, clock, run):
    """A whole story: an open campaign with decisions, and a hidden one that has closed."""
    campaign = make.campaign(entries=3)
    receipts = [cast(campaign, place % 3) for place in range(9)]
    seal()
    for receipt, state, decision in zip(
        receipts,
        ("quarantined", "annulled", "released"),
        ("quarantine", "annulment", "release"),
        strict=False,
    ):
        set_aside(session, receipt, state)
        steps = ["quarantine"] if decision == "release" else []
        for step in [*steps, decision]:
            work(
                ledger.note_decision,
                step,
                campaign_id=campaign.id,
                ballot_ids=[receipt["id"]],
                reason="投票时间集中",
            )
        seal()
    closes_at = clock.now().replace(hour=5)
    hidden = make.campaign(title="药材", standings_mode="hidden", closes_at=closes_at)
    for place in range(3):
        cast(hidden, place)
    seal()
    clock.advance(hours=2)
    run("close_campaigns")
    seal()
    work(
        ledger.note_result,
        hidden,
        standings=[(entry_id, 1) for entry_id in make.entries(hidden)],
        annulled=0,
        persons=2,
    )
    seal()
    return campaign, hidden


def set_aside(session, receipt: dict, state: str) -> None:
    ballot = session.execute(
        text("SELECT id, campaign_id, entry_id, voter_id, cast_at FROM ballots WHERE id = :id"),
        {"id": receipt["id"]},
    ).one()
    session.add(
        SetAsideBallot(
            ballot_id=ballot.id,
            campaign_id=ballot.campaign_id,
            entry_id=ballot.entry_id,
            voter_id=ballot.voter_id,
            cast_at=ballot.cast_at,
            state=state,
            score=120,
            signals={},
            reason="投票时间集中",
            quarantined_at=ballot.cast_at,
        )
    )
    if state != "released":
        session.add(
            SetAsideTally(
                entry_id=ballot.entry_id,
                campaign_id=ballot.campaign_id,
                quarantined=int(state == "quarantined"),
                annulled=int(state == "annulled"),
            )
        )
    session.commit()


def test_a_whole_ledger(told, verify, log):
    result = verify()
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{log.size} 条" in result.stdout


def test_an_empty_ledger(app, verify):
    assert verify().exit_code == 0


def test_what_waits_is_no_fault(told, cast, work, verify):
    receipt = cast(told[0])
    assert verify().exit_code == 0
    assert receipt["id"]


TAMPERING = {
    "a record's bit flipped": (
        "UPDATE ledger_records SET data = set_byte(data, 3, 1 # get_byte(data, 3)) WHERE index = 4",
        "账本第 4 条被改过",
    ),
    "a record dropped": ("DELETE FROM ledger_records WHERE index = 4", "账本第 4 条不见了"),
    "the last record dropped": (
        "DELETE FROM ledger_records WHERE index = (SELECT max(index) FROM ledger_records)",
        "账本只剩",
    ),
    "a record added": (
        "INSERT INTO ledger_records (index, kind, campaign_id, data) SELECT max(index) + 1, "
        "'event', 1, '{}' FROM ledger_records",
        "没有签名",
    ),
    "records reordered": (
        "UPDATE ledger_records SET index = -1 WHERE index = 4;"
        "UPDATE ledger_records SET index = 4 WHERE index = 5;"
        "UPDATE ledger_records SET index = 5 WHERE index = -1",
        "账本第 4 条被改过",
    ),
    "a record of another campaign": (
        "UPDATE ledger_records SET campaign_id = campaign_id + 1 WHERE index = 0",
        "账本第 0 条的内容不合格式",
    ),
    "a tile's bit flipped": (
        "UPDATE ledger_tiles SET hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40))",
        "树的第 0 层第 0 块被改过（第 1 条的散列）",
    ),
    "a tile dropped": ("DELETE FROM ledger_tiles", "树应有 1 块，实有 0 块"),
    "a tile added": ("INSERT INTO ledger_tiles VALUES (1, 0, '')", "树应有 1 块，实有 2 块"),
    "a tile cut short": (
        "UPDATE ledger_tiles SET hashes = substring(hashes from 1 for 64)",
        "第 0 块与账本不符",
    ),
    "another root": (
        "UPDATE ledger_checkpoints SET root = sha256(root) WHERE size = 11",
        "11 条处的检查点与账本不符",
    ),
    "a note of another key": (
        "UPDATE ledger_checkpoints SET note = replace(note, 'AA', 'BB') || 'x' WHERE size = 11",
        "11 条处的检查点签名不对",
    ),
    "the last checkpoint dropped": (
        "DELETE FROM ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints)",
        "没有签名",
    ),
    "a ballot moved": (
        "UPDATE ballots SET entry_id = entry_id + 1 WHERE id = 1",
        "数据库里的选票 1 与账本第 2 条不同",
    ),
    "a hidden ballot moved": (
        "UPDATE ballots SET entry_id = entry_id + 1 WHERE id = 10",
        "公开的选票与当初的承诺不符",
    ),
    "a ballot of another day": (
        "UPDATE ballots SET cast_on = cast_on - 1 WHERE id = 3",
        "选票 3 与",
    ),
    "a ballot of another voter": (
        "UPDATE ballots SET voter_id = 5, number = 2 WHERE id = 6",
        "选票 6 与",
    ),
    "a ballot dropped": ("DELETE FROM ballots WHERE id = 4", "选票 4 在数据库里不见了"),
    "a ballot slipped in": (
        "INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, "
        "request_key, cast_on, number, number_today, number_today_for_entry, xact) "
        "SELECT campaign_id, entry_id, voter_id, 7, cast_at, request_key, cast_on, 2, 2, 2, 3 "
        "FROM ballots WHERE id = 4",
        "没有进账本",
    ),
    "a ballot slipped in after closing": (
        "INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, "
        "request_key, cast_on, number, number_today, number_today_for_entry) "
        "SELECT campaign_id, entry_id, voter_id, 7, cast_at, request_key, cast_on, 2, 2, 2 "
        "FROM ballots WHERE id = 10",
        "没有进账本",
    ),
    "a tally changed": ("UPDATE tallies SET votes = votes + 1 WHERE entry_id = 2", "2 的计票是 4"),
    "a tally dropped": ("DELETE FROM tallies WHERE entry_id = 2", "2 的计票是 0，重新计票是 3"),
    "a quarantine forgotten": (
        "UPDATE set_aside_ballots SET state = 'released' WHERE ballot_id = 1",
        "选票 1 在数据库里是 released",
    ),
    "a quarantine dropped": (
        "DELETE FROM set_aside_ballots WHERE ballot_id = 1",
        "选票 1 在账本里是 quarantined",
    ),
    "an annulment that nobody decided": (
        "UPDATE set_aside_ballots SET state = 'annulled' WHERE ballot_id = 3",
        "选票 3 在数据库里是 annulled",
    ),
    "quarantined ones counted otherwise": (
        "UPDATE set_aside_tallies SET quarantined = 2 WHERE entry_id = 1",
        "1 的待核票数是 2，按账本是 1",
    ),
    "annulled ones counted otherwise": (
        "UPDATE set_aside_tallies SET annulled = 0 WHERE entry_id = 2",
        "2 的作废票数是 0，按账本是 1",
    ),
    "rules relaxed": (
        "UPDATE campaigns SET ballots_per_day = 9 WHERE id = 1",
        "活动 1 的规则与账本不同：ballots_per_day",
    ),
    "names swapped": ("UPDATE entries SET name = '别人' WHERE id = 2", "参评对象 2 与账本不同"),
    "an entry withdrawn in silence": (
        "UPDATE entries SET withdrawn_at = now() WHERE id = 2",
        "参评对象 2 与账本不同",
    ),
}


REFERRED_TO = ("campaigns", "entries", "ballots")
TAMPERED = (
    *REFERRED_TO,
    "tallies",
    "set_aside_ballots",
    "set_aside_tallies",
    "ledger_records",
    "ledger_tiles",
    "ledger_checkpoints",
)


@pytest.fixture
def undo(told, session):
    """Puts every table that is tampered with back to how it was; far faster than a new story."""
    with session.get_bind().connect() as connection:
        restoring = [statement for table in TAMPERED for statement in keep(connection, table)]
        connection.commit()

        def restore() -> None:
            for statement in restoring:
                connection.execute(text(statement))
            connection.commit()

        yield restore


def keep(connection, table: str) -> list[str]:
    """Copy a table for as long as this connection lasts; returns what makes it like its copy."""
    connection.execute(text(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}"))
    refill = f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}"
    if table not in REFERRED_TO:
        return [f"DELETE FROM {table}", refill]
    names = [column.name for column in Base.metadata.tables[table].columns]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return [
        f"DELETE FROM {table} WHERE id NOT IN (SELECT id FROM kept_{table})",
        f"{refill} ON CONFLICT (id) DO UPDATE SET {changes}",
    ]


def test_tampering_is_named(undo, verify, session):
    """One story for all deeds: each is found, and nothing once it is undone."""
    missed = {}
    for deed, (statements, words) in TAMPERING.items():
        for statement in statements.split(";"):
            session.execute(text(statement))
        session.commit()
        result = verify()
        if result.exit_code != 1 or words not in result.stderr:
            missed[deed] = result.stderr
        undo()
    assert missed == {}
    assert verify().exit_code == 0


def test_a_ledger_written_anew_from_the_middle(told, verify, session, seal, app):
    """Whoever drops the end of the log, and has it sealed again, meets the kept checkpoint."""
    for statement in (
        "DELETE FROM ledger_records WHERE index >= 11",
        "DELETE FROM ledger_checkpoints WHERE size > 11",
        "UPDATE ledger_tiles SET hashes = substring(hashes from 1 for 352)",
    ):
        session.execute(text(statement))
    session.commit()
    assert "数据库之外留存" in verify().stderr


def test_many_of_a_kind_are_not_all_listed(told, verify, session):
    session.execute(text("UPDATE ledger_tiles SET hashes = sha256(hashes)"))
    session.commit()
    result = verify()
    assert result.stderr.count("被改过") == 20
    assert "没有逐一列出" in result.stderr


def test_the_daily_job_cries_out(told, run, session, caplog):
    run("audit_ledger")
    assert caplog.records == []
    session.execute(text("UPDATE tallies SET votes = votes + 1 WHERE entry_id = 2"))
    session.commit()
    run("audit_ledger")
    (record,) = caplog.records
    assert (record.levelname, "tally_differs" in record.getMessage()) == ("CRITICAL", True)
