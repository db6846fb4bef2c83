"""The timetable of background work: which function runs how often.

Every job is a sweep over rows that may run twice, late or not at all without harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from models import JobRun
from services import (
    accounts,
    files,
    knowledge,
    ledger,
    media_checks,
    notifications,
    screening,
    staff,
    voting,
    wechat_push,
)
from services.context import Context

log = logging.getLogger(__name__)

HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of background work, started every `interval`."""

    name: str
    run: Callable[[Context], object]
    interval: timedelta


def audit_tallies(ctx: Context) -> None:
    """Recount all ballots and cry out where a tally differs."""
    mismatched = voting.count_mismatched_tallies(ctx)
    if mismatched:
        log.critical("%s tallies differ from a recount of their ballots", mismatched)


def audit_readers_counts(ctx: Context) -> None:
    """Recount what readers keep and think of items, and say where a count differs."""
    miscounted = list(knowledge.find_miscounted(ctx))
    if miscounted:
        log.error("what readers keep of %s items was miscounted", len(miscounted))


TIMETABLE = (
    Job(HEARTBEAT, lambda ctx: None, timedelta(seconds=15)),
    Job("seal_ledger", ledger.seal_ledger, timedelta(seconds=2)),
    Job("close_campaigns", voting.close_campaigns, timedelta(seconds=15)),
    Job("publish_scheduled", knowledge.publish_scheduled, timedelta(seconds=15)),
    Job("expand_announcements", notifications.expand_announcements, timedelta(seconds=5)),
    Job("send_messages", notifications.send_messages, timedelta(seconds=5)),
    Job("purge_expired_sessions", accounts.purge_expired_sessions, timedelta(hours=1)),
    Job("purge_traces", accounts.purge_traces, timedelta(hours=1)),
    Job("handle_wechat_events", wechat_push.handle_events, timedelta(seconds=10)),
    Job("purge_wechat_events", wechat_push.purge_events, timedelta(hours=1)),
    Job("review_unanswered_media", media_checks.review_unanswered, timedelta(minutes=1)),
    Job("purge_old_staff_sessions", staff.purge_old_sessions, timedelta(hours=24)),
    Job("purge_unattached_files", files.purge_unattached_files, timedelta(hours=1)),
    Job("purge_old_notices", notifications.purge_old_notices, timedelta(hours=24)),
    Job("screen_ballots", screening.screen_ballots, timedelta(seconds=5)),
    Job("ask_risk_ranks", screening.ask_and_screen, timedelta(seconds=15)),
    Job("search_farms", screening.search_farms, timedelta(hours=1)),
    Job("forget_addresses", screening.forget_addresses, timedelta(minutes=15)),
    Job("forget_origins", screening.forget_origins, timedelta(hours=24)),
    Job("purge_searched_names", knowledge.purge_searched_names, timedelta(hours=24)),
    Job("roll_up_ballots", voting.roll_up_ballots, timedelta(minutes=5)),
    Job("roll_up_views", knowledge.roll_up_views, timedelta(minutes=2)),
    Job("audit_readers_counts", audit_readers_counts, timedelta(hours=24)),
    Job("audit_tallies", audit_tallies, timedelta(hours=24)),
    Job("audit_ledger", ledger.audit_ledger, timedelta(hours=24)),
)
JOBS = {job.name: job for job in TIMETABLE}


def run_job(ctx: Context, name: str) -> None:
    """Run one job of the timetable and record that it ran."""
    # A recount of millions takes longer than a request may.
    ctx.session.execute(text("SET LOCAL statement_timeout = 0"))
    JOBS[name].run(ctx)
    run = insert(JobRun).values(name=name, last_run_at=ctx.now)
    ctx.session.execute(
        run.on_conflict_do_update(index_elements=["name"], set_={"last_run_at": ctx.now})
    )


def is_worker_alive(ctx: Context) -> bool:
    """Whether a worker did its heartbeat within the last four intervals."""
    last_run_at = ctx.session.scalar(select(JobRun.last_run_at).where(JobRun.name == HEARTBEAT))
    return last_run_at is not None and ctx.now - last_run_at < 4 * JOBS[HEARTBEAT].interval
