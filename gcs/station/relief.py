"""A desk on relief duty: accepts what is offered to it, brings the drone home, closes.

For exercises with one person and for tests. It acts as any operator does, by `DeskActions`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import MissionState
from gcs.model.telemetry import Phase
from gcs.station.actions import DeskActions, Outcome
from gcs.station.state import DeskState, Topic

log = logging.getLogger(__name__)

READ_OFFER_S = 1.5
WATCH_S = 6.0
AGAIN_S = 2.0


class ReliefDuty:
    """Waits for offers to this desk's person; `run` ends only by being cancelled."""

    def __init__(self, state: DeskState, actions: DeskActions) -> None:
        self._state = state
        self._actions = actions
        self._changed = asyncio.Event()
        for topic in (Topic.CONTROL, Topic.MISSION, Topic.FLEET):
            state.subscribe(topic, lambda _: self._changed.set())

    async def run(self) -> None:
        """Serve one offer after the other."""
        while True:
            await self._until(lambda: bool(self._state.offers_to_me()))
            await asyncio.sleep(READ_OFFER_S)
            for record in self._state.offers_to_me():
                await self._relieve(record)

    async def _relieve(self, offered: ControlRecord) -> None:
        drone, key = offered.drone, offered.incident
        if not (await self._say("open", self._actions.open_brief(drone))).ok:
            return
        await asyncio.sleep(WATCH_S)
        while self._flying(drone) and self._state.in_control(drone):
            if (await self._say("return", self._actions.return_home(drone))).ok:
                break
            await asyncio.sleep(AGAIN_S)
        await self._until(lambda: self._over(drone))
        while key is not None and self._mine(key):
            if (await self._say("close", self._actions.close_incident(key, "Area checked."))).ok:
                return
            await asyncio.sleep(AGAIN_S)

    def _flying(self, drone: str) -> bool:
        view = self._state.fleet.get(drone)
        return view is not None and view.telemetry.phase not in (Phase.RETURNING, Phase.DOCKED)

    def _over(self, drone: str) -> bool:
        record = self._state.control(drone)
        return record is not None and record.state is ControlState.UNOWNED

    def _mine(self, key: str) -> bool:
        mission = self._state.mission(key)
        return (
            mission is not None
            and mission.state is not MissionState.CLOSED
            and mission.owner == self._state.me
        )

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def _say(self, what: str, act: Awaitable[Outcome]) -> Outcome:
        outcome = await act
        log.info("relief: %s: %s", what, outcome.text)
        return outcome
