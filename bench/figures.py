"""How long the live figures of a large campaign take: `python -m bench.figures`."""

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

from bench.__main__ import migrate, say
from bench.world import ENTRIES, MAKE_CAMPAIGN, MAKE_ENTRIES, settle_down
from devtools.embedded import engines
from services.context import Context
from services.voting import counting

BALLOTS_PER_VOTER = 20
DAYS = 30
TIMES = 9
MAKE_VOTERS = text("""
    INSERT INTO citizens (created_at) SELECT now() FROM generate_series(1, :voters)
""")
# In order of time, and evenly over the days up to now.
MAKE_BALLOTS = text("""
    INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,
                         cast_on, number, number_today, number_today_for_entry, source)
    SELECT :campaign_id, :first_entry + (hashint4(place) & 31) % :entries,
           :first_voter + place % :voters, 1,
           CAST(:ends_at AS timestamptz) - (:ballots - place) * CAST(:step AS interval),
           gen_random_uuid(), current_date, place / :voters + 1, 1, 1,
           (ARRAY['list', 'search', 'share', 'scan', NULL])[1 + place % 5]
    FROM generate_series(0, :ballots - 1) AS place
""")
MAKE_TALLIES = text("""
    INSERT INTO tallies (campaign_id, entry_id, shard, votes)
    SELECT campaign_id, entry_id, 0, count(*) FROM ballots GROUP BY 1, 2
""")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("--ballots", type=int, default=2_000_000)
    ballots = parser.parse_args().ballots
    with tempfile.TemporaryDirectory(prefix="sain-bench-") as name, ExitStack() as stack:
        say("starting PostgreSQL and Redis, with everything durable")
        running = stack.enter_context(engines(Path(name) / "var", durable=True))
        migrate(running)
        # The superuser, who may lay ballots without their foreign keys being checked.
        engine = create_engine(running.postgres.url_for("sain", role="postgres"))
        stack.callback(engine.dispose)
        say(f"laying {ballots:,} ballots over {DAYS} days")
        now = datetime.now(UTC).replace(minute=50)
        campaign_id = _lay_ballots(engine, ballots, now)
        _report(engine, campaign_id, now)


def _lay_ballots(engine: Engine, ballots: int, now: datetime) -> int:
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        campaign_id = connection.scalar(MAKE_CAMPAIGN)
        made = {"campaign_id": campaign_id, "entries": ENTRIES}
        first_entry = min(connection.scalars(MAKE_ENTRIES, made).all())
        voters = ballots // BALLOTS_PER_VOTER
        connection.execute(MAKE_VOTERS, {"voters": voters})
        connection.execute(
            MAKE_BALLOTS,
            made
            | {
                "first_entry": first_entry,
                "first_voter": 1,
                "voters": voters,
                "ballots": ballots,
                "ends_at": now,
                "step": timedelta(days=DAYS) / ballots,
            },
        )
        connection.execute(MAKE_TALLIES)
    settle_down(engine)
    return campaign_id


def _report(engine: Engine, campaign_id: int, now: datetime) -> None:
    session = scoped_session(sessionmaker(engine))
    ctx = Context(session, services=None, now=now)

    def count() -> counting.HourCounts:
        return counting.count_hours(ctx, campaign_id)

    before, slow = _timed(count)
    _, rolling = _timed(lambda: counting.roll_up_ballots(ctx), times=1)
    session.commit()
    settle_down(engine)
    after, fast = _timed(count)
    if before != after:
        raise SystemExit("the sums of hours differ from a recount")
    session.remove()
    print(f"\n| all ballots counted | {slow * 1000:.0f} ms |")
    print(f"| sums of hours and the last 50 minutes | {fast * 1000:.0f} ms |")
    print(f"| summing up {DAYS} days | {rolling:.1f} s |")


def _timed(work: Callable[[], object], times: int = TIMES) -> tuple[object, float]:
    """The last result, and the median of the seconds it took."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - began)
    return result, median(taken)


if __name__ == "__main__":
    main()
