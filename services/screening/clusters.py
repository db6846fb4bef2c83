"""What ballots have in common that farmed ones do: pure functions over facts, no database.

Moments are seconds since 1970. A cluster is ballots for one entry that share a network, a device
or when their accounts were made, in order of time.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean, pstdev

MINUTE, HOUR, DAY = 60, 3600, 86400
UTC_OFFSET = 8 * HOUR
# Accounts made within one such stretch were made together; left alone for so long, they were idle.
BATCH_SECONDS = 10 * MINUTE
IDLE_SECONDS = 2 * HOUR
# A pause is no interval between ballots.
LONGEST_GAP = 5
# A device nobody else votes with is not made suspicious by that alone.
LEAST_SHARE = 0.02
GREATEST_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one ballot. `first_at` is when its voter first voted in any campaign."""

    ballot_id: int
    entry_id: int
    voter_id: int
    at: float
    source: str | None
    network: int | None
    device: int | None
    made_at: float
    first_at: float
    has_phone: bool
    risk_rank: int | None = None
    refusal: str | None = None
    # Set aside before, whatever became of it.
    is_judged: bool = False

    @property
    def batch(self) -> int | None:
        """The stretch of time in which the account was made; None unless it was idle then."""
        is_idle = self.first_at - self.made_at >= IDLE_SECONDS
        return int(self.made_at // BATCH_SECONDS) if is_idle else None

    @property
    def day(self) -> int:
        """The calendar day in Asia/Shanghai, counted from 1970."""
        return int((self.at + UTC_OFFSET) // DAY)


class Timeline:
    """How many ballots an entry got in each minute."""

    def __init__(self, counts: Iterable[tuple[int, int]]) -> None:
        pairs = sorted(counts)
        self._minutes = [minute for minute, _ in pairs]
        self._sums = [0, *accumulate(count for _, count in pairs)]

    def count(self, first: float, last: float) -> int:
        """The ballots from one moment to another, whole minutes at both ends."""
        begin = bisect_left(self._minutes, int(first // MINUTE))
        end = bisect_right(self._minutes, int(last // MINUTE))
        return self._sums[end] - self._sums[begin]


class DeviceCounts:
    """How many ballots each device cast for each entry; a device of None is all the others."""

    def __init__(self, counts: Iterable[tuple[int | None, int, int]]) -> None:
        self._by_device: dict[int, Counter[int]] = {}
        self._by_entry: Counter[int] = Counter()
        for device, entry_id, count in counts:
            self._by_entry[entry_id] += count
            if device is not None:
                self._by_device.setdefault(device, Counter())[entry_id] += count
        self._all = sum(self._by_entry.values())

    def shares_elsewhere(self, entry_id: int) -> dict[int, float]:
        """Which part of the ballots for other entries came from each device."""
        elsewhere = self._all - self._by_entry[entry_id]
        return {
            device: (sum(entries.values()) - entries[entry_id]) / elsewhere
            for device, entries in self._by_device.items()
            if elsewhere
        }

    def share_of(self, entry_id: int) -> float:
        """The entry's part of all ballots; 0 where it is the only one that has any."""
        own = self._by_entry[entry_id]
        return own / self._all if own < self._all else 0.0


def find_dense(
    cluster: Sequence[Facts],
    *,
    seconds: float,
    least: int,
    is_enough: Callable[[Sequence[Facts], int], bool] = lambda span, voters: True,
) -> set[int]:
    """The ballots that lie in some stretch of time with so many voters and, if asked, enough."""
    found: set[int] = set()
    voters: Counter[int] = Counter()
    left = marked = 0
    for right, ballot in enumerate(cluster):
        voters[ballot.voter_id] += 1
        while ballot.at - cluster[left].at > seconds:
            _drop(voters, cluster[left].voter_id)
            left += 1
        if len(voters) >= least and is_enough((cluster[left], ballot), len(voters)):
            begin = max(left, marked)
            found.update(each.ballot_id for each in cluster[begin : right + 1])
            marked = right + 1
    return found


def _drop(voters: Counter[int], voter_id: int) -> None:
    voters[voter_id] -= 1
    if not voters[voter_id]:
        del voters[voter_id]


def find_regular(cluster: Sequence[Facts], *, least: int, spread: float) -> set[int]:
    """The ballots of runs of `least` whose intervals vary by less than `spread` of their mean.

    People come by chance, by which intervals vary about as much as their mean.
    """
    found: set[int] = set()
    marked = 0
    for begin in range(0, len(cluster) - least + 1):
        end = begin + least
        if end > marked and is_regular([each.at for each in cluster[begin:end]], spread):
            found.update(each.ballot_id for each in cluster[max(begin, marked) : end])
            marked = end
    return found


def is_regular(moments: Sequence[float], spread: float) -> bool:
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    middle = sorted(gaps)[len(gaps) // 2]
    kept = [gap for gap in gaps if gap <= LONGEST_GAP * middle]
    mean = fmean(kept) if kept else 0.0
    if mean == 0 or 2 * len(kept) < len(gaps):
        return False
    return pstdev(kept) / mean < spread


def expected_share(share_elsewhere: float, lift: float) -> float:
    """From which share of an entry's ballots on a device speaks for a farm."""
    return min(lift * max(share_elsewhere, LEAST_SHARE), GREATEST_SHARE)


def group_by(facts: Iterable[Facts], key: Callable[[Facts], object]) -> dict[object, list[Facts]]:
    """Clusters by a key that is not None, each in order of time."""
    clusters: dict[object, list[Facts]] = {}
    for each in sorted(facts, key=lambda each: (each.at, each.ballot_id)):
        if (value := key(each)) is not None:
            clusters.setdefault(value, []).append(each)
    return clusters
