"""What the gateway is doing with each drone: at most one activity a drone, the newest wins."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Activities:
    """Short-lived work, owned by this part's own task group while `run` runs.

    A failing activity ends alone, loudly; the others go on.
    """

    def __init__(self) -> None:
        self._group: asyncio.TaskGroup | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Hold the activities; cancelling this cancels them all."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                await asyncio.Event().wait()
            finally:
                self._group = None

    def begin(self, drone: str, work: Coroutine[Any, Any, None], why: str) -> None:
        """Start an activity of a drone; what ran before is cancelled and told `why`."""
        self.stop(drone, why)
        task = self.spawn(work, f"{drone}: {why}")
        if task is not None:
            self._running[drone] = task
            task.add_done_callback(lambda done: self._forget(drone, done))

    def stop(self, drone: str, why: str) -> None:
        """Cancel the drone's activity, if any."""
        running = self._running.pop(drone, None)
        if running is not None and not running.done():
            running.cancel(msg=why)

    def active(self, drone: str) -> bool:
        """Whether something is being done with the drone."""
        return drone in self._running

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None] | None:
        """Work that belongs to no drone's slot. Nothing is begun once the gateway ends."""
        if self._group is None:
            work.close()
            return None
        return self._group.create_task(_guard(work, name), name=name)

    def _forget(self, drone: str, task: asyncio.Task[None]) -> None:
        if self._running.get(drone) is task:
            del self._running[drone]


async def _guard(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except Exception:
        log.exception("%s: an activity failed", name)
