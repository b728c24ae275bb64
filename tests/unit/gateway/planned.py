"""A plan office and one vehicle in the air that takes missions and flies them, by hand."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway.ledger import Ledger
from gcs.gateway.phase import judge
from gcs.gateway.plan_office import PlanOffice
from gcs.geo.earth import offset
from gcs.geo.fence_plan import plan_of
from gcs.link.mavlink import dialect
from gcs.link.wire_items import MISSION
from gcs.model.command import Command, CommandKind, Receipt
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from tests.support.people import signed_on
from tests.unit.gateway.stage import DRONE, A, B, Stage, stage
from tests.unit.link.peer import ack, heartbeat, motion, text
from tests.unit.link.plan_peer import PlanPeer, protocol

START = int(dialect.MAV_CMD_MISSION_START)
SET_MODE = int(dialect.MAV_CMD_DO_SET_MODE)
SET_CURRENT = int(dialect.MAV_CMD_DO_SET_MISSION_CURRENT)
REPOSITION = int(dialect.MAV_CMD_DO_REPOSITION)
GUIDED, AUTO, RTL, BRAKE = 4, 3, 6, 17
PX4_HOLD, PX4_MISSION = 0x3040000, 0x4040000
NOT_STARTED, ACTIVE, PAUSED, COMPLETE = 2, 3, 4, 5


class Planned:
    """An office, and one vehicle in the air that takes missions and flies them."""

    def __init__(self, parts: Stage, *, px4: bool = False) -> None:
        self.parts, self.px4 = parts, px4
        self.vehicle = PlanPeer(parts.peer, px4=px4)
        self.mode = PX4_HOLD if px4 else GUIDED
        self.seq, self.state = 0, NOT_STARTED
        self.place = parts.drone.dock.position
        self.height_m = 40.0
        self.refuses: dict[int, str] = {}
        self.unknown: set[int] = set()
        self.does_nothing: set[int] = set()
        self.orders: list[int] = []
        self.silent_state = False
        self.modes_at_upload: list[int] = []
        self._plans = parts.peer.wire.answer
        parts.peer.wire.answer = self._hear
        self.ledger = Ledger(signed_on(parts.site.people), parts.events, parts.auditor, parts.clock)
        self.fence = plan_of(parts.site.fence)
        self.volume: Callable[[Position, Position | None], str] = lambda place, start: ""
        self.office = PlanOffice(
            parts.site,
            {DRONE: parts.drone},
            lambda: self.fence,
            protocol(),
            parts.commander,
            self.ledger,
            parts.arbiter.record,
            parts.events,
            parts.clock,
            lambda drone, place, height_m, start: self.volume(place, start),
        )
        self.count = 0
        self.shows()

    # -- the vehicle ---------------------------------------------------------------------------
    def _hear(self, message: Any) -> None:
        kind = message.get_type()
        if kind == "MISSION_COUNT":
            self.modes_at_upload.append(self.mode)
        self._plans(message)
        if kind == "MISSION_SET_CURRENT":
            self.seq = message.seq
            self.shows()
        if kind not in ("COMMAND_LONG", "COMMAND_INT"):
            return
        command = message.command
        self.orders.append(command)
        if command in self.unknown:
            self.parts.peer.says(ack(command, 3))
        elif command in self.refuses:
            self.parts.peer.says(text(self.refuses[command]), ack(command, 4))
        else:
            self.parts.peer.says(ack(command, 0))
            if command not in self.does_nothing:
                self._do(message)

    def _do(self, message: Any) -> None:
        if message.command == START:
            self.mode = PX4_MISSION if self.px4 else AUTO
        elif message.command == SET_CURRENT:
            self.seq = int(message.param1)
        elif message.command == REPOSITION:  # to where it is: PX4's hold
            self.mode = PX4_HOLD
        elif self.px4:
            self.mode = int(message.param2) << 16 | int(message.param3) << 24
        else:
            self.mode = int(message.param2)
        flying = self.mode in (AUTO, PX4_MISSION)
        self.state = ACTIVE if flying else (PAUSED if self.state == ACTIVE else self.state)
        self.shows()

    def shows(self, *, in_air: bool = True) -> None:
        """What it sends by itself each second."""
        peer = self.parts.peer
        beat = heartbeat(self.mode, armed=in_air)
        beat.autopilot = 12 if self.px4 else 3
        landed = dialect.MAV_LANDED_STATE_IN_AIR if in_air else dialect.MAV_LANDED_STATE_ON_GROUND
        up_m = self.height_m if in_air else 0.0
        peer.says(
            beat,
            motion(self.place.lat_deg, self.place.lon_deg, up_m),
            dialect.MAVLink_extended_sys_state_message(0, landed),
        )
        self.parts.drone.phase = judge(self.parts.drone.shown())
        self.tells()

    def tells(self) -> None:
        """MISSION_CURRENT."""
        total = len(self.vehicle.held[MISSION])
        state = 0 if self.silent_state else self.state
        self.parts.peer.says(dialect.MAVLink_mission_current_message(self.seq, total, state, 0))

    # -- the desk ------------------------------------------------------------------------------
    def at(self, bearing: float, metres: float) -> Position:
        return offset(self.parts.drone.dock.position, bearing, metres)

    def plan(self, *bearings: float, height_m: float = 40.0) -> FlightPlan:
        return FlightPlan(
            "round", tuple(PlanItem(self.at(b, 80.0), height_m, 2.0) for b in bearings)
        )

    def order(self, kind: CommandKind = CommandKind.PLAN, **more: Any) -> Command:
        self.count += 1
        now = self.parts.clock.utc_ms()
        epoch = self.parts.record.epoch
        person, desk = A.person, A.desk
        return Command(
            f"c{self.count}", kind, DRONE, person, desk, epoch, now, now + 10_000, **more
        )

    async def run(self, command: Command) -> list[Receipt]:
        """Carry it out; its receipts."""
        self.ledger.open(command)
        assert self.office.reasons_against(self.parts.drone, command) == ()
        await self.office.carry_out(self.parts.drone, command)
        await self.parts.settle()
        return self.receipts(command)

    def receipts(self, command: Command) -> list[Receipt]:
        found = [e.receipt for e in self.parts.streams.events if e.receipt]
        return [r for r in found if r.command_id == command.id]

    def reasons(self, command: Command) -> tuple[str, ...]:
        return self.office.reasons_against(self.parts.drone, command)

    def state_now(self) -> PlanState:
        return self.office.report(DRONE).state

    async def taken(self) -> None:
        """Pilot B takes the drone over."""
        await self.parts.given(B)


@asynccontextmanager
async def planned(*, px4: bool = False) -> AsyncIterator[Planned]:
    async with stage() as parts:
        parts.leases.renew(A.person, A.desk)
        await parts.arbiter.change(
            DRONE, Stimulus(ControlEvent.TAKE, 0, by=A, epoch=parts.record.epoch)
        )
        yield Planned(parts, px4=px4)
