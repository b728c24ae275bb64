"""Where a place or a straight path lies with respect to a site's geofence of several shapes.

A place is inside when it is inside every keep-in shape and outside every keep-out shape: the
reading of ArduPilot (FENCE_OPTIONS without the union of inclusion areas), and the strictest of
those in use (PX4 takes any one keep-in shape for enough). A place on a line counts as outside.
"""

from gcs.geo.earth import distance_m
from gcs.geo.fence import (
    distance_to_line_m,
    distance_to_path_m,
    path_touches,
    path_within,
    within,
)
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position
from gcs.model.site import CEILING_MARGIN_M, Fence


def plan_of(fence: Fence) -> FencePlan:
    """The fence of a site file as a plan: version 0."""
    return FencePlan(
        name=fence.name[:60],
        shapes=(FenceShape(keep_in=True, points=fence.polygon),),
        ceiling_relative_m=fence.ceiling_relative_m,
    )


def highest_relative_m(plan: FencePlan) -> float:
    """The highest a drone is sent: at the very ceiling a vehicle refuses to move on."""
    return plan.ceiling_relative_m - CEILING_MARGIN_M


def inside(plan: FencePlan, place: Position) -> bool:
    """Whether a place is within the fence and on no line of it."""
    return all(_allows(shape, place) for shape in plan.shapes)


def inside_by(plan: FencePlan, place: Position, margin_m: float) -> bool:
    """Whether it is inside and at least so far from every line."""
    return inside(plan, place) and distance_to_edge_m(plan, place) >= margin_m


def path_inside(plan: FencePlan, a: Position, b: Position) -> bool:
    """Whether the straight path from a to b stays within and never touches a line."""
    return all(_allows_path(shape, a, b) for shape in plan.shapes)


def distance_to_edge_m(plan: FencePlan, place: Position) -> float:
    """Metres over ground to the nearest line of any shape, from either side."""
    return min(line_distance_m(shape, place) for shape in plan.shapes)


def covers(shape: FenceShape, place: Position) -> bool:
    """Whether the place is in the shape itself, whatever the shape forbids; not on its line."""
    if shape.centre is not None and shape.radius_m is not None:
        return distance_m(shape.centre, place) < shape.radius_m
    return within(shape.points, place)


def line_distance_m(shape: FenceShape, place: Position) -> float:
    """Metres over ground to the shape's line."""
    if shape.centre is not None and shape.radius_m is not None:
        return abs(distance_m(shape.centre, place) - shape.radius_m)
    return distance_to_line_m(shape.points, place)


def _allows(shape: FenceShape, place: Position) -> bool:
    if shape.keep_in:
        return covers(shape, place)
    if shape.centre is not None and shape.radius_m is not None:
        return distance_m(shape.centre, place) > shape.radius_m
    return not within(shape.points, place) and not path_touches(shape.points, place, place)


def _allows_path(shape: FenceShape, a: Position, b: Position) -> bool:
    if shape.centre is not None and shape.radius_m is not None:
        if shape.keep_in:  # a circle has no bay: both ends inside is enough
            return covers(shape, a) and covers(shape, b)
        return distance_to_path_m(a, b, shape.centre) > shape.radius_m
    if shape.keep_in:
        return path_within(shape.points, a, b)
    return not within(shape.points, a) and not path_touches(shape.points, a, b)
