"""A steady beat on the loop that does not drift; beats missed by a stall are left out."""

import asyncio
from collections.abc import AsyncIterator


async def every(period_s: float) -> AsyncIterator[None]:
    """Yield at once and then each `period_s`."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        yield
        due = max(due + period_s, loop.time())
        await asyncio.sleep(due - loop.time())
