"""People and vehicles of one frame: placed, projected, sorted by distance, ready to be drawn."""

from dataclasses import dataclass, field

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.bodies import CAR, KINDS, add_body, parked_paint
from gcs.sim.cameras.crowd import Crowd
from gcs.sim.cameras.faces import Colour, Faces
from gcs.sim.cameras.figures import Figures, figures
from gcs.sim.cameras.looks import Looks
from gcs.sim.cameras.sight import SAMPLES, hidden_by
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.traffic import Traffic
from gcs.sim.cameras.view import NEAR_M, SHIFT, Array, Index, Points, View

SMALLEST_PX = 4.0  # a person of fewer pixels is not drawn
_PERSON_M = 1.7
_MOST_M = 700.0


@dataclass
class Actor:
    """One moving thing. `box`: left, top, right, bottom in sent pixels of all that is drawn.

    `behind`: the stage's houses that stand before a part of it.
    """

    away_m: float
    box: tuple[float, float, float, float]
    behind: list[int] = field(default_factory=list)
    items: list[tuple[list[Points], Colour]] = field(default_factory=list)
    person: int = -1
    walker: int = -1
    looks: Looks | None = None
    hidden: bool = False
    shadow: Points | None = None


@dataclass(frozen=True)
class Cast:
    """Everyone near a camera, chosen again with its stage."""

    walkers: Index
    vehicles: Index


def reach_m(view: View) -> float:
    """How far off a person is still drawn."""
    return min(view.focal_px * _PERSON_M / SMALLEST_PX, _MOST_M)


class Actors:
    """The frame's actors, far ones first."""

    def __init__(
        self, view: View, stage: Stage, houses: Index, crowd: Crowd, traffic: Traffic, cast: Cast,
        utc_s: float,
    ) -> None:  # fmt: skip
        self._view, self._stage, self._houses = view, stage, houses
        self.figures: Figures | None = None
        found = self._people(crowd, cast.walkers, utc_s)
        people = list(found)
        found += self._vehicles(traffic, cast.vehicles, utc_s)
        found += self._parked_before(people)
        self.all = sorted(found, key=lambda actor: -actor.away_m)

    def _people(self, crowd: Crowd, walkers: Index, utc_s: float) -> list[Actor]:
        people = crowd.at(walkers, utc_s)
        middles = np.column_stack((people.place, np.full(len(walkers), 0.9)))
        view = self._view
        ok = view.within(middles, np.full(len(walkers), 1.0), reach_m(view))
        ok &= view.camera(middles)[:, 2] > NEAR_M + 1.0
        shown = np.flatnonzero(ok)
        if not len(shown):
            return []
        people = crowd.at(walkers[shown], utc_s)
        looks = [crowd.looks(int(w)) for w in people.walker]
        heights = np.array([look.height_m for look in looks])
        found = figures(view, people, heights, np.array([look.build for look in looks]))
        self.figures = found
        away = np.hypot(*(people.place - view.origin[:2]).T)
        boxes = found.box.tolist()
        actors = [
            Actor(a, (b[0], b[1], b[2], b[3]), person=i, walker=int(w), looks=look)
            for i, (a, b, w, look) in enumerate(
                zip(away.tolist(), boxes, people.walker.tolist(), looks, strict=True)
            )
        ]
        self._add_shadows(actors, people.place, heights)
        self._hide(actors, _person_samples(view, people.place, heights))
        return actors

    def _add_shadows(self, actors: list[Actor], places: Array, heights: Array) -> None:
        """A line on the ground away from the sun, for those large enough."""
        tips = places + heights[:, None] * 0.92 * light.SHADOW
        both = np.column_stack((np.vstack((places, tips)), np.zeros(2 * len(places))))
        seen = self._view.camera(both)
        fixed = self._view.drawn(np.maximum(seen, (-np.inf, -np.inf, NEAR_M)))
        ahead = seen[len(places) :, 2]
        for i, actor in enumerate(actors):
            if ahead[i] > NEAR_M and actor.box[3] - actor.box[1] > 14.0:
                actor.shadow = fixed[[i, i + len(places)]]

    def _vehicles(self, traffic: Traffic, chosen: Index, utc_s: float) -> list[Actor]:
        if not len(chosen):
            return []
        now = traffic.at(chosen, utc_s)
        middles = np.column_stack((now.place[:, :2], np.full(len(chosen), 1.5)))
        radius = np.array([b.length_m / 2.0 + 1.0 for b in KINDS])[now.kind]
        shown = np.flatnonzero(self._view.within(middles, radius, 1.6 * reach_m(self._view)))
        return self._bodies(now.place[shown], now.kind[shown], now.colour[shown])

    def _bodies(self, places: Array, kinds: Index, colours: Array) -> list[Actor]:
        faces = Faces(self._view)
        number = np.arange(0.0, 10.0 * len(places), 10.0)
        for kind, body in enumerate(KINDS):
            mine = np.flatnonzero(kinds == kind)
            add_body(faces, self._view, body, places[mine], colours[mine], number[mine])
        away = np.hypot(*(places[:, :2] - self._view.origin[:2]).T)
        actors, rows = [], []
        for i, items in faces.grouped(10.0).items():
            box = _box_of(items, self._view.scale)
            actors.append(Actor(float(away[i]), box, items=items))
            rows.append(i)
        if actors:
            chosen = np.array(rows, dtype=np.intp)
            self._hide(actors, _vehicle_samples(places[chosen], kinds[chosen]))
        return actors

    def _parked_before(self, people: list[Actor]) -> list[Actor]:
        """Parked cars that stand before somebody: drawn again, over them."""
        near = np.array([p.away_m for p in people])
        stage, view = self._stage, self._view
        if not len(near) or not len(stage.parked):
            return []
        away = np.hypot(*(stage.parked[:, :2] - view.origin[:2]).T)
        middles = np.column_stack((stage.parked[:, :2], np.full(len(away), 0.7)))
        radius = np.full(len(away), 2.4)
        shown = np.flatnonzero(view.within(middles, radius, min(float(near.max()), 90.0)))
        seen = view.camera(middles[shown])
        shown, seen = shown[seen[:, 2] > 3.0], seen[seen[:, 2] > 3.0]
        if not len(shown):
            return []
        spot, reach = view.pixels(seen), 2.4 * view.focal_px / seen[:, 2]
        boxes = np.array([p.box for p in people])
        over = (away[shown, None] < near) & (spot[:, :1] + reach[:, None] > boxes[:, 0])
        over &= spot[:, :1] - reach[:, None] < boxes[:, 2]
        over &= (spot[:, 1:] + reach[:, None] > boxes[:, 1]) & (
            spot[:, 1:] - reach[:, None] < boxes[:, 3]
        )
        cars = stage.parked[shown[over.any(axis=1)]]
        if not len(cars):
            return []
        return self._bodies(cars, np.full(len(cars), KINDS.index(CAR)), parked_paint(cars))

    def _hide(self, actors: list[Actor], samples: Array) -> None:
        who, house, rows = hidden_by(self._view, self._stage, self._houses, samples)
        lost = np.zeros((len(actors), SAMPLES), dtype=bool)
        for i, h, row in zip(who.tolist(), house.tolist(), rows, strict=True):
            actors[i].behind.append(h)
            lost[i] |= row
        # All four hidden: not drawn at all. The head, or more than one other: not to be seen.
        gone = lost.all(axis=1)
        for i in np.flatnonzero(lost[:, 1] | (lost.sum(axis=1) > 1)).tolist():
            actors[i].hidden = True
        for i in np.flatnonzero(gone).tolist():
            actors[i].box = (0.0, 0.0, 0.0, 0.0)


def _person_samples(view: View, places: Array, heights: Array) -> Array:
    """Feet, head, and both sides at the hip: (n, SAMPLES, 3)."""
    line = places - view.origin[:2]
    line = line / np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-6)[:, None]
    side = 0.25 * np.column_stack((line[:, 1], -line[:, 0]))
    rows = (
        (places, 0.1),
        (places, 0.95 * heights),
        (places - side, 0.6 * heights),
        (places + side, 0.6 * heights),
    )
    return np.stack([np.column_stack((p, np.broadcast_to(z, len(p)))) for p, z in rows], axis=1)


def _vehicle_samples(places: Array, kinds: Index) -> Array:
    half = np.array([b.length_m / 2.0 for b in KINDS])[kinds]
    high = np.array([b.height_m for b in KINDS])[kinds]
    step = np.column_stack((np.sin(places[:, 2]), np.cos(places[:, 2]))) * half[:, None]
    at = places[:, :2]
    rows = ((at, 0.4 * high), (at, high), (at - step, 0.5 * high), (at + step, 0.5 * high))
    return np.stack([np.column_stack((p, z)) for p, z in rows], axis=1)


def _box_of(
    items: list[tuple[list[Points], Colour]], scale: int
) -> tuple[float, float, float, float]:
    points = np.concatenate([p for group, _ in items for p in group])
    unit = float(scale << SHIFT)
    low, high = points.min(axis=0), points.max(axis=0)
    return (
        float(low[0]) / unit - 1.0,
        float(low[1]) / unit - 1.0,
        float(high[0]) / unit + 1.0,
        float(high[1]) / unit + 1.0,
    )
