"""The geofence as the page draws it, and how far it protects, in words. Pure."""

from gcs.geo.earth import offset
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui.map.marks import FenceMark, FenceShapeMark, latlon

CIRCLE_CORNERS = 48


def fence_mark(state: DeskState) -> FenceMark:
    """The fence on record; active only if every drone that is heard says so."""
    plan = state.fence
    heard = [v for v in state.fleet.drones if v.telemetry.phase is not Phase.SILENT]
    active = sum(v.telemetry.fence_active for v in heard)
    return FenceMark(
        shapes=tuple(FenceShapeMark(_ring(s), not s.keep_in) for s in plan.shapes),
        label=f"{_name(plan)} · {_fence_words(active, len(heard))}",
        active=0 < len(heard) == active,
        rally=tuple(latlon(r.position.lat_deg, r.position.lon_deg) for r in plan.rally),
    )


def _name(plan: FencePlan) -> str:
    name = plan.name if plan.name.startswith("Geofence") else f"Geofence {plan.name}"
    return f"{name} {plan.version}" if plan.version else name


def _ring(shape: FenceShape) -> tuple[tuple[float, float], ...]:
    return tuple(latlon(p.lat_deg, p.lon_deg) for p in shape_ring(shape))


def shape_ring(shape: FenceShape) -> tuple[Position, ...]:
    """The corners of an area, or of a circle drawn by many."""
    if shape.centre is None or shape.radius_m is None:
        return shape.points
    turn = 360.0 / CIRCLE_CORNERS
    return tuple(offset(shape.centre, n * turn, shape.radius_m) for n in range(CIRCLE_CORNERS))


def _fence_words(active: int, heard: int) -> str:
    if not heard:
        return "no drone reports it"
    if active == heard:
        return f"active · all {heard} drones report it" if heard > 1 else "active"
    if not active:
        return f"not active: 0 of {heard} drones report it"
    return f"{active} of {heard} drones report it active"
