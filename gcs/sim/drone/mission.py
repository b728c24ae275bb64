"""The mission a vehicle carries: its items, which is current, and whether it runs.

Item 0 is home and is never flown. Knows no flight: `auto_flight.py` flies it.
"""

from collections.abc import Iterator
from enum import IntEnum

from gcs.link.mavlink import dialect
from gcs.sim.drone.mission_items import JUMP, TAKEOFF, MissionItem

MOST_ITEMS = 724
_MOST_JUMPS = 100  # items looked through for the next one: a circle of jumps ends


class MissionState(IntEnum):
    """MISSION_STATE. A mission that was left shows as not started, at its current item."""

    NONE = dialect.MISSION_STATE_NO_MISSION
    STOPPED = dialect.MISSION_STATE_NOT_STARTED
    RUNNING = dialect.MISSION_STATE_ACTIVE
    COMPLETE = dialect.MISSION_STATE_COMPLETE


class Mission:
    """`items` with home's place at 0. `current` is 0 before it was first started."""

    def __init__(self) -> None:
        self.items: list[MissionItem] = []
        self.current = 0
        self.version = 0
        self._state = MissionState.STOPPED
        self._jumps: dict[int, int] = {}

    @property
    def present(self) -> bool:
        """There is something besides home."""
        return len(self.items) > 1

    @property
    def state(self) -> MissionState:
        """What MISSION_CURRENT tells."""
        return self._state if self.present else MissionState.NONE

    @property
    def running(self) -> bool:
        """It is being flown."""
        return self._state is MissionState.RUNNING

    @property
    def starts_with_take_off(self) -> bool:
        """The first item that is flown is a take-off."""
        first = next((i for i in self.items[1:] if i.navigates), None)
        return first is not None and first.command == TAKEOFF

    # -- what is loaded --------------------------------------------------------------------
    def truncate(self, count: int) -> None:
        """Keep the first `count` items: a new mission comes in."""
        del self.items[count:]
        self.version += 1

    def put(self, seq: int, item: MissionItem) -> bool:
        """Replace an item or append the next one."""
        if seq < len(self.items):
            self.items[seq] = item
        elif seq == len(self.items):
            self.items.append(item)
        else:
            return False
        self.version += 1
        return True

    def clear(self) -> bool:
        """Forget it; not while it is flown."""
        if self.running:
            return False
        self.items.clear()
        self.reset()
        self.version += 1
        return True

    # -- where it is -----------------------------------------------------------------------
    def begin(self) -> None:
        """Start, or go on at the current item where it was left."""
        if self._state is MissionState.COMPLETE:
            self.reset()
        self._state = MissionState.RUNNING

    def stop(self) -> None:
        """Leave it as it is."""
        if self.running:
            self._state = MissionState.STOPPED

    def complete(self) -> None:
        """Everything was flown."""
        self._state = MissionState.COMPLETE

    def reset(self) -> None:
        """Back to before the first item."""
        self.current = 0
        self._jumps.clear()

    def choose(self, seq: int) -> bool:
        """Make an item, or the next one that is flown, the current one."""
        if not 0 <= seq < len(self.items) or not self.present:
            return False
        found = next(
            (n for n in range(max(1, seq), len(self.items)) if self.items[n].navigates), None
        )
        if found is None:
            return False
        self.current = found
        if self._state is MissionState.COMPLETE:
            self._state = MissionState.STOPPED
        return True

    def onward(self) -> Iterator[tuple[int, MissionItem]]:
        """The items after the current one, up to and with the next that is flown."""
        seq = self.current + 1
        for _ in range(_MOST_JUMPS):
            if not 1 <= seq < len(self.items):
                return
            item = self.items[seq]
            if item.command == JUMP:
                seq = self._jump(seq, item)
                continue
            yield seq, item
            if item.navigates:
                return
            seq += 1

    def _jump(self, seq: int, item: MissionItem) -> int:
        target, times = int(item.params[0]), int(item.params[1])
        done = self._jumps.get(seq, 0)
        if times >= 0 and done >= times:
            return seq + 1
        self._jumps[seq] = done + 1
        return target
