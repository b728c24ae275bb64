"""Work over many drones, a few at a time and evenly over its period.

So no turn of the loop has them all: packets and orders never wait for more than a few drones.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

from gcs.gateway.ticker import every
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

    A group is at most `at_once` items; a stall leaves groups late, never out, and so does what
    is urgent: `stands_back_s()` tells for how long a group waits.
    """
    count = max(1, -(-len(items) // at_once))
    groups = [items[first::count] for first in range(count)]
    beat = 0
    async for _ in every(period_s / count):
        back_s = stands_back_s()
        if back_s > 0.0:
            await asyncio.sleep(back_s)
        yield beat // count, groups[beat % count]
        beat += 1
