"""What stands still in a town, in flat arrays: the ground, buildings, trees, pads, parked cars.

Made once per process and shared by all cameras; nobody writes to it afterwards.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from gcs.geo.earth import LocalFrame
from gcs.geo.town import Town
from gcs.model.site import Site
from gcs.sim.cameras.rings import Rings, counterclockwise
from gcs.sim.cameras.streets import Streets, lay_streets
from gcs.sim.cameras.view import Array, Flags, Index, Shapes

PAD_SPACING_M = 4.0
_GABLE_M = 2.4  # from the eaves to the ridge
_ROOFS = np.array(
    [(92, 86, 82), (84, 82, 84), (76, 86, 110), (80, 94, 116), (104, 104, 104), (98, 108, 118)],
    dtype=float,
)
_WALLS = np.array(
    [(104, 128, 146), (88, 112, 140), (84, 98, 132), (128, 140, 150), (140, 146, 150),
     (150, 158, 164), (96, 118, 134)],
    dtype=float,
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """`eaves_m`: top of the walls; `height_m`: the roof's highest. A gabled building has four
    corners and its ridge between the middles of its short sides. `tree` (n, 4): east, north,
    height of the crown's middle, radius. `pads` (n, 4): east, north, roof height, heading.
    """

    frame: LocalFrame
    streets: Streets
    buildings: Rings
    eaves_m: Array
    height_m: Array
    gabled: Flags
    roof: Array
    wall: Array
    trees: Array
    pads: Array


def build_scene(town: Town, site: Site, seed: int) -> Scene:
    """Lay out the town for drawing. About a second; the same seed gives the same scene."""
    frame = LocalFrame(town.origin)
    streets = lay_streets(town, frame, seed)
    outlines = [np.array([frame.to_local(p) for p in b.outline]) for b in town.buildings]
    height = np.array([b.height_m for b in town.buildings])
    rng = np.random.default_rng((0x5CE, seed))
    rings = Rings(counterclockwise(outlines))
    gabled = _may_be_gabled(rings, height, rng)
    docks = np.array([frame.to_local(d.position) for d in site.docks]).reshape(-1, 2)
    for place in docks:
        gabled &= np.hypot(*(rings.centre - place).T) > 14.0
    return Scene(
        frame,
        streets,
        _long_side_first(rings, gabled),
        np.where(gabled, height - _GABLE_M, height),
        height,
        gabled,
        _ROOFS[rng.integers(len(_ROOFS), size=len(height))] + rng.uniform(-9, 9, (len(height), 1)),
        _WALLS[rng.integers(len(_WALLS), size=len(height))] + rng.uniform(-8, 8, (len(height), 1)),
        _trees(streets, rings, rng),
        _pads(site, frame),
    )


def _may_be_gabled(rings: Rings, height: Array, rng: np.random.Generator) -> Flags:
    """Most small houses of four corners."""
    corners = np.diff(rings.start)
    found: Flags = (
        (corners == 4)
        & (height > 7.0)
        & (height < 15.0)
        & (rings.radius < 20.0)
        & (rng.random(len(height)) < 0.72)
    )
    return found


def _long_side_first(rings: Rings, gabled: Flags) -> Rings:
    """A gabled building's corners begin with a long side, so that the ridge runs along it."""
    rows = rings.start[:-1][gabled][:, None] + np.arange(4)
    corners = rings.xy[rows]
    sides = (
        np.hypot(*(corners[:, 1] - corners[:, 0]).T),
        np.hypot(*(corners[:, 2] - corners[:, 1]).T),
    )
    turned = sides[0] < sides[1]
    corners[turned] = corners[turned][:, (1, 2, 3, 0)]
    rings.xy[rows] = corners
    return rings


def _trees(streets: Streets, houses: Rings, rng: np.random.Generator) -> Array:
    """In parks and in the yards behind houses, clear of walls and streets."""
    spots = [_scattered(streets.parks, 0.010, rng), _scattered(streets.yards, 0.0035, rng)]
    dots = np.concatenate(spots)
    radius = rng.uniform(1.6, 3.2, len(dots))
    walls, blocks = _shapes(houses), _shapes(streets.yards)
    points = shapely.points(dots)
    near_wall = shapely.STRtree(walls).query(points, predicate="dwithin", distance=1.6)[0]
    inner = shapely.STRtree(shapely.buffer(blocks, -2.5)).query(points, predicate="within")[0]
    free = np.zeros(len(dots), dtype=bool)
    free[inner] = True
    free[near_wall] = False
    top = rng.uniform(1.4, 1.9, len(dots)) * radius
    return np.column_stack((dots, top, radius))[free]


def _shapes(rings: Rings) -> Shapes:
    owner = np.repeat(np.arange(len(rings)), np.diff(rings.start))
    found: Shapes = shapely.polygons(shapely.linearrings(rings.xy, indices=owner))
    return found


def _scattered(rings: Rings, per_m2: float, rng: np.random.Generator) -> Array:
    """Points in the rings' boxes, so many per square metre; some lie outside the ring."""
    side = rings.radius * np.sqrt(2.0)
    count = rng.poisson(np.minimum(side * side * per_m2, 400.0))
    which: Index = np.repeat(np.arange(len(rings)), count)
    spots: Array = rng.uniform(-0.5, 0.5, (len(which), 2)) * side[which, None]
    return rings.centre[which] + spots


def _pads(site: Site, frame: LocalFrame) -> Array:
    """Where the site's drones stand on their docks' roofs, as the simulated fleet has them."""
    found = []
    for drone in site.drones:
        dock = site.dock_of(drone.id)
        order = [d.id for d in site.drones if d.dock == drone.dock].index(drone.id)
        east, north = frame.to_local(dock.position)
        shift = PAD_SPACING_M * ((order + 1) // 2) * (1 if order % 2 else -1)
        heading = np.radians(drone.system_id * 47.0 % 360.0)
        found.append((east + shift, north, dock.roof_height_m, heading))
    return np.array(found).reshape(-1, 4)
