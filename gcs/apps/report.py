"""The shift's report: every figure asked of the process that did the act."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gcs.apps.files import AUDIT_FILE
from gcs.apps.shift import Shift
from gcs.audit.verify import verify
from gcs.model.process import ProcessHealth
from gcs.model.report import (
    FINAL,
    FeedFigures,
    GatewayReport,
    KeeperReport,
    MapFigures,
    ReportRequest,
    SimulatorReport,
    StationReport,
)
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

logger = logging.getLogger(__name__)

ANSWER_S = 3.0
FINAL_ANSWER_S = 20.0

T = TypeVar("T")


@dataclass(slots=True)
class ShiftReport:
    """What `--report` writes. Keys are fixed; None stands where a process did not answer."""

    seconds: float
    time_scale: float | None
    drones: dict[str, Any]
    map: dict[str, Any]
    incidents: dict[str, Any]
    handoffs: dict[str, Any]
    ui: dict[str, Any]
    feeds: list[dict[str, Any]]
    alerts: dict[str, Any]
    audit: dict[str, Any]
    cores: float
    errors: list[str] = field(default_factory=list)
    usable_after_s: float | None = None

    def as_json(self) -> bytes:
        """Indented JSON with a newline at the end."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


async def station_report(bus: Bus, subjects: Subjects, final: bool) -> StationReport:
    """The first desk's figures; `final` has it measure the map under a scripted pan.

    Raises NoAnswer.
    """
    request = ReportRequest(FINAL if final else "now")
    wait_s = FINAL_ANSWER_S if final else ANSWER_S
    return await bus.request(subjects.report("station"), request, StationReport, wait_s)


async def collect(
    bus: Bus,
    subjects: Subjects,
    shift: Shift,
    seconds: float,
    cores: float,
    processes: tuple[ProcessHealth, ...],
) -> ShiftReport:
    """Ask every process; what cannot be had is an error in the report, never a guess."""
    errors = _restarts(processes) + _logged_errors(shift.folder / "logs")

    async def ask(process: str, kind: type[T]) -> T | None:
        try:
            return await bus.request(
                subjects.report(process), ReportRequest(FINAL), kind, FINAL_ANSWER_S
            )
        except (NoAnswer, BadMessage) as error:
            errors.append(f"{process} gave no report: {error}")
            return None

    station = await ask("station", StationReport)
    gateway = await ask("gateway", GatewayReport)
    keeper = await ask("keeper", KeeperReport)
    simulator = await ask("simulate", SimulatorReport)
    figures = station.map if station else None
    if station:
        errors += station.errors
    verified = verify(shift.folder / AUDIT_FILE)
    if not verified.ok:
        errors.append(verified.sentence)
    return ShiftReport(
        seconds=round(seconds, 1),
        time_scale=round(simulator.time_scale, 3) if simulator else None,
        drones=_drones(gateway),
        map=_map(figures),
        incidents=_incidents(keeper),
        handoffs={
            "completed": gateway.handoffs_completed if gateway else None,
            "refused_commands": gateway.refused_commands if gateway else None,
        },
        ui={"lag_ms_p99": round(station.lag_ms_p99, 1) if station else None},
        feeds=[_feed(figures) for figures in station.feeds] if station else [],
        alerts=_alerts(keeper, station),
        audit={"entries": verified.entries, "verified": verified.ok},
        cores=round(cores, 3),
        errors=errors,
    )


def _drones(gateway: GatewayReport | None) -> dict[str, Any]:
    if gateway is None:
        return {"configured": None, "seen": None, "telemetry_hz_min": None, "flew": []}
    return {
        "configured": gateway.configured,
        "seen": gateway.seen,
        "telemetry_hz_min": round(gateway.telemetry_hz_min, 2),
        "flew": list(gateway.flew),
    }


def _map(figures: MapFigures | None) -> dict[str, Any]:
    return {
        "drones_drawn": figures.drones_drawn if figures else None,
        "incidents_drawn": figures.incidents_drawn if figures else None,
        "geofences_drawn": figures.geofences_drawn if figures else None,
        "frames_per_second": round(figures.frames_per_second, 1) if figures else None,
        "external_requests": figures.external_requests if figures else None,
    }


def _incidents(keeper: KeeperReport | None) -> dict[str, Any]:
    if keeper is None:
        return {"received": None, "taken": None, "closed": None, "on_scene_seconds": []}
    return {
        "received": keeper.received,
        "taken": keeper.taken,
        "closed": keeper.closed,
        "on_scene_seconds": [round(s, 1) for s in keeper.on_scene_seconds],
    }


def _feed(figures: FeedFigures) -> dict[str, Any]:
    p50, p95 = figures.age_ms_p50, figures.age_ms_p95
    return {
        "id": figures.id,
        "fps": round(figures.fps, 2),
        "age_ms_p50": None if p50 is None else round(p50, 1),
        "age_ms_p95": None if p95 is None else round(p95, 1),
        "dropped": figures.dropped,
    }


def _alerts(keeper: KeeperReport | None, station: StationReport | None) -> dict[str, Any]:
    counted = keeper.alerts if keeper else None
    return {
        "received": counted.received if counted else None,
        "refused": counted.refused if counted else None,
        "drawn": station.alerts_drawn if station else None,
        "decided": counted.decided if counted else None,
    }


def _restarts(processes: tuple[ProcessHealth, ...]) -> list[str]:
    return [f"{p.name} was restarted {p.restarts} times" for p in processes if p.restarts]


def _logged_errors(folder: Path) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.glob("*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [line for line in text.splitlines() if "Z ERROR " in line]
    return found
