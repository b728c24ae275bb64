"""What of the scene is near one camera: chosen again when the camera has moved on.

Values only. The farther something is, the larger it has to be to be taken.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.rings import Rings
from gcs.sim.cameras.scene import Scene
from gcs.sim.cameras.solids import Houses, Solids, build_solids
from gcs.sim.cameras.view import Array, Index
from gcs.sim.cameras.windows import Windows, build_windows

GROUND_M = 1300.0
HOUSES_M = 900.0
_MARKS_M = 260.0
_TREES_M = 350.0
_PARKED_M = 170.0
_SHADOWS_M = 420.0
_WINDOWS_M = 230.0


@dataclass(frozen=True)
class Stage:
    """The scene around (east, north); see Scene for the arrays."""

    east_m: float
    north_m: float
    kerbs: Rings
    pavements: Rings
    yards: Rings
    parks: Rings
    marks: Rings
    houses: Houses
    shadows: Rings
    solids: Solids
    windows: Windows
    trees: Array
    parked: Array
    pads: Array


def stage_at(scene: Scene, east_m: float, north_m: float) -> Stage:
    """Everything near a place."""
    streets = scene.streets

    def taken(rings: Rings, reach_m: float) -> Rings:
        return rings.chosen(rings.near(east_m, north_m, reach_m))

    def close(rows: Array, reach_m: float) -> Array:
        away = np.hypot(rows[:, 0] - east_m, rows[:, 1] - north_m)
        return rows[away < reach_m]

    def away_of(houses: Index) -> Array:
        east, north = (scene.buildings.centre[houses] - (east_m, north_m)).T
        return np.asarray(np.hypot(east, north), dtype=np.float64)

    house = scene.buildings.near(east_m, north_m, HOUSES_M)
    away = away_of(house)
    # Far off only what stands out of the rows of houses is seen.
    house = house[(away < 450.0) | (scene.height_m[house] > 8.0 + away / 90.0)]
    houses = Houses(
        scene.buildings.chosen(house),
        scene.eaves_m[house],
        scene.height_m[house],
        scene.gabled[house],
        scene.roof[house],
        scene.wall[house],
    )
    parked = close(streets.parked, _PARKED_M)
    return Stage(
        east_m,
        north_m,
        taken(streets.kerbs, GROUND_M),
        taken(streets.pavements, 400.0),
        taken(streets.yards, GROUND_M),
        taken(streets.parks, GROUND_M),
        taken(streets.marks, _MARKS_M),
        houses,
        _shadows(scene, house[away_of(house) < _SHADOWS_M]),
        build_solids(houses, parked),
        build_windows(houses, np.flatnonzero(away_of(house) < _WINDOWS_M)),
        close(scene.trees, _TREES_M),
        parked,
        close(scene.pads, 400.0),
    )


def _shadows(scene: Scene, houses: Index) -> Rings:
    """What each house keeps the sun from, on the ground: convex rings."""
    found = []
    for house in houses.tolist():
        foot = scene.buildings.xy[scene.buildings.start[house] : scene.buildings.start[house + 1]]
        both = np.concatenate((foot, foot + scene.height_m[house] * light.SHADOW))
        hull = cv2.convexHull(both.astype(np.float32))
        found.append(np.asarray(hull, dtype=np.float64).reshape(-1, 2))
    return Rings(found)
