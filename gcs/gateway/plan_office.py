"""Flight plans of drones in the air: checked, uploaded, read back, flown, paused, resumed.

A plan never takes off and never lands: after its last point the drone holds. Whoever loses
control while a plan is uploaded does not see it start.
"""

from collections.abc import Awaitable, Callable

from gcs.control.guards import muted_by
from gcs.gateway.drone import COMING_DOWN, Drone
from gcs.gateway.events import EventLog
from gcs.gateway.ledger import Ledger
from gcs.gateway.plan_check import Volumes, against_plan, against_state
from gcs.gateway.plan_course import Course, flies
from gcs.gateway.spread import spread
from gcs.link.autopilot import Order
from gcs.link.commands import RESULT_WORDS, Answer, Commander
from gcs.link.mavlink import dialect
from gcs.link.mission_protocol import MissionProtocol, set_current
from gcs.link.plan_items import WirePlan, plan_items
from gcs.link.plan_reports import PlanProgress
from gcs.link.wire_items import MISSION, differences
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import ControlRecord
from gcs.model.event import EventKind
from gcs.model.fence import FencePlan
from gcs.model.plan import FlightPlan, PlanState
from gcs.model.site import Site
from gcs.model.telemetry import FlightMode
from gcs.model.vehicle import PlanReport
from gcs.runtime.clock import Clock

LOOK_S = 0.5
SHOWN_S = 6.0
HELD_S = 12.0
HELD_MPS = 0.7
_S = ReceiptState
_UNKNOWN = RESULT_WORDS[dialect.MAV_RESULT_UNSUPPORTED]
_TOLD = frozenset({PlanState.FLYING, PlanState.PAUSED, PlanState.COMPLETE})

Work = Callable[[Drone, Command, Callable[[], bool]], Awaitable[None]]


class _Stopped(Exception):
    """It goes no further: what happened, and the vehicle's own reasons."""

    def __init__(self, text: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.reasons = reasons


class PlanOffice:
    """A `CommandHandler` for the four commands on plans. `run` tells what becomes of them."""

    kinds = frozenset(
        {
            CommandKind.PLAN,
            CommandKind.PLAN_PAUSE,
            CommandKind.PLAN_RESUME,
            CommandKind.PLAN_ITEM,
        }
    )

    def __init__(
        self,
        site: Site,
        drones: dict[str, Drone],
        fence: Callable[[], FencePlan],
        protocol: MissionProtocol,
        commander: Commander,
        ledger: Ledger,
        record: Callable[[str], ControlRecord],
        events: EventLog,
        clock: Clock,
        volumes: Volumes = lambda drone, place, height_m, start: "",
    ) -> None:
        self._site = site
        self._drones = drones
        self._fence = fence
        self._protocol = protocol
        self._commander = commander
        self._ledger = ledger
        self._record = record
        self._events = events
        self._clock = clock
        self._volumes = volumes
        self._courses = {drone: Course() for drone in drones}
        self._work: dict[CommandKind, Work] = {
            CommandKind.PLAN: self._fly,
            CommandKind.PLAN_PAUSE: self._pause,
            CommandKind.PLAN_RESUME: self._resume,
            CommandKind.PLAN_ITEM: self._skip,
        }

    # -- what is asked of it -------------------------------------------------------------------
    def report(self, drone: str) -> PlanReport:
        """Where a drone is with its plan."""
        course, known = self._courses[drone], self._drones[drone]
        course.look(known)
        return course.report(known)

    def plan(self, drone: str) -> FlightPlan | None:
        """What was sent to a drone last, whatever became of it."""
        return self._courses[drone].plan

    def slot(self, command: Command) -> str:
        """The flight's own: a hold or a return ends it."""
        return command.drone

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why it is refused; empty when it may go."""
        reasons = against_state(drone)
        course = self._courses[drone.id]
        course.look(drone)
        if command.kind is CommandKind.PLAN:
            if command.plan is None:
                return ("a plan is needed",)
            return (*reasons, *self._against(drone, command.plan, 1))
        if not course.on_board or course.plan is None:
            return (*reasons, f"{drone.id} has no plan of this gateway on board")
        if command.kind is CommandKind.PLAN_PAUSE:
            if course.state is not PlanState.FLYING:
                reasons.append(f"{drone.id} is not flying its plan: it is {course.state.value}")
            return tuple(reasons)
        first = command.item if command.kind is CommandKind.PLAN_ITEM else course.current(drone)
        if first is None or first > len(course.plan.items):
            return (*reasons, f"the plan has {len(course.plan.items)} points")
        if command.kind is CommandKind.PLAN_RESUME and course.state is not PlanState.PAUSED:
            reasons.append(f"the plan is not paused: it is {course.state.value}")
        return (*reasons, *self._against(drone, course.plan, max(1, first)))

    async def carry_out(self, drone: Drone, command: Command) -> None:
        """Do it; every later receipt comes from here."""
        incident = self._record(drone.id).incident
        course = self._courses[drone.id]
        with self._ledger.told_if_stopped(command, incident):
            try:
                await self._work[command.kind](drone, command, self._wanted(drone, command))
            except _Stopped as stop:
                self._tell(command, _S.FAILED, stop.text, stop.reasons)
                if course.state is PlanState.UPLOADING:
                    course.failed(stop.text)
            finally:
                if course.state is PlanState.UPLOADING:
                    course.failed("the upload was stopped")

    async def run(self) -> None:
        """Tell, as events, what the vehicles show of their plans."""
        told: dict[str, PlanState] = {}
        async for _, some in spread(tuple(self._drones.values()), LOOK_S):
            for drone in some:
                report = self.report(drone.id)
                before = told.get(drone.id, PlanState.NONE)
                told[drone.id] = report.state
                if report.state is not before and report.state in _TOLD:
                    self._announce(drone, report)

    def _announce(self, drone: Drone, report: PlanReport) -> None:
        where = f", at point {report.current} of {report.items}" if report.current else ""
        text = f"{drone.id}: plan {report.name or 'on board'} is {report.state.value}{where}"
        self._events.add(EventKind.PLAN, drone.id, text, incident=self._record(drone.id).incident)

    # -- the four commands ---------------------------------------------------------------------
    async def _fly(self, drone: Drone, command: Command, wanted: Callable[[], bool]) -> None:
        plan, course = command.plan, self._courses[drone.id]
        if plan is None:
            return
        if drone.mode is FlightMode.PLAN:  # a plan that is changed is flown on at once
            await self._hold(drone, wanted)
        drone.forget_errand()
        course.uploading(plan)
        wire = plan_items(plan, drone.dock.position, home_is_item_0=drone.autopilot.home_is_item_0)
        await self._bring(drone, wire, wanted)
        course.loaded(wire)
        count = len(plan.items)
        points = f"{count} point{'s' if count != 1 else ''}"
        self._tell(command, _S.ACKED, f"the plan of {points} is on board and reads back the same")
        changed = self._against(drone, plan, 1)  # the fence, or the drone's place, may have
        if changed:
            raise _Stopped("the plan is on board and not started", tuple(changed))
        if drone.autopilot.home_is_item_0:  # else it goes on at the old plan's point
            await self._order(drone, drone.autopilot.plan_item(wire.seq(1)), wanted)
        await self._start(drone, command, drone.autopilot.start_plan(), wanted)

    async def _bring(self, drone: Drone, wire: WirePlan, wanted: Callable[[], bool]) -> None:
        sent = await self._protocol.upload(drone.vehicle, MISSION, wire.items, wanted)
        if not sent.ok and not sent.unsettled:
            raise _Stopped(f"upload: {self._why(wanted, sent.words)}", sent.reasons)
        await self._compare(drone, wire, wanted)

    async def _compare(self, drone: Drone, wire: WirePlan, wanted: Callable[[], bool]) -> None:
        """Another station may have uploaded meanwhile, or a reboot lost it."""
        held = await self._protocol.read(drone.vehicle, MISSION, wanted)
        if not held.ok:
            raise _Stopped(f"reading it back: {self._why(wanted, held.words)}", held.reasons)
        skip = drone.autopilot.home_is_item_0
        differs = differences(wire.items, held.items, skip_first=skip)
        if differs:
            raise _Stopped(f"the plan on board is not the one sent: {differs}")

    async def _pause(self, drone: Drone, command: Command, wanted: Callable[[], bool]) -> None:
        await self._hold(drone, wanted, lambda: self._acked(command, "hold"))
        at = self._courses[drone.id].current(drone)
        self._tell(command, _S.OBSERVED, f"the plan is paused before point {at}; {drone.id} holds")

    async def _resume(self, drone: Drone, command: Command, wanted: Callable[[], bool]) -> None:
        wire = self._courses[drone.id].wire
        if wire is not None:
            await self._compare(drone, wire, wanted)
        await self._start(drone, command, drone.autopilot.resume_plan(), wanted)

    async def _skip(self, drone: Drone, command: Command, wanted: Callable[[], bool]) -> None:
        course, item = self._courses[drone.id], command.item
        if course.wire is None or item is None:
            return
        seq, begun_s = course.wire.seq(item), self._clock.monotonic()
        flying = course.state is PlanState.FLYING
        answer = await self._commander.execute(
            drone.vehicle, drone.autopilot.plan_item(seq), wanted
        )
        unheard = not answer.answered and wanted()
        if (unheard or answer.words == _UNKNOWN) and set_current(drone.vehicle, seq):
            answer = Answer(True, False, "sent as a message")  # that is not acknowledged
        if answer.accepted:
            (course.begun if flying else course.moved)(begun_s)
            self._acked(command, f"point {item}")

        def shown() -> bool:
            heard = drone.vehicle.last(PlanProgress)
            return heard is not None and heard.at_s >= begun_s and heard.value.seq == seq

        if not answer.accepted and not shown():
            raise _Stopped(f"point {item}: {self._why(wanted, answer.words)}", answer.reasons)
        if await drone.vehicle.until(shown, SHOWN_S):
            words = "flown to" if flying else "next"
            self._tell(command, _S.OBSERVED, f"point {item} is {words}")
        else:
            self._tell(command, _S.NOT_OBSERVED, f"point {item} is not shown as the current one")

    # -- steps ---------------------------------------------------------------------------------
    async def _hold(
        self,
        drone: Drone,
        wanted: Callable[[], bool],
        acked: Callable[[], None] = lambda: None,
    ) -> None:
        """Hold, and see it stand still."""

        def still() -> bool:
            motion = drone.motion
            slow = motion is not None and motion.ground_speed_mps < HELD_MPS
            return drone.mode is FlightMode.HOLD and slow

        await self._order(drone, drone.autopilot.hold(), wanted)
        acked()
        if not await drone.vehicle.until(still, HELD_S):
            raise _Stopped(f"hold was not seen; it is in {drone.mode_and_word[1]}")

    async def _start(
        self, drone: Drone, command: Command, order: Order, wanted: Callable[[], bool]
    ) -> None:
        course, begun_s = self._courses[drone.id], self._clock.monotonic()

        def shown() -> bool:
            course.look(drone)
            return flies(drone, begun_s) or course.state is PlanState.COMPLETE

        course.begun(begun_s)
        await self._order(drone, order, wanted)
        if await drone.vehicle.until(shown, SHOWN_S):
            at = course.current(drone)
            where = f", to point {at}" if at else ""
            self._tell(command, _S.OBSERVED, f"{drone.id} flies the plan{where}")
            return
        word = drone.mode_and_word[1] or "no known mode"
        text = f"the plan is not seen to be flown; {drone.id} is in {word}"
        self._tell(command, _S.NOT_OBSERVED, text)

    async def _order(self, drone: Drone, order: Order, wanted: Callable[[], bool]) -> None:
        """Give an order that must be taken."""
        answer = await self._commander.execute(drone.vehicle, order, wanted)
        if not answer.accepted:
            words = f"{order.words}: {self._why(wanted, answer.words)}"
            raise _Stopped(words, answer.reasons)

    # -- what speaks against -------------------------------------------------------------------
    def _against(self, drone: Drone, plan: FlightPlan, first: int) -> list[str]:
        return against_plan(drone, plan, self._fence(), self._site, self._volumes, first=first)

    def _wanted(self, drone: Drone, command: Command) -> Callable[[], bool]:
        """Whether more may be sent: its epoch stands, control is not being handed over, and
        since it was given the vehicle has not begun to come down by itself."""
        begun_in = drone.mode

        def wanted() -> bool:
            came_down = drone.mode in COMING_DOWN and drone.mode is not begun_in
            record = self._record(drone.id)
            muted = muted_by(command, record) is not None
            return record.epoch == command.epoch and not came_down and not muted

        return wanted

    def _why(self, wanted: Callable[[], bool], words: str) -> str:
        return words if wanted() else "control changed hands, or the vehicle has begun to come down"

    def _acked(self, command: Command, words: str) -> None:
        self._tell(command, _S.ACKED, f"{words}: accepted by {command.drone}")

    def _tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        incident = self._record(command.drone).incident
        self._ledger.tell(command, state, text, reasons, incident=incident)
