"""The trail of who did what, as services write it and auditors read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models import AuditRecord, Organization
from services import audit_trail
from services.access import Permission, is_within_reach
from services.context import Context
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.text import escape_like

OPERATOR = "系统"


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with the organization it concerns."""

    record: AuditRecord
    organization: Organization | None


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

    `about` is the object: its type, its id, and a name by which people know it. Values are plain
    JSON, and never a secret or the personal data itself.
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
            before=_plain(before),
            after=_plain(after),
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
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    q: str | None = None,
    staff_id: int | None = None,
    action: str | None = None,
    object_type: str | None = None,
    object_id: str | None = None,
    organization_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """The records within the auditor's reach, the latest first.

    Records that concern no organization are seen by those who audit the whole region.
    """
    query = (
        select(AuditRecord, Organization)
        .outerjoin(Organization, Organization.id == AuditRecord.organization_id)
        .where(_is_readable(ctx))
        .order_by(AuditRecord.number.desc())
        .limit(limit + 1)
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
    if q is not None:
        pattern = f"%{escape_like(q)}%"
        query = query.where(
            or_(
                AuditRecord.object_label.ilike(pattern, escape="\\"),
                AuditRecord.staff_name.ilike(pattern, escape="\\"),
                AuditRecord.request_id == q,
            )
        )
    if cursor is not None:
        (last_number,) = decode_cursor(cursor, int)
        query = query.where(AuditRecord.number < last_number)
    page = cut_page(
        ctx.session.execute(query).all(), limit, lambda row: encode_cursor(row[0].number)
    )
    return Page([RecordView(*row) for row in page.items], page.next_cursor)


def _is_readable(ctx: Context):
    within = is_within_reach(ctx.actor, Permission.READ_AUDIT)
    root = select(Organization.id).where(Organization.parent_id.is_(None)).scalar_subquery()
    reads_all = ctx.actor.organizations_for(Permission.READ_AUDIT)
    return or_(within, AuditRecord.organization_id.is_(None) & root.in_(reads_all))


def verify_chain(ctx: Context, *, known: dict[int, bytes]) -> audit_trail.Verdict:
    """Check the whole trail; see services/audit_trail.py."""
    return audit_trail.verify(ctx.session, ctx.services.crypto, known=known)


def may_be_rewritten(ctx: Context) -> bool:
    """Whether the role the application connects as could change or delete records."""
    return ctx.session.scalar(
        select(func.has_table_privilege("audit_records", "UPDATE, DELETE, TRUNCATE"))
    )


def _plain(values: Mapping[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
