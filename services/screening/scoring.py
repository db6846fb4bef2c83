"""Judging ballots by which signals each shows and the points these make: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.screening.clusters import (
    DAY,
    HOUR,
    MINUTE,
    UTC_OFFSET,
    Facts,
    Timeline,
    expected_share,
    find_dense,
    find_regular,
    group_by,
)
from services.screening.rules import Settings

NIGHT_FROM, NIGHT_TO = 1 * HOUR, 5 * HOUR
BURST_SECONDS = 10 * MINUTE
# What a group is held together by, the most telling first; else its ballots stand alone.
PATTERNS = {
    "device_burst": ("device", lambda each: each.device),
    "created_together": ("accounts", lambda each: each.batch),
    "network_burst": ("network", lambda each: each.network),
    "clock_pattern": ("clock", lambda each: each.device),
}
ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Batch:
    """Idle accounts made together that voted in the campaign, and those for the entry."""

    for_entry: int
    in_all: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry's ballots are compared with.

    `network_ballots` are all of the campaign's in the same time, by network; `device_shares` what
    part of the ballots for other entries came from a device; `entry_share` which part of the
    campaign's ballots the entry has.
    """

    timeline: Timeline
    network_ballots: Mapping[int, int] = field(default_factory=dict)
    device_shares: Mapping[int, float] = field(default_factory=dict)
    batches: Mapping[int, Batch] = field(default_factory=dict)
    entry_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ballot's points by signal, and what it would be grouped by."""

    facts: Facts
    points: dict[str, int]

    @property
    def score(self) -> int:
        return sum(self.points.values())

    @property
    def pattern(self) -> tuple[str, str]:
        """A group's pattern and key: what is alike, and the day."""
        for signal, (pattern, key) in PATTERNS.items():
            if signal in self.points and key(self.facts) is not None:
                return pattern, f"{self.facts.entry_id}:{key(self.facts)}:{self.facts.day}"
        return ALONE, f"{self.facts.entry_id}:{self.facts.day}"


def judge(
    ballots: Sequence[Facts], surroundings: Surroundings, settings: Settings
) -> list[Verdict]:
    """A verdict on every ballot, all of one entry; what is compared with are the same ballots."""
    shared = _find_shared(ballots, surroundings, settings)
    verdicts = []
    for each in ballots:
        own = {name for name, is_shown in _own_signals(each, settings) if is_shown}
        own |= {name for name, ids in shared.items() if each.ballot_id in ids}
        points = {name: settings.weight(name) for name in sorted(own) if settings.weight(name)}
        verdicts.append(Verdict(each, points))
    return verdicts


def _own_signals(each: Facts, settings: Settings):
    """What a ballot shows by itself."""
    yield "risk_rank_4", each.risk_rank == 4
    yield "risk_rank_3", each.risk_rank == 3
    yield "risk_no_visit", each.refusal == "no_visit"
    minutes = settings.of("new_account", "minutes")
    yield "new_account", each.at - each.made_at < minutes * MINUTE
    yield "no_phone", not each.has_phone
    yield "share_path", each.source is None
    yield "night", NIGHT_FROM <= (each.at + UTC_OFFSET) % DAY < NIGHT_TO


def _find_shared(
    ballots: Sequence[Facts], surroundings: Surroundings, settings: Settings
) -> dict[str, set[int]]:
    """By signal, the ballots that show it together with others."""
    by_network = group_by(ballots, lambda each: each.network)
    by_device = group_by(ballots, lambda each: each.device)
    by_batch = group_by(ballots, lambda each: each.batch)
    found = {
        "network_burst": _find_networks(by_network, surroundings, settings),
        "device_burst": _find_devices(by_device, surroundings, settings),
        "entry_burst": _find_entry_bursts(ballots, surroundings, settings),
        "created_together": _find_batches(by_batch, surroundings, settings),
        "clock_pattern": set(),
    }
    least = settings.of("clock_pattern", "least")
    spread = settings.of("clock_pattern", "spread") / 100
    for clusters in (by_network, by_device, by_batch):
        for cluster in clusters.values():
            found["clock_pattern"] |= find_regular(cluster, least=least, spread=spread)
    bursts = found["network_burst"] | found["device_burst"] | found["created_together"]
    found["risky_company"] = {
        each.ballot_id
        for clusters in (by_network, by_device, by_batch)
        for cluster in clusters.values()
        if _is_risky(cluster, settings)
        for each in cluster
    } & bursts
    return found


def _is_risky(cluster: Sequence[Facts], settings: Settings) -> bool:
    """Whether WeChat warns of a far greater part of the cluster's voters than of others."""
    warned = {
        each.voter_id: each.refusal == "no_visit" or each.risk_rank in (3, 4)
        for each in cluster
        if each.risk_rank is not None or each.refusal == "no_visit"
    }
    share = settings.of("risky_company", "share") / 100
    return len(warned) >= settings.of("risky_company", "least") and sum(
        warned.values()
    ) >= share * len(warned)


def _find_networks(clusters, surroundings: Surroundings, settings: Settings) -> set[int]:
    """Many from one network within a time, who vote for hardly anything else."""
    name, found = "network_burst", set()
    for network, cluster in clusters.items():
        in_all = max(surroundings.network_ballots.get(network, 0), len(cluster))
        if 100 * len(cluster) >= settings.of(name, "share") * in_all:
            found |= find_dense(
                cluster,
                seconds=settings.of(name, "minutes") * MINUTE,
                least=settings.of(name, "least"),
            )
    return found


def _find_devices(clusters, surroundings: Surroundings, settings: Settings) -> set[int]:
    """A device that has a far greater part of the entry's ballots than of the others'."""
    name, found = "device_burst", set()
    for device, cluster in clusters.items():
        share = expected_share(
            surroundings.device_shares.get(device, 0.0), settings.of(name, "lift")
        )

        def is_enough(span: Sequence[Facts], voters: int, share: float = share) -> bool:
            return voters >= share * surroundings.timeline.count(span[0].at, span[1].at)

        found |= find_dense(
            cluster,
            seconds=settings.of(name, "minutes") * MINUTE,
            least=settings.of(name, "least"),
            is_enough=is_enough,
        )
    return found


def _find_entry_bursts(
    ballots: Sequence[Facts], surroundings: Surroundings, settings: Settings
) -> set[int]:
    """Ballots in whose ten minutes the entry got far more than on average of the day before."""
    name, timeline, found = "entry_burst", surroundings.timeline, set()
    for each in ballots:
        near = timeline.count(each.at - BURST_SECONDS / 2, each.at + BURST_SECONDS / 2)
        if near < settings.of(name, "least"):
            continue
        before = timeline.count(each.at - DAY, each.at - BURST_SECONDS)
        if near >= settings.of(name, "lift") * before * BURST_SECONDS / DAY:
            found.add(each.ballot_id)
    return found


def _find_batches(clusters, surroundings: Surroundings, settings: Settings) -> set[int]:
    """Idle accounts made together of which most vote for the entry, more than others do."""
    return {
        each.ballot_id
        for number, cluster in clusters.items()
        if is_hot(surroundings.batches.get(number), surroundings.entry_share, settings)
        for each in cluster
    }


def is_hot(batch: Batch | None, entry_share: float, settings: Settings) -> bool:
    """Whether so many accounts of a batch vote for the entry that chance does not explain it."""
    name = "created_together"
    if batch is None or batch.for_entry < settings.of(name, "least"):
        return False
    share = max(settings.of(name, "share") / 100, min(2 * entry_share, 0.95))
    return batch.for_entry >= share * batch.in_all
