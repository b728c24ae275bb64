"""What of the scene is near one camera: chosen again when the camera has moved on.

Values only. The farther something is, the larger it has to be to be taken.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.rings import Rings
from gcs.sim.cameras.scene import Scene
from gcs.sim.cameras.view import Array, Flags, Index, raised

GROUND_M = 1300.0
HOUSES_M = 900.0
_MARKS_M = 260.0
_TREES_M = 350.0
_PARKED_M = 240.0
_SHADOWS_M = 420.0


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
    houses: Rings
    house_id: Index
    eaves_m: Array
    height_m: Array
    gabled: Flags
    roof: Array
    wall: Array
    shadows: Rings
    trees: Array
    parked: Array
    pads: Array

    @cached_property
    def spheres(self) -> tuple[Array, Array]:
        """Middles (n, 3) and radii of the houses."""
        half = self.height_m / 2.0
        return raised(self.houses.centre, half), np.hypot(self.houses.radius, half)


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
    return Stage(
        east_m,
        north_m,
        taken(streets.kerbs, GROUND_M),
        taken(streets.pavements, 400.0),
        taken(streets.yards, GROUND_M),
        taken(streets.parks, GROUND_M),
        taken(streets.marks, _MARKS_M),
        scene.buildings.chosen(house),
        house,
        scene.eaves_m[house],
        scene.height_m[house],
        scene.gabled[house],
        scene.roof[house],
        scene.wall[house],
        _shadows(scene, house[away_of(house) < _SHADOWS_M]),
        close(scene.trees, _TREES_M),
        close(streets.parked, _PARKED_M),
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
