"""Reasons against a flight plan: every point and every leg by the fence, the ceiling, the ground.

Pure. `start` is where the drone is now; from outside the fence any way back in is allowed.
"""

from collections.abc import Callable

from gcs.gateway.drone import Drone
from gcs.gateway.geofence import against_height, against_place
from gcs.geo.earth import distance_m
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.plan import FlightPlan
from gcs.model.site import Site
from gcs.model.telemetry import Phase

MOST_REASONS = 4
LONGEST_LEG_M = 5000.0

# Why a place at a height above the dock's roof, or the straight way there, is not authorised;
# empty = it is.
Volumes = Callable[[Drone, Position, float, Position | None], str]

_NOT_MOVABLE = frozenset({Phase.SILENT, Phase.DOCKED, Phase.LANDED, Phase.ARMED, Phase.LANDING})


def against_state(drone: Drone) -> list[str]:
    """Reasons in the drone's own state."""
    reasons = []
    if drone.phase in _NOT_MOVABLE:
        reasons.append(f"{drone.id} is {drone.phase.value.replace('_', ' ')}")
    if drone.failsafe:
        reasons.append("the vehicle is in a failsafe")
    if drone.motion is None:
        reasons.append("the vehicle's position is not known")
    return reasons


def against_plan(
    drone: Drone,
    plan: FlightPlan,
    fence: FencePlan,
    site: Site,
    volumes: Volumes,
    *,
    first: int = 1,
) -> list[str]:
    """Reasons against flying the plan from its point `first` on, from where the drone is now."""
    found: list[str] = []
    before = drone.motion.position if drone.motion else None
    roof_m, most_m = drone.dock.roof_height_m, site.safety.max_height_agl_m
    for number, item in enumerate(plan.items[first - 1 :], start=first):
        reasons = against_place(fence, item.position, item.height_m, before)
        reasons += against_height(item.height_m, roof_m, most_m)
        volume = volumes(drone, item.position, item.height_m, before)
        reasons += [volume] if volume else []
        if before is not None and distance_m(before, item.position) > LONGEST_LEG_M:
            reasons.append(f"it is more than {LONGEST_LEG_M / 1000:.0f} km from the one before")
        found += [f"point {number}: {why}" for why in reasons]
        before = item.position
    if len(found) > MOST_REASONS:
        found[MOST_REASONS:] = [f"and {len(found) - MOST_REASONS} more"]
    return found
