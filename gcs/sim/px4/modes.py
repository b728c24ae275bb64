"""PX4's modes as they stand in HEARTBEAT.custom_mode, as seen on the wire."""

from enum import IntEnum


class Mode(IntEnum):
    """Main mode in the third byte, sub mode in the fourth."""

    MANUAL = 0x0010000
    ALTITUDE = 0x0020000
    POSITION = 0x0030000
    ORBIT = 0x1030000
    TAKEOFF = 0x2040000
    HOLD = 0x3040000
    MISSION = 0x4040000
    RETURN = 0x5040000
    LAND = 0x6040000


BY_PARTS = {(mode >> 16 & 0xFF, mode >> 24): mode for mode in Mode}
NEEDS_STICKS = frozenset({Mode.MANUAL, Mode.ALTITUDE, Mode.POSITION})
