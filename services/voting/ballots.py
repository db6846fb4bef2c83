"""Casting a ballot, and seeing one's own."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import Ballot, Campaign, Entry, SetAsideBallot
from services.ballot_box import CastBallot, CastRequest
from services.clock import local_day
from services.context import Context
from services.errors import Missing
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.voting.origins import trace_origin
from services.voting.remaining import Remaining, work_out_remaining
from services.voting.set_aside import NOT_COUNTED

# Crockford's alphabet: no I, L, O or U, so that a code can be read out over the telephone.
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_ID_LENGTH = 7
CODE_SECRET_LENGTH = 13
CODE_GROUP = 4


@dataclass(frozen=True, slots=True)
class BallotReceipt:
    """The answer to a counted ballot."""

    id: int
    campaign_id: int
    entry_id: int
    cast_at: datetime
    receipt_code: str
    remaining: Remaining


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One of the voter's own ballots, with what it was for and whether it counts."""

    id: int
    cast_at: datetime
    receipt_code: str
    state: str
    campaign: Campaign
    entry: Entry


def cast_ballot(
    ctx: Context,
    *,
    campaign_id: int,
    entry_id: int,
    idempotency_key: str,
    source: str | None = None,
) -> BallotReceipt:
    """Cast the actor's ballot for an entry; returns once it is on disk.

    The same `idempotency_key` again, whatever its `source`, returns the same receipt and casts
    nothing; what remains is counted by the campaign's present rules. Raises what BallotBox.cast
    raises.
    """
    ballot = ctx.services.ballot_box.cast(
        CastRequest(
            campaign_id=campaign_id,
            entry_id=entry_id,
            voter_id=ctx.actor.citizen_id,
            session_id=ctx.actor.session_id,
            # 128 bits of it, as a UUID column holds them.
            request_key=hashlib.sha256(idempotency_key.encode()).hexdigest()[:32],
            cast_at=ctx.now,
            cast_on=local_day(ctx.now),
            source=source,
            origin=trace_origin(ctx, campaign_id),
        )
    )
    return BallotReceipt(
        id=ballot.id,
        campaign_id=ballot.campaign_id,
        entry_id=ballot.entry_id,
        cast_at=ballot.cast_at,
        receipt_code=receipt_code(ballot.id, ballot.receipt_secret),
        remaining=remaining_after(ballot),
    )


def remaining_after(ballot: CastBallot) -> Remaining:
    """What the voter had left right after this ballot."""
    return work_out_remaining(
        ballot.limits,
        in_all=ballot.number,
        today=ballot.number_today,
        today_for_entry=ballot.number_today_for_entry,
    )


def list_own_ballots(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's ballots, the latest first."""
    query = _select_own(ctx).order_by(Ballot.id.desc()).limit(limit + 1)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(Ballot.id < last_id)
    rows = ctx.session.execute(query).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(row[0].id))
    return Page([_own_ballot(*row) for row in page.items], page.next_cursor)


def get_own_ballot(ctx: Context, *, ballot_id: int) -> OwnBallot:
    """One of the actor's ballots; raises Missing, for another's too."""
    row = ctx.session.execute(_select_own(ctx).where(Ballot.id == ballot_id)).first()
    if row is None:
        raise Missing("ballot_not_found")
    return _own_ballot(*row)


def _select_own(ctx: Context):
    return (
        select(Ballot, Campaign, Entry, SetAsideBallot.state)
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .join(Entry, Entry.id == Ballot.entry_id)
        .outerjoin(SetAsideBallot, SetAsideBallot.ballot_id == Ballot.id)
        .where(Ballot.voter_id == ctx.actor.citizen_id)
    )


def _own_ballot(
    ballot: Ballot, campaign: Campaign, entry: Entry, set_aside: str | None
) -> OwnBallot:
    code = receipt_code(ballot.id, ballot.receipt_secret)
    state = set_aside if set_aside in NOT_COUNTED else "counted"
    return OwnBallot(ballot.id, ballot.cast_at, code, state, campaign, entry)


def receipt_code(ballot_id: int, receipt_secret: int) -> str:
    """The code by which a ballot is looked up: its id, and 63 random bits nobody can guess."""
    code = _base32(ballot_id, CODE_ID_LENGTH) + _base32(receipt_secret, CODE_SECRET_LENGTH)
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


def _base32(number: int, length: int) -> str:
    digits = [BASE32[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5)]
    return "".join(digits)
