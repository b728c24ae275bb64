"""Where a feed's camera stands and looks, and what its stream tells of it. Pure values."""

import math
from dataclasses import dataclass

import numpy as np

from gcs.geo.earth import LocalFrame
from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.model.site import FixedCamera
from gcs.sim.cameras.view import Array, View
from gcs.sim.drone.camera_pose import CameraPose

_FARTHEST_M = 10_000.0  # a centre of the picture farther off is as good as the sky


@dataclass(frozen=True, slots=True)
class Aim:
    """A drone's pose or a fixed camera, in one form. `look_*`: the lens; the rest: its carrier."""

    position: Position
    amsl_m: float
    agl_m: float
    heading_deg: float
    pitch_deg: float
    roll_deg: float
    look_heading_deg: float
    look_pitch_deg: float
    fov_deg: float
    live: bool


def aim_of_drone(pose: CameraPose) -> Aim:
    """The gimbal's pitch counts from the horizon; a drone in its dock is not `live`."""
    return Aim(
        pose.position,
        pose.amsl_m,
        pose.agl_m,
        pose.heading_deg,
        pose.pitch_deg,
        pose.roll_deg,
        pose.look_heading_deg,
        pose.gimbal_pitch_deg,
        pose.horizontal_fov_deg,
        pose.airborne,
    )


def aim_of_fixed(camera: FixedCamera, ground_amsl_m: float) -> Aim:
    """A mast stands upright and looks where its file says."""
    heading = camera.heading_deg % 360.0
    return Aim(
        camera.position,
        ground_amsl_m + camera.height_m,
        camera.height_m,
        heading,
        0.0,
        0.0,
        heading,
        camera.pitch_deg,
        camera.fov_deg,
        True,
    )


def view_of(aim: Aim, frame: LocalFrame, width: int, height: int, scale: int) -> View:
    """The projection of this aim in the town's frame."""
    east, north = frame.to_local(aim.position)
    eye = (east, north, aim.agl_m)
    return View(eye, aim.look_heading_deg, aim.look_pitch_deg, aim.fov_deg, width, height, scale)


def metadata_of(
    aim: Aim, view: View, frame: LocalFrame, capture_utc_us: int, platform: str
) -> SensorMetadata:
    """What travels beside the frame."""
    azimuth, elevation, roll = _relative(aim, view)
    slant_m: float | None = None
    centre: Position | None = None
    ground_amsl_m: float | None = None
    spot = view.ground_at((view.width / 2.0, view.height / 2.0))
    if spot is not None:
        reach_m = math.dist(view.eye, (*spot, 0.0))
        if reach_m < _FARTHEST_M:
            slant_m, centre = reach_m, frame.to_position(*spot)
            ground_amsl_m = aim.amsl_m - aim.agl_m
    return SensorMetadata(
        capture_utc_us=capture_utc_us,
        platform=platform,
        sensor="EO",
        heading_deg=aim.heading_deg,
        pitch_deg=aim.pitch_deg,
        roll_deg=aim.roll_deg,
        position=aim.position,
        altitude_amsl_m=aim.amsl_m,
        horizontal_fov_deg=view.fov_deg,
        vertical_fov_deg=view.vertical_fov_deg,
        relative_azimuth_deg=azimuth,
        relative_elevation_deg=elevation,
        relative_roll_deg=roll,
        slant_range_m=slant_m,
        frame_centre=centre,
        frame_centre_amsl_m=ground_amsl_m,
    )


def _relative(aim: Aim, view: View) -> tuple[float, float, float]:
    """The lens's turn against its carrier: azimuth (0 to 360), elevation, roll (0 to 360)."""
    right, down, ahead = view.axes
    lens = np.column_stack((ahead, right, down))  # forward, right, down in east, north, up
    body = _carrier(aim)
    turn = body.T @ lens
    elevation = math.asin(max(-1.0, min(1.0, -turn[2, 0])))
    azimuth = math.atan2(turn[1, 0], turn[0, 0])
    roll = math.atan2(turn[2, 1], turn[2, 2])
    return math.degrees(azimuth) % 360.0, math.degrees(elevation), math.degrees(roll) % 360.0


def _carrier(aim: Aim) -> Array:
    """Columns forward, right, down of the carrier, in east, north, up."""
    heading, pitch, roll = (math.radians(a) for a in (aim.heading_deg, aim.pitch_deg, aim.roll_deg))
    level = np.array(
        [
            [math.sin(heading), math.cos(heading), 0.0],
            [math.cos(heading), -math.sin(heading), 0.0],
            [0.0, 0.0, -1.0],
        ]
    )
    ps, pc, rs, rc = math.sin(pitch), math.cos(pitch), math.sin(roll), math.cos(roll)
    nose = np.array([[pc, 0.0, ps], [0.0, 1.0, 0.0], [-ps, 0.0, pc]])
    wings = np.array([[1.0, 0.0, 0.0], [0.0, rc, -rs], [0.0, rs, rc]])
    found: Array = level.T @ nose @ wings
    return found
