"""Upload, read back and clear items by the MAVLink mission protocol: one at a time per vehicle.

Knows nothing of what the items mean. That a vehicle acknowledged an upload is not that it holds
it: whoever asks reads back and compares (`wire_items.differences`).
https://mavlink.io/en/services/mission.html
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from gcs.link.mavlink import dialect
from gcs.link.plan_reports import Addressed
from gcs.link.reports import Report
from gcs.link.transfer import (
    ABANDONED,
    RESULT_WORDS,
    UNSENT,
    Inbox,
    Pace,
    Patience,
    Transfer,
)
from gcs.link.transfer_read import Reading
from gcs.link.transfer_upload import Uploading
from gcs.link.vehicle import Vehicle
from gcs.link.wire_items import WireItem

STATION = (255, int(dialect.MAV_COMP_ID_MISSIONPLANNER))
_WARNING = dialect.MAV_SEVERITY_WARNING


def _always() -> bool:
    return True


class MissionProtocol:
    """Transfers items. `station` is (system, component) that this gateway speaks as."""

    def __init__(self, station: tuple[int, int] = STATION, pace: Pace | None = None) -> None:
        self._station = station
        self._pace = pace or Pace()
        self._locks: dict[tuple[str, int], asyncio.Lock] = {}

    async def upload(
        self,
        vehicle: Vehicle,
        kind: int,
        items: tuple[WireItem, ...],
        wanted: Callable[[], bool] = _always,
    ) -> Transfer:
        """Bring the items to the vehicle. `wanted` is asked before each send: control may have
        changed hands. `unsettled`: all was sent and no verdict came; only reading back tells."""
        async with self._turn(vehicle, kind) as inbox:
            patience = Patience(self._pace)
            uploading = Uploading(vehicle, self._to(vehicle), kind, items, inbox, patience, wanted)
            return await self._told(vehicle, uploading.run)

    async def read(
        self, vehicle: Vehicle, kind: int, wanted: Callable[[], bool] = _always
    ) -> Transfer:
        """Fetch what the vehicle holds. A vehicle that is busy is asked again."""
        async with self._turn(vehicle, kind) as inbox:
            reading = Reading(vehicle, self._to(vehicle), kind, inbox, self._pace, wanted)
            return await self._told(vehicle, reading.run)

    async def clear(self, vehicle: Vehicle, kind: int) -> Transfer:
        """Have the vehicle forget its items of this kind."""
        async with self._turn(vehicle, kind) as inbox:
            return await self._told(vehicle, lambda: self._clear(vehicle, kind, inbox))

    async def _clear(self, vehicle: Vehicle, kind: int, inbox: Inbox) -> Transfer:
        for _ in range(self._pace.clears):
            message = dialect.MAVLink_mission_clear_all_message(*self._to(vehicle), kind)
            if not vehicle.send(message):
                return Transfer(False, UNSENT)
            ack = await inbox.ack(self._pace.first_s)
            if ack is not None:
                accepted = ack.result == dialect.MAV_MISSION_ACCEPTED
                words = RESULT_WORDS.get(ack.result, f"refused (result {ack.result})")
                return Transfer(accepted, words, result=ack.result)
        return Transfer(False, ABANDONED)

    @asynccontextmanager
    async def _turn(self, vehicle: Vehicle, kind: int) -> AsyncIterator[Inbox]:
        """The vehicle's turn: no other transfer of this gateway is under way there."""
        lock = self._locks.setdefault((vehicle.network, vehicle.system_id), asyncio.Lock())
        async with lock:
            inbox = Inbox()

            def hear(report: Report) -> None:
                if isinstance(report, Addressed) and report.kind == kind and self._mine(report):
                    inbox.put(report)

            with vehicle.listening(hear):
                yield inbox

    def _mine(self, report: Addressed) -> bool:
        """Another station's transfer may be heard on a shared link."""
        system, component = report.to
        return system in (0, self._station[0]) and component in (0, self._station[1])

    def _to(self, vehicle: Vehicle) -> tuple[int, int]:
        return (vehicle.system_id, int(dialect.MAV_COMP_ID_AUTOPILOT1))

    async def _told(self, vehicle: Vehicle, work: Callable[[], Awaitable[Transfer]]) -> Transfer:
        """The transfer's outcome, with what the vehicle said meanwhile if it failed."""
        reasons: list[str] = []

        def hear(severity: int, text: str) -> None:
            if severity <= _WARNING and text not in reasons:
                reasons.append(text)

        with vehicle.hearing_texts(hear):
            found = await work()
            if not found.ok and found.result is not None:
                await asyncio.sleep(self._pace.late_s)  # verdict and texts come in either order
        return found if found.ok else replace(found, reasons=tuple(reasons))


def set_current(vehicle: Vehicle, seq: int) -> bool:
    """MISSION_SET_CURRENT, for those that do not know the command; it is not acknowledged."""
    to = (vehicle.system_id, int(dialect.MAV_COMP_ID_AUTOPILOT1))
    return vehicle.send(dialect.MAVLink_mission_set_current_message(*to, seq))
