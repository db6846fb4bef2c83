"""Records of publicity as staff see them, each through a check of who asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, null, select
from sqlalchemy.orm import contains_eager, joinedload

from models import Organization, PublicityRecord, StoredFile
from services.access import Permission, is_within_reach
from services.clock import quarter_named, quarter_of
from services.context import Context
from services.errors import Conflict, Missing
from services.paging import Page, SortKey, fetch_sorted_page
from services.text import escape_like, search_key

EDITABLE = ("recorded", "returned")
RETURNABLE = ("recorded", "confirmed")
SORTS = {
    "appeared_on": SortKey(PublicityRecord.appeared_on, date),
    "recorded_at": SortKey(PublicityRecord.recorded_at, datetime),
    "title": SortKey(PublicityRecord.title),
    "outlet": SortKey(PublicityRecord.outlet),
}


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with its pictures, and what the actor may do with it now."""

    record: PublicityRecord
    quarter: str
    pictures: Sequence[StoredFile]
    allowed_actions: Sequence[str]


def list_records(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    sort: str = "-appeared_on",
    **filters: object,
) -> Page:
    """The records within reach that the filters let through."""
    page = fetch_sorted_page(
        ctx.session,
        select_records(ctx, **filters),
        id_column=PublicityRecord.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    return Page(views(ctx, page.items), page.next_cursor)


def get_record(ctx: Context, *, record_id: int) -> RecordView:
    """One record within reach; raises Missing."""
    return views(ctx, [fetch_record(ctx, record_id, Permission.VIEW_PUBLICITY)])[0]


def select_records(
    ctx: Context,
    *,
    q: str | None = None,
    state: str | None = None,
    medium: str | None = None,
    level: str | None = None,
    quarter: str | None = None,
    organization_id: int | None = None,
) -> Select:
    """Records within reach; `organization_id` takes in its whole subtree."""
    query = _select_within(ctx, Permission.VIEW_PUBLICITY)
    wanted = {
        PublicityRecord.state: state,
        PublicityRecord.medium: medium,
        PublicityRecord.level: level,
    }
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if quarter is not None:
        query = query.where(in_quarter(quarter))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if q is not None:
        pattern = f"%{escape_like(search_key(q))}%"
        query = query.where(PublicityRecord.search_text.like(pattern, escape="\\"))
    return query


def in_quarter(code: str):
    """The condition that something appeared in the quarter."""
    quarter = quarter_named(code)
    return PublicityRecord.appeared_on.between(quarter.starts_on, quarter.ends_on)


def select_to_confirm() -> Select:
    """What commissions have not looked at yet, joined with its organization."""
    return _select_in_state("recorded")


def select_to_mend() -> Select:
    """What was given back, joined with its organization."""
    return _select_in_state("returned")


def _select_in_state(state: str) -> Select:
    return (
        select(null().label("campaign_id"))
        .select_from(PublicityRecord)
        .join(Organization, Organization.id == PublicityRecord.organization_id)
        .where(PublicityRecord.state == state)
    )


def fetch_record(
    ctx: Context, record_id: int, permission: Permission, *, revision: int | None = None
) -> PublicityRecord:
    """The record if the permission reaches it, locked with a revision; raises Missing, Conflict."""
    query = _select_within(ctx, permission).where(PublicityRecord.id == record_id)
    if revision is not None:
        query = query.with_for_update(of=PublicityRecord)
    record = ctx.session.scalar(query.execution_options(populate_existing=True))
    if record is None:
        raise Missing("publicity_not_found")
    if revision is not None and record.revision != revision:
        raise Conflict("edited_meanwhile")
    return record


def _select_within(ctx: Context, permission: Permission) -> Select:
    return (
        select(PublicityRecord)
        .join(Organization, Organization.id == PublicityRecord.organization_id)
        .where(is_within_reach(ctx.actor, permission))
        .options(
            contains_eager(PublicityRecord.organization),
            joinedload(PublicityRecord.video),
            joinedload(PublicityRecord.recorded_by),
            joinedload(PublicityRecord.decided_by),
        )
    )


def views(ctx: Context, records: Sequence[PublicityRecord]) -> list[RecordView]:
    """The records with their pictures, fetched at once."""
    pictures = _pictures(ctx, (each for record in records for each in record.picture_ids))
    return [
        RecordView(
            record,
            quarter_of(record.appeared_on).code,
            [pictures[each] for each in record.picture_ids],
            _allowed_actions(ctx, record),
        )
        for record in records
    ]


def _pictures(ctx: Context, ids: Iterable[int]) -> dict[int, StoredFile]:
    found = ctx.session.scalars(select(StoredFile).where(StoredFile.id.in_(set(ids))))
    return {file.id: file for file in found}


def _allowed_actions(ctx: Context, record: PublicityRecord) -> list[str]:
    records = _reaches(ctx, Permission.RECORD_PUBLICITY, record.organization)
    confirms = _reaches(ctx, Permission.CONFIRM_PUBLICITY, record.organization)
    may = {
        "edit": records and record.state in EDITABLE,
        "delete": records and record.state in EDITABLE,
        "confirm": confirms and record.state == "recorded",
        "return": confirms and record.state in RETURNABLE,
    }
    return [action for action, is_allowed in may.items() if is_allowed]


def _reaches(ctx: Context, permission: Permission, organization: Organization) -> bool:
    return not set(organization.ancestor_ids).isdisjoint(ctx.actor.organizations_for(permission))
