"""One load, by wrk, and what came of it."""

import re
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "vote.lua"
SECONDS_BY_UNIT = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True)
class Result:
    """Requests per second, latencies in seconds, and answers that were not 2xx."""

    rate: float
    p50: float
    p99: float
    failures: int


@dataclass(frozen=True)
class Target:
    """What is asked: a URL to read, or votes to post by the voters of a file."""

    name: str
    base_url: str
    path: str
    voters: Path | None = None


def require_wrk() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing; on Debian: apt-get install wrk")


def measure(target: Target, *, connections: int, seconds: int) -> Result:
    """Load the target with kept-alive connections from two threads."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    if target.voters is None:
        command += [target.base_url + target.path]
    else:
        run = uuid.uuid4().hex
        command += ["-s", str(SCRIPT), target.base_url]
        command += ["--", str(target.voters), target.path, run]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return _read_report(report)


def _read_report(report: str) -> Result:
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report
    )
    return Result(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]),
        p50=_latency(report, "50%"),
        p99=_latency(report, "99%"),
        failures=int(refused[1] if refused else 0)
        + sum(map(int, broken.groups()) if broken else []),
    )


def _latency(report: str, percentile: str) -> float:
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)\b", report).groups()
    return float(number) * SECONDS_BY_UNIT[unit]
