"""Other aircraft as drones hear them, and how near they come. Nothing is flown by it."""

from dataclasses import dataclass

from gcs.model import check
from gcs.model.event import Severity
from gcs.model.place import Position


@dataclass(frozen=True, slots=True)
class Aircraft:
    """One aircraft by its ICAO address. Heights above mean sea level; track from true north.

    `age_s`: since it was last heard by its own transmitter, at the picture's time.
    """

    icao: int
    callsign: str
    category: str
    position: Position
    amsl_m: float | None
    track_deg: float | None
    speed_mps: float | None
    climb_mps: float | None
    age_s: float
    heard_by: str

    def __post_init__(self) -> None:
        check.finite("icao", self.icao, 0, 0xFFFFFFFF)
        check.text("callsign", self.callsign, 9)
        check.finite("age_s", self.age_s, 0.0)


@dataclass(frozen=True, slots=True)
class Encounter:
    """One aircraft against one drone. `relative_m`: its height above the drone's, None = not
    known. `closest_s`: seconds until they are nearest (0 = now or receding), `closest_m` then,
    over ground. `severity` None: nothing to say."""

    drone: str
    icao: int
    distance_m: float
    relative_m: float | None
    closest_s: float | None
    closest_m: float | None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class TrafficPicture:
    """Everything one gateway knows of other aircraft, twice a second."""

    gateway: str
    instance: str
    utc_ms: int
    aircraft: tuple[Aircraft, ...]
    encounters: tuple[Encounter, ...]
