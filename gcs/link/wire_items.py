"""Items of the mission protocol as they are on the wire, and when two of them are the same.

The wire's own units: positions in 1e-7 degree. What they mean to a desk is in the model.
"""

import math
from dataclasses import dataclass

from gcs.link.mavlink import dialect

MISSION = int(dialect.MAV_MISSION_TYPE_MISSION)
FENCE = int(dialect.MAV_MISSION_TYPE_FENCE)
RALLY = int(dialect.MAV_MISSION_TYPE_RALLY)
WORDS = {MISSION: "points of the plan", FENCE: "points of the fence", RALLY: "rally points"}

PLACE_E7 = 2  # an item reads back within 1e-7 degree; one more for the rounding of a float
HEIGHT_M = 0.1
VALUE = 0.05

_WAYPOINT = int(dialect.MAV_CMD_NAV_WAYPOINT)
_SPEED = int(dialect.MAV_CMD_DO_CHANGE_SPEED)
_RALLY = int(dialect.MAV_CMD_NAV_RALLY_POINT)
_WITHOUT_PLACE = frozenset({_SPEED})
_WITH_HEIGHT = frozenset({_WAYPOINT, _RALLY})
# The parameters that carry meaning: the others read back as each autopilot likes.
_TELLING: dict[int, tuple[int, ...]] = {
    _WAYPOINT: (0,),
    _SPEED: (0, 1),
    _RALLY: (),
    int(dialect.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION): (0,),
    int(dialect.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_EXCLUSION): (0,),
    int(dialect.MAV_CMD_NAV_FENCE_CIRCLE_INCLUSION): (0,),
    int(dialect.MAV_CMD_NAV_FENCE_CIRCLE_EXCLUSION): (0,),
}
# A frame and its older twin with the same meaning: the vehicles read back either.
_SAME_FRAME = {
    int(dialect.MAV_FRAME_GLOBAL_INT): int(dialect.MAV_FRAME_GLOBAL),
    int(dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT): int(dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT),
}


@dataclass(frozen=True, slots=True)
class WireItem:
    """One MISSION_ITEM_INT. `x`, `y`: latitude and longitude in 1e-7 degree, if it has a place."""

    seq: int
    command: int
    frame: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    x: int = 0
    y: int = 0
    z: float = 0.0
    current: bool = False


def differences(
    sent: tuple[WireItem, ...], held: tuple[WireItem, ...], *, skip_first: bool = False
) -> str:
    """What tells the items a vehicle holds from those it should, in words; empty = the same.

    `skip_first`: item 0 is the vehicle's own home and reads back with its own place.
    """
    if len(sent) != len(held):
        return f"it holds {len(held)} items, not {len(sent)}"
    for wanted, item in zip(sent, held, strict=True):
        if skip_first and wanted.seq == 0:
            continue
        words = _difference(wanted, item)
        if words:
            return f"item {wanted.seq}: {words}"
    return ""


def _difference(wanted: WireItem, item: WireItem) -> str:
    if wanted.seq != item.seq or wanted.command != item.command:
        return f"command {item.command}, not {wanted.command}"
    for index in _TELLING.get(wanted.command, (0, 1, 2, 3)):
        a, b = wanted.params[index], item.params[index]
        if not (math.isfinite(b) and abs(a - b) <= VALUE):
            return f"parameter {index + 1} is {b:g}, not {a:g}"
    if wanted.command in _WITHOUT_PLACE:
        return ""
    if abs(wanted.x - item.x) > PLACE_E7 or abs(wanted.y - item.y) > PLACE_E7:
        return "it is at another place"
    if wanted.command in _WITH_HEIGHT:
        if _SAME_FRAME.get(wanted.frame, wanted.frame) != _SAME_FRAME.get(item.frame, item.frame):
            return f"frame {item.frame}, not {wanted.frame}"
        if not (math.isfinite(item.z) and abs(wanted.z - item.z) <= HEIGHT_M):
            return f"height {item.z:g} m, not {wanted.z:g} m"
    return ""
