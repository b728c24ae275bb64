"""Work over many drones, a few at a time and evenly over its period.

So no turn of the loop has them all: packets and orders never wait for more than a few drones.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

from gcs.gateway.urgent import never

T = TypeVar("T")

AT_ONCE = 32


async def spread(
    items: Sequence[T],
    period_s: float,
    at_once: int = AT_ONCE,
    stands_back_s: Callable[[], float] = never,
) -> AsyncIterator[tuple[int, Sequence[T]]]:
    """For ever: (round, some of the items), each item once a round of `period_s`.

    A group is at most `at_once` items. After a stall late groups catch up, one a turn of the
    loop; rounds that it took are left out. `stands_back_s()` tells for how long a group waits.
    """
    count = max(1, -(-len(items) // at_once))
    groups = [items[first::count] for first in range(count)]
    loop = asyncio.get_running_loop()
    beat, due_s = 0, loop.time()
    while True:
        await asyncio.sleep(max(0.0, due_s - loop.time(), stands_back_s()))
        if loop.time() - due_s > period_s:
            due_s = loop.time()  # after a stall the rounds that it took are left out
        yield beat // count, groups[beat % count]
        beat += 1
        due_s += period_s / count
