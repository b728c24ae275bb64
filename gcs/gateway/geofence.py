"""Is a point, and the straight way to it, inside the site's fence? Pure; metres in a flat frame."""

import shapely

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.model.site import Fence

MARGIN_M = 4.0  # a multicopter overshoots by up to a metre, GNSS errs by two or three


class Geofence:
    """The fence's polygon, drawn in by a margin."""

    def __init__(self, fence: Fence) -> None:
        self._fence = fence
        self._frame = LocalFrame(fence.polygon[0])
        outline = shapely.Polygon([self._frame.to_local(p) for p in fence.polygon])
        self._outline = outline
        self._inside = outline.buffer(-MARGIN_M)
        shapely.prepare(self._inside)
        shapely.prepare(self._outline)

    def against(self, target: Position, height_m: float, start: Position | None) -> list[str]:
        """Reasons against flying straight from `start` to `target`; empty = inside."""
        name = self._fence.name
        reasons = []
        if not self._inside.covers(shapely.Point(self._frame.to_local(target))):
            reasons.append(f"the target is outside {name} or within {MARGIN_M:.0f} m of its line")
        elif start is not None:
            way = shapely.LineString([self._frame.to_local(start), self._frame.to_local(target)])
            if not self._outline.covers(way):
                reasons.append(f"the straight way to the target leaves {name}")
        if height_m > self._fence.ceiling_relative_m:
            reasons.append(
                f"height {height_m:.0f} m is above the ceiling of {name}, "
                f"{self._fence.ceiling_relative_m:.0f} m"
            )
        return reasons


def against_height(height_m: float, roof_m: float, most_agl_m: float) -> list[str]:
    """Reasons against a height above the dock's roof, by the limit above the ground."""
    agl_m = height_m + roof_m
    if agl_m <= most_agl_m:
        return []
    return [f"{height_m:.0f} m over a {roof_m:.0f} m roof is {agl_m:.0f} m, above {most_agl_m:.0f}"]
