"""Look at, gimbal, turning at a rate and zoom: sent, answered, then seen or not by what the
camera reports. It changes no mode and no target; what the drone is doing goes on.

By what the vehicle carries: a gimbal that pans is pointed; without one the nose turns, which is
said and is done only where the vehicle may be moved.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.gateway.aiming import Aiming, Plan
from gcs.gateway.camera_office import CameraOffice
from gcs.gateway.drone import Drone
from gcs.gateway.ledger import Ledger
from gcs.gateway.looks import camera_zoom, fresh, look_direction, shown
from gcs.gateway.rate_hold import LONGEST_S, RateHold
from gcs.link import gimbal_orders
from gcs.link.autopilot import Order
from gcs.link.camera import apart_deg
from gcs.link.commands import Answer, Commander
from gcs.link.reports import CameraSettings
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import ControlRecord
from gcs.model.function import Function

OBSERVE_S = 8.0
FOUND_S = 2.0  # the longest an order waits for a gimbal that has not answered yet
RATE_SEEN_S = 1.5
MOVED_DEG = 1.0
STILL_DEG = 0.5
STILL_S = 0.6
ZOOMED = 0.05
SETTINGS_EACH_S = 0.7
NO_SETTINGS_S = 2.5

_S = ReceiptState
_POINTING = "pointing"
_SLOTS: dict[CommandKind, str] = {
    CommandKind.LOOK_AT: _POINTING,
    CommandKind.GIMBAL: _POINTING,
    CommandKind.GIMBAL_RATE: _POINTING,
    CommandKind.ZOOM: "zoom",
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How it ended."""

    state: ReceiptState
    text: str


class Payload:
    """Carries out commands to a drone's camera: a `CommandHandler`."""

    kinds = frozenset(_SLOTS)

    def __init__(
        self,
        commander: Commander,
        ledger: Ledger,
        record: Callable[[str, Function], ControlRecord],
        office: CameraOffice,
        rates: RateHold,
    ) -> None:
        self._commander = commander
        self._ledger = ledger
        self._record = record
        self._office = office
        self._rates = rates
        self._aiming = Aiming(office)

    def slot(self, command: Command) -> str:
        """What of the drone the order takes: a newer one for the same takes its place."""
        return f"{command.drone} {_SLOTS[command.kind]}"

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why an order is refused; empty when it may be sent."""
        if command.kind is CommandKind.ZOOM:
            return self._against_zoom(drone, command.zoom or 1.0)
        return self._aiming.reasons_against(drone, command)

    async def carry_out(self, drone: Drone, command: Command) -> None:
        """Send it, and see whether the camera does it."""
        with self._ledger.told_if_stopped(command, self._incident(command)):
            if command.kind is CommandKind.ZOOM:
                outcome = await self._zoom(drone, command)
            elif command.kind is CommandKind.GIMBAL_RATE:
                outcome = await self._turn(drone, command)
            else:
                outcome = await self._point(drone, command)
            if outcome is not None:
                self._tell(command, outcome.state, outcome.text)

    # -- pointing --------------------------------------------------------------------------
    async def _point(self, drone: Drone, command: Command) -> _Outcome | None:
        await self._found(drone)
        reasons = self._aiming.reasons_against(drone, command)
        if reasons:
            return _Outcome(_S.FAILED, reasons[0])
        plan = self._aiming.plan(drone, command)
        self._rates.leave(drone.id)
        answer = await self._order(drone, command, plan)
        if not answer.accepted and (answer.answered or not plan.seen()):
            words = f"{plan.order.words}: {answer.words}"
            self._tell(command, _S.FAILED, words, answer.reasons)
            return None
        if answer.accepted:
            self._tell(command, _S.ACKED, f"{plan.order.words}: accepted by {drone.id}{plan.note}")
        if await drone.vehicle.until(plan.seen, OBSERVE_S):
            return _Outcome(_S.OBSERVED, plan.done)
        return _Outcome(_S.NOT_OBSERVED, f"{command.kind} not seen at the vehicle; {shown(drone)}")

    async def _order(self, drone: Drone, command: Command, plan: Plan) -> Answer:
        """The order; denied, the gimbal may obey another station by now: control is taken anew."""
        manager = plan.manager
        if manager is not None and not self._office.in_control(drone):
            await self._take_control(drone, command)
        answer = await self._execute(drone, command, plan.order)
        if manager is None or answer.accepted or not answer.answered:
            return answer
        self._office.note_control(drone, taken=False)
        if not await self._take_control(drone, command):
            return answer
        return await self._execute(drone, command, plan.order)

    async def _take_control(self, drone: Drone, command: Command) -> bool:
        manager = self._office.manager(drone)
        if manager is None:
            return False
        order = gimbal_orders.take_control(manager, self._office.station)
        answer = await self._execute(drone, command, order)
        self._office.note_control(drone, taken=answer.accepted)
        return answer.accepted

    async def _found(self, drone: Drone) -> None:
        """An order soon after the vehicle's start waits until its gimbal could answer."""
        if self._office.manager(drone) is None and self._office.searching(drone):
            await drone.vehicle.until(lambda: self._office.manager(drone) is not None, FOUND_S)

    # -- at a rate -------------------------------------------------------------------------
    async def _turn(self, drone: Drone, command: Command) -> _Outcome:
        await self._found(drone)
        reasons = self._aiming.reasons_against(drone, command)
        manager = self._office.manager(drone)
        if reasons or manager is None:
            return _Outcome(_S.FAILED, next(iter(reasons), f"no gimbal of {drone.id} answers"))
        if not self._office.in_control(drone):
            await self._take_control(drone, command)
        pitch_dps, yaw_dps = command.pitch_dps or 0.0, command.yaw_dps or 0.0
        before = look_direction(drone)
        sent = self._rates.hold(
            drone, manager, (pitch_dps, yaw_dps), lambda: self._wanted(drone, command)
        )
        if not sent:
            return _Outcome(_S.FAILED, "not sent: this gateway may not speak just now")
        if (pitch_dps, yaw_dps) == (0.0, 0.0):
            return await self._stands_still(drone)
        words = f"turns {pitch_dps:+.0f}°/s in pitch and {yaw_dps:+.0f}°/s in yaw"

        def moved() -> bool:
            now = look_direction(drone)
            return before is not None and now is not None and apart_deg(before, now) > MOVED_DEG

        if await drone.vehicle.until(moved, RATE_SEEN_S):
            text = f"the camera of {drone.id} {words}, for {LONGEST_S:.0f} s unless asked again"
            return _Outcome(_S.OBSERVED, text)
        return _Outcome(_S.NOT_OBSERVED, f"{command.kind} not seen at the vehicle; {shown(drone)}")

    async def _stands_still(self, drone: Drone) -> _Outcome:
        """Seen to stay where it is for a moment."""
        for _ in range(round(RATE_SEEN_S / STILL_S) + 1):
            before = look_direction(drone)
            await drone.vehicle.until(lambda: False, STILL_S)
            now = look_direction(drone)
            if before and now and apart_deg(before, now) < STILL_DEG:
                return _Outcome(_S.OBSERVED, f"the camera of {drone.id} stands still")
        return _Outcome(_S.NOT_OBSERVED, f"a still-stand was not seen; {shown(drone)}")

    # -- zoom ------------------------------------------------------------------------------
    def _against_zoom(self, drone: Drone, zoom: float) -> tuple[str, ...]:
        most = drone.spec.most_zoom
        if self._office.zooms(drone) is None and not self._office.searching(drone):
            return (f"no camera of {drone.id} says that it can zoom",)
        if most is None and zoom != 1.0:
            return (
                f"how far the camera of {drone.id} zooms is not known: "
                "its entry in the site file has no most_zoom",
            )
        if most is not None and zoom > most:
            return (f"the camera of {drone.id} zooms {most:g} times at most",)
        return ()

    async def _zoom(self, drone: Drone, command: Command) -> _Outcome | None:
        zoom, most = command.zoom or 1.0, drone.spec.most_zoom
        await drone.vehicle.until(lambda: self._office.zooms(drone) is not None, FOUND_S)
        component = self._office.zooms(drone)
        if component is None:
            return _Outcome(_S.FAILED, f"no camera of {drone.id} says that it can zoom")
        share = 0.0 if most is None else (zoom - 1.0) / (most - 1.0) * 100.0

        def zoomed() -> bool:
            now = camera_zoom(drone)
            return now is not None and fresh(drone, CameraSettings) and near(now)

        def near(now: float) -> bool:
            return abs(now - zoom) <= ZOOMED * zoom

        answer = await self._execute(drone, command, gimbal_orders.zoom(component, share))
        if answer.accepted:
            self._tell(command, _S.ACKED, f"zoom: accepted by {drone.id}")
        elif answer.answered or not zoomed():
            self._tell(command, _S.FAILED, f"zoom: {answer.words}", answer.reasons)
            return None
        if await self._watch_zoom(drone, component, zoomed):
            return _Outcome(_S.OBSERVED, f"the camera of {drone.id} is at zoom {zoom:g}")
        if not fresh(drone, CameraSettings):
            text = f"zoom accepted, not observed: the camera of {drone.id} does not report it"
            return _Outcome(_S.NOT_OBSERVED, text)
        return _Outcome(_S.NOT_OBSERVED, f"zoom not seen at the vehicle; {shown(drone)}")

    async def _watch_zoom(self, drone: Drone, component: int, zoomed: Callable[[], bool]) -> bool:
        """Whether it gets there; the camera is asked, for most tell their zoom only then."""
        left_s, unheard_s = OBSERVE_S, NO_SETTINGS_S
        while left_s > 0.0 and unheard_s > 0.0:
            self._office.ask_settings(drone, component)
            if await drone.vehicle.until(zoomed, min(SETTINGS_EACH_S, left_s)):
                return True
            left_s -= SETTINGS_EACH_S
            unheard_s = (
                NO_SETTINGS_S if fresh(drone, CameraSettings) else unheard_s - SETTINGS_EACH_S
            )
        return False

    # -- common ----------------------------------------------------------------------------
    async def _execute(self, drone: Drone, command: Command, order: Order) -> Answer:
        return await self._commander.execute(
            drone.vehicle, order, lambda: self._wanted(drone, command)
        )

    def _wanted(self, drone: Drone, command: Command) -> bool:
        return self._record(drone.id, Function.PAYLOAD).epoch == command.epoch

    def _incident(self, command: Command) -> str | None:
        return self._record(command.drone, Function.FLIGHT).incident

    def _tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        self._ledger.tell(command, state, text, reasons, incident=self._incident(command))


__all__ = ["Payload", "camera_zoom", "look_direction"]
