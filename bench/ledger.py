"""What the public ledger costs: `make bench-ledger`.

A million ballots are sealed, served and verified, each by the program that does it in earnest,
with its time and its peak memory; then votes are cast with and without a running sealer.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, text

from bench.__main__ import CONNECTIONS, FIRST_PORT, ROOT, migrate, say, served
from bench.load import Result, Target, measure, require_wrk
from bench.world import ENTRIES, MAKE_CAMPAIGN, MAKE_ENTRIES, World, make_world, settle_down
from devtools.embedded import engines
from services.ledger.records import moment
from services.tokens import TokenSigner

VERIFIER = "tools/verify_ledger.py"
BALLOTS_PER_VOTER = 20
BALLOTS_IN_A_TRANSACTION = 5_000
MAKE_CITIZENS = text("""
    WITH made AS (
        INSERT INTO citizens (created_at) SELECT now() FROM generate_series(1, :voters)
        RETURNING id
    )
    SELECT min(id) FROM made
""")
# One ballot a day from each voter, and over since an hour ago.
END_CAMPAIGN = text("""
    UPDATE campaigns
    SET opens_at = now() - interval '40 days', closes_at = now() - interval '1 hour',
        is_demonstration = false
    WHERE id = :campaign_id
""")
MAKE_BALLOTS = text("""
    INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,
                         cast_on, number, number_today, number_today_for_entry)
    SELECT :campaign_id, :first_entry + (place * 7 + place / 13) % :entries,
           :first_voter + place % :voters, place,
           now() - make_interval(days => 1 + :rounds - place / :voters), gen_random_uuid(),
           current_date - (1 + :rounds - place / :voters), place / :voters + 1, 1, 1
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS place
""")
MAKE_TALLIES = text("""
    INSERT INTO tallies (campaign_id, entry_id, shard, votes)
    SELECT campaign_id, entry_id, 0, count(*) FROM ballots WHERE campaign_id = :campaign_id
    GROUP BY 1, 2
""")
NOTE_CLOSING = text("""
    INSERT INTO ledger_queue (kind, campaign_id, content, queued_at)
    VALUES ('closing', :campaign_id, jsonb_build_object('at', CAST(:at AS text)), now())
""")


@dataclass(frozen=True)
class Cost:
    """What a program took: seconds on the clock and of the processor, and megabytes at its peak."""

    seconds: float
    cpu: float
    peak: float


def main() -> None:
    options = _read_options()
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="sain-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        say("starting PostgreSQL and Redis, with everything durable")
        running = stack.enter_context(engines(folder / "var", durable=True))
        # The latest checkpoint is kept among the files, so they are this run's own.
        env = migrate(running) | {"STORAGE_FOLDER": str(folder)}
        # All processes must sign in the same name.
        env["SITE_URL"] = f"http://127.0.0.1:{FIRST_PORT}"
        engine = create_engine(running.postgres.url_for("sain", role="postgres"))
        stack.callback(engine.dispose)
        signer = TokenSigner([env["SECRET_KEY"]], lifetime=timedelta(hours=20))
        world = make_world(engine, signer, folder)
        say(f"laying {options.ballots:,} ballots")
        _lay_ballots(engine, options.ballots)
        costs = {"sealing": _run("-m", "flask", "ledger", "seal", env=env)}
        settle_down(engine)
        url = stack.enter_context(served("wsgi", FIRST_PORT, env))
        costs |= _verify(url, folder)
        tiles = measure(Target("tile", url, "/ledger/tile/0/000"), connections=16, seconds=5)
        votes = _measure_votes(engine, url, world, env, options)
        say("verifying what was voted meanwhile")
        costs["verifying again what had grown"] = _check(url, folder)
    _report(options.ballots, costs, tiles, votes)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("--ballots", type=int, default=1_000_000, help="how many are sealed")
    parser.add_argument("--rounds", type=int, default=4, help="how often voting is measured")
    parser.add_argument("--seconds", type=int, default=10, help="how long each load lasts")
    return parser.parse_args()


def _lay_ballots(engine: Engine, ballots: int) -> None:
    """A campaign that has ended, its ballots written in many transactions as in earnest."""
    voters = max(1, ballots // BALLOTS_PER_VOTER)
    with engine.begin() as connection:
        campaign_id = connection.scalar(MAKE_CAMPAIGN)
        made = {"campaign_id": campaign_id, "entries": ENTRIES}
        connection.execute(END_CAMPAIGN, made)
        first_entry = min(connection.scalars(MAKE_ENTRIES, made).all())
        first_voter = connection.scalar(MAKE_CITIZENS, {"voters": voters})
    made |= {"first_entry": first_entry, "first_voter": first_voter, "voters": voters}
    made["rounds"] = BALLOTS_PER_VOTER
    for first in range(0, ballots, BALLOTS_IN_A_TRANSACTION):
        last = min(first + BALLOTS_IN_A_TRANSACTION, ballots) - 1
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(MAKE_BALLOTS, made | {"first": first, "last": last})
    with engine.begin() as connection:
        connection.execute(MAKE_TALLIES, made)
        connection.execute(NOTE_CLOSING, made | {"at": moment(datetime.now(UTC))})
    settle_down(engine)


def _verify(url: str, folder: Path) -> dict[str, Cost]:
    return {
        "downloading and verifying": _check(url, folder),
        "verifying the copy alone": _run(
            VERIFIER, "--folder", str(folder / "copy"), "--state", str(folder / "state")
        ),
    }


def _check(url: str, folder: Path) -> Cost:
    return _run(VERIFIER, url, "--folder", str(folder / "copy"), "--state", str(folder / "state"))


def _run(*arguments: str, env: dict[str, str] | None = None) -> Cost:
    """Run a Python program of ours to its end, which must be a good one."""
    say(" ".join(arguments))
    quiet = (env or dict(os.environ)) | {"LOG_LEVEL": "WARNING"}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=quiet, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _measure_votes(
    engine: Engine, url: str, world: World, env: dict[str, str], options: argparse.Namespace
) -> dict[str, Result]:
    """Votes without and with a running sealer, in turns that change places every round."""
    target = Target("vote", url, world.ballots_path, world.voters)
    measured: dict[str, list[Result]] = {"off": [], "on": []}
    with _sealer(env) as order:
        measure(target, connections=CONNECTIONS, seconds=3)
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            for state in ("off", "on") if number % 2 else ("on", "off"):
                order("off")
                settle_down(engine)
                order(state)
                result = measure(target, connections=CONNECTIONS, seconds=options.seconds)
                measured[state].append(result)
        order("off")
    return {
        state: Result(
            rate=median(result.rate for result in results),
            p50=median(result.p50 for result in results),
            p99=median(result.p99 for result in results),
            failures=sum(result.failures for result in results),
        )
        for state, results in measured.items()
    }


@contextmanager
def _sealer(env: dict[str, str]):
    """A sealer, by a function that gives it orders."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sealer"],
        cwd=ROOT,
        env=env | {"LOG_LEVEL": "WARNING"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def order(state: str) -> None:
        print(state, file=process.stdin, flush=True)
        if process.stdout.readline().strip() != state:
            raise SystemExit("the sealer has died")

    try:
        yield order
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def _report(ballots: int, costs: dict[str, Cost], tiles: Result, votes: dict[str, Result]) -> None:
    print(f"\n{ballots:,} ballots, {os.cpu_count()} cores\n")
    print("|  | s | processor s | peak MB | ballots/s |\n|---|---:|---:|---:|---:|")
    for name, cost in costs.items():
        print(
            f"| {name} | {cost.seconds:.1f} | {cost.cpu:.1f} | {cost.peak:.0f} "
            f"| {ballots / cost.seconds:,.0f} |"
        )
    print(f"\na full tile over HTTP, 16 connections: {tiles.rate:.0f} req/s")
    print(f"\nvotes, {CONNECTIONS} connections\n")
    print("| sealer | req/s | p50 ms | p99 ms | not 2xx |\n|---|---:|---:|---:|---:|")
    for state, result in votes.items():
        print(
            f"| {state} | {result.rate:.0f} | {result.p50 * 1000:.1f} | {result.p99 * 1000:.1f} "
            f"| {result.failures} |"
        )
    print(f"\non : off = {votes['on'].rate / votes['off'].rate:.3f}")


if __name__ == "__main__":
    main()
