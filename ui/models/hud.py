"""What a frame's own metadata says of where its camera is and looks, in words and angles. Pure.

It belongs to the frame: it is as old as the picture, never newer.
"""

import math

from gcs.geo.earth import bearing_deg, distance_m
from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from ui.text import heading, metres

LEAST_ZOOM = 1.05
BELOW_M = 1.0  # nearer than this the camera looks straight down


def look_azimuth_deg(seen: SensorMetadata) -> float | None:
    """The direction at the picture's top, degrees from north.

    By the frame's centre where it is told: that holds however the platform is tilted.
    """
    here, centre = seen.position, seen.frame_centre
    if here is not None and centre is not None and distance_m(here, centre) > BELOW_M:
        return bearing_deg(here, centre)
    if seen.heading_deg is None:
        return None
    return (seen.heading_deg + (seen.relative_azimuth_deg or 0.0)) % 360.0


def height_m(seen: SensorMetadata) -> float | None:
    """Above the ground that it looks at."""
    if seen.altitude_amsl_m is None or seen.frame_centre_amsl_m is None:
        return None
    return seen.altitude_amsl_m - seen.frame_centre_amsl_m


def zoom_of(seen: SensorMetadata, widest_fov_deg: float) -> float | None:
    """How many times nearer than with its widest lens."""
    fov = seen.horizontal_fov_deg
    if fov is None or not 0.1 < fov < 179.0:
        return None
    return math.tan(math.radians(widest_fov_deg / 2)) / math.tan(math.radians(fov / 2))


def hud_words(
    seen: SensorMetadata, scene: Position | None, widest_fov_deg: float, fixed: bool
) -> str:
    """`72 m AGL · 214° · gimbal −38° · scene 41 m`; what is not told is left out."""
    above = height_m(seen)
    azimuth = look_azimuth_deg(seen)
    tilt = seen.relative_elevation_deg
    zoom = zoom_of(seen, widest_fov_deg)
    parts = [
        "" if above is None else f"{metres(above)} AGL",
        "" if azimuth is None else heading(azimuth),
        "" if tilt is None else f"{'tilt' if fixed else 'gimbal'} {_signed(tilt)}°",
        _far(seen, scene),
        "" if zoom is None or zoom < LEAST_ZOOM else f"zoom {zoom:.1f}×",
    ]
    return " · ".join(part for part in parts if part)


def _far(seen: SensorMetadata, scene: Position | None) -> str:
    """To the scene of its incident; without one how far away is what it looks at."""
    if scene is not None and seen.position is not None:
        return f"scene {metres(distance_m(seen.position, scene))}"
    return "" if seen.slant_range_m is None else f"range {metres(seen.slant_range_m)}"


def _signed(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
