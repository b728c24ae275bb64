"""A launch, step by step: arm, take-off, climb, transit. Each step is seen at the
vehicle before the next is asked for; a hold or anything else that intervenes ends it.
"""

import asyncio
from collections.abc import Callable

from gcs.control.stimulus import held_by
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.drone import Drone, transit_s
from gcs.gateway.gate import LaunchGate, goal
from gcs.gateway.ledger import Ledger
from gcs.gateway.orders import LATE_EFFECT_S
from gcs.gateway.phase import MOVING_MPS, Stage, on_ground
from gcs.link.autopilot import Order, Step
from gcs.link.commands import Commander
from gcs.link.parameters import ParameterReader
from gcs.model.command import Command, ReceiptState
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import Phase
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

STEP_S = 4.0
SETS_OUT_S = 10.0
THERE_M = 2.5
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
        gate: LaunchGate | None = None,
    ) -> None:
        self._gate = gate or LaunchGate(bus, subjects, site, parameters)
        self._arbiter = arbiter
        self._commander = commander
        self._ledger = ledger

    async def reasons_against(self, drone: Drone, command: Command, by: Holder) -> tuple[str, ...]:
        """Every reason against the launch, by the gate."""
        return await self._gate.reasons_against(drone, command, by)

    def override(self, drone: Drone) -> str:
        """What a supervisor waived for this launch, in words; empty = nothing."""
        return self._gate.override(drone.id)

    # -- the flight ----------------------------------------------------------------------------
    async def fly(self, drone: Drone, command: Command, epoch: int) -> None:
        """From the dock to the scene, under this epoch of the launcher's control.

        Receipts: ACKED at take-off, OBSERVED when it is seen on the way.
        """
        target, height_m = goal(command)
        self._gate.begun(drone.id)
        try:
            await self._climb(drone, command, height_m, epoch)
            seen = await self._set_out(drone, command, target, height_m, epoch)
        except _Stopped as stop:
            drone.forget_errand()
            self._tell(command, ReceiptState.FAILED, stop.text, stop.reasons)
            return
        except asyncio.CancelledError as stop:  # the errand is whoever's who stopped it
            why = str(stop.args[0]) if stop.args else "the gateway ends"
            self._tell(command, ReceiptState.FAILED, f"the launch was stopped: {why}")
            raise
        if seen:
            await self._arrive(drone, target)
        else:
            drone.forget_errand()

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
    ) -> bool:
        """Whether it was seen to set out: that it took the order shows nothing yet."""
        drone.target = target
        await self._order(
            drone, drone.autopilot.reposition(target, height_m), epoch, lambda: _under_way(drone)
        )
        drone.stage = Stage.TRANSIT

        def gone() -> bool:
            metres = drone.distance_to_m(target)
            there = metres is not None and metres <= THERE_M
            return drone.mode in drone.autopilot.moves_in and (there or _under_way(drone))

        def over() -> bool:
            return gone() or drone.mode not in drone.autopilot.climbs_in | drone.autopilot.moves_in

        await drone.vehicle.until(over, SETS_OUT_S)
        words = f"airborne at {height_m:.0f} m"
        if gone():
            self._tell(command, ReceiptState.OBSERVED, f"{words}, on the way to the scene")
            return True
        mode = drone.mode_and_word[1] or "no known mode"
        but = f"{words}; setting out for the scene was not seen at the vehicle, it is in {mode}"
        self._tell(command, ReceiptState.NOT_OBSERVED, but)
        return False

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
        if not (answer.open and await drone.vehicle.until(shown, LATE_EFFECT_S)):
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
