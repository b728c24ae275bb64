"""What this desk knows of its drones, as the catalogue of flight warnings asks for it. Pure."""

from gcs.alerts.flight_facts import DroneFacts, FlightFacts
from gcs.fleet.state import DroneView
from gcs.model.traffic import Encounter
from gcs.station.state import DeskState

TRAFFIC_OLD_S = 5.0  # a picture comes twice a second while there is anything in it


def facts_of(state: DeskState) -> FlightFacts:
    """Everything at this moment of the desk's clock."""
    now_s = state.clock.monotonic()
    near, names = _traffic(state, now_s)
    drones = tuple(_drone(state, view, now_s, near, names) for view in state.fleet.drones)
    return FlightFacts(now_s, drones)


def _drone(
    state: DeskState,
    view: DroneView,
    now_s: float,
    near: dict[str, list[Encounter]],
    names: dict[int, str],
) -> DroneFacts:
    telemetry = view.telemetry
    drone, uplink_age_s = telemetry.drone, telemetry.uplink_age_s
    left = state.endurance(drone)
    since_s = max(0.0, now_s - view.received_at_s)
    return DroneFacts(
        telemetry=telemetry,
        profile=state.profile(drone),
        heartbeat_age_s=view.heartbeat_age_s(now_s),
        position_age_s=view.position_age_s(now_s),
        uplink_age_s=None if uplink_age_s is None else uplink_age_s + since_s,
        max_wind_mps=state.site.max_wind_mps(drone),
        work_s=None if left is None else left.work_s,
        encounters=tuple(near.get(drone, ())),
        aircraft=names,
    )


def _traffic(state: DeskState, now_s: float) -> tuple[dict[str, list[Encounter]], dict[int, str]]:
    picture, at_s = state.traffic, state.traffic_at_s
    if picture is None or at_s is None or now_s - at_s > TRAFFIC_OLD_S:
        return {}, {}
    near: dict[str, list[Encounter]] = {}
    for encounter in picture.encounters:
        if encounter.severity is not None:
            near.setdefault(encounter.drone, []).append(encounter)
    names = {a.icao: a.callsign or f"{a.icao:06X}" for a in picture.aircraft}
    return near, names
