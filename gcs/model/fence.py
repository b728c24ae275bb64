"""A geofence with its rally points: what the keeper records, the gateway uploads, the map draws."""

import hashlib
from dataclasses import dataclass

from gcs.model import check
from gcs.model.place import Position

MOST_FENCE_ITEMS = 250
MOST_RALLY_POINTS = 20


@dataclass(frozen=True, slots=True)
class FenceShape:
    """A polygon (`points`, open ring, 3 or more) or a circle (`centre` and `radius_m`).

    `keep_in`: the drone stays inside; else it stays out.
    """

    keep_in: bool
    points: tuple[Position, ...] = ()
    centre: Position | None = None
    radius_m: float | None = None

    def __post_init__(self) -> None:
        if (self.centre is None) != (self.radius_m is None):
            raise ValueError("fence shape: a circle has both a centre and a radius_m")
        if (self.centre is None) == (not self.points):
            raise ValueError("fence shape: expected either points or a circle")
        if self.points and len(self.points) < 3:
            raise ValueError(f"fence shape: a polygon has {len(self.points)} points, needs 3")
        check.optional_finite("fence radius_m", self.radius_m, 5.0, 20_000.0)

    @property
    def is_circle(self) -> bool:
        """Whether it is a circle."""
        return self.centre is not None


@dataclass(frozen=True, slots=True)
class RallyPoint:
    """Where a drone may go instead of its dock. `height_m` above the dock's roof."""

    position: Position
    height_m: float

    def __post_init__(self) -> None:
        check.finite("rally height_m", self.height_m, 2.0, 500.0)


@dataclass(frozen=True, slots=True)
class FencePlan:
    """The site's geofence as it is now. Key in the record bucket: `fence.site`.

    `ceiling_relative_m` is above the dock's roof. `version` counts what the keeper recorded, 0
    = the site file's own fence; `set_by` is a name.
    """

    name: str
    shapes: tuple[FenceShape, ...]
    ceiling_relative_m: float
    rally: tuple[RallyPoint, ...] = ()
    version: int = 0
    set_by: str = ""
    set_utc_ms: int = 0

    def __post_init__(self) -> None:
        check.text("fence.name", self.name, 60)
        check.finite("fence.ceiling_relative_m", self.ceiling_relative_m, 5.0, 120.0)
        items = sum(1 if s.is_circle else len(s.points) for s in self.shapes)
        if items > MOST_FENCE_ITEMS:
            raise ValueError(f"fence {self.name}: {items} points, at most {MOST_FENCE_ITEMS}")
        if len(self.rally) > MOST_RALLY_POINTS:
            raise ValueError(f"fence {self.name}: at most {MOST_RALLY_POINTS} rally points")
        if not any(s.keep_in for s in self.shapes):
            raise ValueError(f"fence {self.name}: no shape to stay inside of")

    @property
    def digest(self) -> str:
        """Tells two fences apart by what a vehicle would hold of them (7 decimals)."""
        words = []
        for shape in self.shapes:
            places = shape.points or (shape.centre,)
            spots = ";".join(f"{p.lat_deg:.7f},{p.lon_deg:.7f}" for p in places if p)
            words.append(f"{shape.keep_in}|{spots}|{shape.radius_m or 0:.2f}")
        words += [
            f"{r.position.lat_deg:.7f},{r.position.lon_deg:.7f},{r.height_m:.2f}"
            for r in self.rally
        ]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
