"""The simulated control room: sends calls to the borough's queue and says that it lives.

It behaves as the real one at the border: each call is stored durably under its key, so that
a repeat is no second call. It knows nothing of drones and reads no answer.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from gcs.geo.town import Town
from gcs.model.mission import CentralHello, Incident
from gcs.model.scenario import Scenario
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.subjects import Subjects
from gcs.sim.incident_maker import IncidentMaker, check_scenario

log = logging.getLogger(__name__)

SOURCE = "control room (simulated)"
_FIRST_AFTER_S = 3.0
_HELLO_EVERY_S = 1.0
_LOOK_EVERY_S = 0.2
_TRY_AGAIN_S = 1.0

Make = Callable[[int], Incident]


@dataclass(order=True, frozen=True, slots=True)
class _Due:
    at_s: float
    order: int
    make: Make = field(compare=False)
    repeats: bool = field(compare=False)


class ControlRoom:
    """Raises ValueError when no street can be flown to, or a scenario's place is outside."""

    def __init__(
        self,
        bus: Bus,
        site: Site,
        town: Town,
        clock: Clock,
        seed: int,
        first_near: bool,
        scenario: Scenario | None = None,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._subjects = Subjects(site.id)
        self._maker = IncidentMaker(site, town, seed)
        self._rate = site.training.incidents_per_hour
        self._first_near = first_near
        self._scenario = scenario
        if scenario is not None:
            check_scenario(site, scenario.incidents)
            self._rate = scenario.incidents_per_hour
        self._due: list[_Due] = []
        self._sent = 0

    @property
    def sent(self) -> int:
        """Calls stored so far."""
        return self._sent

    async def run(self) -> None:
        """Until cancelled. A call that cannot be stored is tried again; later ones wait."""
        self._plan(self._clock.monotonic())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._say_hello())
            tasks.create_task(self._send_calls())

    def _plan(self, start_s: float) -> None:
        listed = self._scenario.incidents if self._scenario else ()
        for entry in listed:
            self._add(start_s + entry.at_s, partial(self._maker.listed, entry))
        if self._rate <= 0.0:
            return
        if listed:
            self._add_random(start_s)
        else:
            first = self._maker.near_dock if self._first_near else self._maker.anywhere
            self._add(start_s + _FIRST_AFTER_S, first, repeats=True)

    def _add(self, at_s: float, make: Make, *, repeats: bool = False) -> None:
        order = len(self._due) + self._sent
        heapq.heappush(self._due, _Due(at_s, order, make, repeats))

    def _add_random(self, after_s: float) -> None:
        gap = self._maker.gap_s(self._rate)
        self._add(after_s + gap, self._maker.anywhere, repeats=True)

    async def _send_calls(self) -> None:
        while True:
            now = self._clock.monotonic()
            while self._due and self._due[0].at_s <= now:
                due = heapq.heappop(self._due)
                if due.repeats:
                    self._add_random(due.at_s)
                await self._store(due.make(self._clock.utc_ms()))
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _store(self, incident: Incident) -> None:
        while True:
            try:
                await self._bus.publish_durable(
                    self._subjects.incident, incident, message_id=incident.key
                )
            except NoAnswer as error:
                log.warning("incident %s not stored yet: %s", incident.key, error)
                await asyncio.sleep(_TRY_AGAIN_S)
            else:
                self._sent += 1
                return

    async def _say_hello(self) -> None:
        while True:
            hello = CentralHello(SOURCE, self._clock.utc_ms(), self._sent, simulated=True)
            await self._bus.publish(self._subjects.central_hello, hello)
            await asyncio.sleep(_HELLO_EVERY_S)
