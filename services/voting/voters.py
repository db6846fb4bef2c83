"""Voters, as other domains may ask about them."""

from collections.abc import Collection, Iterator

from sqlalchemy import select

from models import Ballot, Campaign, Entry
from services.context import Context
from services.disclosure import Section
from services.spreadsheets import Column
from services.voting.ballots import receipt_code
from services.voting.live_export import SOURCES

ROWS_AT_ONCE = 500
BALLOT_COLUMNS = (
    Column("cast_at", "投票时间", kind="moment"),
    Column("campaign_id", "活动编号", kind="whole"),
    Column("campaign", "投票活动", width=32),
    Column("entry_number", "参评对象编号", kind="whole"),
    Column("entry", "参评对象", width=28),
    Column("entry_mn", "参评对象（蒙古文）", width=28),
    Column("source", "从哪里投的", kind="choice", choices=SOURCES),
    Column(
        "receipt_code",
        "投票回执",
        width=26,
        get=lambda row: receipt_code(row.id, row.receipt_secret),
    ),
)


def voters_in_unclosed_campaigns(
    ctx: Context, *, voter_ids: Collection[int], only_with_phone: bool = False
) -> set[int]:
    """Those of the voters who have a ballot in a campaign that has not closed.

    With `only_with_phone`, in one that demands a phone number.
    """
    query = (
        select(Ballot.voter_id)
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .where(Ballot.voter_id.in_(voter_ids), Campaign.closes_at > ctx.now)
        .distinct()
    )
    if only_with_phone:
        query = query.where(Campaign.phone_required)
    return set(ctx.session.scalars(query))


def describe_citizen(ctx: Context, *, citizen_id: int) -> Iterator[Section]:
    """Every ballot with its receipt, the oldest first, fetched some at a time."""
    ballots = ctx.session.execute(
        select(
            Ballot.id,
            Ballot.receipt_secret,
            Ballot.cast_at,
            Ballot.source,
            Ballot.campaign_id,
            Campaign.title.label("campaign"),
            Entry.number.label("entry_number"),
            Entry.name.label("entry"),
            Entry.name_mn.label("entry_mn"),
        )
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .join(Entry, Entry.id == Ballot.entry_id)
        .where(Ballot.voter_id == citizen_id)
        .order_by(Ballot.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    yield Section("ballots", "投票记录", BALLOT_COLUMNS, ballots)
