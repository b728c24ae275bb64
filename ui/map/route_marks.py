"""The plans that drones fly, as the map draws them. Pure."""

from gcs.station.state import DeskState
from ui.map.marks import RouteMark, latlon


def route_marks(state: DeskState) -> dict[str, RouteMark]:
    """One for each drone whose plan this desk knows the points of."""
    made = {}
    for view in state.fleet.drones:
        drone = view.telemetry.drone
        plan, profile = state.plan_flown(drone), state.profile(drone)
        if plan is None or profile is None:
            continue
        points = tuple(latlon(i.position.lat_deg, i.position.lon_deg) for i in plan.items)
        tone = "own" if state.in_control(drone) else "other"
        made[drone] = RouteMark(points, profile.plan.current, tone)
    return made
