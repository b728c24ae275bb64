"""The explained ranking of drones for an incident. Pure: state in, candidates out."""

from dataclasses import dataclass

from gcs.fleet.endurance import CLIMB_MPS, LANDING_RESERVE_S, flight_home_s
from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.geo.earth import distance_m
from gcs.geo.fence import path_inside
from gcs.model.control import ControlRecord, ControlState
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import Phase

CRUISE_MPS = 9.0
ARM_S = 3.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A drone for an incident. `reasons` say why it stands where it does, best news first.

    `arrival_s` is the estimate from the press of the button; None if it cannot go.
    """

    drone: str
    possible: bool
    arrival_s: float | None
    on_scene_s: float | None
    reasons: tuple[str, ...]


def rank(
    scene: Position,
    height_m: float,
    site: Site,
    views: tuple[DroneView, ...],
    controls: dict[str, ControlRecord],
    now_s: float,
) -> tuple[Candidate, ...]:
    """All drones of the site, best first; those that cannot go come last, with the reason."""
    heard = {v.telemetry.drone: v for v in views}
    found = [
        _candidate(spec.id, scene, height_m, site, heard.get(spec.id), controls.get(spec.id), now_s)
        for spec in site.drones
    ]
    return tuple(
        sorted(
            found,
            key=lambda c: (not c.possible, c.arrival_s or 0.0, -(c.on_scene_s or 0.0), c.drone),
        )
    )


def _candidate(
    drone: str,
    scene: Position,
    height_m: float,
    site: Site,
    view: DroneView | None,
    control: ControlRecord | None,
    now_s: float,
) -> Candidate:
    against = _reasons_against(site, view, control, now_s)
    if against or view is None or view.telemetry.endurance_s is None:
        return Candidate(drone, False, None, None, against or ("endurance not known",))
    dock = site.dock_of(drone)
    if not path_inside(site.fence, dock.position, scene):
        return Candidate(drone, False, None, None, ("the straight way there leaves the fence",))
    metres = distance_m(dock.position, scene)
    arrival = ARM_S + height_m / CLIMB_MPS + metres / CRUISE_MPS
    home = flight_home_s(scene, height_m, dock.position, site.required_return_height_m(drone))
    work = view.telemetry.endurance_s - arrival - home - LANDING_RESERVE_S
    if work < 60.0:
        return Candidate(drone, False, None, None, (f"battery leaves {work:.0f} s at the scene",))
    battery = view.telemetry.battery_percent
    reasons = (
        f"there in {arrival:.0f} s: {metres:.0f} m from {dock.name}",
        f"{work / 60:.0f} min at the scene with {battery:.0f} % battery"
        if battery is not None
        else f"{work / 60:.0f} min at the scene",
    )
    return Candidate(drone, True, arrival, work, reasons)


def _reasons_against(
    site: Site, view: DroneView | None, control: ControlRecord | None, now_s: float
) -> tuple[str, ...]:
    if view is None:
        return ("never heard",)
    telemetry = view.telemetry
    if freshness(view.heartbeat_age_s(now_s)) is not Freshness.FRESH:
        return ("silent: no heartbeat",)
    if control is not None and control.state is not ControlState.UNOWNED:
        who = control.holder.label if control.holder else "nobody (orphaned)"
        return (f"held by {who}",)
    if telemetry.phase is not Phase.DOCKED:
        return (f"not in its dock: {telemetry.phase.value.replace('_', ' ')}",)
    reasons = list(telemetry.not_ready_because)
    if not telemetry.ready and not reasons:
        reasons.append("not ready to arm")
    low = site.safety.min_battery_percent
    if telemetry.battery_percent is None or telemetry.battery_percent < low:
        reasons.append(f"battery under {low:.0f} %")
    return tuple(reasons)
