"""What the mission protocol fills and reads, by mission type: mission, fence, rally points.

A mission and rally points are replaced item by item as they come in, so that an upload which
breaks off leaves a mixture, as on the real one; a fence is replaced whole or not at all.
"""

from collections.abc import Callable
from typing import Any, Protocol

from gcs.link.mavlink import dialect
from gcs.sim.drone.fence import CIRCLE_IN, CIRCLE_OUT, POLYGON_IN, POLYGON_OUT, BadFence, Fence
from gcs.sim.drone.fence import FenceItem as _FenceItem
from gcs.sim.drone.mission import MOST_ITEMS, Mission
from gcs.sim.drone.mission_items import (
    ABSOLUTE,
    JUMP,
    RELATIVE,
    WAYPOINT,
    BadItem,
    MissionItem,
    item_of,
    place_of_item,
)
from gcs.sim.drone.rally import MOST_POINTS, Rally

INFO, WARNING = 6, 4  # MAV_SEVERITY
_MOST_FENCE_ITEMS = 84
_FENCE_COMMANDS = frozenset({POLYGON_IN, POLYGON_OUT, CIRCLE_IN, CIRCLE_OUT})
_FENCE_FRAMES = frozenset({0, 3, 5, 6})

Say = Callable[[int, str], None]


class ItemStore(Protocol):
    """One kind of items. `put` and `finish` raise BadItem."""

    kind: int
    word: str
    most: int

    def count(self) -> int: ...

    def begin(self, count: int) -> None: ...

    def put(self, seq: int, message: Any, count: int) -> None: ...

    def finish(self) -> None: ...

    def clear(self) -> bool: ...

    def item(self, seq: int) -> tuple[MissionItem, bool]:
        """An item and whether it is the current one. Raises BadItem."""
        ...


class MissionStore:
    """Mission type 0. `home` is item 0 as it is told."""

    kind, word, most = dialect.MAV_MISSION_TYPE_MISSION, "Mission", MOST_ITEMS

    def __init__(self, mission: Mission, home: Callable[[], MissionItem], say: Say) -> None:
        self._mission, self._home, self._say = mission, home, say

    def count(self) -> int:
        return len(self._mission.items)

    def begin(self, count: int) -> None:
        self._mission.truncate(count)

    def put(self, seq: int, message: Any, count: int) -> None:
        item = item_of(message)
        if item.command == JUMP and not 0 < item.params[0] < count:
            raise BadItem(dialect.MAV_MISSION_ERROR)
        if not self._mission.put(seq, item):
            raise BadItem(dialect.MAV_MISSION_ERROR)

    def finish(self) -> None:
        self._say(INFO, "Flight plan received")

    def clear(self) -> bool:
        return self._mission.clear()

    def item(self, seq: int) -> tuple[MissionItem, bool]:
        if seq == 0:
            return self._home(), False
        if seq >= len(self._mission.items):
            raise BadItem(dialect.MAV_MISSION_ERROR)
        return self._mission.items[seq], seq == self._mission.current


class FenceStore:
    """Mission type 1. `kept` is told how many items the fence has now."""

    kind, word, most = dialect.MAV_MISSION_TYPE_FENCE, "Fence", _MOST_FENCE_ITEMS

    def __init__(self, fence: Fence, kept: Callable[[int], None], say: Say) -> None:
        self._fence, self._kept, self._say = fence, kept, say
        self._coming: list[_FenceItem] = []

    def count(self) -> int:
        return len(self._fence.items)

    def begin(self, count: int) -> None:
        self._coming = []

    def put(self, seq: int, message: Any, count: int) -> None:
        if message.frame not in _FENCE_FRAMES:
            raise BadItem(dialect.MAV_MISSION_UNSUPPORTED_FRAME)
        if message.command not in _FENCE_COMMANDS:
            raise BadItem(dialect.MAV_MISSION_UNSUPPORTED)
        self._coming.append(_FenceItem(message.command, message.param1, *place_of_item(message)))

    def finish(self) -> None:
        try:
            self._fence.load(tuple(self._coming))
        except BadFence:
            self._say(WARNING, "Fence validation failed")
            raise BadItem(dialect.MAV_MISSION_ERROR) from None
        self._kept(len(self._coming))

    def clear(self) -> bool:
        self._fence.load(())
        self._kept(0)
        return True

    def item(self, seq: int) -> tuple[MissionItem, bool]:
        items = self._fence.items
        if seq >= len(items):
            raise BadItem(dialect.MAV_MISSION_INVALID_SEQUENCE)
        found = items[seq]
        params = (found.count, 0.0, 0.0, 0.0)
        return MissionItem(found.command, params, ABSOLUTE, found.lat_e7, found.lon_e7), False


class RallyStore:
    """Mission type 2."""

    kind, word, most = dialect.MAV_MISSION_TYPE_RALLY, "Rally", MOST_POINTS

    def __init__(self, rally: Rally, kept: Callable[[int], None], say: Say) -> None:
        self._rally, self._kept, self._say = rally, kept, say

    def count(self) -> int:
        return len(self._rally.items)

    def begin(self, count: int) -> None:
        del self._rally.items[count:]
        self._kept(self.count())

    def put(self, seq: int, message: Any, count: int) -> None:
        if message.command != dialect.MAV_CMD_NAV_RALLY_POINT:
            raise BadItem(dialect.MAV_MISSION_UNSUPPORTED)
        if message.frame not in (RELATIVE, dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT):
            raise BadItem(dialect.MAV_MISSION_UNSUPPORTED_FRAME)
        lat_e7, lon_e7 = place_of_item(message)
        if not abs(message.z) <= 32_767.0:
            raise BadItem(dialect.MAV_MISSION_INVALID_PARAM7)
        height_m = float(int(message.z))  # kept in whole metres
        self._rally.items[seq : seq + 1] = [
            MissionItem(message.command, (0.0,) * 4, RELATIVE, lat_e7, lon_e7, height_m)
        ]
        self._kept(self.count())

    def finish(self) -> None:
        self._say(INFO, "Rally points received")

    def clear(self) -> bool:
        self._rally.items.clear()
        self._kept(0)
        return True

    def item(self, seq: int) -> tuple[MissionItem, bool]:
        if seq >= len(self._rally.items):
            raise BadItem(dialect.MAV_MISSION_INVALID_SEQUENCE)
        return self._rally.items[seq], False


def home_item(lat_e7: int, lon_e7: int, amsl_m: float) -> MissionItem:
    """Home as item 0: a way point at the vehicle's own altitude."""
    return MissionItem(WAYPOINT, frame=ABSOLUTE, lat_e7=lat_e7, lon_e7=lon_e7, z_m=amsl_m)
