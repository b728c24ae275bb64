"""Orbits: by the autopilot's own order, or, where it has none, flown by the gateway in GUIDED.

A flown circle is a stream of points under the holder's epoch. It ends with the activity, with
the epoch, with the mode, and when nothing may be sent; the vehicle then stays where it was last
told to be (ArduCopter zeroes the velocity of a target that is 3 s old).
"""

import asyncio

from gcs.gateway.circle import Path, Turn, rim
from gcs.gateway.drone import Drone, transit_s
from gcs.gateway.orders import Given, Orders
from gcs.gateway.phase import MOVING_MPS, Stage
from gcs.gateway.ticker import every
from gcs.geo.earth import distance_m
from gcs.link.autopilot import Circle
from gcs.link.order_packet import aim_packet
from gcs.model.command import Command
from gcs.model.telemetry import FlightMode

AIM_S = 0.2
AT_RIM_M = 4.0
HEIGHT_M = 2.0
FIRST_TURN_S = 30.0
MODE_S = 3.0


class Orbiter:
    """Flies orbits. The receipt is final once it goes round; the orbit goes on after it."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    async def fly(self, drone: Drone, command: Command, circle: Circle) -> None:
        """From wherever it is."""
        if drone.autopilot.flies_circles:
            await self._by_itself(drone, command, circle)
        else:
            await self._by_points(drone, command, circle)

    async def _by_itself(self, drone: Drone, command: Command, circle: Circle) -> None:
        order, turn = drone.autopilot.orbit(circle), Turn(circle)
        given = await self._orders.give(
            drone, command, order, lambda d: d.mode is FlightMode.PLAN and _moves(d)
        )
        if given is None:
            drone.forget_errand()
            return

        def over() -> bool:
            _follow(turn, drone)
            return turn.flown or drone.mode not in (FlightMode.PLAN, FlightMode.HOLD)

        await drone.vehicle.until(over, _longest_s(drone, circle))
        self._orders.finish(drone, command, given, turn.flown, _words(drone, circle))
        if not turn.flown:
            drone.forget_errand()

    async def _by_points(self, drone: Drone, command: Command, circle: Circle) -> None:
        given = await self._to_the_rim(drone, command, circle)
        if given is None:
            drone.forget_errand()
            return
        turn, told = Turn(circle), False
        loop = asyncio.get_running_loop()
        path, began_s = Path(circle, drone.motion.position) if drone.motion else None, loop.time()
        last_s = began_s
        async for _ in every(AIM_S):
            motion = drone.motion
            if path is None or motion is None or not self._goes_on(drone, command):
                break
            now_s = loop.time()
            aim = path.next(motion.position, now_s - last_s)
            if not drone.vehicle.send(aim_packet(drone.vehicle, aim)):
                break  # this gateway may not speak: it is somebody else's drone, or will be
            last_s = now_s
            _follow(turn, drone)
            late = now_s - began_s > FIRST_TURN_S + _round_s(circle) / 8
            if not told and (turn.flown or late):
                told = True
                self._orders.finish(drone, command, given, turn.flown, _words(drone, circle))
        if not told:
            self._orders.finish(drone, command, given, False, "")
        drone.forget_errand()

    async def _to_the_rim(self, drone: Drone, command: Command, circle: Circle) -> Given | None:
        motion = drone.motion
        if motion is None:
            return None
        first = rim(circle, motion.position)[0]
        order = drone.autopilot.reposition(first, circle.height_m)
        given = await self._orders.give(drone, command, order, _moves)
        if given is None:
            return None
        await drone.vehicle.until(lambda: drone.mode in drone.autopilot.moves_in, MODE_S)

        def over() -> bool:
            metres, now = drone.distance_to_m(first), drone.motion
            near = metres is not None and metres <= AT_RIM_M
            level = now is not None and abs(now.relative_m - circle.height_m) <= HEIGHT_M
            return (near and level) or not self._goes_on(drone, command)

        await drone.vehicle.until(over, _longest_s(drone, circle))
        return given

    def _goes_on(self, drone: Drone, command: Command) -> bool:
        ours = drone.stage is Stage.ORBIT and self._orders.holds_control(command)
        return ours and drone.mode in drone.autopilot.moves_in


def _moves(drone: Drone) -> bool:
    return drone.motion is not None and drone.motion.ground_speed_mps > MOVING_MPS


def _follow(turn: Turn, drone: Drone) -> None:
    if drone.motion is not None:
        turn.see(drone.motion.position, drone.motion.relative_m)


def _round_s(circle: Circle) -> float:
    return 6.3 * abs(circle.radius_m) / circle.speed_mps


def _longest_s(drone: Drone, circle: Circle) -> float:
    motion = drone.motion
    if motion is None:
        return FIRST_TURN_S
    off_m = abs(distance_m(motion.position, circle.centre) - abs(circle.radius_m))
    climb_m = abs(motion.relative_m - circle.height_m)
    return transit_s(off_m) + climb_m + FIRST_TURN_S


def _words(drone: Drone, circle: Circle) -> str:
    way = "clockwise" if circle.radius_m > 0 else "anticlockwise"
    speed = f", {drone.motion.ground_speed_mps:.1f} m/s" if drone.motion else ""
    return f"circling {way} at {abs(circle.radius_m):.0f} m{speed}"
