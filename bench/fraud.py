"""How well the screening tells farms from people: `python -m bench.fraud`.

Crowds are written into a real PostgreSQL as they would vote over five days; after every half
hour of them the real job screens what came in. Then the search looks at all of it.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

from bench.__main__ import migrate, say
from bench.crowds import DAYS, ENTRIES, FARM_NAMES, Vote, draw
from devtools.embedded import engines
from services.context import Context, unit_of_work
from services.screening import screen_ballots
from services.screening.farms import search_farms

# Midnight in Asia/Shanghai.
OPENS_AT = datetime(2026, 11, 1, 16, 0, tzinfo=UTC)
STEP = timedelta(minutes=30)
MAKE_CAMPAIGN = text("""
    INSERT INTO campaigns (contest_code, organization_id, quarter, title, introduction, state,
                           opens_at, closes_at, ballots_per_day, ballots_per_entry_per_day,
                           phone_required, standings_mode, standings_delay_minutes,
                           is_demonstration)
    SELECT 'outreach', min(id), '2026Q4', '刷票演练', '', 'announced', :opens_at, :closes_at, 3, 1,
           false, 'live', 60, true
    FROM organizations RETURNING id
""")
MAKE_ENTRIES = text("""
    INSERT INTO entries (campaign_id, number, name, statement, search_text, is_demonstration)
    SELECT :campaign_id, number, '参评对象' || number, '', '', true
    FROM generate_series(1, :entries) AS number RETURNING id
""")
MAKE_CITIZENS = text("""
    INSERT INTO citizens (created_at, phone_bound_at)
    SELECT * FROM unnest(CAST(:made AS timestamptz[]), CAST(:bound AS timestamptz[])) RETURNING id
""")
MAKE_RANKS = text("""
    INSERT INTO risk_ranks (citizen_id, asked_at, risk_rank, refusal)
    SELECT * FROM unnest(CAST(:voters AS bigint[]), CAST(:moments AS timestamptz[]),
                         CAST(:ranks AS int[]), CAST(:refusals AS text[]))
    ON CONFLICT DO NOTHING
""")
MAKE_BALLOTS = text("""
    WITH cast_now AS (
        SELECT * FROM unnest(
            CAST(:entries AS bigint[]), CAST(:voters AS bigint[]), CAST(:moments AS timestamptz[]),
            CAST(:numbers AS int[]), CAST(:sources AS text[]), CAST(:networks AS bigint[]),
            CAST(:devices AS bigint[]))
            AS one (entry_id, voter_id, cast_at, number, source, network, device)
    ), ballots AS (
        INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,
                             cast_on, number, number_today, number_today_for_entry, source)
        SELECT :campaign_id, entry_id, voter_id, 1, cast_at, gen_random_uuid(),
               CAST(cast_at AT TIME ZONE 'Asia/Shanghai' AS date), number, 1, 1, source
        FROM cast_now RETURNING id, voter_id, number
    ), traced AS (
        INSERT INTO ballot_origins (ballot_id, address_key, network_key, device_key)
        SELECT ballots.id, cast_now.network, cast_now.network, cast_now.device
        FROM ballots JOIN cast_now USING (voter_id, number)
    ), tallied AS (
        INSERT INTO tallies (campaign_id, entry_id, shard, votes)
        SELECT :campaign_id, entry_id, 0, count(*) FROM cast_now GROUP BY entry_id ORDER BY entry_id
        ON CONFLICT (entry_id, shard) DO UPDATE SET votes = tallies.votes + excluded.votes
    )
    SELECT id, voter_id FROM ballots
""")


@dataclass(frozen=True)
class Outcome:
    """Ballots by crowd: cast, set aside while they came in, and proposed by the search."""

    cast: Counter
    set_aside: Counter
    proposed: Counter
    screening_seconds: Sequence[float]
    search_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fraud", description=__doc__)
    # Weights and thresholds were chosen on seed 1.
    parser.add_argument("--seeds", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument(
        "--no-ranks", action="store_true", help="as if WeChat did not tell us risk ranks"
    )
    options = parser.parse_args()
    seeds = options.seeds
    with tempfile.TemporaryDirectory(prefix="sain-bench-") as name, ExitStack() as stack:
        say("starting PostgreSQL and Redis")
        running = stack.enter_context(engines(Path(name) / "var", durable=False))
        migrate(running)
        engine = create_engine(running.database_url)
        stack.callback(engine.dispose)
        outcomes = [_replay(engine, seed, has_ranks=not options.no_ranks) for seed in seeds]
    _report(outcomes, seeds)


def _replay(engine: Engine, seed: int, *, has_ranks: bool) -> Outcome:
    votes = draw(seed)
    if not has_ranks:
        votes = [replace(vote, risk_rank=None, refusal="failed") for vote in votes]
    say(f"seed {seed}: {len(votes):,} ballots of {len({v.voter for v in votes}):,} accounts")
    session = scoped_session(sessionmaker(engine))
    closes_at = OPENS_AT + timedelta(days=DAYS)
    with engine.begin() as connection:
        # What an earlier seed left is not searched again.
        connection.execute(text("UPDATE campaigns SET result_published_at = now()"))
        made = {"opens_at": OPENS_AT, "closes_at": closes_at}
        campaign_id = connection.scalar(MAKE_CAMPAIGN, made)
        asked = {"campaign_id": campaign_id, "entries": ENTRIES}
        entries = sorted(connection.scalars(MAKE_ENTRIES, asked))
        voters = _make_citizens(connection, votes)
    crowd_of: dict[int, str] = {}
    seconds: list[float] = []
    numbers: Counter = Counter()
    for _, part in groupby(votes, key=lambda vote: int(vote.at // STEP.total_seconds())):
        batch = list(part)
        with engine.begin() as connection:
            crowd_of |= _cast(connection, campaign_id, entries, voters, numbers, batch)
        now = _moment(batch[-1].at) + timedelta(seconds=5)
        began = time.perf_counter()
        screen_ballots(Context(session, services=None, now=now))
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    search_farms(Context(session, services=None, now=closes_at))
    search_seconds = time.perf_counter() - began
    with unit_of_work(session):
        set_aside, proposed = _read_found(session, campaign_id)
    session.remove()
    return Outcome(
        Counter(crowd_of.values()),
        Counter(crowd_of[each] for each in set_aside),
        Counter(crowd_of[each] for each in proposed),
        seconds,
        search_seconds,
    )


def _make_citizens(connection, votes: Sequence[Vote]) -> dict[tuple[str, int], int]:
    firsts = {vote.voter: vote for vote in reversed(votes)}
    ordered = sorted(firsts.values(), key=lambda vote: vote.made_at)
    made = [_moment(vote.made_at) for vote in ordered]
    bound = [moment if vote.has_phone else None for vote, moment in zip(ordered, made, strict=True)]
    ids = sorted(connection.scalars(MAKE_CITIZENS, {"made": made, "bound": bound}))
    return {vote.voter: citizen_id for vote, citizen_id in zip(ordered, ids, strict=True)}


def _cast(
    connection, campaign_id: int, entries: list[int], voters, numbers: Counter, batch: list[Vote]
) -> dict[int, str]:
    crowds, rows = {}, []
    for vote in batch:
        voter_id = voters[vote.voter]
        numbers[campaign_id, voter_id] += 1
        crowds[voter_id] = vote.crowd
        rows.append((vote, voter_id, numbers[campaign_id, voter_id]))
    moments = [_moment(vote.at) for vote in batch]
    ids = [voter_id for _, voter_id, _ in rows]
    connection.execute(
        MAKE_RANKS,
        {
            "voters": ids,
            "moments": moments,
            "ranks": [vote.risk_rank for vote in batch],
            "refusals": [vote.refusal for vote in batch],
        },
    )
    written = connection.execute(
        MAKE_BALLOTS,
        {
            "campaign_id": campaign_id,
            "entries": [entries[vote.entry] for vote in batch],
            "voters": ids,
            "moments": moments,
            "numbers": [number for _, _, number in rows],
            "sources": [vote.source for vote in batch],
            "networks": [vote.network for vote in batch],
            "devices": [vote.device for vote in batch],
        },
    )
    return {row.id: crowds[row.voter_id] for row in written}


def _moment(seconds: float) -> datetime:
    return OPENS_AT + timedelta(seconds=seconds)


def _read_found(session, campaign_id: int) -> tuple[list[int], list[int]]:
    asked = {"id": campaign_id}
    set_aside = session.scalars(
        text("SELECT ballot_id FROM set_aside_ballots WHERE campaign_id = :id"), asked
    ).all()
    proposed = session.scalars(
        text(
            "SELECT DISTINCT CAST(jsonb_array_elements(signals->'ballot_ids') AS bigint)"
            " FROM ballot_groups WHERE campaign_id = :id AND state = 'proposed'"
        ),
        asked,
    ).all()
    return list(set_aside), list(proposed)


def _report(outcomes: Sequence[Outcome], seeds: Sequence[int]) -> None:
    cast, set_aside, proposed = (
        sum((getattr(each, name) for each in outcomes), Counter())
        for name in ("cast", "set_aside", "proposed")
    )
    print(f"\nseeds {', '.join(map(str, seeds))}\n")
    print("| crowd | ballots | set aside | | proposed by the search | with the search |")
    print("|---|---:|---:|---:|---:|---:|")
    for crowd in sorted(cast, key=lambda name: (name not in FARM_NAMES, name)):
        both = set_aside[crowd] + proposed[crowd]
        print(
            f"| {crowd} | {cast[crowd]:,} | {set_aside[crowd]:,} "
            f"| {set_aside[crowd] / cast[crowd]:.1%} | {proposed[crowd]:,} "
            f"| {both / cast[crowd]:.1%} |"
        )
    print()
    _print_rates("quarantine", set_aside, cast)
    _print_rates("quarantine and search", set_aside + proposed, cast)
    seconds = sorted(second for each in outcomes for second in each.screening_seconds)
    print(
        f"\none screening of half an hour of ballots: median {seconds[len(seconds) // 2]:.3f} s, "
        f"longest {seconds[-1]:.2f} s; "
        f"a search {max(each.search_seconds for each in outcomes):.1f} s"
    )


def _print_rates(what: str, found: Counter, cast: Counter) -> None:
    caught = sum(found[name] for name in FARM_NAMES)
    farmed = sum(cast[name] for name in FARM_NAMES)
    precision = caught / found.total() if found.total() else 1.0
    print(f"{what}: precision {precision:.2%}, recall {caught / farmed:.2%}")


if __name__ == "__main__":
    main()
