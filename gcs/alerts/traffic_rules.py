"""When another aircraft is a caution and when a warning for a drone. A table; pure.

Warning: the separation called well clear for small uncrewed aircraft, 2,000 ft over ground and
250 ft in height, is lost now or will be within 35 s, the alerting time of DAA standards
(ASTM F3442, RTCA DO-365). Caution: a nautical mile and 1,000 ft, within a minute; that lies
around what autopilots watch by default (ArduPilot AVD_W_DIST_XY 1000 m, AVD_W_TIME 30 s; PX4
NAV_TRAFF_COLL_T 60 s, NAV_TRAFF_A_HOR 500 m). A height that is not known counts as the drone's
own; a pressure altitude is off by 8 m for each hectopascal, so it is given more room. What has
begun ends only beyond a quarter more, and after it was beyond for 5 s.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gcs.geo.approach import Approaches
from gcs.model.event import Severity

PRESSURE_ROOM_M = 100.0
KEEPS = 1.25
HOLD_S = 5.0

Levels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class TrafficRule:
    """Within `over_ground_m` and `height_m`, now or within `seconds`."""

    severity: Severity
    over_ground_m: float
    height_m: float
    seconds: float


# In the order of their levels: 1, 2.
RULES: tuple[TrafficRule, ...] = (
    TrafficRule(Severity.CAUTION, 1852.0, 305.0, 60.0),
    TrafficRule(Severity.WARNING, 610.0, 76.0, 35.0),
)
SEVERITIES: tuple[Severity | None, ...] = (None, *(rule.severity for rule in RULES))


def levels(seen: Approaches, pressure: NDArray[np.bool_], wider: float = 1.0) -> Levels:
    """0 nothing, 1 caution, 2 warning for each pair. `pressure`: rows with pressure altitudes."""
    found = np.zeros(seen.distance_m.shape, np.int8)
    room = np.where(pressure, PRESSURE_ROOM_M, 0.0)[:, None]
    for level, rule in enumerate(RULES, start=1):
        ground, height = rule.over_ground_m * wider, rule.height_m * wider + room
        here = (seen.distance_m <= ground) & ~(np.abs(seen.relative_m) > height)
        soon = (seen.closest_s <= rule.seconds * wider) & (seen.closest_m <= ground)
        found[here | (soon & ~(seen.gap_m > height))] = level
    return found


@dataclass(slots=True)
class Held:
    """One pair's level as it is shown. `low_since_s`: since when less would do; None: it would
    not."""

    level: int = 0
    low_since_s: float | None = None

    def take(self, begins: int, keeps: int, now_s: float) -> int:
        """The level now, from what begins one and what is enough to keep one."""
        if begins >= self.level:
            self.level, self.low_since_s = begins, None
        elif keeps >= self.level:
            self.low_since_s = None
        elif self.low_since_s is None:
            self.low_since_s = now_s
        elif now_s - self.low_since_s >= HOLD_S:
            self.level, self.low_since_s = max(begins, keeps), None
        return self.level
