"""Where a camera looks and how far it zooms, as last reported. Reads, changes nothing."""

import math

from gcs.gateway.drone import Drone
from gcs.geo.earth import bearing_deg, distance_m
from gcs.link.camera import apart_deg
from gcs.link.reports import CameraSettings, GimbalAttitude
from gcs.model.place import Position

FRESH_S = 2.0
Direction = tuple[float, float]  # pitch from the horizon, yaw from the nose


def look_direction(drone: Drone) -> Direction | None:
    """(pitch from the horizon, yaw from the nose) as last reported; None: not known."""
    gimbal, motion = drone.vehicle.value(GimbalAttitude), drone.motion
    if gimbal is None:
        return None
    if not gimbal.from_north:
        return gimbal.pitch_deg, gimbal.yaw_deg
    if motion is None or motion.heading_deg is None:
        return None
    return gimbal.pitch_deg, math.remainder(gimbal.yaw_deg - motion.heading_deg, 360.0)


def camera_zoom(drone: Drone) -> float | None:
    """How many times it magnifies, as last reported; None: not known.

    The camera tells a share of its range: how wide that is, the site file says.
    """
    settings, most = drone.vehicle.value(CameraSettings), drone.spec.most_zoom
    if settings is None or settings.zoom_percent is None:
        return None
    if most is None:
        return 1.0 if settings.zoom_percent == 0.0 else None
    return 1.0 + (most - 1.0) * settings.zoom_percent / 100.0


def direction_to(drone: Drone, target: Position) -> Direction | None:
    """Where the camera would have to look to see a target on the ground."""
    motion = drone.motion
    if motion is None or motion.heading_deg is None:
        return None
    above_m = motion.relative_m + drone.dock.roof_height_m
    away_m = distance_m(motion.position, target)
    yaw = bearing_deg(motion.position, target) - motion.heading_deg
    return math.degrees(math.atan2(-above_m, away_m)), math.remainder(yaw, 360.0)


def looks_within(drone: Drone, wanted: Direction | None, most_deg: float) -> bool:
    """Whether the camera was just seen to look that way."""
    looks = look_direction(drone)
    if wanted is None or looks is None or not fresh(drone, GimbalAttitude):
        return False
    return apart_deg(looks, wanted) <= most_deg


def nose_within(drone: Drone, target: Position, most_deg: float) -> bool:
    """Whether the nose points at a target."""
    direction = direction_to(drone, target)
    return direction is not None and abs(direction[1]) <= most_deg


def fresh(drone: Drone, kind: type) -> bool:
    """Whether it was reported just now."""
    age_s = drone.vehicle.age_s(kind)
    return age_s is not None and age_s <= FRESH_S


def shown(drone: Drone) -> str:
    """What camera and gimbal report, in words."""
    looks, zoom = look_direction(drone), camera_zoom(drone)
    if looks is None:
        return "its gimbal reports nothing"
    said = f"its camera is at {looks[0]:.0f}° pitch and {looks[1]:.0f}° yaw"
    return said if zoom is None else f"{said}, zoom {zoom:.1f}"
