"""The ground that a camera sees: four corners, cut off where it looks too far. Pure geometry.

The camera is taken as level: its picture's sides stand upright, as a gimbal holds them.
"""

import math

from gcs.geo.earth import LocalFrame, distance_m
from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.model.site import FixedCamera
from ui.models.hud import BELOW_M, height_m, look_azimuth_deg

FAR_M = 400.0
CONE_M = 60.0
LEAST_HEIGHT_M = 1.0
SHAPE = 9 / 16  # where the stream tells only the horizontal field of view
CORNERS = ((-1, 1), (1, 1), (1, -1), (-1, -1))
LEVEL = 1e-4

Ring = tuple[Position, ...]


def footprint(seen: SensorMetadata) -> Ring | None:
    """What a frame's camera saw of the ground; None when its metadata does not tell enough."""
    above, azimuth, fov = height_m(seen), look_azimuth_deg(seen), seen.horizontal_fov_deg
    down = depression_deg(seen)
    if seen.position is None or above is None or azimuth is None or fov is None or down is None:
        return None
    if above < LEAST_HEIGHT_M or not 0.1 < fov < 170.0:
        return None
    return corners(seen.position, above, azimuth, down, fov, seen.vertical_fov_deg, FAR_M)


def cone(camera: FixedCamera) -> Ring:
    """The near part of what a fixed camera sees."""
    return corners(
        camera.position, camera.height_m, camera.heading_deg, -camera.pitch_deg, camera.fov_deg,
        None, CONE_M,
    )  # fmt: skip


def depression_deg(seen: SensorMetadata) -> float | None:
    """How far below the horizon it looks: by the frame's centre, else by its own angle."""
    above, centre = height_m(seen), seen.frame_centre
    if seen.position is not None and centre is not None and above is not None:
        away = distance_m(seen.position, centre)
        return 90.0 if away < BELOW_M else math.degrees(math.atan2(above, away))
    return None if seen.relative_elevation_deg is None else -seen.relative_elevation_deg


def corners(
    here: Position,
    above_m: float,
    azimuth_deg: float,
    down_deg: float,
    horizontal_fov_deg: float,
    vertical_fov_deg: float | None,
    far_m: float,
) -> Ring:
    """The four corners on flat ground: top left, top right, bottom right, bottom left."""
    frame = LocalFrame(here)
    across = math.tan(math.radians(horizontal_fov_deg / 2))
    along = across * SHAPE
    if vertical_fov_deg is not None and 0.1 < vertical_fov_deg < 170.0:
        along = math.tan(math.radians(vertical_fov_deg / 2))
    heading, down = math.radians(azimuth_deg), math.radians(down_deg)
    made = []
    for side, up in CORNERS:
        ahead = math.cos(down) + up * along * math.sin(down)
        rise = -math.sin(down) + up * along * math.cos(down)
        right = side * across
        level = math.hypot(ahead, right)
        reach = far_m if rise > -LEVEL else min(far_m, above_m * level / -rise)
        scale = reach / level if level > LEVEL else 0.0
        east = (ahead * math.sin(heading) + right * math.cos(heading)) * scale
        north = (ahead * math.cos(heading) - right * math.sin(heading)) * scale
        made.append(frame.to_position(east, north))
    return tuple(made)
