"""The trail of who did what, as services write it and auditors read it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from models import AuditRecord, Organization
from services import audit_trail, audit_wording
from services.access import Permission, is_within_reach
from services.clock import LOCAL_ZONE, local_day
from services.context import Context
from services.downloads import Download
from services.errors import Invalid
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.spreadsheets import Column, write_workbook
from services.text import escape_like

OPERATOR = "系统"
MOST_EXPORTED = 20_000
# Marks that turn the direction of what stands around them, and could make a value read otherwise.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff, as a record names them."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with the organization it concerns."""

    record: AuditRecord
    organization: Organization | None

    @property
    def staff(self) -> Person | None:
        """Who acted, by the name they had then; None for the system and its operator."""
        record = self.record
        return None if record.staff_id is None else Person(record.staff_id, record.staff_name)


@dataclass(frozen=True, slots=True)
class KnownActions:
    """Codes that occur in the trail."""

    actions: Sequence[str]
    object_types: Sequence[str]


def record(
    ctx: Context,
    action: str,
    *,
    about: tuple[str, int | str, str],
    organization_id: int | None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Note an act; it is written when the unit of work commits, and only then.

    `about` is the object: its type, its id, and a name by which people know it. Values are what
    JSON knows, days and moments, and never a secret or the personal data itself.
    """
    actor = ctx.actor
    audit_trail.append(
        ctx.session,
        ctx.services.crypto,
        AuditRecord(
            at=ctx.now,
            staff_id=actor.staff_id,
            staff_name=actor.staff_name or OPERATOR,
            roles=sorted({grant.role for grant in actor.grants}),
            organization_id=organization_id,
            action=action,
            object_type=about[0],
            object_id=str(about[1]),
            object_label=about[2],
            before=before,
            after=after,
            address=ctx.origin.address,
            request_id=ctx.origin.request_id,
        ),
    )


def changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Only what differs, as it was and as it is."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def search_records(
    ctx: Context, *, limit: int, cursor: str | None = None, **filters: object
) -> Page:
    """The records within the auditor's reach that the filters let through, the latest first.

    Looking is not itself recorded: it changes nothing and takes nothing away, and a trail that
    tells mostly of its own readers hides what they look for.
    """
    query = _select_records(ctx, AuditRecord, Organization, **filters).limit(limit + 1)
    if cursor is not None:
        (last_number,) = decode_cursor(cursor, int)
        query = query.where(AuditRecord.number < last_number)
    page = cut_page(
        ctx.session.execute(query).all(), limit, lambda row: encode_cursor(row[0].number)
    )
    return Page([RecordView(*row) for row in page.items], page.next_cursor)


def export_records(ctx: Context, **filters: object) -> Download:
    """The same as a spreadsheet; raises Invalid for more than 20,000 of them.

    Unlike looking it is recorded: from then on a copy is where nobody can say who reads it.
    """
    query = _select_records(
        ctx, *AuditRecord.__table__.columns, Organization.name.label("organization"), **filters
    )
    rows = ctx.session.execute(query.limit(MOST_EXPORTED + 1)).all()
    if len(rows) > MOST_EXPORTED:
        raise Invalid("spreadsheet_too_many_rows", limit=MOST_EXPORTED)
    # Writing takes seconds; no connection is held meanwhile.
    ctx.session.rollback()
    content = write_workbook(audit_wording.TITLE, COLUMNS, rows)
    # What was searched for may be a person's name or number; that there was something is enough.
    hidden = {"q": "(given)"} if "q" in filters else {}
    record(
        ctx,
        "audit.exported",
        about=("audit", "", audit_wording.TITLE),
        organization_id=ctx.actor.organizations_for(Permission.READ_AUDIT)[0],
        after={"records": len(rows)} | filters | hidden,
    )
    name = f"{audit_wording.TITLE}-{local_day(ctx.now):%Y%m%d}.xlsx"
    return Download(name, content)


def list_actions(ctx: Context) -> KnownActions:
    """The actions and types of objects that occur anywhere in the trail, to choose filters from."""
    return KnownActions(
        *(
            ctx.session.scalars(select(column).distinct().order_by(column)).all()
            for column in (AuditRecord.action, AuditRecord.object_type)
        )
    )


def _select_records(
    ctx: Context,
    *selected: object,
    q: str | None = None,
    staff_id: int | None = None,
    action: str | None = None,
    object_type: str | None = None,
    object_id: str | None = None,
    organization_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select:
    """What is selected of records and their organizations; `organization_id` takes in a subtree.

    Records that concern no organization, or one that is gone, are seen by those who audit the whole
    region.
    """
    query = (
        select(*selected)
        .select_from(AuditRecord)
        .outerjoin(Organization, Organization.id == AuditRecord.organization_id)
        .where(_is_readable(ctx))
        .order_by(AuditRecord.number.desc())
    )
    wanted = {
        AuditRecord.staff_id: staff_id,
        AuditRecord.action: action,
        AuditRecord.object_type: object_type,
        AuditRecord.object_id: object_id,
    }
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if since is not None:
        query = query.where(AuditRecord.at >= since)
    if until is not None:
        query = query.where(AuditRecord.at < until)
    return query if q is None else query.where(_mentions(q))


def _mentions(q: str) -> ColumnElement[bool]:
    """Whether a record names the object or person so, or is of this request."""
    pattern = f"%{escape_like(q)}%"
    return or_(
        AuditRecord.object_label.ilike(pattern, escape="\\"),
        AuditRecord.staff_name.ilike(pattern, escape="\\"),
        AuditRecord.request_id == q,
    )


def _is_readable(ctx: Context):
    within = is_within_reach(ctx.actor, Permission.READ_AUDIT)
    root = select(Organization.id).where(Organization.parent_id.is_(None)).scalar_subquery()
    reads_all = ctx.actor.organizations_for(Permission.READ_AUDIT)
    return or_(within, Organization.id.is_(None) & root.in_(reads_all))


def verify_chain(ctx: Context, *, known: dict[int, bytes]) -> audit_trail.Verdict:
    """Check the whole trail; see services/audit_trail.py."""
    return audit_trail.verify(ctx.session, ctx.services.crypto, known=known)


def may_be_rewritten(ctx: Context) -> bool:
    """Whether the role the application connects as could change or delete records."""
    return ctx.session.scalar(
        select(func.has_table_privilege("audit_records", "UPDATE, DELETE, TRUNCATE"))
    )


def _values_of(values: Mapping[str, object] | None) -> str | None:
    if values is None:
        return None
    text = json.dumps(values, ensure_ascii=False)
    return _DIRECTION_MARKS.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


COLUMNS = (
    Column("number", "编号", kind="whole"),
    # As text, since a spreadsheet's own moments lose the seconds here.
    Column("at", "时间", get=lambda row: f"{row.at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"),
    Column("staff_name", "操作人"),
    Column("roles", "角色", get=lambda row: "、".join(map(audit_wording.role_name, row.roles))),
    Column("organization", "机构"),
    Column("action", "操作", kind="choice", choices=audit_wording.ACTIONS),
    Column("object_type", "对象类型", kind="choice", choices=audit_wording.OBJECT_TYPES),
    Column("object_id", "对象编号"),
    Column("object_label", "对象"),
    Column("before", "改之前", get=lambda row: _values_of(row.before)),
    Column("after", "改之后", get=lambda row: _values_of(row.after)),
    Column("address", "来源地址"),
    Column("request_id", "请求编号"),
    # With its number this is a head, against which the trail can be verified later.
    Column("seal", "封印", get=lambda row: row.seal.hex()),
)
