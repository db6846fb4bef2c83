"""Institutions record what appeared, and mend what was given back to them."""

from collections.abc import Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from models import PublicityRecord
from services import audit, files
from services.access import Permission
from services.clock import local_day
from services.context import Context
from services.errors import Conflict, Invalid
from services.organizations.reach import fetch_open_organization
from services.publicity.views import EDITABLE, RecordView, fetch_record, get_record
from services.text import search_key

TWICE = {"uq_publicity_records_appearance", "uq_publicity_records_url"}


def create_record(ctx: Context, *, organization_id: int, **values: object) -> RecordView:
    """Record an appearance for one's own institution, for its commission to confirm.

    Raises Missing, Conflict (also for what is recorded already), Invalid.
    """
    organization = fetch_open_organization(ctx, organization_id, Permission.RECORD_PUBLICITY)
    record = PublicityRecord(
        organization_id=organization.id,
        state="recorded",
        recorded_by_id=ctx.actor.staff_id,
        recorded_at=ctx.now,
    )
    _change(ctx, record, {"picture_ids": [], "video_id": None, "url": None} | values)
    ctx.session.add(record)
    _write(ctx)
    note(ctx, "publicity.recorded", record, after=_told(values))
    return get_record(ctx, record_id=record.id)


def edit_record(ctx: Context, *, record_id: int, revision: int, **values: object) -> RecordView:
    """Change what is not confirmed; it then waits to be confirmed. Raises Missing, Conflict."""
    record = fetch_record(ctx, record_id, Permission.RECORD_PUBLICITY, revision=revision)
    _require_editable(record)
    before, after = audit.changes({name: getattr(record, name) for name in values}, values)
    with ctx.session.no_autoflush:
        _change(ctx, record, after)
    record.state, record.reason = "recorded", None
    record.decided_by_id = record.decided_at = None
    record.revision += 1
    _write(ctx)
    note(ctx, "publicity.edited", record, before=_told(before), after=_told(after))
    return get_record(ctx, record_id=record.id)


def delete_record(ctx: Context, *, record_id: int, revision: int) -> None:
    """Throw away what is not confirmed; raises Missing, Conflict."""
    record = fetch_record(ctx, record_id, Permission.RECORD_PUBLICITY, revision=revision)
    _require_editable(record)
    note(ctx, "publicity.deleted", record)
    ctx.session.delete(record)


def note(ctx: Context, action: str, record: PublicityRecord, **values: Mapping) -> None:
    """Audit what was done with the record."""
    audit.record(
        ctx,
        action,
        about=("publicity", record.id, record.title),
        organization_id=record.organization_id,
        **values,
    )


def _require_editable(record: PublicityRecord) -> None:
    if record.state not in EDITABLE:
        raise Conflict("publicity_confirmed")


def _change(ctx: Context, record: PublicityRecord, values: Mapping[str, object]) -> None:
    _attach(ctx, values.get("picture_ids", ()), record.picture_ids or ())
    if values.get("video_id") is not None:
        files.attach(ctx, file_id=values["video_id"], is_video=True)
    for name, value in values.items():
        setattr(record, name, value)
    if record.appeared_on > local_day(ctx.now):
        raise Invalid("publicity_in_future")
    if not (record.url or record.picture_ids or record.video_id):
        raise Invalid("publicity_proof_missing")
    names = (record.title, record.outlet, record.person_name)
    record.search_text = search_key(" ".join(name for name in names if name))


def _attach(ctx: Context, picture_ids: Sequence[int], known: Sequence[int]) -> None:
    """Take new pictures; those a colleague attached stay without asking who uploaded them."""
    for file_id in picture_ids:
        if file_id not in known:
            files.attach(ctx, file_id=file_id)


def _write(ctx: Context) -> None:
    try:
        ctx.session.flush()
    except IntegrityError as error:
        if error.orig.diag.constraint_name not in TWICE:
            raise
        raise Conflict("publicity_recorded_already") from None


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """What of the values goes into the trail."""
    return {name: value for name, value in values.items() if value is not None}
