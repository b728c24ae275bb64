"""The light over the town: sun, haze, sky, and the colours of the ground. B, G, R."""

import math

import numpy as np

from gcs.sim.cameras.view import Array

Tone = tuple[int, int, int]

SUN_FROM_DEG, SUN_UP_DEG = 205.0, 42.0
ASPHALT = (86, 82, 80)
KERB = (142, 140, 138)
PAVEMENT = (122, 119, 117)
YARD = (98, 112, 108)
PARK = (84, 116, 100)
CROWN, LEAVES = (58, 84, 72), (70, 100, 86)
MARK = (188, 190, 190)
WINDOW = (92, 84, 78)
SKY_TOP = np.array((206, 190, 176), dtype=float)
HAZE = np.array((204, 198, 192), dtype=float)
SHADE = 0.70  # how much light is left on ground in shadow
_CLEAR_M = 900.0
_MOST_HAZE = 0.92

_sun = math.radians(SUN_FROM_DEG)
SUN = np.array(
    [
        math.sin(_sun) * math.cos(math.radians(SUN_UP_DEG)),
        math.cos(_sun) * math.cos(math.radians(SUN_UP_DEG)),
        math.sin(math.radians(SUN_UP_DEG)),
    ]
)
# Metres east and north that a shadow reaches for each metre of height.
SHADOW = -SUN[:2] / SUN[2]


def haze_at(distance_m: Array) -> Array:
    """How much of the haze lies over something so far off: 0 to 0.92."""
    return np.minimum(1.0 - np.exp(-((distance_m / _CLEAR_M) ** 1.4) * 1.6), _MOST_HAZE)


def hazed(colours: Array, distance_m: Array) -> Array:
    """(n, 3) colours as seen from so far off."""
    share = haze_at(distance_m)[:, None]
    found: Array = colours * (1.0 - share) + HAZE * share
    return found


def lit(normals: Array) -> Array:
    """Light on faces by their outward unit normals (n, 3): 0.55 to 1.05."""
    toward = normals @ SUN
    found: Array = 0.70 + 0.36 * np.maximum(toward, 0.0) - 0.10 * np.maximum(-toward, 0.0)
    return found
