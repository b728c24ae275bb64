"""Orders that every autopilot takes in the same way: arming, speed, looking at a point."""

from gcs.link.autopilot import Order
from gcs.link.mavlink import dialect
from gcs.model.place import Position

NAN = float("nan")
GROUND_SPEED = 1.0  # SPEED_TYPE_GROUNDSPEED


def arm() -> Order:
    """Arm; never with the code that forces it."""
    return Order("arm", dialect.MAV_CMD_COMPONENT_ARM_DISARM, (1.0, 0.0, 0.0, 0.0))


def change_speed(speed_mps: float) -> Order:
    """Fly so fast over ground from now on; the throttle is left alone."""
    return Order("speed", dialect.MAV_CMD_DO_CHANGE_SPEED, (GROUND_SPEED, speed_mps, -1.0, 0.0))


def look_at(target: Position, height_m: float, amsl: bool) -> Order:
    """Keep a point in view, at a height above home, by the gimbal alone."""
    command = dialect.MAV_CMD_DO_SET_ROI_LOCATION
    return Order("look at", command, height_m=height_m, target=target, amsl=amsl)
