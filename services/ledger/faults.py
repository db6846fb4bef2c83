"""What is found wrong with the ledger, named one by one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

# Of one kind; a tampered beginning would otherwise be named a million times.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be: what, and where."""

    code: str
    details: dict[str, object]


class Faults:
    """All that was found. Of each kind only the first are named; `unnamed` counts the others."""

    def __init__(self) -> None:
        self.unnamed = 0
        self._named: list[Fault] = []
        self._by_code: Counter[str] = Counter()

    def add(self, code: str, **details: object) -> None:
        self._by_code[code] += 1
        if self._by_code[code] > MOST_NAMED:
            self.unnamed += 1
        else:
            self._named.append(Fault(code, details))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named) + self.unnamed
