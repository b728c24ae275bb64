"""Everything that a brief tells of a drone, as it is at one moment. None and empty: not known."""

from dataclasses import dataclass, field

from gcs.fleet.endurance import Endurance
from gcs.gateway.events import LogLine
from gcs.model.alert import AlertRecord, AlertState, AlertStatus
from gcs.model.control import Handover
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.mission import MissionRecord
from gcs.model.people import Holder
from gcs.model.plan import FlightPlan
from gcs.model.site import AuthorisedVolume, Dock
from gcs.model.telemetry import DroneTelemetry
from gcs.model.vehicle import CameraReport, FenceReport, PlanReport
from gcs.model.weather import DockWeather


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """What a brief tells of an alert that waits for a decision: no image, no score."""

    id: str
    feed: str
    status: AlertStatus
    category: str
    captured_utc_ms: int
    state: AlertState
    version: int
    judged_by: str = ""
    second_by: str = ""
    assigned: Holder | None = None


def open_alert(record: AlertRecord) -> OpenAlert:
    """What is kept of the keeper's record."""
    alert = record.alert
    return OpenAlert(
        alert.id,
        alert.feed,
        alert.status,
        alert.category,
        alert.capture_utc_us // 1000,
        record.state,
        record.version,
        record.judged_by.label if record.judged_by else "",
        record.second_by.label if record.second_by else "",
        record.assigned,
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """`incident`: what the drone was launched for, by its control record; `mission`: the keeper's
    record of that. `airborne`: as last judged, also of one gone silent in flight. `camera_with`:
    who has the camera where it is controlled apart. `waived`: what a supervisor waived, in words.
    `log`: the drone's last events, the newest last.
    """

    utc_ms: int
    handover: Handover
    function: Function
    telemetry: DroneTelemetry
    dock: Dock
    return_height_m: float
    max_wind_mps: float
    fence: FencePlan
    airborne: bool = True
    coupled: bool = True
    endurance: Endurance | None = None
    incident: str | None = None
    mission: MissionRecord | None = None
    alerts: tuple[OpenAlert, ...] = ()
    volumes: tuple[AuthorisedVolume, ...] = ()
    waived: str = ""
    fence_report: FenceReport = field(default_factory=FenceReport)
    plan: FlightPlan | None = None
    plan_report: PlanReport = field(default_factory=PlanReport)
    weather: DockWeather | None = None
    weather_age_s: float | None = None
    camera: CameraReport = field(default_factory=CameraReport)
    camera_with: Holder | None = None
    log: tuple[LogLine, ...] = ()

    @property
    def drone(self) -> str:
        """Its id."""
        return self.telemetry.drone

    @property
    def alerts_go_along(self) -> bool:
        """An alert belongs to who has the camera that took it."""
        return self.function is Function.PAYLOAD or self.coupled or self.handover.payload
