"""Fleet state at a desk: batches in, changed drones out. Holds no history and asks nobody."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model.telemetry import DroneTelemetry, TelemetryBatch

STALE_AFTER_S = 3.0
GONE_AFTER_S = 60.0


class Freshness(StrEnum):
    """How a number may be shown: normally, greyed with its age, or not at all."""

    FRESH = "fresh"
    STALE = "stale"
    GONE = "gone"


def freshness(age_s: float | None) -> Freshness:
    """Under 3 s fresh, over 60 s gone; never heard is gone."""
    if age_s is None or age_s > GONE_AFTER_S:
        return Freshness.GONE
    return Freshness.FRESH if age_s < STALE_AFTER_S else Freshness.STALE


@dataclass(frozen=True, slots=True)
class DroneView:
    """A drone's last telemetry and when it came in, on this desk's monotonic clock."""

    telemetry: DroneTelemetry
    received_at_s: float

    def position_age_s(self, now_s: float) -> float | None:
        """Seconds since the vehicle last told its position; None = never."""
        return self._age(self.telemetry.position_age_s, now_s)

    def battery_age_s(self, now_s: float) -> float | None:
        """Seconds since the vehicle last told its battery; None = never."""
        return self._age(self.telemetry.battery_age_s, now_s)

    def heartbeat_age_s(self, now_s: float) -> float | None:
        """Seconds since the vehicle's last heartbeat; None = never."""
        return self._age(self.telemetry.heartbeat_age_s, now_s)

    def _age(self, at_batch: float | None, now_s: float) -> float | None:
        return None if at_batch is None else at_batch + max(0.0, now_s - self.received_at_s)


class FleetState:
    """The newest word on every drone. One gateway's older or repeated batch is dropped."""

    def __init__(self) -> None:
        self._drones: dict[str, DroneView] = {}
        self._newest: dict[str, tuple[str, int]] = {}
        self._retired: dict[str, set[str]] = {}
        self.dropped_batches = 0

    def apply(self, batch: TelemetryBatch, now_s: float) -> frozenset[str]:
        """Take a batch; returns the drones it changed (empty for an old batch)."""
        instance, sequence = self._newest.get(batch.gateway, (batch.instance, -1))
        retired = self._retired.setdefault(batch.gateway, set())
        if batch.instance in retired or (batch.instance == instance and batch.sequence <= sequence):
            self.dropped_batches += 1
            return frozenset()
        if batch.instance != instance:
            retired.add(instance)
        self._newest[batch.gateway] = (batch.instance, batch.sequence)
        for telemetry in batch.drones:
            self._drones[telemetry.drone] = DroneView(telemetry, now_s)
        return frozenset(t.drone for t in batch.drones)

    def get(self, drone: str) -> DroneView | None:
        """The drone's view, or None before its first batch."""
        return self._drones.get(drone)

    @property
    def drones(self) -> tuple[DroneView, ...]:
        """All drones heard of, by id."""
        return tuple(self._drones[d] for d in sorted(self._drones))
