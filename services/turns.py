"""Long computations that let others have their turn.

Under gevent all requests of a process share one thread, and while one computes none of the others
gets on. What computes for seconds therefore pauses now and then, and a vote waits for a moment.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
ITEMS_IN_A_TURN = 100


def in_turns(items: Iterable[Item], *, length: int = ITEMS_IN_A_TURN) -> Iterator[Item]:
    """The same items; after so many of them whoever else waits in this process may go on."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % length == 0:
            time.sleep(0)
