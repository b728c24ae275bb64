"""Reasons against a place to fly to: the site's fence, its ceiling, the height over the ground."""

from gcs.geo.fence_plan import (
    distance_to_edge_m,
    highest_relative_m,
    inside,
    path_inside,
    plan_of,
)
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.site import Fence

MARGIN_M = 4.0  # a multicopter overshoots by up to a metre, GNSS errs by two or three


def against_place(
    fence: FencePlan | Fence, target: Position, height_m: float, start: Position | None
) -> list[str]:
    """Reasons against flying straight from `start` to `target`; empty = none.

    From outside the fence any way back in is allowed.
    """
    plan = plan_of(fence) if isinstance(fence, Fence) else fence
    reasons = []
    if not inside(plan, target):
        reasons.append(f"the target is outside {plan.name}")
    elif distance_to_edge_m(plan, target) < MARGIN_M:
        reasons.append(f"the target is within {MARGIN_M:.0f} m of the line of {plan.name}")
    elif start is not None and inside(plan, start) and not path_inside(plan, start, target):
        reasons.append(f"the straight way to the target leaves {plan.name}")
    highest_m = highest_relative_m(plan)
    if height_m > highest_m:
        reasons.append(
            f"height {height_m:.0f} m is above {highest_m:.0f} m, "
            f"the highest under the ceiling of {plan.name}"
        )
    return reasons


def against_height(height_m: float, roof_m: float, most_agl_m: float) -> list[str]:
    """Reasons against a height above the dock's roof, by the limit above the ground."""
    agl_m = height_m + roof_m
    if agl_m <= most_agl_m:
        return []
    return [f"{height_m:.0f} m over a {roof_m:.0f} m roof is {agl_m:.0f} m, above {most_agl_m:.0f}"]
