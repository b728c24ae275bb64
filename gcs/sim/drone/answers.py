"""How a command is answered: once or often, at once or late, and the order of what it shows.

It decides nothing about the command itself: only about its COMMAND_ACK and the messages that
were asked for by it.
"""

import heapq
import itertools
from typing import Any

from gcs.sim.drone.faults import Faults, Shown
from gcs.sim.drone.links import Link


class Answers:
    """The answers of one vehicle."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._count = itertools.count()
        self._late: list[tuple[float, int, Link, Any]] = []
        self._before = False
        self.sent = 0

    def give(self, now_s: float, link: Link, ack: Any, shown: list[Any]) -> None:
        """Send an ACK and what was asked for, as the faults have it."""
        acks = [] if self._faults.never_ack else [ack] * self._faults.ack_times
        if self._faults.ack_late_s > 0.0:
            due_s = now_s + self._faults.ack_late_s
            for message in acks:
                heapq.heappush(self._late, (due_s, next(self._count), link, message))
            acks = []
        for message in (*shown, *acks) if self._shows_first(shown) else (*acks, *shown):
            link.send(message)
        self.sent += len(acks)

    def step(self, now_s: float) -> None:
        """Send the late ones that are due."""
        while self._late and self._late[0][0] <= now_s:
            _, _, link, message = heapq.heappop(self._late)
            link.send(message)
            self.sent += 1

    def forget(self) -> None:
        """After a boot nothing of before is answered."""
        self._late.clear()

    def _shows_first(self, shown: list[Any]) -> bool:
        """A real autopilot sends what was asked for before its ACK or after it."""
        if not shown:
            return False
        self._before = not self._before
        return {Shown.BEFORE: True, Shown.AFTER: False}.get(self._faults.show, self._before)
