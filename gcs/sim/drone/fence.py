"""The geofence a vehicle carries: its items, whether it is switched on, what is inside it.

Items are those of the mission protocol, 5001 to 5004. Whether a breach has consequences is
the failsafes' business.
"""

import math
from dataclasses import dataclass, field

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.model.site import Fence as SiteFence
from gcs.sim.drone.parameters import Parameters

POLYGON_IN, POLYGON_OUT, CIRCLE_IN, CIRCLE_OUT = 5001, 5002, 5003, 5004
ALT_MAX_BIT, POLYGON_BIT = 1, 4  # FENCE_TYPE
_UNION_BIT = 2  # FENCE_OPTIONS
_NAMES = {ALT_MAX_BIT: "Max Alt", POLYGON_BIT: "Polygon"}


@dataclass(frozen=True, slots=True)
class FenceItem:
    """One item: for a polygon `count` is its number of points, for a circle its radius in m."""

    command: int
    count: float
    lat_e7: int
    lon_e7: int


class BadFence(ValueError):
    """A set of items that makes no fence."""


@dataclass(frozen=True, slots=True)
class _Polygon:
    inside: bool
    points: tuple[tuple[float, float], ...]

    def holds(self, east: float, north: float) -> bool:
        return _in_polygon(east, north, self.points) == self.inside


@dataclass(frozen=True, slots=True)
class _Circle:
    inside: bool
    centre: tuple[float, float]
    radius_m: float

    def holds(self, east: float, north: float) -> bool:
        away = math.hypot(east - self.centre[0], north - self.centre[1])
        return (away <= self.radius_m) == self.inside


@dataclass(slots=True)
class Fence:
    """The fence in the pad's frame. `breached` holds the FENCE_TYPE bits broken now."""

    frame: LocalFrame
    items: tuple[FenceItem, ...] = ()
    enabled: bool = False
    breached: int = 0
    breach_count: int = 0
    breach_ms: int = 0
    last_type: int = 0
    _shapes: tuple[_Polygon | _Circle, ...] = field(default=())

    def load(self, items: tuple[FenceItem, ...]) -> None:
        """Replace the fence. Raises BadFence and keeps the old one if it makes no sense."""
        self._shapes = _shapes(self.frame, items)
        self.items = items

    @property
    def present(self) -> bool:
        """There is a polygon or a circle."""
        return bool(self._shapes)

    def broken_by(self, params: Parameters, east: float, north: float, up: float) -> int:
        """The FENCE_TYPE bits that a place would break, as the parameters have the fence.

        Of several keep-in areas it must be in all, or, by FENCE_OPTIONS, in one.
        """
        union = bool(int(params["FENCE_OPTIONS"]) & _UNION_BIT)
        types, ceiling_m = int(params["FENCE_TYPE"]), params["FENCE_ALT_MAX"]
        return self.broken(types, ceiling_m, east, north, up, union=union)

    def broken(
        self,
        types: int,
        ceiling_m: float,
        east: float,
        north: float,
        up: float,
        *,
        union: bool = False,
    ) -> int:
        """The FENCE_TYPE bits, of `types`, that a place would break."""
        found = 0
        if types & ALT_MAX_BIT and up >= ceiling_m:
            found |= ALT_MAX_BIT
        if types & POLYGON_BIT and not self._holds(east, north, union):
            found |= POLYGON_BIT
        return found

    def _holds(self, east: float, north: float, union: bool) -> bool:
        kept_in = [s.holds(east, north) for s in self._shapes if s.inside]
        kept_out = all(s.holds(east, north) for s in self._shapes if not s.inside)
        return kept_out and (any(kept_in) if union and kept_in else all(kept_in))


def carry(fence: Fence, site: SiteFence, params: Parameters) -> None:
    """Have a site's fence on board, switched on."""
    fence.load(polygon_items(site.polygon))
    fence.enabled = True
    params.set("FENCE_TOTAL", len(fence.items))
    params.set("FENCE_ENABLE", 1)
    params.set("FENCE_ALT_MAX", site.ceiling_relative_m)


def names(bits: int) -> str:
    """The fences of some FENCE_TYPE bits, as ArduPilot writes them."""
    return " and ".join(name for bit, name in _NAMES.items() if bits & bit)


def polygon_items(points: tuple[Position, ...]) -> tuple[FenceItem, ...]:
    """A keep-in polygon as items."""
    return tuple(
        FenceItem(POLYGON_IN, len(points), round(p.lat_deg * 1e7), round(p.lon_deg * 1e7))
        for p in points
    )


def _shapes(frame: LocalFrame, items: tuple[FenceItem, ...]) -> tuple[_Polygon | _Circle, ...]:
    found: list[_Polygon | _Circle] = []
    at = 0
    while at < len(items):
        item = items[at]
        if item.command in (CIRCLE_IN, CIRCLE_OUT):
            if not item.count > 0:
                raise BadFence("circle without a radius")
            found.append(_Circle(item.command == CIRCLE_IN, _local(frame, item), item.count))
            at += 1
            continue
        size = _polygon_size(items, at)
        points = tuple(_local(frame, p) for p in items[at : at + size])
        found.append(_Polygon(item.command == POLYGON_IN, points))
        at += size
    return tuple(found)


def _polygon_size(items: tuple[FenceItem, ...], at: int) -> int:
    first = items[at]
    size = int(first.count) if math.isfinite(first.count) else 0
    whole = items[at : at + size]
    if size < 3 or len(whole) < size:
        raise BadFence("polygon with missing points")
    if any(p.command != first.command or p.count != first.count for p in whole):
        raise BadFence("polygon mixed with other items")
    return size


def _local(frame: LocalFrame, item: FenceItem) -> tuple[float, float]:
    return frame.to_local(Position(item.lat_e7 / 1e7, item.lon_e7 / 1e7))


def _in_polygon(east: float, north: float, points: tuple[tuple[float, float], ...]) -> bool:
    """Even-odd rule: how many edges does a ray to the east cross?"""
    inside = False
    before = points[-1]
    for point in points:
        if (point[1] > north) != (before[1] > north):
            share = (north - point[1]) / (before[1] - point[1])
            if east < point[0] + share * (before[0] - point[0]):
                inside = not inside
        before = point
    return inside
