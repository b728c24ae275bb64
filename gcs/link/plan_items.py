"""Flight plans, fences and rally points as items of the mission protocol. Pure."""

import math
from dataclasses import dataclass

from gcs.link.mavlink import dialect
from gcs.link.wire_items import WireItem
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem

_GLOBAL = int(dialect.MAV_FRAME_GLOBAL)
_RELATIVE = int(dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT)
_NO_PLACE = int(dialect.MAV_FRAME_MISSION)  # PX4 takes a speed change in this frame only
_WAYPOINT = int(dialect.MAV_CMD_NAV_WAYPOINT)
_SPEED = int(dialect.MAV_CMD_DO_CHANGE_SPEED)
_GROUND_SPEED = float(dialect.SPEED_TYPE_GROUNDSPEED)

_VERTEX = {
    True: int(dialect.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION),
    False: int(dialect.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_EXCLUSION),
}
_CIRCLE = {
    True: int(dialect.MAV_CMD_NAV_FENCE_CIRCLE_INCLUSION),
    False: int(dialect.MAV_CMD_NAV_FENCE_CIRCLE_EXCLUSION),
}


@dataclass(frozen=True, slots=True)
class WirePlan:
    """A plan's items, and for each which waypoint (from 1) it belongs to; 0 = home."""

    items: tuple[WireItem, ...]
    waypoints: tuple[int, ...]

    def waypoint(self, seq: int) -> int:
        """The waypoint that is flown to while the vehicle's current item is `seq`; 0 = none."""
        return self.waypoints[seq] if 0 <= seq < len(self.waypoints) else 0

    def seq(self, waypoint: int) -> int:
        """The item of a waypoint (from 1). Raises ValueError for one that there is not."""
        back = self.waypoints[::-1].index(waypoint)  # a speed change stands before its waypoint
        return len(self.waypoints) - 1 - back


def plan_items(plan: FlightPlan, home: Position, *, home_is_item_0: bool) -> WirePlan:
    """The waypoints, each with the speed that holds from it on behind it.

    A hold is whole seconds there, rounded up. `home` fills item 0 where the autopilot keeps it.
    """
    items: list[WireItem] = []
    waypoints: list[int] = []

    def add(command: int, waypoint: int, frame: int, **more: object) -> None:
        first = not items
        items.append(WireItem(len(items), command, frame, current=first, **more))  # type: ignore[arg-type]
        waypoints.append(waypoint)

    if home_is_item_0:
        add(_WAYPOINT, 0, _GLOBAL, x=_e7(home.lat_deg), y=_e7(home.lon_deg))
    last = len(plan.items)
    for number, item in enumerate(plan.items, start=1):
        add(_WAYPOINT, number, _RELATIVE, **_waypoint(item))
        if item.speed_mps is not None and number < last:
            # -1: the throttle stays as it is.
            params = (_GROUND_SPEED, item.speed_mps, -1.0, 0.0)
            add(_SPEED, number + 1, _NO_PLACE, params=params)
    return WirePlan(tuple(items), tuple(waypoints))


def _waypoint(item: PlanItem) -> dict[str, object]:
    place = item.position
    return {
        "params": (float(math.ceil(item.hold_s)), 0.0, 0.0, math.nan),
        "x": _e7(place.lat_deg),
        "y": _e7(place.lon_deg),
        "z": item.height_m,
    }


def fence_items(plan: FencePlan) -> tuple[WireItem, ...]:
    """Every shape in order: a polygon vertex by vertex, each with their number; a circle as one."""
    items: list[WireItem] = []
    for shape in plan.shapes:
        command, size, places = _shape(shape)
        for place in places:
            at = (_e7(place.lat_deg), _e7(place.lon_deg))
            params = (size, 0.0, 0.0, 0.0)
            items.append(WireItem(len(items), command, _GLOBAL, params, *at))
    return tuple(items)


def _shape(shape: FenceShape) -> tuple[int, float, tuple[Position, ...]]:
    if shape.centre is not None and shape.radius_m is not None:
        return _CIRCLE[shape.keep_in], shape.radius_m, (shape.centre,)
    return _VERTEX[shape.keep_in], float(len(shape.points)), shape.points


def rally_items(plan: FencePlan) -> tuple[WireItem, ...]:
    """The rally points. ArduPilot keeps whole metres: rounded up, so that none gets lower."""
    return tuple(
        WireItem(
            seq,
            int(dialect.MAV_CMD_NAV_RALLY_POINT),
            _RELATIVE,
            x=_e7(point.position.lat_deg),
            y=_e7(point.position.lon_deg),
            z=float(math.ceil(point.height_m)),
        )
        for seq, point in enumerate(plan.rally)
    )


def _e7(degrees: float) -> int:
    return round(degrees * 1e7)
