"""Where each drone has flown since it left its dock: what a page shown anew needs again."""

from collections import deque

from gcs.geo.earth import distance_m
from gcs.model.place import Position
from ui.map.marks import LatLon, latlon

STEP_M = 4.0
KEEP_POINTS = 1500  # 6 km at least: longer than any flight of one battery


class Trails:
    """Points per drone, thinned to one each few metres; what is new since the last take."""

    def __init__(self) -> None:
        self._trails: dict[str, deque[Position]] = {}
        self._new: dict[str, list[LatLon]] = {}
        self._cleared: set[str] = set()

    def add(self, drone: str, place: Position) -> None:
        """The drone is in the air at `place`."""
        trail = self._trails.setdefault(drone, deque(maxlen=KEEP_POINTS))
        if trail and distance_m(trail[-1], place) < STEP_M:
            return
        trail.append(place)
        self._new.setdefault(drone, []).append(latlon(place.lat_deg, place.lon_deg))

    def restart(self, drone: str) -> None:
        """The drone takes off again: its last flight's trail goes."""
        if self._trails.pop(drone, None):
            self._new.pop(drone, None)
            self._cleared.add(drone)

    def take_changes(self) -> tuple[list[str], dict[str, list[LatLon]]]:
        """Cleared trails and new points since the last call."""
        cleared, new = sorted(self._cleared), self._new
        self._cleared, self._new = set(), {}
        return cleared, new

    def everything(self) -> dict[str, list[LatLon]]:
        """All points kept."""
        return {
            drone: [latlon(p.lat_deg, p.lon_deg) for p in trail]
            for drone, trail in self._trails.items()
        }
