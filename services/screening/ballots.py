"""Ballots that were set aside, as staff review them: what they show, never whose they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from models import (
    Ballot,
    BallotGroup,
    BallotObjection,
    BallotOrigin,
    Citizen,
    Entry,
    RiskRank,
    SetAsideBallot,
    StaffAccount,
)
from services.access import Permission
from services.context import Context
from services.errors import Missing
from services.ledger.records import pseudonym
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.screening.groups import EntryName, ids_of_proposed
from services.voting.reach import fetch_campaign

SHORT_NAME = 8
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBERS = 1000


@dataclass(frozen=True, slots=True)
class ReviewedBallot:
    """One ballot. Voter, network and device are names that mean nothing outside the campaign."""

    ballot_id: int
    voter: str
    entry: EntryName
    cast_at: datetime
    source: str | None
    network: str | None
    device: str | None
    account_age_hours: float
    phone_bound: bool
    risk_rank: int | None
    risk_refusal: str | None
    score: int
    signals: dict[str, int]
    state: str
    reason: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    is_objected: bool


def list_set_aside_ballots(
    ctx: Context,
    *,
    campaign_id: int,
    limit: int,
    group_id: int | None = None,
    state: str | None = None,
    cursor: str | None = None,
) -> Page:
    """A campaign's, the latest first; of a proposed group its ballots that still count.

    Raises Missing.
    """
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    proposed = _proposed_ids(ctx, campaign.id, group_id)
    query = select_ballots(campaign.id, is_proposed=bool(proposed))
    if proposed:
        query = query.where(Ballot.id.in_(proposed))
    elif group_id is not None:
        query = query.where(SetAsideBallot.group_id == group_id)
    if state is not None and not proposed:
        query = query.where(SetAsideBallot.state == state)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(Ballot.id < last_id)
    rows = ctx.session.execute(query.order_by(Ballot.id.desc()).limit(limit + 1)).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(row.ballot_id))
    return Page([view_ballot(ctx, campaign.id, row) for row in page.items], page.next_cursor)


def _proposed_ids(ctx: Context, campaign_id: int, group_id: int | None) -> list[int]:
    if group_id is None:
        return []
    group = ctx.session.scalar(
        select(BallotGroup).where(
            BallotGroup.id == group_id, BallotGroup.campaign_id == campaign_id
        )
    )
    if group is None:
        raise Missing("ballot_group_not_found")
    return ids_of_proposed(group)


def select_ballots(campaign_id: int, *, is_proposed: bool = False) -> Select:
    """What view_ballot takes, of ballots with a row, or of those that are only proposed."""
    if is_proposed:
        own = (
            literal(0).label("score"),
            literal({}, JSONB).label("signals"),
            literal("proposed").label("state"),
            literal(None).label("reason"),
            literal(None).label("decided_at"),
        )
    else:
        own = (
            SetAsideBallot.score,
            SetAsideBallot.signals,
            SetAsideBallot.state,
            SetAsideBallot.reason,
            SetAsideBallot.decided_at,
        )
    query = (
        select(
            Ballot.id.label("ballot_id"),
            Ballot.voter_id,
            Ballot.cast_at,
            Ballot.source,
            Entry.id.label("entry_id"),
            Entry.number,
            Entry.name,
            BallotOrigin.network_key,
            BallotOrigin.device_key,
            Citizen.created_at,
            Citizen.phone_bound_at,
            RiskRank.risk_rank,
            RiskRank.refusal,
            StaffAccount.name.label("decided_by_name"),
            BallotObjection.id.label("objection_id"),
            *own,
        )
        .join(Entry, Entry.id == Ballot.entry_id)
        .join(Citizen, Citizen.id == Ballot.voter_id)
        .outerjoin(SetAsideBallot, SetAsideBallot.ballot_id == Ballot.id)
        .outerjoin(BallotOrigin, BallotOrigin.ballot_id == Ballot.id)
        .outerjoin(RiskRank, RiskRank.citizen_id == Ballot.voter_id)
        .outerjoin(StaffAccount, StaffAccount.id == SetAsideBallot.decided_by_id)
        .outerjoin(
            BallotObjection,
            and_(
                BallotObjection.campaign_id == campaign_id,
                BallotObjection.citizen_id == Ballot.voter_id,
            ),
        )
        .where(Ballot.campaign_id == campaign_id)
    )
    if is_proposed:
        return query
    return query.where(SetAsideBallot.campaign_id == campaign_id)


def view_ballot(ctx: Context, campaign_id: int, row) -> ReviewedBallot:
    age = (row.cast_at - row.created_at).total_seconds() / 3600
    return ReviewedBallot(
        ballot_id=row.ballot_id,
        voter=short_name(ctx, campaign_id, row.voter_id),
        entry=EntryName(row.entry_id, row.number, row.name),
        cast_at=row.cast_at,
        source=row.source,
        network=_label("网段", row.network_key),
        device=_label("设备", row.device_key),
        account_age_hours=round(max(age, 0.0), 2),
        phone_bound=row.phone_bound_at is not None,
        risk_rank=row.risk_rank,
        risk_refusal=row.refusal,
        score=row.score,
        signals=row.signals,
        state=row.state,
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by_name=row.decided_by_name,
        is_objected=row.objection_id is not None,
    )


def short_name(ctx: Context, campaign_id: int, voter_id: int) -> str:
    """The beginning of what the ledger calls the voter in this campaign."""
    name = pseudonym(ctx.services.crypto, campaign_id=campaign_id, voter_id=voter_id)
    return name[:SHORT_NAME]


def _label(word: str, key: int | None) -> str | None:
    """A name short enough to compare by eye; rarely two keys share one."""
    if key is None:
        return None
    number, letter = divmod(key, len(LETTERS))
    return f"{word}{LETTERS[letter]}{number % NUMBERS}"
