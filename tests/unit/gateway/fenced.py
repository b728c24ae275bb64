"""A fence office and one vehicle that answers missions and DO_FENCE_ENABLE, by hand."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from gcs.gateway.drone import Drone
from gcs.gateway.fence_bringer import FenceBringer
from gcs.gateway.fence_office import FIRST_PAUSE_S, FenceOffice
from gcs.gateway.phase import judge
from gcs.link.mavlink import dialect
from gcs.link.parameters import ParameterReader
from gcs.model.event import EventKind, Severity
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.vehicle import FenceState
from gcs.shared.bus import BucketEntry
from tests.support.nats import until
from tests.unit.gateway.stage import DRONE, Stage, stage
from tests.unit.link.peer import ack, heartbeat, motion, text
from tests.unit.link.plan_peer import PlanPeer, protocol

ENABLE = int(dialect.MAV_CMD_DO_FENCE_ENABLE)
BIT = int(dialect.MAV_SYS_STATUS_GEOFENCE)
GUIDED = 4
PX4_HOLD = 0x3040000


class FakeRecord:
    """The keeper's bucket: hands over what the test says."""

    def __init__(self) -> None:
        self.handler: Callable[[BucketEntry[FencePlan]], None] = lambda entry: None
        self.watched = asyncio.Event()

    async def watch(
        self, pattern: str, handler: Callable[[BucketEntry[FencePlan]], None], erased: Any = None
    ) -> None:
        assert pattern == "fence.*"
        self.handler = handler
        self.watched.set()

    def says(self, plan: FencePlan) -> None:
        self.handler(BucketEntry("fence.site", plan, plan.version + 1))


class Fenced:
    """An office, and one vehicle that answers the mission protocol and DO_FENCE_ENABLE."""

    def __init__(self, parts: Stage, *, px4: bool = False) -> None:
        self.parts = parts
        self.record = FakeRecord()
        self.vehicle = PlanPeer(parts.peer, px4=px4)
        self.px4 = px4
        self.enabled = False
        self.enables = True  # whether it does as DO_FENCE_ENABLE says
        self.refuses: str = ""
        self.action: int | None = 2
        self.enable_orders = 0
        self._plans = parts.peer.wire.answer
        parts.peer.wire.answer = self._hear
        record: Any = self.record
        self.in_order = True
        self.gap = ""
        self.office = FenceOffice(
            parts.site,
            {DRONE: parts.drone},
            record,
            FenceBringer(protocol(), parts.commander, ParameterReader()),
            parts.events,
            parts.clock,
            lambda drone: self.in_order,
            lambda drone: self.gap,
        )

    @property
    def drone(self) -> Drone:
        return self.parts.drone

    def _hear(self, message: Any) -> None:
        self._plans(message)
        kind = message.get_type()
        if kind == "COMMAND_LONG" and message.command == ENABLE:
            self.enable_orders += 1
            if self.refuses:
                self.parts.peer.says(text(self.refuses), ack(ENABLE, 4))
                return
            self.parts.peer.says(ack(ENABLE, 0))
            self.enabled = self.enabled or self.enables
            self.status()
        elif kind == "PARAM_REQUEST_READ" and self.action is not None:
            bits = struct.unpack("<f", struct.pack("<i", self.action))[0]
            value = dialect.MAVLink_param_value_message(b"GF_ACTION", bits, 6, 1, 0)
            self.parts.peer.says(value)

    def status(self) -> None:
        """SYS_STATUS with the fence bit as it is."""
        enabled = BIT if self.enabled else 0
        self.parts.peer.says(
            dialect.MAVLink_sys_status_message(BIT, enabled, BIT, 0, 12000, 0, 90, *[0] * 6)
        )

    def shows(
        self, place: Position | None = None, *, armed: bool = False, up_m: float | None = None
    ) -> None:
        """A heartbeat and a position, over its dock if not told."""
        beat = heartbeat(PX4_HOLD if self.px4 else GUIDED, armed)
        beat.autopilot = 12 if self.px4 else 3
        at = place or self.drone.dock.position
        height_m = (20.0 if armed else 0.0) if up_m is None else up_m
        state = dialect.MAV_LANDED_STATE_IN_AIR if armed else dialect.MAV_LANDED_STATE_ON_GROUND
        self.parts.peer.says(
            beat,
            motion(at.lat_deg, at.lon_deg, height_m),
            dialect.MAVLink_extended_sys_state_message(0, state),
        )
        self.drone.phase = judge(self.drone.shown())

    async def reaches(self, state: FenceState) -> str:
        """Until the report is so; its words."""
        await until(
            lambda: self.office.state(DRONE) is state,
            5.0,
            f"{state}, not {self.office.report(DRONE)}",
        )
        return self.office.report(DRONE).text

    async def looked_again(self, after_s: float = FIRST_PAUSE_S) -> None:
        """Until the vehicle was read once more, after that time."""
        before = len(self.parts.peer.sent("MISSION_REQUEST_LIST"))
        self.parts.clock.advance(after_s)
        self.shows(armed=self.drone.armed)
        await until(
            lambda: len(self.parts.peer.sent("MISSION_REQUEST_LIST")) > before, 5.0, "read again"
        )

    def shown_active(self) -> bool:
        """What the telemetry says."""
        return self.drone.fence_active

    def told(self) -> list[tuple[Severity, str]]:
        """The fence events."""
        found = [e for e in self.parts.streams.events if e.kind is EventKind.FENCE]
        return [(e.severity, e.text) for e in found]


@asynccontextmanager
async def fenced(*, px4: bool = False) -> AsyncIterator[Fenced]:
    async with stage() as parts:
        found = Fenced(parts, px4=px4)
        work = asyncio.ensure_future(found.office.run())
        await found.record.watched.wait()
        try:
            yield found
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
