"""Measure everything in one run and print the figures with their ratios."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, text

from bench.load import Result, Target, measure, require_wrk
from bench.world import World, fill_history, make_world, settle_down
from devtools.embedded import Engines, engines
from services.tokens import TokenSigner

ROOT = Path(__file__).parent.parent
FIRST_PORT = int(os.environ.get("BENCH_PORT", "8090"))
CONNECTIONS = 64
LATENCY_CONNECTIONS = 16


def main() -> None:
    options = _read_options()
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="sain-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        say("starting PostgreSQL and Redis, with everything durable")
        running = stack.enter_context(engines(folder / "var", durable=True))
        env = migrate(running)
        # The superuser, who may order checkpoints.
        engine = create_engine(running.postgres.url_for("sain", role="postgres"))
        stack.callback(engine.dispose)
        signer = TokenSigner([env["SECRET_KEY"]], lifetime=timedelta(hours=20))
        world = make_world(engine, signer, folder)
        urls = {
            module: stack.enter_context(served(module, FIRST_PORT + place, env))
            for place, module in enumerate(("bench.bare", "wsgi", "bench.one_by_one"))
        }
        targets = _targets(urls, world)
        results = _measure_rounds(targets, options)
        latencies = _measure_growth(engine, targets, options)
        _check_books(engine)
    _report(results, latencies)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each target is loaded")
    parser.add_argument("--seconds", type=int, default=8, help="how long each load lasts")
    parser.add_argument("--ballots", type=int, default=10_000_000, help="how large the table grows")
    return parser.parse_args()


def migrate(running: Engines) -> dict[str, str]:
    """Bring fresh engines up to date; returns the settings to serve with."""
    env = _environment(running)
    _run("-m", "flask", "db", "upgrade", env=env)
    _run("-m", "flask", "reference-data", "load", env=env)
    return env


def _environment(running: Engines) -> dict[str, str]:
    return os.environ | {
        "SAIN_ENV": "test",
        "DATABASE_URL": running.database_url,
        "DATABASE_OWNER_URL": running.database_owner_url,
        "REDIS_URL": running.redis_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": f"b1:{b64encode(secrets.token_bytes(32)).decode()}",
        "INDEX_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "LEDGER_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "WECHAT_APPID": "wxbench",
        "WECHAT_SECRET": "bench",
        "WECHAT_BASE_URL": "http://127.0.0.1:9",
        "STORAGE_FOLDER": tempfile.gettempdir(),
        # All load comes from one address; the limits are counted but do not refuse.
        "RATE_LIMIT_FACTOR": "1000000",
        "FLASK_APP": "wsgi.py",
        # Request logs are written, to a file, as a deployment would.
        "LOG_LEVEL": "INFO",
    }


def _targets(urls: dict[str, str], world: World) -> list[Target]:
    app, campaign = urls["wsgi"], f"/api/v1/campaigns/{world.campaign_id}"
    return [
        Target("bare Flask JSON", urls["bench.bare"], "/bare"),
        Target("vote, group commit", app, world.ballots_path, world.voters),
        Target(
            "vote, one transaction each", urls["bench.one_by_one"], world.ballots_path, world.voters
        ),
        Target("standings", app, f"{campaign}/standings"),
        Target("entries, first page", app, f"{campaign}/entries?order=number&limit=20"),
        Target("campaigns", app, "/api/v1/campaigns"),
    ]


def _measure_rounds(targets: list[Target], options: argparse.Namespace) -> dict[str, Result]:
    """Each target in turn, several times over, so that a slow moment hits all alike."""
    measured: dict[str, list[Result]] = {target.name: [] for target in targets}
    for target in targets:
        measure(target, connections=CONNECTIONS, seconds=2)
    for number in range(options.rounds):
        say(f"round {number + 1} of {options.rounds}")
        for target in targets:
            result = measure(target, connections=CONNECTIONS, seconds=options.seconds)
            measured[target.name].append(result)
    return {name: _middle(results) for name, results in measured.items()}


def _middle(results: list[Result]) -> Result:
    return Result(
        rate=median(result.rate for result in results),
        p50=median(result.p50 for result in results),
        p99=median(result.p99 for result in results),
        failures=sum(result.failures for result in results),
    )


def _measure_growth(
    engine: Engine, targets: list[Target], options: argparse.Namespace
) -> dict[str, Result]:
    """The latency of a vote over a small and over a large table."""
    vote = next(target for target in targets if target.name == "vote, group commit")
    latencies = {}
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE ballots, tallies CASCADE"))
    for ballots in (10_000, options.ballots):
        say(f"filling the table to {ballots:,} ballots")
        fill_history(engine, ballots)
        measure(vote, connections=LATENCY_CONNECTIONS, seconds=3)
        settle_down(engine)
        results = [
            measure(vote, connections=LATENCY_CONNECTIONS, seconds=options.seconds)
            for _ in range(options.rounds)
        ]
        latencies[f"{ballots:,}"] = _middle(results)
    return latencies


def _check_books(engine: Engine) -> None:
    """The tallies must equal a recount of what was voted after the history was laid."""
    with engine.connect() as connection:
        wrong = connection.scalar(
            text("""
                SELECT count(*)
                FROM (SELECT entry_id, sum(votes) AS votes FROM tallies GROUP BY entry_id)
                     AS tallies
                FULL JOIN (SELECT entry_id, count(*) AS votes FROM ballots
                           WHERE receipt_secret <> 1 GROUP BY entry_id) AS recount
                     USING (entry_id)
                WHERE tallies.votes IS DISTINCT FROM recount.votes
            """)
        )
    if wrong:
        raise SystemExit(f"{wrong} tallies differ from a recount")


def _report(results: dict[str, Result], latencies: dict[str, Result]) -> None:
    bare = results["bare Flask JSON"].rate
    print(f"\n{CONNECTIONS} connections, 2 gevent workers, {os.cpu_count()} cores\n")
    print(f"| {'':<28} | req/s | of bare | p50 ms | p99 ms | not 2xx |")
    print(f"|{'-' * 30}|------:|--------:|-------:|-------:|--------:|")
    for name, result in results.items():
        print(
            f"| {name:<28} | {result.rate:5.0f} | {result.rate / bare:7.2f} "
            f"| {result.p50 * 1000:6.1f} | {result.p99 * 1000:6.1f} | {result.failures:7d} |"
        )
    grouped = results["vote, group commit"].rate
    alone = results["vote, one transaction each"].rate
    print(f"\ngroup commit : one transaction each = {grouped / alone:.2f}")
    print(f"\nvote latency, {LATENCY_CONNECTIONS} connections\n")
    print("| ballots in the table | req/s | p50 ms | p99 ms |\n|---:|---:|---:|---:|")
    for ballots, result in latencies.items():
        print(
            f"| {ballots:>12} | {result.rate:5.0f} | {result.p50 * 1000:6.2f} "
            f"| {result.p99 * 1000:6.2f} |"
        )
    small, large = latencies.values()
    print(f"\nlarge : small, p50 = {large.p50 / small.p50:.2f}, p99 = {large.p99 / small.p99:.2f}")


@contextmanager
def served(module: str, port: int, env: dict[str, str]) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "server/gunicorn_conf.py", f"{module}:app"],
            cwd=ROOT,
            env=env | {"PORT": str(port), "WEB_CONCURRENCY": "2"},
            stderr=log,
        )
        try:
            _wait_until(lambda: _answers(url), f"{module} does not answer on port {port}")
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _wait_until(is_true: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + 90
    while not is_true():
        if time.monotonic() > deadline:
            raise SystemExit(complaint)
        time.sleep(0.1)


def _run(*arguments: str, env: dict[str, str]) -> None:
    quiet = env | {"LOG_LEVEL": "WARNING"}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=quiet, check=True)


def say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
