"""Invents incidents for training: where, what and when. Pure; sends nothing.

The same seed, site and town give the same calls in the same order.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import shapely

from gcs.geo.earth import LocalFrame, distance_m
from gcs.geo.fence import inside, path_inside
from gcs.geo.town import Street, StreetKind, Town
from gcs.model.mission import Grade, Incident
from gcs.model.place import Position
from gcs.model.scenario import ScenarioIncident
from gcs.model.site import Dock, Fence, Site
from gcs.sim.incident_kinds import GRADE_WEIGHTS, KINDS, OFFICERS, IncidentKind

NEAR_DOCK_M = (100.0, 150.0)
_EVERY_M = 15.0
_FROM_FENCE_M = 25.0
_APART_M = 80.0
_SECONDS_A_NUMBER = 15
_STREET_WEIGHTS = {StreetKind.MAJOR: 1.6, StreetKind.MINOR: 1.0, StreetKind.LANE: 0.7}


Metres = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Spots:
    """Places calls can come from: metres in the town's frame, (n, 2), and each one's street."""

    frame: LocalFrame
    metres: Metres
    street: npt.NDArray[np.intp]

    def position(self, spot: int) -> Position:
        """Rounded to 1e-6 degree."""
        east, north = self.metres[spot].tolist()
        place = self.frame.to_position(east, north)
        return Position(round(place.lat_deg, 6), round(place.lon_deg, 6))

    def away_m(self, place: Position) -> Metres:
        """Metres of every spot from a place."""
        away: Metres = np.hypot(*(self.metres - self.frame.to_local(place)).T)
        return away


class IncidentMaker:
    """Raises ValueError when no street inside the fence can be reached from a dock."""

    def __init__(self, site: Site, town: Town, seed: int) -> None:
        self._site = site
        self._town = town
        self._random = random.Random(seed)
        self._spots = _spots(site, town)
        if not len(self._spots.street):
            raise ValueError(f"fence {site.fence.id}: no street inside it can be flown to")
        self._weights = [_STREET_WEIGHTS[town.streets[i].kind] for i in self._spots.street]
        self._recent: list[Position] = []
        self._last_category = ""
        self._day = ""
        self._number = 0

    def gap_s(self, per_hour: float) -> float:
        """Seconds to the next call: exponential, held to a tenth and four times the mean."""
        mean = 3600.0 / per_hour
        return min(4.0 * mean, max(0.1 * mean, self._random.expovariate(1.0 / mean)))

    def near_dock(self, utc_ms: int) -> Incident:
        """An urgent call 100 to 150 m from a dock, straight flight within the fence."""
        docks = list(self._site.docks)
        self._random.shuffle(docks)
        for dock in docks:
            near = self._in_reach(dock)
            if near:
                spot = self._random.choice(near)
                return self._of_kind(self._kind(Grade.IMMEDIATE), spot, utc_ms)
        return self.anywhere(utc_ms)

    def anywhere(self, utc_ms: int) -> Incident:
        """A call somewhere on the streets inside the fence."""
        grades, weights = zip(*GRADE_WEIGHTS.items(), strict=True)
        grade = self._random.choices(grades, weights)[0]
        return self._of_kind(self._kind(grade), self._spot(), utc_ms)

    def listed(self, entry: ScenarioIncident, utc_ms: int) -> Incident:
        """A scenario's call; the town gives what the entry leaves open."""
        if entry.position is None:
            spot = self._spot()
            position = self._spots.position(spot)
            place = entry.place or self._address(self._street(spot))
        else:
            position = entry.position
            place = entry.place or self._town.street_at(position)
        call = self._incident(
            entry.grade, entry.category, place, position, entry.description, utc_ms
        )
        return replace(call, officers=entry.officers, hazards=entry.hazards)

    def _of_kind(self, kind: IncidentKind, spot: int, utc_ms: int) -> Incident:
        position, street = self._spots.position(spot), self._street(spot)
        words = self._random.choice(kind.descriptions)
        words = words.format(other=self._other_street(position, street.name))
        call = self._incident(
            kind.grade, kind.category, self._address(street), position, words, utc_ms
        )
        officers = OFFICERS[call.number % len(OFFICERS)]
        return replace(call, officers=officers, hazards=kind.hazards)

    def _incident(
        self,
        grade: Grade,
        category: str,
        place: str,
        position: Position,
        description: str,
        utc_ms: int,
    ) -> Incident:
        self._recent = [*self._recent[-7:], position]
        day, number = self._next_number(utc_ms)
        return Incident(
            key=f"{self._site.force}-{day}-{number}",
            number=number,
            grade=grade,
            category=category,
            place=place,
            position=position,
            description=description,
            received_utc_ms=utc_ms,
        )

    def _next_number(self, utc_ms: int) -> tuple[str, int]:
        """Numbers restart each UTC day and follow the time of day, as those of a whole force do.

        So a room that was restarted does not hand out the numbers of its predecessor again.
        """
        now = datetime.fromtimestamp(utc_ms / 1000.0, UTC)
        day = now.strftime("%Y%m%d")
        if day != self._day:
            self._day, self._number = day, 0
        second = now.hour * 3600 + now.minute * 60 + now.second
        self._number = max(self._number + 1, 1 + second // _SECONDS_A_NUMBER)
        return day, self._number

    def _kind(self, grade: Grade) -> IncidentKind:
        fitting = [k for k in KINDS if k.grade is grade and k.category != self._last_category]
        kind = self._random.choices(fitting, [k.weight for k in fitting])[0]
        self._last_category = kind.category
        return kind

    def _street(self, spot: int) -> Street:
        return self._town.streets[int(self._spots.street[spot])]

    def _spot(self) -> int:
        """A place away from the last few calls, if chance finds one soon."""
        drawn = self._random.choices(range(len(self._weights)), self._weights, k=12)
        for spot in drawn:
            place = self._spots.position(spot)
            if all(distance_m(place, p) > _APART_M for p in self._recent):
                return spot
        return drawn[-1]

    def _address(self, street: Street) -> str:
        if not street.name:
            return "street without a name"
        return f"{self._random.randint(1, 140)} {street.name}"

    def _other_street(self, position: Position, name: str) -> str:
        """The nearest street of another name, for the caller's words."""
        for spot in np.argsort(self._spots.away_m(position), kind="stable").tolist():
            if self._street(spot).name not in ("", name):
                return self._street(spot).name
        return "the next street"

    def _in_reach(self, dock: Dock) -> list[int]:
        low, high = NEAR_DOCK_M
        away = self._spots.away_m(dock.position)
        near: list[int] = np.flatnonzero((away >= low + 1.0) & (away <= high - 1.0)).tolist()
        fence = self._site.fence
        return [s for s in near if path_inside(fence, dock.position, self._spots.position(s))]


def check_scenario(site: Site, entries: tuple[ScenarioIncident, ...]) -> None:
    """Raises ValueError naming the first entry that lies outside the site's fence."""
    for number, entry in enumerate(entries):
        if entry.position is not None and not inside(site.fence, entry.position):
            raise ValueError(f"scenario: incidents[{number}].position lies outside the fence")


def _spots(site: Site, town: Town) -> _Spots:
    """Points each 15 m along the streets, well inside the fence, a straight flight away.

    From every dock, so that whichever drone is best can go; where the fence is too crooked
    for that, from one of them.
    """
    frame = LocalFrame(town.origin)
    metres, owner = [np.empty((0, 2))], [np.empty(0, dtype=np.intp)]
    for i, street in enumerate(town.streets):
        line = np.array([frame.to_local(p) for p in street.points])
        length = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        along = np.arange(_EVERY_M / 2, length[-1], _EVERY_M)
        metres.append(np.column_stack([np.interp(along, length, line[:, k]) for k in (0, 1)]))
        owner.append(np.full(len(along), i, dtype=np.intp))
    points = np.concatenate(metres)
    area = _well_inside(site.fence, frame)
    within = shapely.contains_xy(area, points[:, 0], points[:, 1])
    points, street_of = points[within], np.concatenate(owner)[within]
    docks = [np.array(frame.to_local(d.position)) for d in site.docks]
    if docks:
        seen = np.array([shapely.covers(area, _straight(d, points)) for d in docks])
        keep = seen.all(axis=0) if seen.all(axis=0).any() else seen.any(axis=0)
        points, street_of = points[keep], street_of[keep]
    return _Spots(frame, points, street_of)


def _straight(start: Metres, points: Metres) -> npt.NDArray[np.object_]:
    ends = np.stack([np.broadcast_to(start, points.shape), points], axis=1)
    lines: npt.NDArray[np.object_] = shapely.linestrings(ends)
    return lines


def _well_inside(fence: Fence, frame: LocalFrame) -> shapely.Geometry:
    area = shapely.Polygon([frame.to_local(p) for p in fence.polygon]).buffer(-_FROM_FENCE_M)
    shapely.prepare(area)
    return area
