"""Cameras and what they see, as the map shows them. Pure: state and sights in, marks out."""

from gcs.model.place import Position
from gcs.model.site import Site
from gcs.station.state import DeskState
from ui.map.footprint import cone, footprint
from ui.map.marks import CameraMark, FootprintMark, LatLon, latlon
from ui.wall import Sights

STALE_AFTER_S = 2.0
GONE_AFTER_S = 60.0
GRID = 5  # digits: a metre; finer steps would only be sent


def camera_marks(site: Site) -> dict[str, CameraMark]:
    """The site's fixed cameras."""
    return {
        camera.id: CameraMark(
            at=latlon(camera.position.lat_deg, camera.position.lon_deg),
            title=camera.name,
            cone=_ring(cone(camera), 6),
        )
        for camera in site.cameras
    }


def footprint_marks(state: DeskState, sights: Sights, selected: str) -> dict[str, FootprintMark]:
    """What the cameras of the selected drone and of this desk's own see, while they fly."""
    made = {}
    for view in state.fleet.drones:
        drone = view.telemetry.drone
        if not view.telemetry.airborne or not (drone == selected or state.in_control(drone)):
            continue
        mark = _mark(state, sights, drone)
        if mark is not None:
            made[drone] = mark
    return made


def _mark(state: DeskState, sights: Sights, drone: str) -> FootprintMark | None:
    sight = sights.of(drone)
    if sight is None:
        return None
    age_s = state.clock.monotonic() - sight.received_s
    ring = footprint(sight.metadata) if age_s <= GONE_AFTER_S else None
    if ring is None:
        return None
    own = state.in_control(drone)
    tone = "silent" if age_s >= STALE_AFTER_S else "own" if own else "other"
    return FootprintMark(_ring(ring, GRID), tone)


def _ring(ring: tuple[Position, ...], digits: int) -> tuple[LatLon, ...]:
    return tuple((round(p.lat_deg, digits), round(p.lon_deg, digits)) for p in ring)
