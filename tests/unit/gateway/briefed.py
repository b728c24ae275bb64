"""The facts of a brief as a test changes them: a drone on scene, its hand-over under way."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from gcs.fleet.endurance import Endurance
from gcs.gateway.brief_facts import Facts, OpenAlert
from gcs.gateway.brief_lines import brief_lines
from gcs.gateway.steady import Steady
from gcs.geo.earth import offset
from gcs.geo.fence_plan import plan_of
from gcs.model.alert import AlertState, AlertStatus
from gcs.model.brief import BriefItem
from gcs.model.control import Handover, HandoverKind
from gcs.model.function import Function
from gcs.model.mission import Grade, Incident, MissionRecord, MissionState
from gcs.model.people import Holder
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, FlightMode, Phase
from gcs.model.vehicle import FenceReport, FenceState
from gcs.model.weather import DockWeather
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
NOW_MS = 1_790_000_000_000
DOCK = SITE.dock_of("ISL-01")
SCENE = offset(DOCK.position, 40.0, 120.0)

HANDOVER = Handover(
    "h1",
    HandoverKind.OFFERED,
    A,
    B,
    "end of shift",
    NOW_MS - 5000,
    NOW_MS + 170_000,
    promised="a call to the sergeant when the drone leaves",
)
INCIDENT = Incident(
    "MPS-20261122-1042",
    1042,
    Grade.IMMEDIATE,
    "Burglary",
    "12 Upper Street",
    SCENE,
    "Two people on the roof.",
    NOW_MS - 600_000,
)
MISSION = MissionRecord(INCIDENT, MissionState.ON_SCENE, A, on_scene_utc_ms=NOW_MS - 120_000)
SEEN = DroneTelemetry(
    "ISL-01",
    1,
    phase=Phase.ON_SCENE,
    mode=FlightMode.HOLD,
    mode_name="LOITER",
    position=SCENE,
    relative_m=32.0,
    agl_m=50.0,
    battery_percent=63.0,
    endurance_s=900.0,
    wind_mps=4.0,
    wind_from_deg=240.0,
    gimbal_pitch_deg=-30.0,
    gimbal_yaw_deg=10.0,
    zoom=2.0,
    heartbeat_age_s=0.4,
    position_age_s=0.1,
    battery_age_s=0.5,
    uplink_ms=12.0,
    loss_percent=0.0,
    uplink_age_s=0.8,
    links=1,
)
FACTS = Facts(
    utc_ms=NOW_MS,
    handover=HANDOVER,
    function=Function.FLIGHT,
    telemetry=SEEN,
    dock=DOCK,
    return_height_m=40.0,
    max_wind_mps=12.0,
    fence=plan_of(SITE.fence),
    endurance=Endurance(700.0, 90.0, 60.0),
    incident=INCIDENT.key,
    mission=MISSION,
    fence_report=FenceReport(FenceState.ACTIVE),
    weather=DockWeather(DOCK.id, 4.0, 6.0, 240.0, NOW_MS),
    weather_age_s=0.5,
)
ALERT = OpenAlert(
    "A1", "ISL-01", AlertStatus.EXERCISE, "Exercise subject", NOW_MS - 35_000, AlertState.OPEN, 3
)
KEYS = (
    *("incident", "scene", "flight", "battery", "link", "home"),
    *("plan", "airspace", "weather", "camera", "promised", "log"),
)


def seen(**changes: Any) -> Facts:
    """The facts with another telemetry."""
    return replace(FACTS, telemetry=replace(SEEN, **changes))


class Read:
    """One brief read again and again: which lines read anew?"""

    def __init__(self, facts: Facts = FACTS) -> None:
        self.clock = ManualClock()
        self._steady = Steady(self.clock.monotonic)
        self.items: dict[str, BriefItem] = {}
        self.again(facts)

    def again(self, facts: Facts, after_s: float = 1.0) -> set[str]:
        """Keys of the lines whose digest is another than when last read, or that are new."""
        self.clock.advance(after_s)
        before = {k: i.line for k, i in self.items.items()}
        self.items = {i.line.key: i for i in brief_lines(facts, self._steady)}
        return {k for k, i in self.items.items() if before.get(k) != i.line}

    def text(self, key: str) -> str:
        return self.items[key].text
