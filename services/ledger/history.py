"""What the log says of one ballot, record by record, each with its proof."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models import LedgerRecord
from services.context import Context
from services.ledger.checkpoints import Head, prove

DECISIONS = ("quarantine", "release", "annulment")
# Enough of a record of openings to hold its first ballot.
BEGINNING_BYTES = 200
FIRST_BALLOT = re.compile(rb'"ballots":\[\[([0-9]+),')


@dataclass(frozen=True, slots=True)
class Step:
    """A record that is about the ballot: its exact text, and the proof that it is in the log."""

    kind: str
    at: datetime | None
    reason: str | None
    index: int
    record: str
    proof: str


def list_steps(ctx: Context, *, head: Head, campaign_id: int, ballot_id: int) -> list[Step]:
    """The records about a ballot in their order; none before it is sealed."""
    own = ctx.session.scalar(select(LedgerRecord).where(LedgerRecord.ballot_id == ballot_id))
    if own is None:
        return []
    found = [own, *_find_decisions(ctx, campaign_id, own.index)]
    if b'"commitment":' in own.data:
        found += _find_opening(ctx, campaign_id, own.index)
    found.sort(key=lambda record: record.index)
    # One that was sealed since the checkpoint was read is for the next reader.
    return [_step(ctx, head, record) for record in found if record.index < head.size]


def _step(ctx: Context, head: Head, record: LedgerRecord) -> Step:
    content = json.loads(record.data)
    at = content.get("at")
    return Step(
        kind=record.kind,
        at=at and datetime.fromisoformat(at),
        reason=content.get("reason"),
        index=record.index,
        record=record.data.decode(),
        proof=prove(ctx, record.index, head=head),
    )


def _find_decisions(ctx: Context, campaign_id: int, place: int) -> Iterator[LedgerRecord]:
    """The decisions that name the place of a ballot."""
    mentions = [f"%{before}{place}{after}%".encode() for before in "[," for after in ",]"]
    # Its reason may say the like; who reads it whole knows better.
    candidates = ctx.session.scalars(
        select(LedgerRecord).where(
            LedgerRecord.campaign_id == campaign_id,
            LedgerRecord.kind.in_(DECISIONS),
            or_(*(LedgerRecord.data.op("LIKE")(mention) for mention in mentions)),
        )
    )
    for record in candidates:
        if place in json.loads(record.data)["ballots"]:
            yield record


def _find_opening(ctx: Context, campaign_id: int, place: int) -> list[LedgerRecord]:
    """The record that opens a hidden ballot, if its campaign has closed.

    There may be thousands of them, in order of the ballots' places: only a few are looked into.
    """
    places = ctx.session.scalars(
        select(LedgerRecord.index)
        .where(LedgerRecord.campaign_id == campaign_id, LedgerRecord.kind == "openings")
        .order_by(LedgerRecord.index)
    ).all()
    number = bisect_left(places, place + 1, key=lambda index: _first_opened(ctx, index)) - 1
    return [ctx.session.get_one(LedgerRecord, places[number])] if number >= 0 else []


def _first_opened(ctx: Context, index: int) -> int:
    beginning = ctx.session.scalar(
        select(func.substring(LedgerRecord.data, 1, BEGINNING_BYTES)).where(
            LedgerRecord.index == index
        )
    )
    return int(FIRST_BALLOT.search(beginning)[1])
