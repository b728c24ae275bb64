"""People and vehicles of one frame: placed, projected, sorted by distance, ready to be drawn."""

from dataclasses import dataclass, field

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.bodies import HEIGHTS_M, LENGTHS_M, body_faces, parked_paint
from gcs.sim.cameras.crowd import Crowd, People
from gcs.sim.cameras.faces import Colour
from gcs.sim.cameras.figures import Figures, figures
from gcs.sim.cameras.looks import Looks
from gcs.sim.cameras.sight import SAMPLES, hidden_by
from gcs.sim.cameras.solids import Houses
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.traffic import Traffic, Vehicles
from gcs.sim.cameras.view import NEAR_M, Array, Flags, Index, Points, View, raised

SMALLEST_PX = 6.0  # a person of fewer pixels is not drawn
_PERSON_M = 1.7
_MOST_M, _ZOOMED_PX = 115.0, 900.0  # a longer lens than that sees farther
_PARKED_M = 70.0
_SHADOW_PX = 16.0
_WAY_STEP_M = 1.5
_VEHICLE_M = 4.5

Box4 = tuple[float, float, float, float]


@dataclass
class Actor:
    """One thing to draw. `box`: left, top, right, bottom in sent pixels of all of it but its
    shadow; `reach`: with it. `behind`: the stage's houses that stand before a part of it.
    `hidden`: too much of it is behind houses to be listed.
    """

    away_m: float
    box: Box4
    reach: Box4
    behind: list[int] = field(default_factory=list)
    hidden: bool = False
    faces: list[tuple[Points, Colour]] = field(default_factory=list)
    person: int = -1
    walker: int = -1
    looks: Looks | None = None
    shadow: Points | None = None


@dataclass(frozen=True)
class Cast:
    """Everyone near a camera, chosen again with its stage."""

    walkers: Index
    vehicles: Index


def reach_m(view: View) -> float:
    """How far off a person is still drawn."""
    most_m = _MOST_M * max(1.0, view.focal_px / _ZOOMED_PX)
    return min(view.focal_px * _PERSON_M / SMALLEST_PX, most_m)


def in_sight(
    view: View, stage: Stage, houses: Index, crowd: Crowd, traffic: Traffic, cast: Cast
) -> Cast:
    """Those who ever come into the sight of a camera that stands still."""
    walks, spots = crowd.ways(cast.walkers, _WAY_STEP_M)
    seen = _spots_in_sight(view, stage, houses, spots, reach_m(view), _PERSON_M)
    walkers = np.unique(walks[seen])
    drives, spots = traffic.ways(cast.vehicles, 2.0 * _WAY_STEP_M)
    seen = _spots_in_sight(view, stage, houses, spots, 1.6 * reach_m(view), _VEHICLE_M)
    return Cast(cast.walkers[walkers], cast.vehicles[np.unique(drives[seen])])


def _spots_in_sight(
    view: View, stage: Stage, houses: Index, spots: Array, far_m: float, size_m: float
) -> Index:
    """Which places are in the picture and not behind houses, for a body of a size."""
    near = np.flatnonzero(
        view.within(raised(spots, 0.5 * size_m), np.full(len(spots), size_m), far_m)
    )
    line = spots[near] - view.origin[:2]
    line /= np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-6)[:, None]
    side = 0.5 * size_m * np.stack((line[:, 1], -line[:, 0]), axis=1)
    sides = np.stack((spots[near] - side, spots[near] + side), axis=1)
    low, high = np.zeros(len(near)), np.full(len(near), size_m)
    return near[_Seen(view, stage.houses, houses, sides, low, high).kept]


class Actors:
    """The frame's actors, far ones first; `figures` of the people among them."""

    def __init__(
        self, view: View, stage: Stage, houses: Index, crowd: Crowd, traffic: Traffic, cast: Cast,
        utc_s: float,
    ) -> None:  # fmt: skip
        self._view, self._stage, self._houses = view, stage, houses
        self._crowd = crowd
        self.figures: Figures | None = None
        people = self._people(cast.walkers, utc_s)
        driving = self._driving(traffic, cast.vehicles, utc_s)
        found = [*people, *driving, *self._parked_before(people)]
        self.all = sorted(found, key=lambda actor: -actor.away_m)

    def _people(self, walkers: Index, utc_s: float) -> list[Actor]:
        view, crowd = self._view, self._crowd
        places = crowd.places(walkers, utc_s)
        shown = walkers[self._in_view(places, 0.9, 1.0, reach_m(view))]
        if not len(shown):
            return []
        people = crowd.at(shown, utc_s)
        heights = crowd.looks.height_m[shown]
        seen = _Seen(
            view, self._stage.houses, self._houses, *_standing(view, people.place, heights)
        )
        kept = seen.kept
        if not len(kept):
            return []
        people = People(
            people.walker[kept], people.place[kept], people.heading[kept], people.gait[kept]
        )
        heights = heights[kept]
        self.figures = figures(view, people, heights, crowd.looks.build[people.walker])
        away = np.hypot(*(people.place - view.origin[:2]).T).tolist()
        boxes = self.figures.box.tolist()
        numbers = people.walker.tolist()
        actors = [
            Actor(
                away[i],
                (b[0], b[1], b[2], b[3]),
                (b[0], b[1], b[2], b[3]),
                *seen.of(k),
                person=i,
                walker=numbers[i],
                looks=crowd.looks[numbers[i]],
            )
            for i, (b, k) in enumerate(zip(boxes, kept.tolist(), strict=True))
        ]
        self._add_shadows(actors, people.place, heights)
        return actors

    def _in_view(self, places: Array, up_m: float, radius_m: float, far_m: float) -> Flags:
        middles = raised(places[:, :2], up_m)
        ok = self._view.within(middles, np.full(len(places), radius_m), far_m)
        ok &= self._view.camera(middles)[:, 2] > NEAR_M + radius_m
        return ok

    def _add_shadows(self, actors: list[Actor], places: Array, heights: Array) -> None:
        """A line on the ground away from the sun, for those large enough."""
        tips = places + heights[:, None] * 0.92 * light.SHADOW
        both = raised(np.concatenate((places, tips)), 0.0)
        seen = self._view.camera(both)
        pixels = self._view.pixels(np.maximum(seen, (-np.inf, -np.inf, NEAR_M))).reshape(2, -1, 2)
        fixed = self._view.fixed(pixels).transpose(1, 0, 2)
        ahead = seen[:, 2].reshape(2, -1).min(axis=0).tolist()
        lows, highs = pixels.min(axis=0).tolist(), pixels.max(axis=0).tolist()
        for i, actor in enumerate(actors):
            left, top, right, bottom = actor.box
            if ahead[i] > NEAR_M and bottom - top > _SHADOW_PX:
                actor.shadow = fixed[i]
                wide = 0.13 * (bottom - top) + 1.0
                actor.reach = (
                    min(left, lows[i][0] - wide),
                    min(top, lows[i][1] - wide),
                    max(right, highs[i][0] + wide),
                    max(bottom, highs[i][1] + wide),
                )

    def _driving(self, traffic: Traffic, chosen: Index, utc_s: float) -> list[Actor]:
        if not len(chosen):
            return []
        now = traffic.at(chosen, utc_s)
        shown = np.flatnonzero(self._in_view(now.place, 1.5, 5.5, 1.6 * reach_m(self._view)))
        if not len(shown):
            return []
        now = now.taken(shown)
        seen = _Seen(self._view, self._stage.houses, self._houses, *_rolling(self._view, now))
        return self._bodies(now.taken(seen.kept), seen)

    def _bodies(self, now: Vehicles, seen: "_Seen | None") -> list[Actor]:
        if not len(now.vehicle):
            return []
        found = body_faces(self._view, now.place, now.kind, now.colour)
        away = np.hypot(*(now.place[:, :2] - self._view.origin[:2]).T).tolist()
        boxes = [(b[0], b[1], b[2], b[3]) for b in found.boxes.tolist()]
        actors = [Actor(a, b, b) for a, b in zip(away, boxes, strict=True)]
        if seen is not None:
            for actor, k in zip(actors, seen.kept.tolist(), strict=True):
                actor.behind, actor.hidden = seen.of(k)
        tones = found.colours.tolist()
        for n, (i, tone) in enumerate(zip(found.owner.tolist(), tones, strict=True)):
            actors[i].faces.append((found.quads[n], tone))
        return actors

    def _parked_before(self, people: list[Actor]) -> list[Actor]:
        """Parked cars that stand before somebody: drawn again, over them."""
        stage, view = self._stage, self._view
        if not people or not len(stage.parked):
            return []
        near = np.array([p.away_m for p in people])
        away = np.hypot(*(stage.parked[:, :2] - view.origin[:2]).T)
        shown = np.flatnonzero(away < min(float(near.max()), _PARKED_M))
        shown = shown[self._in_view(stage.parked[shown], 0.7, 2.6, _PARKED_M)]
        if not len(shown):
            return []
        seen = view.camera(raised(stage.parked[shown, :2], 0.7))
        spot, reach = view.pixels(seen), (2.4 * view.focal_px / seen[:, 2])[:, None]
        low, high = spot - reach, spot + reach
        boxes = np.array([p.box for p in people])
        over = (away[shown, None] < near) & (high[:, :1] > boxes[:, 0]) & (low[:, :1] < boxes[:, 2])
        over &= (high[:, 1:] > boxes[:, 1]) & (low[:, 1:] < boxes[:, 3])
        chosen = shown[over.any(axis=1)]
        cars = stage.parked[chosen]
        kinds = np.zeros(len(chosen), dtype=np.intp)
        return self._bodies(Vehicles(chosen, cars, kinds, parked_paint(cars)), None)


class _Seen:
    """Which bodies are not wholly behind houses, and what hides parts of the others."""

    def __init__(
        self, view: View, houses: Houses, near: Index, sides: Array, low: Array, high: Array
    ) -> None:
        who, house, rows = hidden_by(view, houses, near, sides, low, high)
        lost = np.zeros((len(sides), SAMPLES), dtype=bool)
        np.logical_or.at(lost, who, rows)
        self.kept: Index = np.flatnonzero(~lost.all(axis=1))
        self._hidden = (lost.sum(axis=1) > 1).tolist()
        self._behind: dict[int, list[int]] = {}
        for i, h in zip(who.tolist(), house.tolist(), strict=True):
            self._behind.setdefault(i, []).append(h)

    def of(self, i: int) -> tuple[list[int], bool]:
        """The houses before body i, and whether they hide too much of it."""
        return self._behind.get(i, []), self._hidden[i]


def _standing(view: View, places: Array, heights: Array) -> tuple[Array, Array, Array]:
    """People's sides as seen from the eye, and from where to where they reach."""
    line = places - view.origin[:2]
    line = line / np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-6)[:, None]
    side = 0.22 * np.column_stack((line[:, 1], -line[:, 0]))
    return np.stack((places - side, places + side), axis=1), heights * 0.06, heights * 0.95


def _rolling(view: View, now: Vehicles) -> tuple[Array, Array, Array]:
    """Vehicles' two ends."""
    step = np.column_stack((np.sin(now.place[:, 2]), np.cos(now.place[:, 2])))
    step *= LENGTHS_M[now.kind][:, None] * 0.5
    at = now.place[:, :2]
    high = HEIGHTS_M[now.kind]
    return np.stack((at - step, at + step), axis=1), high * 0.1, high * 0.95
