"""Two minutes of height, speed and battery for each drone. A silence is a gap, never a line."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gcs.fleet.state import STALE_AFTER_S, DroneView

SPAN_S = 120.0
KEEP = 640  # 120 s at 5 Hz and some slack
GAP_S = 1.5
Row = NDArray[np.float32]


@dataclass(slots=True)
class _Ring:
    """Columns: height AGL, speed, battery percent; `at_s` beside them."""

    at_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(KEEP))
    values: Row = field(default_factory=lambda: np.full((3, KEEP), np.nan, dtype=np.float32))
    count: int = 0

    def add(self, at_s: float, values: tuple[float, float, float]) -> None:
        slot = self.count % KEEP
        self.at_s[slot] = at_s
        self.values[:, slot] = values
        self.count += 1

    @property
    def newest_s(self) -> float | None:
        return float(self.at_s[(self.count - 1) % KEEP]) if self.count else None


class TraceBook:
    """A ring per drone; bounded by the number of drones."""

    def __init__(self) -> None:
        self._rings: dict[str, _Ring] = {}

    def sample(self, view: DroneView, now_s: float) -> None:
        """Add the drone's figures as they stand; a stale one leaves a gap."""
        told = view.telemetry
        ring = self._rings.setdefault(told.drone, _Ring())
        newest = ring.newest_s
        if newest is not None and now_s - newest > GAP_S:
            ring.add(now_s - GAP_S / 2, (np.nan, np.nan, np.nan))
        where = _fresh(view.position_age_s(now_s))
        ring.add(
            now_s,
            (
                _number(told.agl_m) if where else np.nan,
                _number(told.ground_speed_mps) if where else np.nan,
                _number(told.battery_percent) if _fresh(view.battery_age_s(now_s)) else np.nan,
            ),
        )

    def trace(self, drone: str, now_s: float) -> tuple[NDArray[np.float64], Row]:
        """(seconds before now, negative and rising; 3 x n values) of the last two minutes."""
        ring = self._rings.get(drone)
        if ring is None:
            return np.zeros(0), np.zeros((3, 0), dtype=np.float32)
        size = min(ring.count, KEEP)
        order = np.arange(ring.count - size, ring.count) % KEEP
        ago = ring.at_s[order] - now_s
        keep = ago >= -SPAN_S
        return ago[keep], ring.values[:, order][:, keep]


def _fresh(age_s: float | None) -> bool:
    return age_s is not None and age_s < STALE_AFTER_S


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
