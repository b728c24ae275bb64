"""What a vehicle that flies is told: hold, return, land, go to, orbit, speed, height.

Each is sent, answered, then seen at the vehicle or not. A speed shows only while it moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gcs.gateway.circle import orbit, rim
from gcs.gateway.drone import COMING_DOWN, Drone, transit_s
from gcs.gateway.geofence import against_height, against_place
from gcs.gateway.ledger import Ledger
from gcs.gateway.orbiter import Orbiter
from gcs.gateway.orders import Orders
from gcs.gateway.phase import MOVING_MPS, Stage
from gcs.link.autopilot import Autopilot, Circle, Order
from gcs.link.commands import Commander
from gcs.model.command import Command, CommandKind
from gcs.model.control import ControlRecord
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.site import Fence, Site
from gcs.model.telemetry import FlightMode, Phase

ARRIVED_M = 2.5
HEIGHT_M = 2.0
SETS_OUT_S = 10.0
SPEED_S = 15.0
SPEED_SHARE = 0.2

_NOT_MOVABLE = frozenset({Phase.SILENT, Phase.DOCKED, Phase.LANDED, Phase.ARMED, Phase.LANDING})


@dataclass(frozen=True, slots=True)
class _AtOnce:
    """An order without a target: how it is given, and what shows that it is done."""

    order: Callable[[Autopilot], Order]
    seen: Callable[[Drone], bool]
    words: str
    observe_s: float


_AT_ONCE: dict[CommandKind, _AtOnce] = {
    CommandKind.HOLD: _AtOnce(
        lambda a: a.hold(), lambda d: d.mode is FlightMode.HOLD and d.still, "holding", 12.0
    ),
    CommandKind.RETURN: _AtOnce(
        lambda a: a.return_home(), lambda d: d.mode is FlightMode.RETURN, "returning", 5.0
    ),
    CommandKind.LAND: _AtOnce(
        lambda a: a.land(), lambda d: d.mode is FlightMode.LAND, "landing", 5.0
    ),
}


Volumes = Callable[[Drone, Position, float, Position], str]


class Mover:
    """Carries out commands to a drone in the air.

    `fence_plan` tells the fence in force, `volumes(drone, place, height_m, start)` why a place or
    the way there lies outside of what an authority allows now, empty = it does not.
    """

    def __init__(
        self,
        site: Site,
        commander: Commander,
        ledger: Ledger,
        record: Callable[[str], ControlRecord],
        fence_plan: Callable[[], FencePlan | Fence] | None = None,
        volumes: Volumes = lambda drone, place, height_m, start: "",
    ) -> None:
        self._site = site
        self._ledger = ledger
        self._record = record
        self._fence_plan = fence_plan or (lambda: site.fence)
        self._volumes = volumes
        self._commander = commander
        self._orders = Orders(commander, ledger, record)
        self._orbiter = Orbiter(self._orders)
        self._moves: dict[CommandKind, Callable[[Drone, Command], _Move]] = {
            CommandKind.GO_TO: self._straight,
            CommandKind.ORBIT: self._round,
            CommandKind.HEIGHT: self._height,
            CommandKind.SPEED: self._speed,
        }

    async def at_once(self, drone: Drone, command: Command) -> None:
        """Hold, return or land."""
        act = _AT_ONCE[command.kind]
        with self._ledger.told_if_stopped(command, self._record(command.drone).incident):
            given = await self._orders.give(drone, command, act.order(drone.autopilot), act.seen)
            if given is not None:
                seen = await drone.vehicle.until(
                    lambda: given.fresh() and act.seen(drone), act.observe_s
                )
                self._orders.finish(drone, command, given, seen, act.words)

    async def halt(self, drone: Drone) -> None:
        """Hold, of the gateway's own accord; one that comes down is left to it."""
        drone.forget_errand()
        order = drone.autopilot.hold()
        await self._commander.execute(
            drone.vehicle, order, lambda: drone.mode not in COMING_DOWN and not drone.failsafe
        )

    def slot(self, drone: Drone, command: Command) -> str:
        """What of the drone the command takes: a change of speed leaves its way as it is."""
        alone = command.kind is CommandKind.SPEED and drone.circle is None
        return f"{drone.id} speed" if alone else drone.id

    # -- moves ---------------------------------------------------------------------------------
    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why a move is refused; empty when it may go."""
        reasons = []
        if drone.phase in _NOT_MOVABLE:
            reasons.append(f"{drone.id} is {drone.phase.value.replace('_', ' ')}")
        if drone.failsafe:
            reasons.append("the vehicle is in a failsafe")
        if drone.motion is None:
            return (*reasons, f"the position of {drone.id} is not known")
        move = self._moves[command.kind](drone, command)
        start: Position = drone.motion.position
        for place in move.way:
            reasons += against_place(self._fence_plan(), place, move.height_m, start)
            volume = self._volumes(drone, place, move.height_m, start)
            reasons += [volume] if volume else []
            start = place
        if move.way:
            roof_m, most_m = drone.dock.roof_height_m, self._site.safety.max_height_agl_m
            reasons += against_height(move.height_m, roof_m, most_m)
        return tuple(dict.fromkeys(reasons))

    def begin(self, drone: Drone, command: Command) -> None:
        """Note the errand, before the move is carried out."""
        move = self._moves[command.kind](drone, command)
        if move.stage is not None:
            drone.stage, drone.target, drone.circle = move.stage, move.target, move.circle

    async def move(self, drone: Drone, command: Command) -> None:
        """Carry a move out, to its final receipt and, for an orbit, beyond."""
        move = self._moves[command.kind](drone, command)
        with self._ledger.told_if_stopped(command, self._record(command.drone).incident):
            if move.circle is not None:
                await self._orbiter.fly(drone, command, move.circle)
            elif move.target is not None:
                await self._fly_to(drone, command, move.target, move.height_m)
            else:
                await self._change_speed(drone, command)

    async def _fly_to(
        self, drone: Drone, command: Command, target: Position, height_m: float
    ) -> None:
        def there() -> bool:
            metres, motion = drone.distance_to_m(target), drone.motion
            if metres is None or motion is None:
                return False
            return metres <= ARRIVED_M and abs(motion.relative_m - height_m) <= HEIGHT_M

        def goes(now: Drone) -> bool:
            motion = now.motion
            moves = motion is not None and (
                motion.ground_speed_mps > MOVING_MPS or abs(motion.climb_mps) > MOVING_MPS / 2
            )
            return now.mode in now.autopilot.moves_in and (moves or there())

        def left() -> bool:
            return drone.mode not in (FlightMode.GUIDED, FlightMode.HOLD)

        order = drone.autopilot.reposition(target, height_m)
        given = await self._orders.give(drone, command, order, goes)
        if given is not None:
            await drone.vehicle.until(
                lambda: given.fresh() and (goes(drone) or drone.mode in COMING_DOWN), SETS_OUT_S
            )
            if goes(drone):
                metres = drone.distance_to_m(target) or 0.0
                climb_m = abs(drone.motion.relative_m - height_m) if drone.motion else 0.0
                longest_s = transit_s(metres) + climb_m
                await drone.vehicle.until(lambda: there() or left(), longest_s)
            self._orders.finish(drone, command, given, there(), "at the target")
        drone.forget_errand()

    async def _change_speed(self, drone: Drone, command: Command) -> None:
        wanted = command.speed_mps or 0.0

        def shown(now: Drone) -> bool:
            motion = now.motion
            if motion is None or motion.ground_speed_mps <= MOVING_MPS:
                return False
            return abs(motion.ground_speed_mps - wanted) <= SPEED_SHARE * wanted

        order = drone.autopilot.speed(wanted)
        given = await self._orders.give(drone, command, order, shown)
        if given is None:
            return
        moved = drone.stage is not Stage.NOTHING
        seen = moved and await drone.vehicle.until(lambda: given.fresh() and shown(drone), SPEED_S)
        but = f"{wanted:g} m/s: taken by {drone.id}, which shows its speed only while it moves"
        self._orders.finish(drone, command, given, seen, f"flying {wanted:g} m/s", but)

    # -- what each kind amounts to -------------------------------------------------------------
    def _straight(self, drone: Drone, command: Command) -> "_Move":
        target, height_m = command.target, command.height_m or 0.0
        way = () if target is None else (target,)
        return _Move(Stage.MOVE, height_m, target, way)

    def _round(self, drone: Drone, command: Command) -> "_Move":
        if command.target is None or drone.motion is None:
            return _Move(None, 0.0)
        height_m, radius_m = command.height_m or 0.0, command.radius_m or 0.0
        return self._circling(drone, orbit(command.target, height_m, radius_m, command.speed_mps))

    def _circling(self, drone: Drone, circle: Circle) -> "_Move":
        way = rim(circle, drone.motion.position) if drone.motion else ()
        return _Move(Stage.ORBIT, circle.height_m, circle.centre, way, circle)

    def _height(self, drone: Drone, command: Command) -> "_Move":
        """Higher or lower on the way it is on, or where it is."""
        height_m = command.height_m or 0.0
        if drone.circle is not None:
            return self._circling(drone, replace(drone.circle, height_m=height_m))
        here = drone.motion.position if drone.motion else None
        target = drone.target or here
        return _Move(Stage.MOVE, height_m, target, () if target is None else (target,))

    def _speed(self, drone: Drone, command: Command) -> "_Move":
        """Of an orbit: the orbit anew, since its order carries its speed."""
        circle = drone.circle
        if circle is None or command.speed_mps is None:
            return _Move(None, 0.0)
        anew = orbit(circle.centre, circle.height_m, circle.radius_m, command.speed_mps)
        return self._circling(drone, anew)


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a command leads: `way` is every place to be checked, in order."""

    stage: Stage | None
    height_m: float
    target: Position | None = None
    way: tuple[Position, ...] = ()
    circle: Circle | None = None
