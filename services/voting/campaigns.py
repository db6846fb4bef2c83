"""Campaigns and entries as the public sees them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from models import Campaign, Contest, Entry, Organization
from services.context import Context
from services.errors import Missing
from services.paging import Page, as_moment, cut_page, decode_cursor, encode_cursor
from services.text import escape_like, search_key

ORDERS = 256


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and the status it has at the moment of asking."""

    campaign: Campaign
    status: str


@dataclass(frozen=True, slots=True)
class EntryPage(Page):
    """A page of entries; sending `seed` again gives the same shuffled order."""

    seed: int | None


def list_contests(ctx: Context) -> Sequence[Contest]:
    """The nine contests in the order of the region's plan."""
    return ctx.session.scalars(select(Contest).order_by(Contest.position)).all()


def list_campaigns(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    status: str | None = None,
    contest: str | None = None,
    division: str | None = None,
) -> Page:
    """Announced campaigns, the latest opening first.

    `division` is a GB/T 2260 code and includes every division below it.
    """
    query = _announced().order_by(Campaign.opens_at.desc(), Campaign.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(has_status(status, ctx.now))
    if contest is not None:
        query = query.where(Campaign.contest_code == contest)
    if division is not None:
        below = Organization.division_code.startswith(_code_prefix(division), autoescape=True)
        query = query.where(Campaign.organization.has(below))
    if cursor is not None:
        opens_at, last_id = decode_cursor(cursor, str, int)
        query = query.where(tuple_(Campaign.opens_at, Campaign.id) < (as_moment(opens_at), last_id))
    campaigns = ctx.session.scalars(query).all()
    page = cut_page(campaigns, limit, lambda row: encode_cursor(row.opens_at.isoformat(), row.id))
    return Page([_view(ctx, campaign) for campaign in page.items], page.next_cursor)


def get_campaign(ctx: Context, *, campaign_id: int) -> CampaignView:
    """One announced campaign; raises Missing, for a draft too."""
    return _view(ctx, fetch_announced_campaign(ctx, campaign_id))


def fetch_announced_campaign(ctx: Context, campaign_id: int) -> Campaign:
    campaign = ctx.session.scalar(_announced().where(Campaign.id == campaign_id))
    if campaign is None:
        raise Missing("campaign_not_found")
    return campaign


def list_entries(
    ctx: Context,
    *,
    campaign_id: int,
    limit: int,
    cursor: str | None = None,
    q: str | None = None,
    order: str = "shuffled",
    seed: int | None = None,
) -> EntryPage:
    """A campaign's entries, shuffled so that no entry profits from its place, or by number.

    A shuffled order is stable for one `seed` below ORDERS: so few that many viewers share an
    answer that can be kept for them. Without a seed a signed-in citizen has their own and anybody
    else gets a new one; it comes back with the page. Raises Missing.
    """
    query = _standing_entries(campaign_id).limit(limit + 1)
    if q is not None:
        query = query.where(matches(q))
    if order == "number":
        page = _entries_by_number(ctx, query, limit, cursor)
    else:
        page = _entries_shuffled(ctx, query, limit, cursor, seed)
    if not page.items:
        # Nothing on the page, or no such campaign: only now is it worth a look.
        fetch_announced_campaign(ctx, campaign_id)
    return page


def get_entry(ctx: Context, *, campaign_id: int, entry_id: int) -> Entry:
    """One entry of an announced campaign; raises Missing."""
    entry = ctx.session.scalar(_standing_entries(campaign_id).where(Entry.id == entry_id))
    if entry is None:
        fetch_announced_campaign(ctx, campaign_id)
        raise Missing("entry_not_found")
    return entry


def _announced():
    return (
        select(Campaign)
        .where(Campaign.state != "draft")
        .options(joinedload(Campaign.contest), joinedload(Campaign.organization))
    )


def _view(ctx: Context, campaign: Campaign) -> CampaignView:
    return CampaignView(campaign, campaign.status_at(ctx.now))


def has_status(status: str, now: datetime) -> ColumnElement[bool]:
    """The same distinction as models.voting.campaign_status, as a condition on rows."""
    if status == "closed":
        return Campaign.closes_at <= now
    if status == "suspended":
        return and_(Campaign.state == "suspended", Campaign.closes_at > now)
    is_opened = Campaign.opens_at <= now if status == "open" else Campaign.opens_at > now
    return and_(Campaign.state == "announced", Campaign.closes_at > now, is_opened)


def _code_prefix(code: str) -> str:
    """The digits a division's code shares with all below it: 150600 → 1506."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def _standing_entries(campaign_id: int):
    return (
        select(Entry)
        .join(Campaign, Campaign.id == Entry.campaign_id)
        .where(Campaign.id == campaign_id, Campaign.state != "draft", Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.organization), joinedload(Entry.portrait))
    )


def matches(q: str) -> ColumnElement[bool]:
    """The condition on entries that they have this number, or this in their names."""
    key = search_key(q)
    has_text = Entry.search_text.like(f"%{escape_like(key)}%", escape="\\")
    if key.isascii() and key.isdecimal() and len(key) <= 9:
        return or_(has_text, Entry.number == int(key))
    return has_text


def _entries_by_number(ctx: Context, query, limit: int, cursor: str | None) -> EntryPage:
    if cursor is not None:
        (last_number,) = decode_cursor(cursor, int)
        query = query.where(Entry.number > cast(last_number, BigInteger))
    entries = ctx.session.scalars(query.order_by(Entry.number)).all()
    page = cut_page(entries, limit, lambda entry: encode_cursor(entry.number))
    return EntryPage(page.items, page.next_cursor, seed=None)


def _entries_shuffled(
    ctx: Context, query, limit: int, cursor: str | None, seed: int | None
) -> EntryPage:
    last = None
    if cursor is not None:
        seed, *last = decode_cursor(cursor, int, int, int)
    if seed is None:
        seed = _own_seed(ctx)
    place = func.hashint8extended(Entry.id, cast(seed, BigInteger))
    query = query.add_columns(place).order_by(place, Entry.id)
    if last is not None:
        query = query.where(tuple_(place, Entry.id) > tuple(last))
    rows = ctx.session.execute(query).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(seed, row[1], row[0].id))
    return EntryPage([row[0] for row in page.items], page.next_cursor, seed)


def _own_seed(ctx: Context) -> int:
    if ctx.actor.is_citizen:
        return hashlib.sha256(f"entry order {ctx.actor.citizen_id}".encode()).digest()[0]
    return secrets.randbelow(ORDERS)
