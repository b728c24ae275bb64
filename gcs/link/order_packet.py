"""An order as a MAVLink message: COMMAND_INT with its frame for positions, else COMMAND_LONG.

A height goes out only with a frame that says what it is above, or as the autopilot's own
convention has it; none is ever guessed.
"""

import math
from enum import Enum
from typing import Any

from gcs.link.autopilot import Aim, Order
from gcs.link.mavlink import dialect
from gcs.link.reports import Home, Motion
from gcs.link.vehicle import Vehicle

_RELATIVE = dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT
_AMSL = dialect.MAV_FRAME_GLOBAL_INT
_NOT_GIVEN = 0x7FFFFFFF
# Position, velocity and yaw are given; acceleration and yaw rate are not.
_AIM_MASK = (
    dialect.POSITION_TARGET_TYPEMASK_AX_IGNORE
    | dialect.POSITION_TARGET_TYPEMASK_AY_IGNORE
    | dialect.POSITION_TARGET_TYPEMASK_AZ_IGNORE
    | dialect.POSITION_TARGET_TYPEMASK_YAW_RATE_IGNORE
)


class Form(Enum):
    """How an order is sent; the others answer a vehicle that asks for them."""

    USUAL = "usual"
    WITH_FRAME = "with frame"
    OTHER_FRAME = "other frame"


def packet(vehicle: Vehicle, order: Order, confirmation: int, form: Form = Form.USUAL) -> Any:
    """The message; None while the vehicle's home, and so a height, is not known."""
    amsl = order.amsl is not (form is Form.OTHER_FRAME)
    height_m = order.height_m
    if amsl and not math.isnan(height_m):
        home_m = home_amsl_m(vehicle)
        if home_m is None:
            return None
        height_m += home_m
    p1, p2, p3, p4 = order.parameters
    to = (vehicle.system_id, order.component)
    if order.target is None and form is Form.USUAL:
        return dialect.MAVLink_command_long_message(
            *to, order.command, confirmation, p1, p2, p3, p4, order.fifth, order.sixth, height_m
        )
    x = y = _NOT_GIVEN
    if order.target is not None:
        x = round(order.target.lat_deg * 1e7)
        y = round(order.target.lon_deg * 1e7)
    elif not math.isnan(order.fifth):
        x, y = round(order.fifth), round(order.sixth)
    frame = _AMSL if amsl else _RELATIVE
    return dialect.MAVLink_command_int_message(
        *to, frame, order.command, 0, 0, p1, p2, p3, p4, x, y, height_m
    )


def aim_packet(vehicle: Vehicle, aim: Aim) -> Any:
    """A point of a path flown by the ground: where to be now and how fast from there."""
    return dialect.MAVLink_set_position_target_global_int_message(
        0,
        vehicle.system_id,
        dialect.MAV_COMP_ID_AUTOPILOT1,
        _RELATIVE,
        _AIM_MASK,
        round(aim.place.lat_deg * 1e7),
        round(aim.place.lon_deg * 1e7),
        aim.height_m,
        aim.north_mps,
        aim.east_mps,
        0.0,
        0.0,
        0.0,
        0.0,
        math.radians(math.remainder(aim.yaw_deg, 360.0)),
        0.0,
    )


def home_amsl_m(vehicle: Vehicle) -> float | None:
    """Height of its home above sea level, as it reckons itself; None: it does not tell."""
    motion, home = vehicle.value(Motion), vehicle.value(Home)
    if motion is not None:
        return motion.amsl_m - motion.relative_m  # from one home, however it moved
    return None if home is None else home.amsl_m
