"""Hold, return, land and go-to at a vehicle that flies: sent, answered, then seen or not."""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.gateway.drone import COMING_DOWN, Drone, transit_s
from gcs.gateway.geofence import against_height, against_place
from gcs.gateway.ledger import Ledger
from gcs.link.autopilot import Autopilot, Order
from gcs.link.commands import Answer, Commander
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import ControlRecord
from gcs.model.site import Site
from gcs.model.telemetry import FlightMode, Phase

HELD_MPS = 0.7
ARRIVED_M = 2.5
HEIGHT_M = 2.0

_S = ReceiptState
_NOT_MOVABLE = frozenset({Phase.SILENT, Phase.DOCKED, Phase.LANDED, Phase.ARMED, Phase.LANDING})


@dataclass(frozen=True, slots=True)
class _AtOnce:
    """An order without a target: how it is given, and what shows that it is done."""

    order: Callable[[Autopilot], Order]
    seen: Callable[[Drone], bool]
    words: str
    observe_s: float


def _holds(drone: Drone) -> bool:
    still = drone.motion is not None and drone.motion.ground_speed_mps < HELD_MPS
    return drone.mode is FlightMode.HOLD and still


_AT_ONCE: dict[CommandKind, _AtOnce] = {
    CommandKind.HOLD: _AtOnce(lambda a: a.hold(), _holds, "holding", 12.0),
    CommandKind.RETURN: _AtOnce(
        lambda a: a.return_home(), lambda d: d.mode is FlightMode.RETURN, "returning", 5.0
    ),
    CommandKind.LAND: _AtOnce(
        lambda a: a.land(), lambda d: d.mode is FlightMode.LAND, "landing", 5.0
    ),
}


class Mover:
    """Carries out commands to a drone in the air."""

    def __init__(
        self,
        site: Site,
        commander: Commander,
        ledger: Ledger,
        record: Callable[[str], ControlRecord],
    ) -> None:
        self._site = site
        self._commander = commander
        self._ledger = ledger
        self._record = record

    async def at_once(self, drone: Drone, command: Command) -> None:
        """Hold, return or land."""
        act = _AT_ONCE[command.kind]
        with self._ledger.told_if_stopped(command, self._record(command.drone).incident):
            if await self._acked(drone, command, act.order(drone.autopilot), act.seen):
                seen = await drone.vehicle.until(lambda: act.seen(drone), act.observe_s)
                self._finish(drone, command, seen, act.words)

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why a go-to is refused; empty when it may go."""
        if command.target is None or command.height_m is None:
            return ("a target and a height are needed",)
        motion = drone.motion
        reasons = []
        if drone.phase in _NOT_MOVABLE:
            reasons.append(f"{drone.id} is {drone.phase.value.replace('_', ' ')}")
        if drone.failsafe:
            reasons.append("the vehicle is in a failsafe")
        start = motion.position if motion else None
        reasons += against_place(self._site.fence, command.target, command.height_m, start)
        roof_m, most_m = drone.dock.roof_height_m, self._site.safety.max_height_agl_m
        reasons += against_height(command.height_m, roof_m, most_m)
        return tuple(reasons)

    async def go_to(self, drone: Drone, command: Command) -> None:
        """Fly to the target and stay there."""
        target, height_m = command.target, command.height_m
        if target is None or height_m is None:
            return

        def there() -> bool:
            metres, motion = drone.distance_to_m(target), drone.motion
            if metres is None or motion is None:
                return False
            return metres <= ARRIVED_M and abs(motion.relative_m - height_m) <= HEIGHT_M

        def over() -> bool:
            return there() or drone.mode not in (FlightMode.GUIDED, FlightMode.HOLD)

        with self._ledger.told_if_stopped(command, self._record(command.drone).incident):
            order = drone.autopilot.reposition(target, height_m)
            if await self._acked(drone, command, order, lambda d: d.mode is FlightMode.GUIDED):
                metres = drone.distance_to_m(target) or 0.0
                climb_m = abs(drone.motion.relative_m - height_m) if drone.motion else 0.0
                await drone.vehicle.until(over, transit_s(metres) + climb_m)
                self._finish(drone, command, there(), "at the target")
            drone.forget_errand()

    async def _acked(
        self, drone: Drone, command: Command, order: Order, seen: Callable[[Drone], bool]
    ) -> bool:
        """Send; True when it was taken, or when no answer came but the vehicle shows it."""
        wanted = self._wanted(drone, command)
        answer: Answer = await self._commander.execute(drone.vehicle, order, wanted)
        if answer.accepted:
            self._tell(command, _S.ACKED, f"{order.words}: accepted by {drone.id}")
            return True
        if not answer.answered and seen(drone):
            return True
        self._tell(command, _S.FAILED, f"{order.words}: {answer.words}", answer.reasons)
        return False

    def _wanted(self, drone: Drone, command: Command) -> Callable[[], bool]:
        """Whether the order may still be sent: its epoch stands, and since it was given the
        vehicle has not begun to come down by itself."""
        begun_in = drone.mode

        def wanted() -> bool:
            came_down = drone.mode in COMING_DOWN and drone.mode is not begun_in
            return self._record(drone.id).epoch == command.epoch and not came_down

        return wanted

    def _finish(self, drone: Drone, command: Command, seen: bool, words: str) -> None:
        if seen:
            self._tell(command, _S.OBSERVED, f"{drone.id} is {words}")
            return
        word = drone.mode_and_word[1]
        text = f"{command.kind} not seen at the vehicle; it is in {word or 'no known mode'}"
        self._tell(command, _S.NOT_OBSERVED, text)

    def _tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        incident = self._record(command.drone).incident
        self._ledger.tell(command, state, text, reasons, incident=incident)
