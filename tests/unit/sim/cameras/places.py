"""A small made-up town with a dock, a drone and a fixed camera, for tests of the cameras."""

import numpy as np

from gcs.geo.earth import LocalFrame
from gcs.geo.town import Building, Park, Street, StreetKind, Town
from gcs.model.place import Position
from gcs.model.site import Dock, DroneSpec, Fence, FixedCamera, OperatingMode, Site, Video
from gcs.sim.cameras.crowd import Crowd
from gcs.sim.cameras.renderer import Renderer, Town3D
from gcs.sim.cameras.scene import build_scene
from gcs.sim.cameras.traffic import Traffic

ORIGIN = Position(51.54, -0.1)
FRAME = LocalFrame(ORIGIN)
BLOCK_M = 100.0
LINES = 4
HOUSE_M, HOUSE_HIGH_M = 22.0, 11.0
CAMERA_AT = (150.0, 101.0)


def at(east: float, north: float) -> Position:
    return FRAME.to_position(east, north)


def _square(east: float, north: float, half: float) -> tuple[Position, ...]:
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return tuple(at(east + e, north + n) for e, n in corners)


def town() -> Town:
    """Streets each 100 m both ways; four houses in each block but the last, which is a park."""
    steps = [BLOCK_M * n for n in range(LINES)]
    streets = [
        Street(f"{way} {n}", StreetKind.MINOR, 16.0, tuple(at(*p) for p in points))
        for n, fixed in enumerate(steps)
        for way, points in (
            ("Row", [(s, fixed) for s in steps]),
            ("Column", [(fixed, s) for s in steps]),
        )
    ]
    houses, parks = [], []
    for column in range(LINES - 1):
        for row in range(LINES - 1):
            east, north = BLOCK_M * (column + 0.5), BLOCK_M * (row + 0.5)
            if (column, row) == (LINES - 2, LINES - 2):
                parks.append(Park("Green", _square(east, north, 35.0)))
                continue
            houses += [
                Building(_square(east + e, north + n, HOUSE_M / 2), HOUSE_HIGH_M)
                for e in (-25.0, 25.0)
                for n in (-25.0, 25.0)
            ]
    return Town("test streets", ORIGIN, tuple(streets), tuple(houses), tuple(parks))


def site(video: Video | None = None) -> Site:
    """One dock on the house at (75, 75), one fixed camera that looks east along a street."""
    return Site(
        id="test",
        name="Test",
        gss="E09000019",
        force="MPS",
        mode=OperatingMode.TRAINING,
        docks=(Dock("D1", "Dock 1", at(75.0, 75.0), HOUSE_HIGH_M),),
        drones=(DroneSpec("T-01", 1, "D1"),),
        fence=Fence("F", "Fence", _square(150.0, 150.0, 200.0), 100.0),
        people=(),
        video=video or Video(320, 180, 15.0, 5.0),
        cameras=(FixedCamera("CAM-1", "Cam", at(*CAMERA_AT), 5.0, 90.0, -13.0, 42.0),),
    )


def town_3d(seed: int = 5) -> Town3D:
    where = site()
    scene = build_scene(town(), where, seed)
    crowd = Crowd(scene.streets, where, scene.frame, seed)
    return Town3D(scene, crowd, Traffic(scene.streets.lanes, seed))


def renderer(whole: Town3D, width: int = 640, height: int = 360, scale: int = 2) -> Renderer:
    return Renderer(whole, np.zeros((height * scale, width * scale, 3), np.uint8))
