"""Which messages go to one link and when. Silent until asked, then exact.

A due time is counted from the one before, so that a rate is kept whatever the steps are;
after a stall what was missed is skipped, not sent in a burst.
"""

from gcs.link.mavlink import dialect

MIN_INTERVAL_S = 0.02
HEARTBEAT_S = 1.0

_GROUPS: dict[int, tuple[int, ...]] = {
    dialect.MAV_DATA_STREAM_RAW_SENSORS: (dialect.MAVLINK_MSG_ID_SYSTEM_TIME,),
    dialect.MAV_DATA_STREAM_EXTENDED_STATUS: (
        dialect.MAVLINK_MSG_ID_SYS_STATUS,
        dialect.MAVLINK_MSG_ID_MISSION_CURRENT,
        dialect.MAVLINK_MSG_ID_GPS_RAW_INT,
        dialect.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT,
        dialect.MAVLINK_MSG_ID_FENCE_STATUS,
        dialect.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT,
    ),
    dialect.MAV_DATA_STREAM_POSITION: (
        dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT,
        dialect.MAVLINK_MSG_ID_LOCAL_POSITION_NED,
    ),
    dialect.MAV_DATA_STREAM_EXTRA1: (dialect.MAVLINK_MSG_ID_ATTITUDE,),
    dialect.MAV_DATA_STREAM_EXTRA2: (dialect.MAVLINK_MSG_ID_VFR_HUD,),
    dialect.MAV_DATA_STREAM_EXTRA3: (
        dialect.MAVLINK_MSG_ID_WIND,
        dialect.MAVLINK_MSG_ID_EKF_STATUS_REPORT,
        dialect.MAVLINK_MSG_ID_BATTERY_STATUS,
        dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS,
    ),
}


def group(stream: int) -> tuple[int, ...]:
    """The messages of a REQUEST_DATA_STREAM group; group 0 is all of them."""
    if stream == dialect.MAV_DATA_STREAM_ALL:
        return tuple(m for messages in _GROUPS.values() for m in messages)
    return _GROUPS.get(stream, ())


class Schedule:
    """Message id -> interval, and what is due."""

    def __init__(self, now_s: float) -> None:
        self._interval_s: dict[int, float] = {}
        self._due_s: dict[int, float] = {}
        self.next_s = now_s
        self.set(dialect.MAVLINK_MSG_ID_HEARTBEAT, HEARTBEAT_S, now_s)

    def set(self, message: int, interval_s: float | None, now_s: float) -> None:
        """Send a message at an interval from now on, or (None) no longer."""
        if interval_s is None:
            self._interval_s.pop(message, None)
            self._due_s.pop(message, None)
        else:
            self._interval_s[message] = max(MIN_INTERVAL_S, interval_s)
            self._due_s[message] = now_s
        self.next_s = min(self._due_s.values(), default=float("inf"))

    def interval_s(self, message: int) -> float | None:
        """The interval of a message, or None if it is not sent."""
        return self._interval_s.get(message)

    def due(self, now_s: float) -> list[int]:
        """The messages to send now."""
        if now_s < self.next_s:
            return []
        found = [m for m, due in self._due_s.items() if due <= now_s]
        for message in found:
            due = self._due_s[message] + self._interval_s[message]
            self._due_s[message] = due if due > now_s else now_s + self._interval_s[message]
        self.next_s = min(self._due_s.values(), default=float("inf"))
        return found
