"""The chain of audit records: appended at the end of a unit of work, verified from the start.

A record's seal is a keyed hash of the record and of the seal before it. The key is the deployment's
INDEX_KEY, so whoever can write to the database but does not hold it cannot mend the chain after a
change. What no chain shows is that its last records were cut off: for that an auditor keeps the
number and seal of a head, and verifies against it later.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session, scoped_session

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
    """What verifying found: how many records, the last seal, and the first fault if any."""

    records: int
    head: bytes
    fault: str | None = None


def append(session: scoped_session[Session], crypto: CryptoProvider, record: AuditRecord) -> None:
    """Have the record written together with whatever else the unit of work commits."""
    session.info.setdefault(_PENDING, []).append((crypto, record))


def write_pending(session: scoped_session[Session]) -> None:
    """Number, seal and insert what was recorded; the last thing before a commit.

    One transaction at a time holds the end of the chain, from here to its commit.
    """
    pending = session.info.pop(_PENDING, ())
    if not pending:
        return
    session.flush()
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    last = session.execute(
        select(AuditRecord.number, AuditRecord.seal).order_by(AuditRecord.number.desc()).limit(1)
    ).first()
    number, seal = last or (0, GENESIS)
    for crypto, record in pending:
        number += 1
        record.number = number
        record.seal = seal = _seal(crypto, record, seal)
        session.add(record)
    session.flush()


def forget_pending(session: scoped_session[Session]) -> None:
    """Drop what was recorded by a unit of work that is rolled back."""
    session.info.pop(_PENDING, None)


def verify(
    session: scoped_session[Session], crypto: CryptoProvider, *, known: dict[int, bytes]
) -> Verdict:
    """Check every record, its number and its seal; `known` are heads noted down earlier."""
    number, seal = 0, GENESIS
    for record in _all_records(session):
        number += 1
        if record.number != number:
            return Verdict(number - 1, seal, f"record {number} is missing")
        expected = _seal(crypto, record, seal)
        if record.seal != expected:
            return Verdict(number - 1, seal, f"record {number} was changed")
        if known.get(number, expected) != expected:
            return Verdict(number, expected, f"record {number} is not the one noted down")
        seal = expected
    missing = [noted for noted in known if noted > number]
    fault = f"records after {number} are missing" if missing else None
    return Verdict(number, seal, fault)


def _all_records(session: scoped_session[Session]) -> Iterator[AuditRecord]:
    query = select(AuditRecord).order_by(AuditRecord.number)
    return session.scalars(query.execution_options(yield_per=_BATCH))


def _seal(crypto: CryptoProvider, record: AuditRecord, previous: bytes) -> bytes:
    content = {
        "previous": previous.hex(),
        "number": record.number,
        "at": record.at.timestamp(),
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
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return crypto.blind_index(canonical, purpose=PURPOSE)
