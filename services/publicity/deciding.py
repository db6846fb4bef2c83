"""Commissions confirm what institutions recorded, or give it back with a reason."""

from models import PublicityRecord
from services.access import Permission
from services.context import Context
from services.errors import Conflict
from services.publicity.recording import note
from services.publicity.views import RETURNABLE, RecordView, fetch_record, get_record


def confirm_record(ctx: Context, *, record_id: int, revision: int) -> RecordView:
    """Count it from now on; raises Missing, Conflict."""
    record = _fetch(ctx, record_id, revision, ("recorded",))
    record.state, record.reason = "confirmed", None
    return _decided(ctx, record, "publicity.confirmed")


def return_record(ctx: Context, *, record_id: int, revision: int, reason: str) -> RecordView:
    """Give it back, even when it was confirmed by mistake; raises Missing, Conflict."""
    record = _fetch(ctx, record_id, revision, RETURNABLE)
    was = record.state
    record.state, record.reason = "returned", reason
    return _decided(
        ctx,
        record,
        "publicity.returned",
        before={"state": was},
        after={"state": "returned", "reason": reason},
    )


def _fetch(ctx: Context, record_id: int, revision: int, states: tuple[str, ...]) -> PublicityRecord:
    record = fetch_record(ctx, record_id, Permission.CONFIRM_PUBLICITY, revision=revision)
    if record.state not in states:
        raise Conflict(f"publicity_{record.state}")
    return record


def _decided(ctx: Context, record: PublicityRecord, action: str, **values: dict) -> RecordView:
    record.decided_by_id, record.decided_at = ctx.actor.staff_id, ctx.now
    record.revision += 1
    ctx.session.flush()
    note(ctx, action, record, **values)
    return get_record(ctx, record_id=record.id)
