"""Where the facts of a brief come from: the gateway's own parts and the keeper's record."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gcs.fleet.endurance import Endurance, endurance
from gcs.gateway.brief_facts import Facts, OpenAlert, open_alert
from gcs.gateway.drone import Drone
from gcs.gateway.events import LogLine
from gcs.model.alert import STILL_OPEN, AlertRecord
from gcs.model.control import ControlRecord
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.mission import MissionRecord, MissionState
from gcs.model.plan import FlightPlan
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.model.vehicle import CameraReport, FenceReport, PlanReport
from gcs.model.weather import DockWeather
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bucket, BucketEntry

MOST_CLOSED = 200
_ALERT_KEY = "alert."


class KeptForBriefs:
    """Missions and open alerts as the keeper recorded them; read only."""

    def __init__(self, missions: Bucket[MissionRecord], alerts: Bucket[AlertRecord]) -> None:
        self._mission_bucket = missions
        self._alert_bucket = alerts
        self._missions: dict[str, MissionRecord] = {}
        self._closed: dict[str, MissionRecord] = {}
        self._alerts: dict[str, OpenAlert] = {}

    async def watch(self) -> None:
        """Read both and keep up; returns once what is there is known."""
        await self._mission_bucket.watch("mission.*", self._mission)
        await self._alert_bucket.watch("alert.*", self._alert, self._erased)

    def mission(self, key: str | None) -> MissionRecord | None:
        """The record of an incident; of those long closed none is kept."""
        return None if key is None else self._missions.get(key) or self._closed.get(key)

    def alerts(self, feed: str) -> tuple[OpenAlert, ...]:
        """Those of a feed that wait for a decision, the oldest first."""
        found = [a for a in self._alerts.values() if a.feed == feed]
        return tuple(sorted(found, key=lambda a: (a.captured_utc_ms, a.id)))

    def _mission(self, entry: BucketEntry[MissionRecord]) -> None:
        key = entry.value.incident.key
        self._missions.pop(key, None)
        self._closed.pop(key, None)
        over = entry.value.state is MissionState.CLOSED
        (self._closed if over else self._missions)[key] = entry.value
        if len(self._closed) > MOST_CLOSED:
            del self._closed[next(iter(self._closed))]

    def _alert(self, entry: BucketEntry[AlertRecord]) -> None:
        record = entry.value
        if record.state in STILL_OPEN:
            self._alerts[record.alert.id] = open_alert(record)
        else:
            self._alerts.pop(record.alert.id, None)

    def _erased(self, key: str, revision: int) -> None:
        self._alerts.pop(key.removeprefix(_ALERT_KEY), None)


@dataclass(frozen=True, slots=True)
class BriefAsks:
    """Who of the gateway knows what; each is asked with the drone or its id."""

    telemetry: Callable[[Drone], DroneTelemetry]
    fence: Callable[[], FencePlan]
    fence_report: Callable[[str], FenceReport]
    plan: Callable[[str], FlightPlan | None]
    plan_report: Callable[[str], PlanReport]
    weather: Callable[[str], tuple[DockWeather | None, float | None]]
    camera: Callable[[str], CameraReport]
    waived: Callable[[str], str]
    log: Callable[[str], tuple[LogLine, ...]]
    record: Callable[[str, Function], ControlRecord]


class BriefSources:
    """Puts the facts of one drone side by side."""

    def __init__(
        self,
        site: Site,
        drones: dict[str, Drone],
        asks: BriefAsks,
        kept: KeptForBriefs,
        clock: Clock,
    ) -> None:
        self._site = site
        self._drones = drones
        self._asks = asks
        self._kept = kept
        self._clock = clock

    async def watch(self) -> None:
        """Follow the keeper's record."""
        await self._kept.watch()

    def facts(self, record: ControlRecord) -> Facts:
        """As they are now. `record` has a hand-over under way."""
        if record.handover is None:
            raise ValueError(f"{record.drone} is not being handed over")
        name, asks = record.drone, self._asks
        drone = self._drones[name]
        seen = asks.telemetry(drone)
        weather, weather_age_s = asks.weather(name)
        incident = asks.record(name, Function.FLIGHT).incident
        return Facts(
            utc_ms=self._clock.utc_ms(),
            handover=record.handover,
            function=record.function,
            telemetry=seen,
            dock=drone.dock,
            return_height_m=drone.return_height_m,
            max_wind_mps=self._site.max_wind_mps(name),
            fence=asks.fence(),
            coupled=drone.spec.coupled,
            airborne=drone.airborne,
            endurance=_endurance(drone, seen),
            incident=incident,
            mission=self._kept.mission(incident),
            alerts=self._kept.alerts(name),
            volumes=self._site.volumes,
            waived=asks.waived(name),
            fence_report=asks.fence_report(name),
            plan=asks.plan(name),
            plan_report=asks.plan_report(name),
            weather=weather,
            weather_age_s=weather_age_s,
            camera=asks.camera(name),
            camera_with=asks.record(name, Function.PAYLOAD).holder,
            log=asks.log(name),
        )


def _endurance(drone: Drone, seen: DroneTelemetry) -> Endurance | None:
    """Of one that is silent in flight too: it has still to fly home."""
    flies = drone.airborne and not seen.airborne
    shown = replace(seen, phase=Phase.HOLDING) if flies else seen
    return endurance(shown, drone.dock.position, drone.return_height_m)
