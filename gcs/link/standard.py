"""Orders that every autopilot takes in the same way: arming, speed, camera and gimbal."""

from gcs.link.autopilot import Order
from gcs.link.mavlink import dialect
from gcs.model.place import Position

NAN = float("nan")
GROUND_SPEED = 1.0  # SPEED_TYPE_GROUNDSPEED
MOST_ZOOM = 8.0


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


def gimbal(pitch_deg: float, yaw_deg: float) -> Order:
    """Turn the camera: pitch from the horizon, yaw from the nose and with it."""
    held = dialect.GIMBAL_MANAGER_FLAGS_ROLL_LOCK | dialect.GIMBAL_MANAGER_FLAGS_PITCH_LOCK
    return Order(
        "gimbal",
        dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW,
        (pitch_deg, yaw_deg, NAN, NAN),
        fifth=float(held),
    )


def zoom(times: float, most: float) -> Order:
    """Magnify so many times: the wire takes a share of the camera's range, in percent."""
    percent = (times - 1.0) / (most - 1.0) * 100.0
    kind = float(dialect.ZOOM_TYPE_RANGE)
    return Order("zoom", dialect.MAV_CMD_SET_CAMERA_ZOOM, (kind, percent, 0.0, 0.0))
