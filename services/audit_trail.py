"""The chain of audit records: appended at the end of a unit of work, verified from the start.

A record's seal is a keyed hash of the record and of the seal before it. The key is the deployment's
INDEX_KEY, so whoever can write to the database but does not hold it cannot mend the chain after a
change. What no chain shows is that its last records were cut off: for that an auditor keeps the
number and seal of a head, and verifies against it later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from models import AuditRecord
from services.crypto import CryptoProvider

PURPOSE = "audit.seal"
GENESIS = b""
# An arbitrary number, the same for all deployments of Sain.
CHAIN_LOCK = 7_240_150_603
_PENDING = "pending audit records"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many records are whole, the seal of the last of them, and a fault.

    `fault` is None, or what is wrong with the record after those: it is "missing", "changed", or
    "replaced" by one that is not the one noted down; "cut_off" if the trail ends before a head.
    """

    records: int
    head: bytes
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Pending:
    record: AuditRecord
    crypto: CryptoProvider
    transaction: SessionTransaction


def append(session: scoped_session[Session], crypto: CryptoProvider, record: AuditRecord) -> None:
    """Have the record written together with whatever else the unit of work commits.

    It shares the fate of the present transaction or savepoint: rolled back, it is forgotten.
    """
    record.before, record.after = as_stored(record.before), as_stored(record.after)
    present = session.registry()
    transaction = present.get_nested_transaction() or present.get_transaction() or present.begin()
    session.info.setdefault(_PENDING, []).append(_Pending(record, crypto, transaction))


def as_stored(value: object) -> object:
    """The value in the form in which JSONB gives it back, since seals are compared with that.

    Keys are texts, days and moments ISO 8601, and whole numbers carry no fraction: JSONB knows
    neither -0.0 nor 1e22.
    """
    if isinstance(value, Mapping):
        return {str(name): as_stored(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def write_pending(session: scoped_session[Session]) -> None:
    """Number, seal and insert what was recorded; the last thing before a commit.

    One transaction at a time holds the end of the chain, from here to its commit. It must not wait
    for anybody meanwhile, so records refer to other tables without foreign keys.
    """
    pending = session.info.pop(_PENDING, ())
    if not pending:
        return
    session.flush()
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    # Under READ COMMITTED this sees what the last holder of the lock committed.
    last = session.execute(
        select(AuditRecord.number, AuditRecord.seal).order_by(AuditRecord.number.desc()).limit(1)
    ).first()
    number, seal = last or (0, GENESIS)
    for each in pending:
        number += 1
        each.record.number = number
        each.record.seal = seal = _seal(each.crypto, each.record, seal)
        session.add(each.record)
    session.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """Drop what was recorded in a transaction or savepoint that was rolled back."""
    pending = session.info.get(_PENDING)
    if pending:
        pending[:] = [each for each in pending if not _is_within(each.transaction, undone)]


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer


def verify(
    session: scoped_session[Session], crypto: CryptoProvider, *, known: Mapping[int, bytes]
) -> Verdict:
    """Check every record, its number and its seal; `known` are heads noted down earlier."""
    number, seal = 0, GENESIS
    query = select(AuditRecord).order_by(AuditRecord.number)
    with session.scalars(
        query.execution_options(yield_per=_BATCH, populate_existing=True)
    ) as records:
        for record in records:
            if fault := _fault_of(crypto, record, (number, seal), known):
                return Verdict(number, seal, fault)
            number, seal = record.number, record.seal
    is_cut_off = any(noted > number for noted in known)
    return Verdict(number, seal, "cut_off" if is_cut_off else None)


def _fault_of(
    crypto: CryptoProvider,
    record: AuditRecord,
    head: tuple[int, bytes],
    known: Mapping[int, bytes],
) -> str | None:
    """What is wrong with the record that should follow the head."""
    number, seal = head
    if record.number != number + 1:
        return "missing"
    if record.seal != _seal(crypto, record, seal):
        return "changed"
    return "replaced" if known.get(record.number, record.seal) != record.seal else None


def _seal(crypto: CryptoProvider, record: AuditRecord, previous: bytes) -> bytes:
    content = {
        "previous": previous.hex(),
        "number": record.number,
        "at": record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "staff_id": record.staff_id,
        "staff_name": record.staff_name,
        "roles": record.roles,
        "organization_id": record.organization_id,
        "action": record.action,
        "object_type": record.object_type,
        "object_id": record.object_id,
        "object_label": record.object_label,
        "before": record.before,
        "after": record.after,
        "address": record.address,
        "request_id": record.request_id,
    }
    canonical = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return crypto.blind_index(canonical, purpose=PURPOSE)
