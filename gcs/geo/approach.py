"""Closest approach of movers on straight lines, many against many. Arrays in, arrays out.

Flat earth about one origin: off by less than 0.1 % within 20 km. Pure; judges nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STILL_MPS2 = 0.25  # relative speed squared: below it nobody comes nearer


@dataclass(frozen=True, slots=True)
class Movers:
    """Each a row. Metres east, north and above sea level, metres a second.

    NaN: the height, the speed over ground (both parts) or the climb is not known.
    """

    east_m: Floats
    north_m: Floats
    up_m: Floats
    east_mps: Floats
    north_mps: Floats
    up_mps: Floats


@dataclass(frozen=True, slots=True)
class Approaches:
    """Row: one of the first, column: one of the second. The first's height above the second's.

    `closest_s` 0 = nearest now, or going apart; NaN where a speed is not known. `gap_m`: the
    least difference of height between now and then, NaN where a height is not known.
    """

    distance_m: Floats
    relative_m: Floats
    closest_s: Floats
    closest_m: Floats
    gap_m: Floats


def approaches(first: Movers, second: Movers) -> Approaches:
    """Every one of the first against every one of the second."""
    east = first.east_m[:, None] - second.east_m[None, :]
    north = first.north_m[:, None] - second.north_m[None, :]
    east_mps = first.east_mps[:, None] - second.east_mps[None, :]
    north_mps = first.north_mps[:, None] - second.north_mps[None, :]
    speed2 = east_mps**2 + north_mps**2
    towards = -(east * east_mps + north * north_mps)
    with np.errstate(divide="ignore", invalid="ignore"):
        closest_s = np.where(speed2 < _STILL_MPS2, 0.0, np.maximum(0.0, towards / speed2))
    closest_s = np.where(np.isnan(speed2), np.nan, closest_s)
    closest_m = np.hypot(east + east_mps * closest_s, north + north_mps * closest_s)
    relative = first.up_m[:, None] - second.up_m[None, :]
    up_mps = np.nan_to_num(first.up_mps)[:, None] - np.nan_to_num(second.up_mps)[None, :]
    then = relative + up_mps * np.nan_to_num(closest_s)
    gap = np.where(relative * then < 0.0, 0.0, np.minimum(np.abs(relative), np.abs(then)))
    return Approaches(np.hypot(east, north), relative, closest_s, closest_m, gap)
