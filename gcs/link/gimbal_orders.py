"""Orders to gimbals and cameras, the same for every make. No I/O.

Angles: pitch from the horizon, up positive; yaw clockwise from the nose, turning with it.
https://mavlink.io/en/services/gimbal_v2.html
"""

import math
from typing import Any

from gcs.link.autopilot import AUTOPILOT, Order
from gcs.link.camera_reports import GimbalManagerInformation
from gcs.link.mavlink import dialect

_HELD = dialect.GIMBAL_MANAGER_FLAGS_ROLL_LOCK | dialect.GIMBAL_MANAGER_FLAGS_PITCH_LOCK
_UNCHANGED = -1.0
_NOT_GIVEN = math.nan


def take_control(manager: GimbalManagerInformation, station: tuple[int, int]) -> Order:
    """Make a station (system, component) the one whose orders the gimbal takes.

    PX4 denies every other; ArduPilot takes all, and names the last.
    """
    system, component = station
    return Order(
        "gimbal control",
        dialect.MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE,
        (float(system), float(component), _UNCHANGED, _UNCHANGED),
        height_m=float(manager.device),  # the seventh parameter
        component=manager.component,
    )


def turn(manager: GimbalManagerInformation, pitch_deg: float, yaw_deg: float) -> Order:
    """Turn to angles."""
    return Order(
        "gimbal",
        dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW,
        (pitch_deg, yaw_deg, _NOT_GIVEN, _NOT_GIVEN),
        height_m=float(manager.device),
        fifth=float(_HELD),
        component=manager.component,
    )


def turn_without_manager(pitch_deg: float, yaw_deg: float) -> Order:
    """Turn to angles, for an autopilot that has a mount and no gimbal manager."""
    return Order(
        "gimbal",
        dialect.MAV_CMD_DO_MOUNT_CONTROL,
        (pitch_deg, 0.0, yaw_deg, 0.0),
        height_m=float(dialect.MAV_MOUNT_MODE_MAVLINK_TARGETING),
    )


def rate(
    system_id: int, manager: GimbalManagerInformation, pitch_dps: float, yaw_dps: float
) -> Any:
    """Turn at a rate until told otherwise; 0 and 0 stops it.

    GIMBAL_MANAGER_SET_PITCHYAW and not the command: it is made to be repeated, and its unit is
    taken as written by both autopilots, while PX4 has read the command's degrees as radians.
    It is not answered.
    """
    return dialect.MAVLink_gimbal_manager_set_pitchyaw_message(
        system_id,
        manager.component,
        _HELD,
        manager.device,
        _NOT_GIVEN,
        _NOT_GIVEN,
        math.radians(pitch_dps),
        math.radians(yaw_dps),
    )


def zoom(component: int, share_percent: float) -> Order:
    """Zoom to a share of the camera's range, 0 = wide. Cameras know no other absolute measure."""
    return Order(
        "zoom",
        dialect.MAV_CMD_SET_CAMERA_ZOOM,
        (float(dialect.ZOOM_TYPE_RANGE), share_percent, 0.0, 0.0),
        component=component,
    )


def request(system_id: int, component: int, message_id: int) -> Any:
    """Ask a component for one message."""
    return dialect.MAVLink_command_long_message(
        system_id,
        component,
        dialect.MAV_CMD_REQUEST_MESSAGE,
        0,
        float(message_id),
        0.0,  # of video streams: all of them
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )


__all__ = ["AUTOPILOT", "rate", "request", "take_control", "turn", "turn_without_manager", "zoom"]
