"""A flight plan: waypoints a drone flies by itself (what MAVLink calls a mission)."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.place import Position

MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One waypoint. `height_m` above the dock's roof; `speed_mps` from here on, None = as it is."""

    position: Position
    height_m: float
    hold_s: float = 0.0
    speed_mps: float | None = None

    def __post_init__(self) -> None:
        check.finite("plan height_m", self.height_m, 2.0, 500.0)
        check.finite("plan hold_s", self.hold_s, 0.0, 3600.0)
        check.optional_finite("plan speed_mps", self.speed_mps, 0.5, 25.0)


@dataclass(frozen=True, slots=True)
class FlightPlan:
    """1 to 500 waypoints in order. After the last the drone holds."""

    name: str
    items: tuple[PlanItem, ...]

    def __post_init__(self) -> None:
        check.text("plan.name", self.name, 60)
        if not 1 <= len(self.items) <= MOST_ITEMS:
            raise ValueError(f"plan has {len(self.items)} points, expected 1 to {MOST_ITEMS}")

    @property
    def digest(self) -> str:
        """Tells two plans apart by what a vehicle would hold of them."""
        words = (
            f"{i.position.lat_deg:.7f},{i.position.lon_deg:.7f},{i.height_m:.2f},"
            f"{i.hold_s:.1f},{i.speed_mps or 0:.2f}"
            for i in self.items
        )
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


class PlanState(StrEnum):
    """Where a vehicle is with its plan, by what it shows."""

    NONE = "none"
    UPLOADING = "uploading"
    READY = "ready"  # uploaded and read back the same
    FLYING = "flying"
    PAUSED = "paused"
    COMPLETE = "complete"
    FAILED = "failed"
