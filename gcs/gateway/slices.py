"""Work over many drones in slices of a millisecond, the loop free between them.

By time, not by number: on a busy machine each pause costs a whole turn of the loop.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE = 8
LONGEST_S = 0.001


async def in_slices(items: Sequence[T], longest_s: float = LONGEST_S) -> AsyncIterator[Sequence[T]]:
    """The items, 8 at a time; a pause wherever `longest_s` has passed since the last."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for first in range(0, len(items), SLICE):
        if first and loop.time() - begun_s >= longest_s:
            await asyncio.sleep(0)
            begun_s = loop.time()
        yield items[first : first + SLICE]
