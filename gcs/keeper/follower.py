"""Has every mission under way follow the control records of its drones."""

import asyncio
import logging
from contextlib import suppress

from gcs.keeper.controls import Controls
from gcs.keeper.ownership import after_control
from gcs.keeper.record import Record, RecordUnavailable
from gcs.model.control import ControlRecord
from gcs.model.mission import MissionRecord

log = logging.getLogger(__name__)

AGAIN_S = 1.0


class Follower:
    """At each change of a control record, and each second for what could not be written."""

    def __init__(self, record: Record, controls: Controls) -> None:
        self._record = record
        self._controls = controls
        self._changed = asyncio.Event()

    def changed(self, _: ControlRecord) -> None:
        """A control record is another."""
        self._changed.set()

    def followed(self, mission: MissionRecord) -> MissionRecord:
        """The mission as the control records have it now."""
        return after_control(mission, self._controls.flights)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_S):
                    await self._changed.wait()
            self._changed.clear()
            for mission in self._record.missions.values:
                if mission.away and self.followed(mission) != mission:
                    await self._follow(mission.incident.key)

    async def _follow(self, key: str) -> None:
        async with self._record.missions.lock(key):
            present = self._record.missions.get(key)
            if present is None or (after := self.followed(present)) == present:
                return
            try:
                await self._record.missions.write(key, after)
            except RecordUnavailable as error:
                log.warning("incident %s: %s", key, error)
