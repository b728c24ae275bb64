"""A made-up shift to look at: nine drones of the Islington site, incidents, one made silent.

Values only, no Qt. Used by the map's tests and its bench.
"""

import math
from dataclasses import replace
from pathlib import Path

from gcs.geo.airspace import AirspaceVolume, load_airspace
from gcs.geo.boroughs import Boroughs, load_boroughs
from gcs.geo.earth import offset
from gcs.geo.town import Building, Park, Street, StreetKind, Town
from gcs.geo.town_layers import town_layers
from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import Grade, Incident, MissionRecord, MissionState
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, FlightMode, Phase, TelemetryBatch
from gcs.runtime.clock import Clock
from gcs.runtime.settings import load_toml
from gcs.station.state import DeskState, Links

RESOURCES = Path(__file__).parents[2] / "resources"
ME = Holder("pilot-a", "Pilot A", "desk-1")
OTHER = Holder("pilot-b", "Pilot B", "desk-2")


def site() -> Site:
    return load_toml(RESOURCES / "sites" / "islington.toml", Site)


def boroughs() -> Boroughs:
    return load_boroughs(RESOURCES / "data" / "london_boroughs.geojson")


def airspace() -> tuple[AirspaceVolume, ...]:
    return load_airspace(RESOURCES / "data" / "london_restricted_areas.geojson")


def small_town(around: Position) -> bytes:
    """One block: two streets that cross, four houses, a green."""

    def at(east_m: float, north_m: float) -> Position:
        bearing = math.degrees(math.atan2(east_m, north_m))
        return offset(around, bearing, math.hypot(east_m, north_m))

    def house(x: float, y: float) -> Building:
        ring = (at(x, y), at(x + 30, y), at(x + 30, y + 25), at(x, y + 25))
        return Building(ring, 12.0)

    streets = (
        Street("Harrow Lane", StreetKind.MAJOR, 22.0, (at(-300, 0), at(300, 0))),
        Street("Quill Street", StreetKind.MINOR, 14.0, (at(0, -300), at(0, 300))),
    )
    houses = tuple(house(x, y) for x in (-60, 30) for y in (-50, 25))
    park = Park("Bell Green", (at(60, 80), at(160, 80), at(160, 160), at(60, 160)))
    return town_layers(Town("training streets", around, streets, houses, (park,)))


def telemetry(desk_site: Site, drone: str) -> DroneTelemetry:
    """The drone ready in its dock."""
    spec, dock = desk_site.drone(drone), desk_site.dock_of(drone)
    return DroneTelemetry(
        drone=drone,
        system_id=spec.system_id,
        phase=Phase.DOCKED,
        ready=True,
        position=dock.position,
        relative_m=0.0,
        agl_m=dock.roof_height_m,
        heading_deg=0.0,
        ground_speed_mps=0.0,
        battery_percent=96.0,
        endurance_s=1560.0,
        fence_active=True,
        heartbeat_age_s=0.2,
        position_age_s=0.1,
        battery_age_s=0.3,
    )


def in_air(
    docked: DroneTelemetry, place: Position, heading_deg: float, speed_mps: float, percent: float
) -> DroneTelemetry:
    """The same drone, flying."""
    return replace(
        docked,
        phase=Phase.EN_ROUTE if speed_mps > 1 else Phase.ON_SCENE,
        mode=FlightMode.GUIDED,
        armed=True,
        position=place,
        relative_m=54.0,
        agl_m=72.0,
        heading_deg=heading_deg,
        ground_speed_mps=speed_mps,
        battery_percent=percent,
        endurance_s=percent * 16.0,
    )


class Scene:
    """A desk state one can play on."""

    def __init__(self, clock: Clock) -> None:
        self.site = site()
        self.clock = clock
        self.state = DeskState(self.site, ME, clock)
        self.drones = {d.id: telemetry(self.site, d.id) for d in self.site.drones}
        self._sequence = 0

    def batch(self, *only: str) -> None:
        """Everybody (or only these) reports."""
        self._sequence += 1
        drones = tuple(t for d, t in self.drones.items() if not only or d in only)
        self.state.apply_batch(
            TelemetryBatch("gw1", "instance", self._sequence, self.clock.utc_ms(), drones)
        )

    def fly(
        self, drone: str, place: Position, heading: float, speed: float = 9.8, percent: float = 54.0
    ) -> None:
        """Put a drone into the air; told with the next batch."""
        self.drones[drone] = in_air(self.drones[drone], place, heading, speed, percent)

    def hold(self, drone: str, holder: Holder, epoch: int = 14) -> None:
        """Somebody holds a drone, and this desk's lease is good."""
        now = self.clock.utc_ms()
        self.state.apply_links(
            replace(Links(), lease_acknowledged_at_s=self.clock.monotonic() + 3600)
        )
        self.state.apply_control(
            ControlRecord(drone, ControlState.OWNED, epoch, now, holder=holder)
        )

    def incident(
        self,
        number: int,
        grade: Grade,
        place: Position,
        owner: Holder | None = None,
        state: MissionState = MissionState.OPEN,
    ) -> str:
        """A call comes in, or changes; its key."""
        key = f"MPS-20261122-{number}"
        call = Incident(
            key, number, grade, "Robbery", "Harrow Lane", place, "made up", self.clock.utc_ms()
        )
        self.state.apply_mission(MissionRecord(call, state, owner=owner))
        return key
