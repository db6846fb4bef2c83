"""Judging the search by queries of which it is known what they should find first."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

QUERIES = json.loads(Path(__file__).with_name("golden_queries.json").read_text(encoding="utf-8"))
SYNONYMS = (
    ("金银花", "双花", "二花"),
    ("睡不好", "不寐", "失眠"),
    ("黄芪", "川黄芪"),
    ("拔罐", "打火罐"),
    ("人参", "洋参"),
)
LAST_PLACE = 10


@dataclass
class Verdict:
    """How the search did, over all queries and by their class."""

    ranks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    misses: list[str] = field(default_factory=list)

    @property
    def _all(self) -> list[int]:
        return [rank for ranks in self.ranks.values() for rank in ranks]

    @property
    def reciprocal_rank(self) -> float:
        return _mean([1 / rank if rank else 0 for rank in self._all])

    @property
    def recall(self) -> float:
        return _mean([rank > 0 for rank in self._all])

    def lines(self) -> Iterable[str]:
        yield f"| {'class':<16} | queries | first | MRR | recall at {LAST_PLACE} |"
        yield "|---|---:|---:|---:|---:|"
        for name, ranks in [*self.ranks.items(), ("all", self._all)]:
            reciprocal = _mean([1 / rank if rank else 0 for rank in ranks])
            found = _mean([rank > 0 for rank in ranks])
            first = sum(rank == 1 for rank in ranks)
            yield f"| {name:<16} | {len(ranks)} | {first} | {reciprocal:.3f} | {found:.3f} |"


def judge(search: Callable[[str], list[str]]) -> Verdict:
    """Ask all queries; `search` gives the names found, in their order."""
    verdict = Verdict()
    for asked in QUERIES:
        found = search(asked["query"])[:LAST_PLACE]
        rank = found.index(asked["expected"]) + 1 if asked["expected"] in found else 0
        verdict.ranks[asked["class"]].append(rank)
        if rank != 1:
            wanted = (
                f"{asked['query']!r} ({asked['class']}): {asked['expected']} is {rank or 'not'}"
            )
            verdict.misses.append(f"{wanted} of {found[:4]}")
    return verdict


def _mean(values: list) -> float:
    return sum(values) / len(values)
