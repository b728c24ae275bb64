"""What the battery still buys: work before it must leave, the flight home, the reserve."""

from dataclasses import dataclass

from gcs.geo.earth import distance_m
from gcs.model.place import Position
from gcs.model.telemetry import DroneTelemetry

RETURN_SPEED_MPS = 8.0
CLIMB_MPS = 2.5
DESCENT_MPS = 1.5
FINAL_DESCENT_MPS = 0.5
FINAL_DESCENT_BELOW_M = 10.0
LANDING_RESERVE_S = 60.0


@dataclass(frozen=True, slots=True)
class Endurance:
    """Seconds. `work_s` is negative when the drone should have left already."""

    work_s: float
    home_s: float
    reserve_s: float


def landing_s(height_m: float) -> float:
    """Seconds to descend from a height above home at an autopilot's usual rates."""
    fast = max(0.0, height_m - FINAL_DESCENT_BELOW_M) / DESCENT_MPS
    return fast + min(max(height_m, 0.0), FINAL_DESCENT_BELOW_M) / FINAL_DESCENT_MPS


def flight_home_s(at: Position, height_m: float, home: Position, return_height_m: float) -> float:
    """Seconds from here to touch-down at home: climb, transit, descent."""
    climb = max(0.0, return_height_m - height_m) / CLIMB_MPS
    transit = distance_m(at, home) / RETURN_SPEED_MPS
    return climb + transit + landing_s(max(height_m, return_height_m))


def endurance(
    telemetry: DroneTelemetry, home: Position, return_height_m: float
) -> Endurance | None:
    """What is left, or None when the vehicle does not tell enough."""
    if telemetry.endurance_s is None:
        return None
    if not telemetry.airborne or telemetry.position is None or telemetry.relative_m is None:
        return Endurance(telemetry.endurance_s - LANDING_RESERVE_S, 0.0, LANDING_RESERVE_S)
    home_s = flight_home_s(telemetry.position, telemetry.relative_m, home, return_height_m)
    return Endurance(telemetry.endurance_s - home_s - LANDING_RESERVE_S, home_s, LANDING_RESERVE_S)
