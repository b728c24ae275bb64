"""Where a drone's camera is and where it looks, at one instant. Values only: it draws nothing.

The gimbal holds the camera level: `gimbal_pitch_deg` is counted from the horizon, not from the
body, and the picture never rolls. `gimbal_yaw_deg` is counted from the nose, clockwise.
"""

import math
from dataclasses import dataclass

from gcs.model.place import Position
from gcs.sim.drone.autopilot import Autopilot

WIDEST_FOV_DEG = 70.0  # horizontal, at zoom 1
_LENS_M = 0.35  # above the feet: on its pad the lens is not in the roof


@dataclass(frozen=True, slots=True)
class CameraPose:
    """Degrees and metres. `heading_deg`, `pitch_deg`, `roll_deg`: of the body.

    `amsl_m` and `agl_m` are the lens's height above the sea and above the street.
    `airborne`: it is off its pad or about to leave it, and sends its full rate.
    """

    position: Position
    amsl_m: float
    agl_m: float
    heading_deg: float
    pitch_deg: float
    roll_deg: float
    gimbal_pitch_deg: float
    gimbal_yaw_deg: float
    zoom: float
    airborne: bool

    @property
    def look_heading_deg(self) -> float:
        """Where the lens looks, degrees clockwise from true north, 0 to 360."""
        return (self.heading_deg + self.gimbal_yaw_deg) % 360.0

    @property
    def horizontal_fov_deg(self) -> float:
        """The picture's width in degrees: zoom divides its tangent."""
        half = math.tan(math.radians(WIDEST_FOV_DEG / 2.0)) / max(1.0, self.zoom)
        return 2.0 * math.degrees(math.atan(half))


def camera_pose(
    pilot: Autopilot, gimbal_pitch_deg: float, gimbal_yaw_deg: float, zoom: float
) -> CameraPose:
    """The pose now: the true place of the body, and the gimbal's angles."""
    body, config = pilot.body, pilot.config
    return CameraPose(
        position=pilot.frame.to_position(body.east_m, body.north_m),
        amsl_m=config.home_amsl_m + body.up_m + _LENS_M,
        agl_m=config.roof_height_m + body.up_m + _LENS_M,
        heading_deg=math.degrees(body.yaw_rad) % 360.0,
        pitch_deg=math.degrees(body.pitch_rad),
        roll_deg=math.degrees(body.roll_rad),
        gimbal_pitch_deg=gimbal_pitch_deg,
        gimbal_yaw_deg=gimbal_yaw_deg,
        zoom=zoom,
        airborne=pilot.armed or not pilot.landed,
    )
