"""Disk work off the loop: one piece at a time, and a piece begun is finished."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class DiskThread:
    """For what one caller at a time may use and the loop must not wait for."""

    def __init__(self) -> None:
        self._busy = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread, one at a time; when cancelled, first let it finish."""
        async with self._busy:
            working = asyncio.ensure_future(asyncio.to_thread(work))
            try:
                return await asyncio.shield(working)
            except asyncio.CancelledError:
                await asyncio.wait({working})
                working.exception()
                raise
