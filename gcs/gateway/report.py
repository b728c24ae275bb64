"""The gateway's own figures for the shift's report: counted here, never told by anybody else."""

from collections.abc import Sequence

from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.link.network import NetworkCounters
from gcs.link.reports import Motion
from gcs.model.report import GatewayReport
from gcs.runtime.clock import Clock

SETTLE_S = 5.0


class Figures:
    """Counts positions from 5 s after a drone was first heard."""

    def __init__(
        self, drones: Sequence[Drone], counters: Sequence[NetworkCounters], clock: Clock
    ) -> None:
        self._drones = drones
        self._counters = counters
        self._clock = clock
        self._steady: dict[str, tuple[float, int]] = {}

    def turn(self, drone: Drone) -> None:
        """Mark the moment from which a drone's positions are counted."""
        first_s = drone.vehicle.first_heard_s
        now_s = self._clock.monotonic()
        if drone.id not in self._steady and first_s is not None and now_s - first_s >= SETTLE_S:
            self._steady[drone.id] = (now_s, drone.vehicle.count(Motion))

    @property
    def seen(self) -> int:
        """Drones whose heartbeat is not older than 5 s."""
        return sum(d.vehicle.heard_within(SILENT_AFTER_S) for d in self._drones)

    def report(self, handoffs_completed: int, refused_commands: int) -> GatewayReport:
        """All figures now."""
        rates = [hz for d in self._drones if (hz := self._hz(d)) is not None]
        return GatewayReport(
            configured=len(self._drones),
            seen=self.seen,
            telemetry_hz_min=min(rates, default=0.0),
            flew=tuple(d.id for d in self._drones if d.ever_flown),
            handoffs_completed=handoffs_completed,
            refused_commands=refused_commands,
            messages_in=sum(c.messages_in for c in self._counters),
            messages_bad=sum(c.messages_bad for c in self._counters),
            foreign_packets=sum(c.foreign_packets for c in self._counters),
        )

    def _hz(self, drone: Drone) -> float | None:
        if drone.id not in self._steady:
            return None
        since_s, count = self._steady[drone.id]
        passed_s = self._clock.monotonic() - since_s
        return (drone.vehicle.count(Motion) - count) / passed_s if passed_s > 1.0 else None
