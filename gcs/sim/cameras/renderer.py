"""Draws a camera's frame: what stands still, then the actors, each behind what hides it.

What stands still is kept while the camera does not move, so that only the actors' rectangles
are drawn anew. One thread at a time: the canvas is shared.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from gcs.model.alert import Box
from gcs.sim.cameras import figures, ground, houses, light, pads
from gcs.sim.cameras.actors import Actor, Actors, Cast, reach_m
from gcs.sim.cameras.crowd import Crowd
from gcs.sim.cameras.faces import Faces, Picture
from gcs.sim.cameras.scene import Scene
from gcs.sim.cameras.shot import TruePerson
from gcs.sim.cameras.stage import Stage, stage_at
from gcs.sim.cameras.traffic import Traffic
from gcs.sim.cameras.view import NEAR_M, SHIFT, Index, Points, View, clip_near

_MOVED_M = 25.0  # after so much of a way the stage is chosen again
_FACE_PX = 5.0
_PERSON_PX = 6.0
_FACING = 0.3
_LEAST_INSIDE = 0.6  # share of a person's box that must lie in the picture

Rect = tuple[int, int, int, int]


@dataclass(frozen=True)
class Town3D:
    """Everything the cameras of one process share."""

    scene: Scene
    crowd: Crowd
    traffic: Traffic


class Renderer:
    """One camera's memory: its stage, and its last view if it stands still."""

    def __init__(self, town: Town3D, canvas: Picture) -> None:
        self._town = town
        self._canvas = canvas
        self._stage: Stage | None = None
        self._cast: Cast | None = None
        self._view: View | None = None
        self._houses: Index = np.zeros(0, dtype=np.intp)
        self._still: tuple[Picture, Picture] | None = None

    def take(self, view: View, utc_s: float) -> tuple[Picture, tuple[TruePerson, ...]]:
        """The picture at a time, (view.height, view.width, 3), and who is truly to be seen."""
        stage, cast = self._near(view)
        stands = view == self._view
        self._view = view
        canvas = self._canvas
        if not stands:
            self._still = None
            self._paint_all(canvas, view, stage)
        elif self._still is None:
            self._paint_all(canvas, view, stage)
            self._still = (canvas.copy(), _smaller(canvas, view))
        town = self._town
        actors = Actors(view, stage, self._houses, town.crowd, town.traffic, cast, utc_s)
        drawn = [(a, _rect(a, view)) for a in actors.all]
        drawn = [(a, r) for a, r in drawn if r[0] < r[2] and r[1] < r[3]]
        if self._still is None:
            for actor, rect in drawn:
                self._draw(canvas, view, stage, actors, actor, rect)
            picture = _smaller(canvas, view)
        else:
            picture = self._over_still(view, stage, actors, drawn)
        return picture, _truth(view, town.crowd, actors, [a for a, _ in drawn])

    def _near(self, view: View) -> tuple[Stage, Cast]:
        east, north, _ = view.eye
        stage, cast = self._stage, self._cast
        if (
            stage is None
            or cast is None
            or np.hypot(stage.east_m - east, stage.north_m - north) > _MOVED_M
        ):
            stage = stage_at(self._town.scene, east, north)
            self._stage, self._still = stage, None
            cast = None
        if cast is None or (self._view is not None and view.fov_deg != self._view.fov_deg):
            far = reach_m(view) + _MOVED_M
            cast = Cast(
                self._town.crowd.near(east, north, far),
                self._town.traffic.near(east, north, far),
            )
            self._cast = cast
        return stage, cast

    def _paint_all(self, canvas: Picture, view: View, stage: Stage) -> None:
        far = 900.0
        self._houses = houses.visible(view, stage, far)
        ground.paint_ground(canvas, view, stage, self._houses)
        faces = Faces(view)
        houses.add_houses(faces, view, stage, self._houses)
        houses.add_parked(faces, view, stage)
        faces.paint(canvas)
        pads.paint_pads(canvas, view, stage)

    def _over_still(
        self, view: View, stage: Stage, actors: Actors, drawn: list[tuple[Actor, Rect]]
    ) -> Picture:
        assert self._still is not None
        large, small = self._still
        canvas, picture, scale = self._canvas, small.copy(), view.scale
        for _, (left, top, right, bottom) in drawn:
            canvas[top:bottom, left:right] = large[top:bottom, left:right]
        for actor, rect in drawn:
            self._draw(canvas, view, stage, actors, actor, rect)
        for _, (left, top, right, bottom) in drawn:
            size = ((right - left) // scale, (bottom - top) // scale)
            part = canvas[top:bottom, left:right]
            picture[top // scale : bottom // scale, left // scale : right // scale] = cv2.resize(
                part, size, interpolation=cv2.INTER_AREA
            )
        return picture

    def _draw(
        self, canvas: Picture, view: View, stage: Stage, actors: Actors, actor: Actor, rect: Rect
    ) -> None:
        left, top, right, bottom = rect
        part = canvas[top:bottom, left:right]
        before = part.copy() if actor.behind else None
        if actor.shadow is not None:
            _shade(part, actor.shadow - (np.array([left, top], np.int32) << SHIFT), actor)
        if actor.looks is not None and actors.figures is not None:
            figures.draw(canvas, view, actors.figures, actor.person, actor.looks)
        for points, colour in actor.items:
            cv2.fillConvexPoly(canvas, points[0], colour, cv2.LINE_8, SHIFT)
        if before is not None:
            mask = np.zeros(part.shape[:2], np.uint8)
            for house in actor.behind:
                hull = _outline(view, stage, house)
                if len(hull) > 2:
                    shifted = hull - (np.array([left, top], np.int32) << SHIFT)
                    cv2.fillConvexPoly(mask, shifted, 255, cv2.LINE_8, SHIFT)
            cv2.copyTo(before, mask, part)


def _shade(part: Picture, line: Points, actor: Actor) -> None:
    """The shadow of one person on the ground."""
    mask = np.zeros(part.shape[:2], np.uint8)
    thick = max(1, round((actor.box[3] - actor.box[1]) * 0.22))
    cv2.line(mask, line[0], line[1], 255, thick, cv2.LINE_8, SHIFT)
    cv2.copyTo(cv2.convertScaleAbs(part, alpha=light.SHADE), mask, part)


def _smaller(canvas: Picture, view: View) -> Picture:
    if view.scale == 1:
        return canvas.copy()
    size = (view.width, view.height)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)


def _rect(actor: Actor, view: View) -> Rect:
    """What an actor's pixels and shadow lie in, on the canvas, in whole sent pixels."""
    left, top, right, bottom = actor.box
    if actor.shadow is not None and right > left:
        unit = float(view.scale << SHIFT)
        wide = 0.13 * (bottom - top) + 1.0
        low, high = actor.shadow.min(axis=0) / unit, actor.shadow.max(axis=0) / unit
        left, top = min(left, low[0] - wide), min(top, low[1] - wide)
        right, bottom = max(right, high[0] + wide), max(bottom, high[1] + wide)
    scale = view.scale
    return (
        max(0, int(np.floor(left))) * scale,
        max(0, int(np.floor(top))) * scale,
        min(view.width, int(np.ceil(right))) * scale,
        min(view.height, int(np.ceil(bottom))) * scale,
    )


def _outline(view: View, stage: Stage, house: int) -> Points:
    """A building's silhouette."""
    ring = stage.houses.xy[stage.houses.start[house] : stage.houses.start[house + 1]]
    low = np.column_stack((ring, np.zeros(len(ring))))
    high = np.column_stack((ring, np.full(len(ring), stage.eaves_m[house])))
    tops = [low, high]
    if stage.gabled[house]:
        ends = np.array([(ring[3] + ring[0]) / 2.0, (ring[1] + ring[2]) / 2.0])
        tops.append(np.column_stack((ends, np.full(2, stage.height_m[house]))))
    seen = view.camera(np.vstack(tops))
    if seen[:, 2].min() <= NEAR_M:
        after = np.roll(np.arange(len(ring)), -1)
        walls = np.stack((low, low[after], high[after], high), axis=1)
        seen = np.vstack([clip_near(view.camera(wall)) for wall in walls])
    if len(seen) < 3:
        return np.zeros((0, 2), np.int32)
    return np.asarray(cv2.convexHull(view.drawn(seen)), np.int32).reshape(-1, 2)


def _truth(view: View, crowd: Crowd, actors: Actors, drawn: list[Actor]) -> tuple[TruePerson, ...]:
    """Who can be seen: not hidden by houses or vehicles, large enough, inside the picture."""
    found: list[TruePerson] = []
    if actors.figures is None:
        return ()
    bodies = [a for a in drawn if a.items]
    for actor in drawn:
        if actor.looks is None or actor.hidden:
            continue
        left, top, right, bottom = actor.box
        box = _box(view, actor.box)
        inside = box.width * view.width * box.height * view.height if box else 0.0
        if box is None or bottom - top < _PERSON_PX:
            continue
        if inside < _LEAST_INSIDE * (right - left) * (bottom - top):
            continue
        if any(_covers(b, actor) for b in bodies):
            continue
        face = None
        head = actors.figures.head[actor.person].tolist()
        if actors.figures.facing[actor.person] > _FACING and head[3] - head[1] > _FACE_PX:
            face = _box(view, (head[0], head[1], head[2], head[3]))
        found.append(TruePerson(crowd.ids[actor.walker], box, face, actor.looks))
    return tuple(found)


def _covers(body: Actor, actor: Actor) -> bool:
    """A nearer vehicle lies over half of a person."""
    if body.away_m > actor.away_m:
        return False
    a, b = body.box, actor.box
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0.0 or high <= 0.0:
        return False
    return wide * high > 0.5 * (b[2] - b[0]) * (b[3] - b[1])


def _box(view: View, pixels: tuple[float, float, float, float]) -> Box | None:
    left, right = (min(max(x / view.width, 0.0), 1.0) for x in (pixels[0], pixels[2]))
    top, bottom = (min(max(y / view.height, 0.0), 1.0) for y in (pixels[1], pixels[3]))
    if right - left < 1e-3 or bottom - top < 1e-3:
        return None
    return Box(left, top, right - left, bottom - top)
