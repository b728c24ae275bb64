"""Work over many drones, a few at a time and evenly over its period.

So no turn of the loop has them all: packets and orders never wait for more than a few drones.
"""

from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from gcs.gateway.ticker import every

T = TypeVar("T")

AT_ONCE = 32


async def spread(
    items: Sequence[T], period_s: float, at_once: int = AT_ONCE
) -> AsyncIterator[tuple[int, Sequence[T]]]:
    """For ever: (round, some of the items), each item once a round of `period_s`.

    A group is at most `at_once` items; a stall leaves groups late, never out.
    """
    count = max(1, -(-len(items) // at_once))
    groups = [items[first::count] for first in range(count)]
    beat = 0
    async for _ in every(period_s / count):
        yield beat // count, groups[beat % count]
        beat += 1
