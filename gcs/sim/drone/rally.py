"""Rally points: other places to return to, and which of them is the best one now."""

import math
from dataclasses import dataclass, field

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.sim.drone.manoeuvres import Place
from gcs.sim.drone.mission_items import MissionItem

MOST_POINTS = 50


@dataclass(slots=True)
class Rally:
    """The points in the pad's frame; heights count from home."""

    frame: LocalFrame
    items: list[MissionItem] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Where they are."""
        return [
            Place(*self.frame.to_local(Position(i.lat_e7 / 1e7, i.lon_e7 / 1e7)), i.z_m)
            for i in self.items
        ]

    def best(self, here: Place, home: Place, limit_km: float, home_counts: bool) -> Place:
        """Home, or the nearest point if it is nearer and not beyond the limit (0 = none).

        As AP_Rally chooses; where home does not count, any point within the limit wins.
        """
        nearest = min(self.places(), key=lambda p: _away_m(p, here), default=None)
        if nearest is None:
            return home
        away_m = _away_m(nearest, here)
        if limit_km > 0.0 and away_m > limit_km * 1000.0:
            return home
        return home if home_counts and away_m >= _away_m(home, here) else nearest


def _away_m(place: Place, here: Place) -> float:
    return math.hypot(place.east_m - here.east_m, place.north_m - here.north_m)
