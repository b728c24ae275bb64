"""Draws a camera's frame: what stands still, then the actors, each behind what hides it.

What stands still is kept while the camera does not move, so that only the actors' rectangles
are drawn anew. One thread at a time: the canvas is shared.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from gcs.model.alert import Box
from gcs.sim.cameras import ground, light, pads, sketch
from gcs.sim.cameras.actors import Actor, Actors, Box4, Cast, in_sight, reach_m
from gcs.sim.cameras.crowd import Crowd
from gcs.sim.cameras.faces import Faces, Picture
from gcs.sim.cameras.scene import Scene
from gcs.sim.cameras.shot import TruePerson
from gcs.sim.cameras.solids import Houses
from gcs.sim.cameras.stage import Stage, stage_at
from gcs.sim.cameras.traffic import Traffic
from gcs.sim.cameras.trees import add_trees
from gcs.sim.cameras.view import NEAR_M, SHIFT, Index, Points, View, clip_near, raised

_MOVED_M = 25.0  # after so much of a way the stage is chosen again
_FAR_M = 900.0
_FACE_PX = 5.0
_PERSON_PX = 6.0
_FACING = 0.3
_LEAST_INSIDE = 0.6  # share of a person's box that must lie in the picture

Rect = tuple[int, int, int, int]
Truth = Callable[[], tuple[TruePerson, ...]]


@dataclass(frozen=True)
class Town3D:
    """Everything the cameras of one process share."""

    scene: Scene
    crowd: Crowd
    traffic: Traffic


@dataclass(frozen=True)
class _Still:
    """What a camera that does not move keeps: its picture without actors, and who may come."""

    large: Picture
    small: Picture
    cast: Cast


class Renderer:
    """One camera's memory: its stage, and its last view if it stands still."""

    def __init__(self, town: Town3D, canvas: Picture) -> None:
        self._town = town
        self._canvas = canvas
        self._stage: Stage | None = None
        self._view: View | None = None
        self._near = Cast(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
        self._houses: Index = np.zeros(0, dtype=np.intp)
        self._still: _Still | None = None

    def take(self, view: View, utc_s: float) -> tuple[Picture, Truth]:
        """The picture at a time, (view.height, view.width, 3), and who is truly to be seen."""
        stage = self._stage_at(view)
        town, canvas = self._town, self._canvas
        if view != self._view:
            self._view, self._still = view, None
            self._paint_all(canvas, view, stage)
        elif self._still is None:
            self._paint_all(canvas, view, stage)
            cast = in_sight(view, stage, self._houses, town.crowd, town.traffic, self._near)
            self._still = _Still(canvas.copy(), _smaller(canvas, view), cast)
        cast = self._near if self._still is None else self._still.cast
        actors = Actors(view, stage, self._houses, town.crowd, town.traffic, cast, utc_s)
        drawn = [(a, _rect(a, view)) for a in actors.all]
        drawn = [(a, r) for a, r in drawn if r[0] < r[2] and r[1] < r[3]]
        if self._still is None:
            for actor, rect in drawn:
                self._draw(canvas, view, stage, actors, actor, rect)
            picture = _smaller(canvas, view)
        else:
            picture = self._over(self._still, view, stage, actors, drawn)
        shown = [actor for actor, _ in drawn]
        return picture, lambda: _truth(view, town.crowd, actors, shown)

    def _stage_at(self, view: View) -> Stage:
        """The stage, chosen again after some way, and with each lens who may be seen."""
        east, north, _ = view.eye
        stage = self._stage
        moved = stage is None or (math.hypot(stage.east_m - east, stage.north_m - north) > _MOVED_M)
        if stage is None or moved:
            stage = self._stage = stage_at(self._town.scene, east, north)
        if moved or self._view is None or view.fov_deg != self._view.fov_deg:
            far = reach_m(view) + _MOVED_M
            self._near = Cast(
                self._town.crowd.near(east, north, far),
                self._town.traffic.near(east, north, 1.6 * far),
            )
        return stage

    def _paint_all(self, canvas: Picture, view: View, stage: Stage) -> None:
        solids = stage.solids
        things = solids.visible(view, _FAR_M)
        self._houses = things[things < solids.houses]
        ground.paint_ground(canvas, view, stage)
        faces = Faces(view)
        solids.add(faces, view, things)
        stage.windows.add(faces, view)
        add_trees(faces, view, stage.trees)
        faces.paint(canvas)
        pads.paint_pads(canvas, view, stage)

    def _over(
        self,
        still: "_Still",
        view: View,
        stage: Stage,
        actors: Actors,
        drawn: list[tuple[Actor, Rect]],
    ) -> Picture:
        """The actors over what was kept."""
        if not drawn:
            return still.small
        large, canvas, scale = still.large, self._canvas, view.scale
        picture = still.small.copy()
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
            sketch.draw(canvas, view, actors.figures, actor.person, actor.looks)
        for points, colour in actor.faces:
            cv2.fillConvexPoly(canvas, points, colour, cv2.LINE_8, SHIFT)
        if before is not None:
            mask = np.zeros(part.shape[:2], np.uint8)
            for house in actor.behind:
                hull = _outline(view, stage.houses, house)
                if len(hull) > 2:
                    shifted = hull - (np.array([left, top], np.int32) << SHIFT)
                    cv2.fillConvexPoly(mask, shifted, 255, cv2.LINE_8, SHIFT)
            cv2.copyTo(before, mask, part)


def _shade(part: Picture, line: Points, actor: Actor) -> None:
    """The shadow of one person on the ground."""
    thick = max(1, round((actor.box[3] - actor.box[1]) * 0.22))
    low = np.maximum((line.min(axis=0) >> SHIFT) - thick, 0)
    high = np.maximum((line.max(axis=0) >> SHIFT) + thick + 1, 0)
    spot = part[low[1] : high[1], low[0] : high[0]]
    if not spot.size:
        return
    mask = np.zeros(spot.shape[:2], np.uint8)
    a, b = line - (low.astype(np.int32) << SHIFT)
    cv2.line(mask, a, b, 255, thick, cv2.LINE_8, SHIFT)
    cv2.copyTo(cv2.convertScaleAbs(spot, alpha=light.SHADE), mask, spot)


def _smaller(canvas: Picture, view: View) -> Picture:
    if view.scale == 1:
        return canvas.copy()
    size = (view.width, view.height)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)


def _rect(actor: Actor, view: View) -> Rect:
    """What an actor's pixels and shadow lie in, on the canvas, in whole sent pixels."""
    left, top, right, bottom = actor.reach
    scale = view.scale
    return (
        max(0, math.floor(left)) * scale,
        max(0, math.floor(top)) * scale,
        min(view.width, math.ceil(right)) * scale,
        min(view.height, math.ceil(bottom)) * scale,
    )


def _outline(view: View, houses: Houses, house: int) -> Points:
    """A building's silhouette."""
    rings = houses.rings
    ring = rings.xy[rings.start[house] : rings.start[house + 1]]
    low, high = raised(ring, 0.0), raised(ring, houses.eaves_m[house])
    corners = [low, high]
    if houses.gabled[house]:
        ends = np.array([(ring[3] + ring[0]) / 2.0, (ring[1] + ring[2]) / 2.0])
        corners.append(raised(ends, houses.height_m[house]))
    seen = view.camera(np.concatenate(corners))
    if seen[:, 2].min() <= NEAR_M:
        after = np.roll(np.arange(len(ring)), -1)
        walls = np.stack((low, low[after], high[after], high), axis=1)
        seen = np.concatenate([clip_near(view.camera(wall)) for wall in walls])
    if len(seen) < 3:
        return np.zeros((0, 2), np.int32)
    return np.asarray(cv2.convexHull(view.drawn(seen)), np.int32).reshape(-1, 2)


def _truth(view: View, crowd: Crowd, actors: Actors, drawn: list[Actor]) -> tuple[TruePerson, ...]:
    """Who can be seen: not hidden by houses or vehicles, large enough, inside the picture."""
    if actors.figures is None:
        return ()
    people = [a for a in drawn if a.looks is not None and not a.hidden and _inside(view, a.box)]
    covered = _covered(people, [a for a in drawn if a.faces])
    heads = actors.figures.head.tolist()
    facing = (actors.figures.facing > _FACING).tolist()
    found: list[TruePerson] = []
    for actor, lost in zip(people, covered, strict=True):
        box = _box(view, actor.box)
        if lost or box is None or actor.looks is None:
            continue
        left, top, right, bottom = heads[actor.person]
        seen = facing[actor.person] and bottom - top > _FACE_PX
        face = _box(view, (left, top, right, bottom)) if seen else None
        found.append(TruePerson(crowd.ids[actor.walker], box, face, actor.looks))
    return tuple(found)


def _inside(view: View, box: Box4) -> bool:
    """Large enough, and most of it in the picture."""
    left, top, right, bottom = box
    wide = min(right, view.width) - max(left, 0.0)
    high = min(bottom, view.height) - max(top, 0.0)
    if wide <= 0.0 or high <= 0.0 or bottom - top < _PERSON_PX:
        return False
    return wide * high > _LEAST_INSIDE * (right - left) * (bottom - top)


def _covered(people: list[Actor], bodies: list[Actor]) -> list[bool]:
    """Over whom a nearer vehicle lies, by half or more."""
    if not people or not bodies:
        return [False] * len(people)
    a, b = np.array([p.box for p in people])[:, None], np.array([v.box for v in bodies])
    wide = np.minimum(a[..., 2], b[:, 2]) - np.maximum(a[..., 0], b[:, 0])
    high = np.minimum(a[..., 3], b[:, 3]) - np.maximum(a[..., 1], b[:, 1])
    half = 0.5 * (a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1])
    over = (wide > 0.0) & (high > 0.0) & (wide * high > half)
    nearer = np.array([v.away_m for v in bodies]) < np.array([p.away_m for p in people])[:, None]
    found: list[bool] = (over & nearer).any(axis=1).tolist()
    return found


def _box(view: View, pixels: Box4) -> Box | None:
    left, right = (min(max(x / view.width, 0.0), 1.0) for x in (pixels[0], pixels[2]))
    top, bottom = (min(max(y / view.height, 0.0), 1.0) for y in (pixels[1], pixels[3]))
    if right - left < 1e-3 or bottom - top < 1e-3:
        return None
    return Box(left, top, right - left, bottom - top)
