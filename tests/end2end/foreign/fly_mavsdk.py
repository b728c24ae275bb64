"""MAVSDK flies a vehicle: arm, take off, fence up and down, a mission, return. Prints JSON.

Runs in the foreign environment alone, in a process of its own: `fly_mavsdk.py URL LAT LON`.
It knows nothing of this project.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from mavsdk import ComponentType, Configuration, Mavsdk
from mavsdk.plugins.action import Action
from mavsdk.plugins.mission_raw import MissionItem, MissionRaw
from mavsdk.plugins.telemetry import Telemetry

UP_M = 15.0
NORTH_DEG = 0.0004  # about 45 m


def until(what: Callable[[], Any], within_s: float, words: str) -> None:
    """Wait for what the vehicle shows."""
    end = time.monotonic() + within_s
    while not what():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within_s} s: {words}")
        time.sleep(0.2)


def item(
    seq: int, command: int, lat: float, lon: float, up_m: float, kind: int = 0, **more: Any
) -> MissionItem:
    """A raw item, relative to home unless `frame` says otherwise."""
    return MissionItem(
        seq=seq,
        frame=more.get("frame", 3),
        command=command,
        current=int(seq == 0 and kind == 0),
        autocontinue=1,
        param1=more.get("param1", 0.0),
        param2=0.0,
        param3=0.0,
        param4=0.0,
        x=round(lat * 1e7),
        y=round(lon * 1e7),
        z=up_m,
        mission_type=kind,
    )


def fence(lat: float, lon: float) -> list[MissionItem]:
    """A square about 200 m wide, and a keep-out circle."""
    corners = ((0.001, -0.0015), (0.001, 0.0015), (-0.001, 0.0015), (-0.001, -0.0015))
    square = [
        item(n, 5001, lat + a, lon + b, 0.0, 1, param1=4.0) for n, (a, b) in enumerate(corners)
    ]
    return [*square, item(4, 5004, lat - 0.0006, lon, 0.0, 1, param1=15.0)]


def plan(lat: float, lon: float) -> list[MissionItem]:
    """Home, take-off, two points, return."""
    return [
        item(0, 16, lat, lon, 0.0, frame=0),
        item(1, 22, 0.0, 0.0, UP_M),
        item(2, 16, lat + NORTH_DEG, lon, UP_M),
        item(3, 16, lat + NORTH_DEG, lon + NORTH_DEG, UP_M),
        item(4, 20, 0.0, 0.0, 0.0),
    ]


def told(items: list[MissionItem]) -> list[list[float]]:
    """What came back, for the test to compare."""
    return [[i.command, i.param1, i.x, i.y, i.z] for i in items]


def fly(system: Any, lat: float, lon: float) -> dict[str, Any]:
    """The whole flight."""
    seen: dict[str, Any] = {}
    action, raw, telemetry = Action(system), MissionRaw(system), Telemetry(system)
    raw.upload_geofence(fence(lat, lon))
    seen["fence"] = told(raw.download_geofence())
    raw.upload_mission(plan(lat, lon))
    seen["plan"] = told(raw.download_mission())
    telemetry.set_rate_position(5.0)
    action.set_takeoff_altitude(UP_M)
    action.arm()
    until(telemetry.armed, 5.0, "armed")
    action.takeoff()
    until(lambda: telemetry.position().relative_altitude_m > UP_M - 1.0, 40.0, "at height")
    seen["up_m"] = telemetry.position().relative_altitude_m
    raw.start_mission()
    until(lambda: raw.mission_progress().current >= 4, 90.0, "on the way back")
    seen["total"] = raw.mission_progress().total
    action.hold()
    action.return_to_launch()
    until(lambda: not telemetry.armed(), 120.0, "landed and disarmed")
    return seen


def main() -> int:
    """Connect and fly."""
    url, lat, lon = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    sdk = Mavsdk(Configuration.create_with_component_type(ComponentType.GROUND_STATION))
    sdk.add_any_connection(url)
    system = sdk.first_autopilot(timeout_s=15.0)
    if system is None:
        sys.stderr.write(f"no autopilot at {url}\n")
        return 1
    sys.stdout.write(json.dumps(fly(system, lat, lon)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
