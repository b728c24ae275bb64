"""What a desk knows of a drone when it judges whether something is to be warned of. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.model.traffic import Encounter
from gcs.model.vehicle import VehicleProfile

SILENT_S = 5.0


@dataclass(frozen=True, slots=True)
class DroneFacts:
    """One drone. Ages in seconds now, None = never; `work_s`: what its battery still buys before
    it must fly home, None = not known; `encounters`: its own, with a severity; `aircraft`: their
    names by ICAO address."""

    telemetry: DroneTelemetry
    profile: VehicleProfile | None = None
    heartbeat_age_s: float | None = None
    position_age_s: float | None = None
    uplink_age_s: float | None = None
    max_wind_mps: float = 12.0
    work_s: float | None = None
    encounters: tuple[Encounter, ...] = ()
    aircraft: Mapping[int, str] = field(default_factory=dict)

    @property
    def drone(self) -> str:
        return self.telemetry.drone

    @property
    def silent(self) -> bool:
        """No heartbeat: what else is known of it is old."""
        return self.heartbeat_age_s is not None and self.heartbeat_age_s > SILENT_S

    @property
    def airborne(self) -> bool:
        """In the air as far as was last seen; a silent drone that was armed may be."""
        gone = self.telemetry.phase is Phase.SILENT
        return self.telemetry.airborne or (gone and self.telemetry.armed)


@dataclass(frozen=True, slots=True)
class FlightFacts:
    """Everything at one moment of the desk's monotonic clock."""

    now_s: float
    drones: tuple[DroneFacts, ...]
