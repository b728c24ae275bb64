"""Work over many drones in slices of a millisecond, the loop free between them.

By time, not by number: on a busy machine each pause costs a whole turn of the loop. What is
urgent goes first: while an order is on its way, or packets wait to be read, the next slice stands
back, but never for long.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE = 8
LONGEST_S = 0.001
ORDER_S = 0.008  # from an order's arrival to its sending, on a busy loop
BACK_S = 0.001
MOST_BACK_S = 0.02


class Urgent:
    """Whether something waits that must not: `behind` tells of packets, `order` notes an order."""

    def __init__(self, behind: Callable[[], bool], time_s: Callable[[], float]) -> None:
        self._behind = behind
        self._time_s = time_s
        self._until_s = 0.0

    def order(self) -> None:
        """An order has come in."""
        self._until_s = self._time_s() + ORDER_S

    def __call__(self) -> bool:
        return self._behind() or self._time_s() < self._until_s


def nothing_urgent() -> bool:
    """Where nobody tells of anything urgent."""
    return False


async def in_slices(
    items: Sequence[T],
    longest_s: float = LONGEST_S,
    urgent: Callable[[], bool] = nothing_urgent,
) -> AsyncIterator[Sequence[T]]:
    """The items, 8 at a time; a pause wherever `longest_s` has passed since the last."""
    loop = asyncio.get_running_loop()
    begun_s, back_s = loop.time(), 0.0
    for first in range(0, len(items), SLICE):
        if first and loop.time() - begun_s >= longest_s:
            await asyncio.sleep(0)
            while back_s < MOST_BACK_S and urgent():
                back_s += BACK_S
                await asyncio.sleep(BACK_S)
            begun_s = loop.time()
        yield items[first : first + SLICE]
