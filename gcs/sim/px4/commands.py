"""MAV_CMDs to a PX4-like vehicle. A height in an order is above the sea, whatever its frame says.

An unknown order is UNSUPPORTED; a mode or arming that it refuses is TEMPORARILY_REJECTED.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect
from gcs.model.place import Position
from gcs.sim.px4.modes import BY_PARTS, Mode
from gcs.sim.px4.pilot import CRITICAL, Px4Pilot
from gcs.sim.px4.ways import Round, Spot

OK, REJECTED, DENIED, UNSUPPORTED, FAILED = range(5)  # MAV_RESULT
_NOT_GIVEN = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Order:
    """One command with its parameters; NaN: not given."""

    command: int
    p: tuple[float, ...]
    lat: float
    lon: float
    amsl_m: float


def order_of(message: Any) -> Order:
    """From COMMAND_LONG or COMMAND_INT."""
    p = (message.param1, message.param2, message.param3, message.param4)
    if message.get_type() == "COMMAND_LONG":
        return Order(message.command, p, message.param5, message.param6, message.param7)
    given = (message.x, message.y) != (_NOT_GIVEN, _NOT_GIVEN)
    lat = message.x / 1e7 if given else math.nan
    lon = message.y / 1e7 if given else math.nan
    return Order(message.command, p, lat, lon, message.z)


class Commands:
    """Runs orders; the answer is a MAV_RESULT."""

    def __init__(self, pilot: Px4Pilot) -> None:
        self._pilot = pilot
        self._table: dict[int, Callable[[Order], int]] = {
            dialect.MAV_CMD_DO_SET_MODE: self._mode,
            dialect.MAV_CMD_COMPONENT_ARM_DISARM: self._arm,
            dialect.MAV_CMD_NAV_TAKEOFF: self._take_off,
            dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH: lambda o: self._change(Mode.RETURN),
            dialect.MAV_CMD_NAV_LAND: lambda o: self._change(Mode.LAND),
            dialect.MAV_CMD_DO_REPOSITION: self._reposition,
            dialect.MAV_CMD_DO_ORBIT: self._orbit,
            dialect.MAV_CMD_DO_CHANGE_SPEED: self._speed,
            dialect.MAV_CMD_MISSION_START: self._start,
            dialect.MAV_CMD_DO_SET_MISSION_CURRENT: self._item,
        }

    def run(self, order: Order) -> int:
        """The result of an order."""
        handler = self._table.get(order.command)
        return UNSUPPORTED if handler is None else handler(order)

    def _change(self, mode: Mode) -> int:
        return OK if self._pilot.change_mode(mode) else REJECTED

    def _mode(self, order: Order) -> int:
        mode = BY_PARTS.get((int(order.p[1]), int(order.p[2])))
        return REJECTED if mode is None else self._change(mode)

    def _arm(self, order: Order) -> int:
        why = self._pilot.arm() if order.p[0] > 0.5 else self._pilot.disarm()
        if why:
            self._pilot.say(CRITICAL, why)
        return REJECTED if why else OK

    def _take_off(self, order: Order) -> int:
        return OK if self._pilot.take_off(order.amsl_m) else REJECTED

    def _reposition(self, order: Order) -> int:
        if int(order.p[1]) != 1:
            return UNSUPPORTED
        self._pilot.reposition(self._spot(order), self._up_m(order))
        return OK

    def _orbit(self, order: Order) -> int:
        centre, up_m = self._spot(order), self._up_m(order)
        body = self._pilot.body
        up_m = body.up_m if up_m is None else up_m
        east, north = (centre.east_m, centre.north_m) if centre else (body.east_m, body.north_m)
        if not math.isfinite(order.p[0]) or order.p[0] == 0.0:
            return DENIED
        speed = order.p[1] if math.isfinite(order.p[1]) else 1.0
        orbit = Round(Spot(east, north, up_m), order.p[0], speed)
        return OK if self._pilot.orbit(orbit) else REJECTED

    def _speed(self, order: Order) -> int:
        self._pilot.speed_mps = order.p[1] if order.p[1] > 0.0 else None
        return OK

    def _start(self, order: Order) -> int:
        if not self._pilot.mission:
            self._pilot.say(CRITICAL, "Mission start denied! No valid mission")
            return DENIED
        if 0 <= order.p[0] < len(self._pilot.mission):
            self._pilot.item = int(order.p[0])
        if not self._pilot.change_mode(Mode.MISSION) or self._pilot.arm():
            return REJECTED
        return OK

    def _item(self, order: Order) -> int:
        if not 0 <= order.p[0] < len(self._pilot.mission):
            return FAILED
        self._pilot.item = int(order.p[0])
        return OK

    def _spot(self, order: Order) -> Spot | None:
        if not (math.isfinite(order.lat) and math.isfinite(order.lon)):
            return None
        east, north = self._pilot.frame.to_local(Position(order.lat, order.lon))
        return Spot(east, north, 0.0)

    def _up_m(self, order: Order) -> float | None:
        return self._pilot.up_m(order.amsl_m) if math.isfinite(order.amsl_m) else None
