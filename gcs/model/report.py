"""What each process says of its own acts when the shift's report asks."""

from dataclasses import dataclass

FINAL = "final"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Asks a process for its figures. `id` "final" has a station measure its map first."""

    id: str


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """Counted by the gateway since its start.

    `seen`: drones whose heartbeat is not older than 5 s. `telemetry_hz_min`: positions a second
    of the slowest drone. `refused_commands`: for a stale epoch or another holder.
    """

    configured: int
    seen: int
    telemetry_hz_min: float
    flew: tuple[str, ...]
    handoffs_completed: int
    refused_commands: int
    messages_in: int
    messages_bad: int
    foreign_packets: int


@dataclass(frozen=True, slots=True)
class AlertFigures:
    """Alerts as they came off the stream: `received` = taken + refused, repeats not counted."""

    received: int
    refused: int
    decided: int


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """A feed as this desk painted it. `fps`: distinct capture times painted a second.

    `age_ms_*`: capture to paint, None when nothing was painted. `dropped`: frames decoded and
    never painted while the feed was visible.
    """

    id: str
    fps: float
    age_ms_p50: float | None
    age_ms_p95: float | None
    dropped: int


@dataclass(frozen=True, slots=True)
class KeeperReport:
    """From the keeper's own records. `on_scene_seconds`: launch to on scene, per mission."""

    received: int
    taken: int
    closed: int
    on_scene_seconds: tuple[float, ...]
    audit_entries: int
    audit_path: str
    bad_input: int
    alerts: AlertFigures | None = None


@dataclass(frozen=True, slots=True)
class SimulatorReport:
    """`time_scale`: simulated seconds a wall second, measured over the whole run."""

    time_scale: float


@dataclass(frozen=True, slots=True)
class MapFigures:
    """Counted in the map page itself: what is drawn, not what was sent.

    `frames_per_second` under a scripted pan; 0 until one was run.
    """

    drones_drawn: int
    incidents_drawn: int
    geofences_drawn: int
    frames_per_second: float
    external_requests: int


@dataclass(frozen=True, slots=True)
class StationReport:
    """From the first desk. `usable_utc_ms`: when the window could first be worked with."""

    usable_utc_ms: int | None
    demo_over: bool
    map: MapFigures | None
    lag_ms_p99: float
    errors: tuple[str, ...] = ()
    feeds: tuple[FeedFigures, ...] = ()
    alerts_drawn: int = 0
