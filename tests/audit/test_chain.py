"""The chain of seals: changes afterwards show, and parallel writers do not break it."""

import threading
from collections import Counter

import pytest
from sqlalchemy import text

from models import AuditRecord
from server.extensions import runtime
from services import audit, audit_trail
from services.audit_trail import as_stored
from services.context import unit_of_work
from services.crypto import SoftwareCrypto
from tests.http import code_of

# For each column another value, one that a person would look past where there is such a one.
OTHER_VALUES = {
    "number": "number + 100",
    "at": "at + interval '1 microsecond'",
    "staff_id": "coalesce(staff_id, 0) + 1",
    "staff_name": "staff_name || ' '",
    "roles": "array_append(roles, 'auditor')",
    "organization_id": "NULL",
    "action": "'organization.edited '",
    "object_type": "'staff'",
    "object_id": "object_id || '0'",
    "object_label": "object_label || chr(8203)",
    "before": "'{}'",
    "after": "jsonb_set(after, '{name}', '\"x\"')",
    "address": "'127.0.0.2'",
    "request_id": "upper(request_id) || '-'",
    "seal": "set_byte(seal, 0, 255 - get_byte(seal, 0))",
}


@pytest.fixture
def acts(make, trail):
    """Five records of a manager's acts."""
    manager = make.console("district_manager")
    for number in range(5):
        body = {"parent_id": make.commission().id, "kind": "hospital", "name": f"医院{number}"}
        assert manager.post("/organizations", body).status_code == 201
    records = trail()
    assert [record.number for record in records] == [1, 2, 3, 4, 5]
    return records


def head_of(record: AuditRecord) -> str:
    return f"{record.number}:{record.seal.hex()}"


def change(session, *statements: str) -> None:
    for statement in statements:
        session.execute(text(statement))
    session.commit()


def test_a_whole_trail(acts, verify):
    result = verify()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"✓ 5 条审计记录完整\nhead {head_of(acts[-1])}\n"
    assert verify(head_of(acts[-1]), head_of(acts[1])).exit_code == 0


def test_an_empty_trail(app, verify):
    result = verify()
    assert (result.exit_code, result.stdout) == (0, "✓ 0 条审计记录完整\nhead 0:\n")
    assert verify("0:").exit_code == 0


def test_every_column_has_another_value():
    assert OTHER_VALUES.keys() == set(AuditRecord.__table__.columns.keys())


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("column", sorted(OTHER_VALUES))
def test_a_changed_field_shows(acts, session, verify, column, number):
    change(
        session,
        f"UPDATE audit_records SET {column} = {OTHER_VALUES[column]} WHERE number = {number}",
    )
    result = verify()
    assert result.exit_code == 1
    assert f"第 {number} 条" in result.stderr


@pytest.mark.parametrize("number", [1, 3])
def test_a_deleted_row_shows(acts, session, verify, number):
    change(session, f"DELETE FROM audit_records WHERE number = {number}")
    result = verify()
    assert (result.exit_code, f"第 {number} 条不见了" in result.stderr) == (1, True)


def test_a_deleted_row_with_those_after_it_moved_up_shows(acts, session, verify):
    change(
        session,
        "DELETE FROM audit_records WHERE number = 3",
        # Row by row the numbers would meet: in which order rows are changed is for the heap to say.
        "UPDATE audit_records SET number = -number WHERE number > 3",
        "UPDATE audit_records SET number = -number - 1 WHERE number < 0",
    )
    assert "第 3 条与封印不符" in verify().stderr


def test_a_deleted_end_shows_to_whoever_noted_a_head(acts, session, verify):
    heads = [head_of(record) for record in acts]
    change(session, "DELETE FROM audit_records WHERE number > 3")
    assert verify().exit_code == 0
    assert verify(heads[2]).exit_code == 0
    result = verify(heads[4])
    assert (result.exit_code, "第 4 条起被删去了" in result.stderr) == (1, True)


def test_an_end_written_anew_shows_to_whoever_noted_a_head(acts, session, verify, note):
    heads = [head_of(record) for record in acts]
    change(session, "DELETE FROM audit_records WHERE number > 4")
    note()
    assert verify().exit_code == 0
    result = verify(heads[4])
    assert (result.exit_code, "第 5 条不是当初记下的那一条" in result.stderr) == (1, True)


def test_swapped_rows_show(acts, session, verify):
    change(
        session,
        "UPDATE audit_records SET number = -2 WHERE number = 2",
        "UPDATE audit_records SET number = 2 WHERE number = 3",
        "UPDATE audit_records SET number = 3 WHERE number = -2",
    )
    assert "第 2 条与封印不符" in verify().stderr


@pytest.mark.parametrize("number", [0, 3, 6])
def test_an_inserted_row_shows(acts, session, verify, number):
    columns = ", ".join(column for column in OTHER_VALUES if column != "number")
    change(
        session,
        f"UPDATE audit_records SET number = number + 10 WHERE number >= {number}",
        f"INSERT INTO audit_records (number, {columns}) "
        f"SELECT {number}, {columns} FROM audit_records WHERE number IN (2)",
        f"UPDATE audit_records SET number = number - 9 WHERE number > {number + 1}",
    )
    result = verify()
    assert result.exit_code == 1
    assert f"第 {max(number, 1)} 条" in result.stderr


def test_a_chain_made_anew_without_the_key_shows(acts, app, session, verify):
    """Whoever knows the program and the database, but not INDEX_KEY."""
    crypto = SoftwareCrypto(
        {"x": ("aes-256-gcm", bytes(range(32)))}, active="x", index_key=bytes(range(32))
    )
    seal = b""
    for record in acts:
        record.staff_name = "别人"
        record.seal = seal = audit_trail._seal(crypto, record, seal)
    session.add_all(acts)
    session.commit()
    assert "第 1 条与封印不符" in verify().stderr


@pytest.mark.parametrize("head", ["", "5", "x:00", "5:xyz", "5:0"])
def test_a_head_that_is_none(app, verify, head):
    assert verify(head).exit_code == 2


@pytest.mark.parametrize(
    "value",
    [
        0.0,
        -0.0,
        1.0,
        109.98,
        1e22,
        1e-7,
        5e-324,
        2**70,
        True,
        None,
        "",
        "ᠮᠣᠩᠭᠣᠯ\u202f\u180e",
        "é e\u0301 \U0001f33f \x01\x7f\u2028\u202e",
        'a"b\\c\n\t</script>',
        [1, [2.0, {"b": 1, "a": [None]}]],
        (1, 2),
        {"10": 1, "9": 2, "a": {"é": 1, "z": 2}},
        {10: 1, 9: 2},
        "长" * 300_000,
    ],
    ids=lambda value: repr(value)[:24],
)
def test_values_come_back_from_the_database_as_they_were_sealed(note, verify, trail, value):
    note(before={"value": value}, after={"zh 键": value})
    assert verify().exit_code == 0
    (record,) = trail()
    assert record.before == {"value": as_stored(value)} == {"value": record.after["zh 键"]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x", "a\0b", "\ud800"])
def test_what_the_database_cannot_hold_is_not_written_at_all(note, trail, value):
    with pytest.raises(Exception, match=r".*"):
        note(after={"value": value})
    assert trail() == []


def test_a_place_on_the_zero_meridian(make, verify):
    """-0.0, which JSON knows and JSONB does not, once gave a seal that nothing could match."""
    manager = make.console("district_manager")
    hospital = make.institution()
    path = f"/organizations/{hospital.id}"
    assert manager.patch(path, {"longitude": -0.0, "latitude": 1e-300}, revision=1).status_code == (
        200
    )
    assert verify().exit_code == 0


@pytest.mark.parametrize("microsecond", [0, 1, 123_456, 999_999])
def test_moments_are_sealed_to_the_microsecond(note, verify, clock, microsecond):
    clock.set(clock.now().replace(microsecond=microsecond))
    note(after={"at": clock.now()})
    assert verify().exit_code == 0


def record_in(ctx, label: str) -> None:
    audit.record(ctx, "test.done", about=("test", 1, label), organization_id=None)


def test_what_a_savepoint_undoes_was_never_recorded(app, trail, verify):
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            record_in(ctx, "before")
            savepoint = ctx.session.begin_nested()
            record_in(ctx, "undone")
            with ctx.session.begin_nested():
                record_in(ctx, "released, then undone with the outer one")
            savepoint.rollback()
            with ctx.session.begin_nested():
                record_in(ctx, "kept")
            record_in(ctx, "after")
    assert [record.object_label for record in trail()] == ["before", "kept", "after"]
    assert verify().exit_code == 0


def test_what_a_rollback_on_the_way_undoes_was_never_recorded(app, trail):
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            record_in(ctx, "undone")
            ctx.session.rollback()
            record_in(ctx, "kept")
    assert [record.object_label for record in trail()] == ["kept"]


def test_twenty_writers_at_once_make_one_chain_without_gaps(app, make, trail, verify):
    """Each in a thread of its own with its own connection; every second one is refused."""
    writers, acts_each = 20, 5
    commission = make.commission()
    consoles = [make.console("district_manager") for _ in range(writers)]
    start = threading.Barrier(writers)
    answers = Counter()

    def write(writer: int) -> None:
        start.wait(30)
        for act in range(acts_each):
            name = f"医院 {writer}-{act}" if act % 2 == 0 else "同名医院"
            body = {"parent_id": commission.id, "kind": "hospital", "name": name}
            answers[consoles[writer].post("/organizations", body).status_code] += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    created = writers * 3 + 1
    assert answers == {201: created, 409: writers * acts_each - created}
    records = trail()
    assert [record.number for record in records] == list(range(1, created + 1))
    assert len({record.object_id for record in records}) == created
    assert verify().exit_code == 0


def test_writers_without_anything_in_common_also_wait_for_each_other(app, note, trail, verify):
    """Creating organizations takes turns anyway; these have nothing but the chain in common."""
    start = threading.Barrier(20)

    def write() -> None:
        start.wait(30)
        for _ in range(5):
            note()

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(trail()) == 100
    assert verify().exit_code == 0


def test_recording_waits_for_nobody_who_works_on_what_it_names(make, session, trail):
    """Whoever holds the end of the chain and waits for a row could wait for one who waits for it.

    A foreign key's check would wait here until the statement is given up.
    """
    manager = make.console("district_manager")
    session.execute(
        text("SELECT FROM staff_accounts WHERE id = :id FOR UPDATE"), {"id": manager.staff_id}
    )
    body = {"parent_id": make.commission().id, "kind": "hospital", "name": "医院"}
    answer = manager.post("/organizations", body)
    assert answer.status_code == 201, code_of(answer)
    assert [record.staff_id for record in trail()] == [manager.staff_id]
