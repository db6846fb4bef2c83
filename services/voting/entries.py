"""A campaign's entries as the staff who run it see and edit them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models import Campaign, CampaignEvent, Entry, Organization
from services import audit, files, ledger
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid, Missing
from services.paging import Page, SortKey, fetch_sorted_page
from services.text import search_key
from services.voting.campaigns import matches
from services.voting.reach import fetch_campaign
from services.voting.rules import require_one_is_enough, require_status_for
from services.voting.standings import may_see_votes, read_votes

SORTS = {"number": SortKey(Entry.number, int), "name": SortKey(Entry.name)}
# What may still be mended once people vote: how an entry is presented, not who it is.
TEXT_FIELDS = frozenset({"name_mn", "statement", "statement_mn", "portrait_id"})
# Why an entry is no more that was deleted before the campaign opened, in the public ledger.
DELETION = "投票开始前删除"


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """An entry with its votes, where the actor may know them."""

    entry: Entry
    votes: int | None


def list_entries(
    ctx: Context,
    *,
    campaign_id: int,
    limit: int,
    cursor: str | None = None,
    sort: str = "number",
    q: str | None = None,
) -> Page:
    """All entries of a campaign within reach, withdrawn ones too; raises Missing."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    page = fetch_sorted_page(
        ctx.session,
        select_entries(campaign_id, q=q),
        id_column=Entry.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    votes = read_votes(ctx, campaign) if may_see_votes(ctx, campaign) else {}
    return Page([StaffEntry(entry, votes.get(entry.id)) for entry in page.items], page.next_cursor)


def get_entry(ctx: Context, *, campaign_id: int, entry_id: int) -> StaffEntry:
    """One entry of a campaign within reach; raises Missing."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    entry = _fetch_entry(ctx, campaign, entry_id)
    votes = read_votes(ctx, campaign) if may_see_votes(ctx, campaign) else {}
    return StaffEntry(entry, votes.get(entry.id))


def add_entry(ctx: Context, *, campaign_id: int, **values: object) -> StaffEntry:
    """A further entry, before the campaign opens; its number is the next unless given.

    Raises Missing, Conflict for the status and for a number in use, Invalid.
    """
    campaign = fetch_for_entries(ctx, campaign_id)
    entry = insert_entry(ctx, campaign, values)
    note_changed(ctx, campaign, [entry])
    return StaffEntry(_fetch_entry(ctx, campaign, entry.id), None)


def fetch_for_entries(ctx: Context, campaign_id: int) -> Campaign:
    """The campaign, locked so that numbers are given one after the other; raises Conflict."""
    campaign = fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS, is_locked=True)
    require_status_for(ctx, campaign, "edit_entries")
    return campaign


def insert_entry(ctx: Context, campaign: Campaign, values: Mapping[str, object]) -> Entry:
    """Write an entry of a locked campaign; its picture must be attached already or be one's own.

    Raises Conflict for a number in use, Invalid for an organization elsewhere.
    """
    organization = require_organization(ctx, campaign, values.get("organization_id"))
    number = values.get("number") or next_number(ctx, campaign)
    entry = Entry(**(dict(values) | {"campaign_id": campaign.id, "number": number}))
    entry.search_text = search_text(entry, organization)
    if entry.portrait_id is not None:
        files.attach(ctx, file_id=entry.portrait_id)
    try:
        with ctx.session.begin_nested():
            ctx.session.add(entry)
    except IntegrityError:
        raise Conflict("entry_number_taken", number=number) from None
    record(ctx, "entry.added", campaign, entry, after={"number": number, "name": entry.name})
    return entry


def note_changed(ctx: Context, campaign: Campaign, entries: Iterable[Entry]) -> None:
    """Have the ledger tell of new names and numbers; those of a draft it learns all at once."""
    if campaign.state != "draft":
        ledger.note_entries(ctx, campaign, entries)


def next_number(ctx: Context, campaign: Campaign) -> int:
    highest = select(func.max(Entry.number)).where(Entry.campaign_id == campaign.id)
    return (ctx.session.scalar(highest) or 0) + 1


def require_organization(
    ctx: Context, campaign: Campaign, organization_id: object
) -> Organization | None:
    """The organization an entry belongs to; raises Invalid unless it is below the campaign's."""
    if organization_id is None:
        return None
    organization = ctx.session.get(Organization, organization_id)
    if organization is None or campaign.organization_id not in organization.ancestor_ids:
        raise Invalid("entry_organization_unsuitable")
    return organization


def search_text(entry: Entry, organization: Organization | None) -> str:
    """What an entry is found by: its names and its organization's."""
    names = (entry.name, entry.name_mn, organization and organization.name)
    return search_key(" ".join(name for name in names if name))


def edit_entry(
    ctx: Context, *, campaign_id: int, entry_id: int, revision: int, **values: object
) -> StaffEntry:
    """Change an entry: all of it before opening, afterwards how it is presented.

    Raises Missing, Conflict with the reason, Invalid.
    """
    campaign = fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS, is_locked=True)
    entry = _fetch_entry(ctx, campaign, entry_id)
    if entry.revision != revision:
        raise Conflict("edited_meanwhile")
    before, after = audit.changes({name: getattr(entry, name) for name in values}, values)
    if after:
        _require_editable(ctx, campaign, after)
        _change(ctx, campaign, entry, after)
        record(ctx, "entry.edited", campaign, entry, before=before, after=after)
    return get_entry(ctx, campaign_id=campaign_id, entry_id=entry_id)


def _require_editable(ctx: Context, campaign: Campaign, after: Mapping[str, object]) -> None:
    is_only_presented = after.keys() <= TEXT_FIELDS
    if campaign.status_at(ctx.now) in ("open", "suspended"):
        if not is_only_presented:
            raise Conflict("entry_fixed")
    else:
        require_status_for(ctx, campaign, "edit_entries")


def _change(ctx: Context, campaign: Campaign, entry: Entry, after: Mapping[str, object]) -> None:
    for name, value in after.items():
        setattr(entry, name, value)
    organization = require_organization(ctx, campaign, entry.organization_id)
    if after.get("portrait_id") is not None:
        files.attach(ctx, file_id=entry.portrait_id)
    entry.search_text = search_text(entry, organization)
    entry.revision += 1
    try:
        with ctx.session.begin_nested():
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("entry_number_taken", number=after.get("number")) from None
    if after.keys() & {"number", "name"}:
        note_changed(ctx, campaign, [entry])


def withdraw_entry(
    ctx: Context, *, campaign_id: int, entry_id: int, revision: int, reason: str
) -> StaffEntry:
    """Take an entry out of the vote for good, before it opens.

    Raises Missing, Conflict, also once two persons have to agree.
    """
    campaign = fetch_campaign(ctx, campaign_id, Permission.MANAGE_CAMPAIGNS, is_locked=True)
    require_status_for(ctx, campaign, "withdraw_entry")
    require_one_is_enough(ctx, campaign, "withdraw_entry")
    entry = fetch_standing_entry(ctx, campaign, entry_id)
    if entry.revision != revision:
        raise Conflict("edited_meanwhile")
    withdraw(ctx, campaign, entry, reason, persons=1)
    return StaffEntry(entry, None)


def fetch_standing_entry(ctx: Context, campaign: Campaign, entry_id: int) -> Entry:
    """An entry of a locked campaign; raises Missing, and Conflict for a withdrawn one."""
    entry = _fetch_entry(ctx, campaign, entry_id)
    if entry.withdrawn_at is not None:
        raise Conflict("entry_withdrawn")
    return entry


def withdraw(ctx: Context, campaign: Campaign, entry: Entry, reason: str, *, persons: int) -> None:
    """Take a standing entry out; its ballots are kept and no longer shown."""
    entry.withdrawn_at, entry.withdrawal_reason = ctx.now, reason
    entry.revision += 1
    ledger.note_withdrawal(ctx, campaign, entry_id=entry.id, reason=reason, persons=persons)
    record(ctx, "entry.withdrawn", campaign, entry, after={"reason": reason})


def delete_entry(ctx: Context, *, campaign_id: int, entry_id: int, revision: int) -> None:
    """Remove an entry before the campaign opens; raises Missing, Conflict."""
    campaign = fetch_for_entries(ctx, campaign_id)
    entry = _fetch_entry(ctx, campaign, entry_id)
    if entry.revision != revision:
        raise Conflict("edited_meanwhile")
    record(ctx, "entry.deleted", campaign, entry, before={"number": entry.number})
    try:
        with ctx.session.begin_nested():
            ctx.session.delete(entry)
    except IntegrityError:
        raise Conflict("entry_was_nominated") from None
    if entry.withdrawn_at is None and _was_announced(ctx, campaign):
        ledger.note_withdrawal(ctx, campaign, entry_id=entry_id, reason=DELETION)


def _was_announced(ctx: Context, campaign: Campaign) -> bool:
    """Whether the ledger knows its entries: a draft's too, if it was announced and retracted."""
    announced = exists().where(
        CampaignEvent.campaign_id == campaign.id, CampaignEvent.kind == "announced"
    )
    return campaign.state != "draft" or ctx.session.scalar(select(announced))


def _fetch_entry(ctx: Context, campaign: Campaign, entry_id: int) -> Entry:
    ctx.session.flush()
    entry = ctx.session.scalar(
        select_entries(campaign.id)
        .where(Entry.id == entry_id)
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise Missing("entry_not_found")
    return entry


def select_entries(campaign_id: int, *, q: str | None = None) -> Select:
    """A campaign's entries with their organizations and portraits, all or those `q` finds."""
    query = (
        select(Entry)
        .where(Entry.campaign_id == campaign_id)
        .options(joinedload(Entry.organization), joinedload(Entry.portrait))
    )
    return query if q is None else query.where(matches(q))


def record(ctx: Context, action: str, campaign: Campaign, entry: Entry, **values: Mapping) -> None:
    """Note an act upon an entry."""
    audit.record(
        ctx,
        action,
        about=("entry", entry.id, f"{campaign.title} · {entry.name}"),
        organization_id=campaign.organization_id,
        **values,
    )
