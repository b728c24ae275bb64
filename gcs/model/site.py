"""A borough site as its file describes it: docks, drones, fence, safety minimums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gcs.model import check
from gcs.model.people import Person
from gcs.model.place import Position

# ArduPilot keeps FENCE_MARGIN, 2 m, from its fence.
CEILING_MARGIN_M = 3.0


def _unique(name: str, values: Sequence[str | int]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{name} {value!r} is used twice")
        seen.add(value)


class OperatingMode(StrEnum):
    """Belongs to the gateway. A training gateway speaks to loopback only."""

    TRAINING = "training"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Dock:
    """A rooftop dock. `roof_height_m` is above the ground beside it.

    `weather_station`: the dock tells its wind, and a launch needs it fresh. `max_wind_mps` None:
    the site's.
    """

    id: str
    name: str
    position: Position
    roof_height_m: float
    weather_station: bool = False
    max_wind_mps: float | None = None

    def __post_init__(self) -> None:
        check.token("dock.id", self.id)
        check.finite("roof_height_m", self.roof_height_m, 0.0, 300.0)
        check.optional_finite("dock.max_wind_mps", self.max_wind_mps, 1.0, 25.0)


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A MAVLink network: a named set of endpoints behind which system ids are unique.

    An endpoint is `udpin:HOST:PORT`, `udpout:HOST:PORT`, `tcp:HOST:PORT` or
    `serial:DEVICE:BAUD`. `standby`: the endpoints of a second gateway that takes over when the
    first is lost; empty = there is none.
    """

    id: str
    endpoints: tuple[str, ...] = ("udpin:127.0.0.1:0",)
    standby: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check.token("network.id", self.id)
        if not self.endpoints:
            raise ValueError(f"network {self.id}: endpoints is empty, expected at least one")
        _unique(
            f"network {self.id}: endpoint",
            [e for e in (*self.endpoints, *self.standby) if _fixed(e)],
        )


def _fixed(endpoint: str) -> bool:
    return not endpoint.endswith(":0")


@dataclass(frozen=True, slots=True)
class DroneSpec:
    """A drone of the site. `system_id` is its MAVLink id, unique in its network.

    `network` empty: the site's first. `simulated`: in training the simulator flies it; false for
    an autopilot (or its SITL) that connects by itself. `signing`: packets are signed both ways
    with the key kept for this drone. `most_zoom`: how many times its camera magnifies at the end of
    its range, None = not known; cameras themselves tell only a share of that range. `coupled`:
    who flies it has its camera too; false where the maker separates the two. `rating`: what a
    person must be rated for to hold it, empty = nothing in particular.
    """

    id: str
    system_id: int
    dock: str
    network: str = ""
    simulated: bool = True
    signing: bool = False
    most_zoom: float | None = None
    coupled: bool = True
    rating: str = ""

    def __post_init__(self) -> None:
        check.token("drone.id", self.id)
        check.finite("system_id", self.system_id, 1, 250)
        check.optional_finite("most_zoom", self.most_zoom, 1.1, 200.0)


@dataclass(frozen=True, slots=True)
class AuthorisedVolume:
    """A dated volume in which this site may fly. Heights above the ground; times in UTC ms,
    None = open. `source` is the authority's own reference."""

    id: str
    source: str
    polygon: tuple[Position, ...]
    ceiling_agl_m: float = 120.0
    floor_agl_m: float = 0.0
    start_utc_ms: int | None = None
    end_utc_ms: int | None = None

    def __post_init__(self) -> None:
        check.token("volume.id", self.id)
        check.text("volume.source", self.source, 200)
        check.finite("volume.ceiling_agl_m", self.ceiling_agl_m, 1.0, 1000.0)
        check.finite("volume.floor_agl_m", self.floor_agl_m, 0.0, self.ceiling_agl_m)
        if len(self.polygon) < 3:
            raise ValueError(f"volume {self.id}: polygon has {len(self.polygon)} points, needs 3")
        if self.start_utc_ms and self.end_utc_ms and self.end_utc_ms <= self.start_utc_ms:
            raise ValueError(f"volume {self.id}: it ends before it starts")


@dataclass(frozen=True, slots=True)
class Fence:
    """A keep-in polygon with a ceiling, in metres above the dock's roof."""

    id: str
    name: str
    polygon: tuple[Position, ...]
    ceiling_relative_m: float

    def __post_init__(self) -> None:
        if len(self.polygon) < 3:
            raise ValueError(f"fence {self.id}: polygon has {len(self.polygon)} points, needs 3")
        check.finite("ceiling_relative_m", self.ceiling_relative_m, 5.0, 120.0)

    @property
    def highest_relative_m(self) -> float:
        """The highest a drone is sent: at the very ceiling a vehicle refuses to move on."""
        return self.ceiling_relative_m - CEILING_MARGIN_M


@dataclass(frozen=True, slots=True)
class Safety:
    """Minimums a launch is held to."""

    min_return_height_m: float = 40.0
    return_height_step_m: float = 10.0
    max_height_agl_m: float = 120.0
    min_battery_percent: float = 30.0
    max_wind_mps: float = 12.0

    def __post_init__(self) -> None:
        check.finite("min_return_height_m", self.min_return_height_m, 15.0, 120.0)
        check.finite("return_height_step_m", self.return_height_step_m, 0.0, 30.0)
        check.finite("max_height_agl_m", self.max_height_agl_m, 20.0, 120.0)
        check.finite("min_battery_percent", self.min_battery_percent, 5.0, 95.0)
        check.finite("max_wind_mps", self.max_wind_mps, 1.0, 25.0)


@dataclass(frozen=True, slots=True)
class FixedCamera:
    """A relocatable camera on a mast or a wall. `height_m` above the ground.

    `pitch_deg` is negative below the horizon; `fov_deg` is horizontal.
    """

    id: str
    name: str
    position: Position
    height_m: float
    heading_deg: float
    pitch_deg: float
    fov_deg: float = 40.0

    def __post_init__(self) -> None:
        check.token("camera.id", self.id)
        check.text("camera.name", self.name, 40)
        check.finite("camera.height_m", self.height_m, 1.0, 200.0)
        check.finite("camera.heading_deg", self.heading_deg, 0.0, 360.0)
        check.finite("camera.pitch_deg", self.pitch_deg, -90.0, 30.0)
        check.finite("camera.fov_deg", self.fov_deg, 2.0, 120.0)


@dataclass(frozen=True, slots=True)
class Video:
    """What the site's cameras send. A drone in its dock sends `docked_fps`."""

    width: int = 640
    height: int = 360
    fps: float = 15.0
    docked_fps: float = 5.0

    def __post_init__(self) -> None:
        check.finite("video.width", self.width, 160, 3840)
        check.finite("video.height", self.height, 90, 2160)
        check.finite("video.fps", self.fps, 1.0, 60.0)
        check.finite("video.docked_fps", self.docked_fps, 1.0, 60.0)
        if self.width % 2 or self.height % 2:
            raise ValueError(f"video is {self.width} x {self.height}, expected even numbers")


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """A facial-recognition deployment of an exercise: it begins with the shift.

    `area` as in Deployment; `feeds` empty = every feed of the site.
    """

    id: str
    authority: str
    officer: str
    hours: float
    area: tuple[Position, ...]
    categories: tuple[str, ...]
    threshold: float = 0.62
    feeds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check.token("deployment.id", self.id)
        check.finite("deployment.hours", self.hours, 0.01, 24.0)
        check.finite("deployment.threshold", self.threshold, 0.0, 1.0)
        check.text("deployment.authority", self.authority, 200)
        check.text("deployment.officer", self.officer, 80)
        if len(self.area) < 3:
            raise ValueError(f"deployment {self.id}: area has {len(self.area)} points, needs 3")


@dataclass(frozen=True, slots=True)
class TrainingScenario:
    """What the simulator plays at this site."""

    seed: int = 1
    incidents_per_hour: float = 40.0
    wind_speed_mps: float = 4.0
    wind_from_deg: float = 240.0
    first_alert_s: float = 20.0
    alerts_per_hour: float = 20.0
    refused_alerts_per_hour: float = 10.0
    aircraft_per_hour: float = 6.0

    def __post_init__(self) -> None:
        check.finite("incidents_per_hour", self.incidents_per_hour, 0.0, 3600.0)
        check.finite("wind_speed_mps", self.wind_speed_mps, 0.0, 25.0)
        check.finite("wind_from_deg", self.wind_from_deg, 0.0, 360.0)
        check.finite("first_alert_s", self.first_alert_s, 1.0, 86_400.0)
        check.finite("alerts_per_hour", self.alerts_per_hour, 0.0, 3600.0)
        check.finite("refused_alerts_per_hour", self.refused_alerts_per_hour, 0.0, 3600.0)
        check.finite("aircraft_per_hour", self.aircraft_per_hour, 0.0, 3600.0)


@dataclass(frozen=True, slots=True)
class Site:
    """A borough site. `gss` names the borough in the boundary data (E09000019).

    `people`: of an exercise's file, for the shift that is laid out from it; no process gets them
    but the keeper, in its directory.
    """

    id: str
    name: str
    gss: str
    force: str
    mode: OperatingMode
    docks: tuple[Dock, ...]
    drones: tuple[DroneSpec, ...]
    fence: Fence
    people: tuple[Person, ...] = ()
    gateway: str = "gw1"
    networks: tuple[NetworkSpec, ...] = (NetworkSpec("net1"),)
    gcs_system_id: int = 255
    volumes: tuple[AuthorisedVolume, ...] = ()
    safety: Safety = field(default_factory=Safety)
    training: TrainingScenario = field(default_factory=TrainingScenario)
    video: Video = field(default_factory=Video)
    cameras: tuple[FixedCamera, ...] = ()
    deployments: tuple[DeploymentPlan, ...] = ()

    def __post_init__(self) -> None:
        for name, value in (("id", self.id), ("gateway", self.gateway)):
            check.token(name, value)
        check.finite("gcs_system_id", self.gcs_system_id, 1, 255)
        networks = [n.id for n in self.networks]
        _unique("networks.id", networks)
        if not networks:
            raise ValueError("networks is empty, expected at least one")
        docks = [d.id for d in self.docks]
        _unique("docks.id", docks)
        _unique("drones.id", [d.id for d in self.drones])
        _unique("people.id", [p.id for p in self.people])
        _unique("drones.id or cameras.id", list(self.feeds))
        _unique("deployments.id", [d.id for d in self.deployments])
        for drone in self.drones:
            if drone.dock not in docks:
                raise ValueError(f"drone {drone.id}: dock {drone.dock!r} is not among {docks}")
            if self.network_of(drone.id) not in networks:
                raise ValueError(
                    f"drone {drone.id}: network {drone.network!r} is not among {networks}"
                )
        for network in networks:
            ids = [d.system_id for d in self.drones if self.network_of(d.id) == network]
            _unique(f"drones.system_id in network {network}", ids)

    @property
    def feeds(self) -> tuple[str, ...]:
        """Every feed of the site: its drones', then its fixed cameras'."""
        return (*(d.id for d in self.drones), *(c.id for c in self.cameras))

    def camera(self, camera: str) -> FixedCamera:
        """A fixed camera's entry. Raises KeyError for one that is not of this site."""
        for spec in self.cameras:
            if spec.id == camera:
                return spec
        raise KeyError(camera)

    def dock_of(self, drone: str) -> Dock:
        """The drone's home dock. Raises KeyError for a drone that is not of this site."""
        spec = self.drone(drone)
        return next(d for d in self.docks if d.id == spec.dock)

    def drone(self, drone: str) -> DroneSpec:
        """The drone's entry. Raises KeyError for a drone that is not of this site."""
        for spec in self.drones:
            if spec.id == drone:
                return spec
        raise KeyError(drone)

    def network_of(self, drone: str) -> str:
        """The network its system id counts in."""
        return self.drone(drone).network or self.networks[0].id

    def network(self, network: str) -> NetworkSpec:
        """A network's entry. Raises KeyError for one that is not of this site."""
        for spec in self.networks:
            if spec.id == network:
                return spec
        raise KeyError(network)

    def max_wind_mps(self, drone: str) -> float:
        """The most wind its dock launches in."""
        own = self.dock_of(drone).max_wind_mps
        return self.safety.max_wind_mps if own is None else own

    def required_return_height_m(self, drone: str) -> float:
        """The lowest return height this drone may have: staggered among its dock's drones."""
        spec = self.drone(drone)
        neighbours = [d.id for d in self.drones if d.dock == spec.dock]
        step = self.safety.return_height_step_m * neighbours.index(drone)
        return self.safety.min_return_height_m + step
