"""A launch, step by step: gate, control, arm, take-off, climb, transit. Each step is seen at the
vehicle before the next is asked for; a hold or anything else that intervenes ends it.
"""

import asyncio
from collections.abc import Callable

from gcs.control.machine import held_by
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.drone import Drone, transit_s
from gcs.gateway.launch import LaunchFacts, reasons_against
from gcs.gateway.ledger import Ledger
from gcs.gateway.phase import MOVING_MPS, Stage, on_ground
from gcs.link.autopilot import Order, Step
from gcs.link.commands import Commander
from gcs.link.parameters import ParameterReader
from gcs.link.reports import Gnss, Motion, SystemStatus, Wind
from gcs.model.command import Command, ReceiptState
from gcs.model.mission import KeeperReply, LaunchAuthorisation
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import Phase
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

# What the gate weighs of the vehicle's own word, sent at least once a second each.
WEIGHED = {Motion: "position", SystemStatus: "state of health", Gnss: "GNSS fix"}
KEEPER_S = 1.5
STEP_S = 4.0
SLOWEST_CLIMB_MPS = 1.0
AT_HEIGHT = 0.95


class _Stopped(Exception):
    """The launch goes no further: what happened, and the vehicle's own reasons."""

    def __init__(self, text: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.reasons = reasons


class Launcher:
    """Launches drones for incidents."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        site: Site,
        arbiter: Arbiter,
        commander: Commander,
        parameters: ParameterReader,
        ledger: Ledger,
    ) -> None:
        self._bus = bus
        self._subjects = subjects
        self._site = site
        self._arbiter = arbiter
        self._commander = commander
        self._parameters = parameters
        self._ledger = ledger

    # -- the gate ------------------------------------------------------------------------------
    async def reasons_against(self, drone: Drone, command: Command, by: Holder) -> tuple[str, ...]:
        """Every reason against the launch; the settings are read from the vehicle now."""
        settings, keeper_refusal = await asyncio.gather(
            self._parameters.safety(drone.vehicle, drone.autopilot.safety_parameters),
            self._ask_keeper(command, by),
        )
        beat, motion = drone.heartbeat, drone.motion
        gnss, wind = drone.vehicle.value(Gnss), drone.vehicle.value(Wind)
        target, height_m = _goal(command)
        facts = LaunchFacts(
            phase=drone.phase,
            supported=beat is None or drone.autopilot.known,
            ready=drone.ready,
            not_ready_because=tuple(drone.not_ready),
            gnss_fix=gnss is not None and gnss.fix_3d,
            battery_percent=drone.battery_percent,
            wind_mps=wind.speed_mps if wind else None,
            settings=settings,
            required_return_height_m=drone.return_height_m,
            fence_active=drone.fence_active,
            failsafe=drone.failsafe,
            roof_m=drone.dock.roof_height_m,
            start=motion.position if motion else None,
            target=target,
            height_m=height_m,
            keeper_refusal=keeper_refusal,
            ages_s=tuple((word, drone.vehicle.age_s(kind)) for kind, word in WEIGHED.items()),
        )
        return reasons_against(facts, self._site.safety, self._site.fence)

    async def _ask_keeper(self, command: Command, by: Holder) -> str:
        gateway = self._site.gateway
        question = LaunchAuthorisation(
            command.id, gateway, command.drone, by, command.incident or ""
        )
        subject = self._subjects.authorise_launch(gateway)
        try:
            reply = await self._bus.request(subject, question, KeeperReply, KEEPER_S)
        except (NoAnswer, BadMessage):
            return "the keeper does not answer: launches are refused"
        return "" if reply.ok else reply.text

    # -- the flight ----------------------------------------------------------------------------
    async def fly(self, drone: Drone, command: Command, epoch: int) -> None:
        """From the dock to the scene, under this epoch of the launcher's control.

        Receipts: ACKED at take-off, OBSERVED on the way.
        """
        target, height_m = _goal(command)
        try:
            await self._climb(drone, command, height_m, epoch)
            await self._set_out(drone, command, target, height_m, epoch)
        except _Stopped as stop:
            drone.forget_errand()
            self._tell(command, ReceiptState.FAILED, stop.text, stop.reasons)
            return
        except asyncio.CancelledError as stop:  # the errand is whoever's who stopped it
            why = str(stop.args[0]) if stop.args else "the gateway ends"
            self._tell(command, ReceiptState.FAILED, f"the launch was stopped: {why}")
            raise
        await self._arrive(drone, target)

    async def _climb(self, drone: Drone, command: Command, height_m: float, epoch: int) -> None:
        """The autopilot's own steps, then up to the height."""
        *before, last = drone.autopilot.take_off_steps(height_m)
        for step in before:
            await self._take(drone, step, epoch)
        drone.stage = Stage.CLIMB
        await self._take(drone, last, epoch)
        self._tell(command, ReceiptState.ACKED, f"armed, climbing to {height_m:.0f} m")
        longest_s = 15.0 + height_m / SLOWEST_CLIMB_MPS

        def high() -> bool:
            motion = drone.motion
            return motion is not None and motion.relative_m >= AT_HEIGHT * height_m

        await self._see(drone, high, longest_s, f"{height_m:.0f} m")

    async def _take(self, drone: Drone, step: Step, epoch: int) -> None:
        """One step of the take-off, seen at the vehicle before the next."""

        def shown() -> bool:
            return _shows(drone, step)

        if step.needless and shown():
            return
        await self._order(drone, step.order, epoch, shown)
        if not step.airborne:  # that is seen by the climb itself
            await self._see(drone, shown, STEP_S, step.words)

    async def _set_out(
        self, drone: Drone, command: Command, target: Position, height_m: float, epoch: int
    ) -> None:
        drone.target = target
        await self._order(
            drone, drone.autopilot.reposition(target, height_m), epoch, lambda: _under_way(drone)
        )
        drone.stage = Stage.TRANSIT
        self._tell(
            command, ReceiptState.OBSERVED, f"airborne at {height_m:.0f} m, on the way to the scene"
        )

    async def _arrive(self, drone: Drone, target: Position) -> None:
        metres = drone.distance_to_m(target) or 0.0

        def over() -> bool:
            return drone.phase is Phase.ON_SCENE or drone.mode not in drone.autopilot.moves_in

        await drone.vehicle.until(over, transit_s(metres))
        drone.forget_errand()

    async def _order(
        self, drone: Drone, order: Order, epoch: int, shown: Callable[[], bool]
    ) -> None:
        """Give an order. Unanswered, it counts as taken when the vehicle shows it."""

        def wanted() -> bool:
            stopped = drone.stage is Stage.CLIMB and drone.mode not in drone.autopilot.climbs_in
            return not self._lost(drone, epoch) and not stopped

        answer = await self._commander.execute(drone.vehicle, order, wanted)
        if answer.accepted:
            return
        lost = self._lost(drone, epoch)
        if lost:
            raise _Stopped(f"the launch was stopped: {lost}")
        if answer.answered or not shown():
            raise _Stopped(f"{order.words}: {answer.words}", answer.reasons)

    def _lost(self, drone: Drone, epoch: int) -> str:
        """Why the launch is nobody's any more; empty while its launcher is in control.

        Who takes over in the climb gets a drone that hovers, not one that flies off by itself.
        """
        record = self._arbiter.record(drone.id)
        if record.epoch != epoch:
            return f"control changed hands: {held_by(record)}"
        return "" if self._arbiter.attended(drone.id) else "the desk that ordered it is gone"

    async def _see(
        self, drone: Drone, holds: Callable[[], bool], timeout_s: float, what: str
    ) -> None:
        climbing, was_armed = drone.stage is Stage.CLIMB, drone.armed

        def intervened() -> bool:
            left = drone.mode not in drone.autopilot.climbs_in or (was_armed and not drone.armed)
            return climbing and left

        await drone.vehicle.until(lambda: holds() or intervened(), timeout_s)
        if intervened():
            raise _Stopped(f"the launch was stopped: the vehicle is in {drone.mode_and_word[1]}")
        if not holds():
            raise _Stopped(f"{what} was not seen at the vehicle", tuple(drone.not_ready))

    def _tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        self._ledger.tell(command, state, text, reasons, incident=command.incident)


def _shows(drone: Drone, step: Step) -> bool:
    return (
        (step.mode is None or drone.mode is step.mode)
        and (drone.armed or not step.armed)
        and not (step.airborne and on_ground(drone.shown()))
    )


def _under_way(drone: Drone) -> bool:
    return drone.motion is not None and drone.motion.ground_speed_mps > MOVING_MPS


def _goal(command: Command) -> tuple[Position, float]:
    if command.target is None or command.height_m is None:
        raise ValueError(f"command {command.id}: a launch needs target and height_m")
    return command.target, command.height_m
