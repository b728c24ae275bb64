"""Whether a geofence makes sense for its site, in sentences. Pure.

Run where a fence is drawn or imported, and again by the keeper before it is recorded.
"""

from shapely.geometry import Polygon
from shapely.validation import explain_validity

from gcs.geo.earth import LocalFrame, distance_m
from gcs.geo.fence_plan import covers, highest_relative_m, inside_by, line_distance_m
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.site import Site

DOCK_MARGIN_M = 10.0  # GNSS at a dock errs by some metres, and a vehicle is not to arm in breach
RALLY_MARGIN_M = 5.0
LEAST_AREA_M2 = 400.0
LARGEST_M = 40_000.0
SAME_PLACE_M = 0.05


def problems(plan: FencePlan, site: Site) -> tuple[str, ...]:
    """What is wrong with the fence; empty when it may be used."""
    found: list[str] = []
    for number, shape in enumerate(plan.shapes, start=1):
        called = f"shape {number} ({'keep in' if shape.keep_in else 'keep out'})"
        found += [f"{called}: {why}" for why in _own_problems(shape)]
    if not found:  # a dock's place in a shape that crosses itself means nothing
        found += _dock_problems(plan, site)
        found += _rally_problems(plan, site)
    found += _ceiling_problems(plan, site)
    return tuple(found)


# -- a shape by itself -----------------------------------------------------------------------
def _own_problems(shape: FenceShape) -> list[str]:
    if shape.is_circle:
        return []  # its radius is checked by the value itself
    places = shape.points
    for number, place in enumerate(places):
        before = places[number - 1]
        if distance_m(before, place) < SAME_PLACE_M:
            return [f"point {number + 1} is at the same place as the one before it"]
    frame = LocalFrame(places[0])
    polygon = Polygon([frame.to_local(place) for place in places])
    if not polygon.is_valid:
        return [f"its line crosses or touches itself{_where(polygon, frame)}"]
    if polygon.area < LEAST_AREA_M2:
        return [f"its area is {polygon.area:.0f} m², at least {LEAST_AREA_M2:.0f} m² are needed"]
    west, south, east, north = polygon.bounds
    if max(east - west, north - south) > LARGEST_M:
        return [f"it is more than {LARGEST_M / 1000:.0f} km across"]
    return []


def _where(polygon: Polygon, frame: LocalFrame) -> str:
    """shapely tells the place in its words: Self-intersection[12.5 3.25]."""
    words: str = explain_validity(polygon)
    _, bracket, numbers = words.partition("[")
    try:
        east, north = (float(part) for part in numbers.rstrip("]").split())
        at = frame.to_position(east, north)
    except ValueError:
        return ""
    return f" near {at.lat_deg:.5f}, {at.lon_deg:.5f}" if bracket else ""


# -- the site in it --------------------------------------------------------------------------
def _dock_problems(plan: FencePlan, site: Site) -> list[str]:
    found = []
    for dock in site.docks:
        for number, shape in enumerate(plan.shapes, start=1):
            is_in = covers(shape, dock.position)
            if is_in != shape.keep_in:
                lies = "outside" if shape.keep_in else "inside"
                kind = "keep in" if shape.keep_in else "keep out"
                found.append(f"dock {dock.id} is {lies} shape {number} ({kind})")
                continue
            away_m = line_distance_m(shape, dock.position)
            if away_m < DOCK_MARGIN_M:
                found.append(
                    f"dock {dock.id} is {away_m:.0f} m from the line of shape {number}, "
                    f"at least {DOCK_MARGIN_M:.0f} m are needed"
                )
    return found


def _rally_problems(plan: FencePlan, site: Site) -> list[str]:
    found = []
    highest_m = highest_relative_m(plan)
    roof_m = max(dock.roof_height_m for dock in site.docks)
    most_m = min(highest_m, site.safety.max_height_agl_m - roof_m)
    for number, point in enumerate(plan.rally, start=1):
        if not inside_by(plan, point.position, RALLY_MARGIN_M):
            found.append(
                f"rally point {number} is outside the fence or within "
                f"{RALLY_MARGIN_M:.0f} m of its line"
            )
        if point.height_m > most_m:
            found.append(f"rally point {number} is at {point.height_m:.0f} m, at most {most_m:.0f}")
    return found


def _ceiling_problems(plan: FencePlan, site: Site) -> list[str]:
    """A drone that returns under a lower ceiling than its return height would breach it."""
    heights = {drone.id: site.required_return_height_m(drone.id) for drone in site.drones}
    if not heights:
        return []
    drone = max(heights, key=lambda d: heights[d])
    highest_m = highest_relative_m(plan)
    if heights[drone] <= highest_m:
        return []
    return [
        f"the ceiling of {plan.ceiling_relative_m:.0f} m allows {highest_m:.0f} m, and {drone} "
        f"returns at {heights[drone]:.0f} m"
    ]
