"""Paints sky and ground: asphalt, pavements, yards, greens, markings, shadows of houses, haze.

Flat polygons in one plane; what stands on them is painted afterwards.
"""

import cv2
import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Picture, project_rings
from gcs.sim.cameras.rings import Rings
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import NEAR_M, SHIFT, Array, Index, Points, View, clip_near

_HAZE_FROM = 0.06  # less than this is not worth mixing
_HAZE_ROWS = 12  # rows that are mixed alike


def paint_ground(picture: Picture, view: View, stage: Stage, houses: Index) -> None:
    """Fill the whole picture. `houses`: those of the stage that throw shadows into it."""
    cv2.rectangle(picture, (0, 0), picture.shape[1::-1], light.ASPHALT, cv2.FILLED)
    sky_rows = int(np.clip(round(view.horizon_px * view.scale), 0, picture.shape[0]))
    if sky_rows < picture.shape[0]:
        for rings, colour in (
            (stage.kerbs, light.KERB),
            (stage.pavements, light.PAVEMENT),
            (stage.yards, light.YARD),
            (stage.parks, light.PARK),
        ):
            _paint_rings(picture, view, rings, colour)
        _paint_marks(picture, view, stage.marks)
        _shade(picture, view, stage, houses)
        _haze(picture, view, sky_rows)
    _paint_sky(picture, view, sky_rows)


def _seen(view: View, rings: Rings, far_m: float) -> Index:
    middles = np.column_stack((rings.centre, np.zeros(len(rings))))
    return np.flatnonzero(view.within(middles, rings.radius, far_m))


def _paint_rings(picture: Picture, view: View, rings: Rings, colour: light.Tone) -> None:
    which = _seen(view, rings, 1500.0)
    if not len(which):
        return
    rows, begins = rings.taken(which)
    flat = np.column_stack((rings.xy[rows], np.zeros(len(rows))))
    for points in project_rings(view, flat, begins)[0]:
        cv2.fillPoly(picture, [points], colour, cv2.LINE_8, SHIFT)


def _paint_marks(picture: Picture, view: View, marks: Rings) -> None:
    """None of them overlaps another: one call."""
    which = _seen(view, marks, 300.0)
    if not len(which):
        return
    corners = marks.xy[marks.start[which][:, None] + np.arange(4)]
    flat = np.column_stack((corners.reshape(-1, 2), np.zeros(4 * len(which))))
    seen = view.camera(flat).reshape(-1, 4, 3)
    seen = seen[seen[:, :, 2].min(axis=1) > NEAR_M]
    pixels = view.pixels(seen.reshape(-1, 3)).reshape(-1, 4, 2)
    pixels = pixels[view.shows(pixels)]
    if len(pixels):
        fixed = view.fixed(pixels)
        cv2.fillPoly(picture, list(fixed), light.MARK, cv2.LINE_8, SHIFT)


def _shade(picture: Picture, view: View, stage: Stage, houses: Index) -> None:
    """Darken the ground where houses stand between it and the sun."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    rows, begins = stage.houses.taken(houses)
    count = np.diff(begins)
    house = np.repeat(houses, count)
    foot = stage.houses.xy[rows]
    head = foot + stage.height_m[house][:, None] * light.SHADOW
    both = np.column_stack((np.vstack((foot, head)), np.zeros(2 * len(foot))))
    seen = view.camera(both)
    ok = seen[:, 2] > NEAR_M
    fixed = view.drawn(np.maximum(seen, (-np.inf, -np.inf, NEAR_M)))
    total = len(foot)
    for a, b in zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True):
        if ok[a:b].all() and ok[total + a : total + b].all():
            points = np.concatenate((fixed[a:b], fixed[total + a : total + b]))
        else:
            points = _near_shadow(view, foot[a:b], head[a:b])
        if len(points) > 2:
            cv2.fillConvexPoly(mask, cv2.convexHull(points), 255, cv2.LINE_8, SHIFT)
    dark = cv2.convertScaleAbs(picture, alpha=light.SHADE)
    cv2.copyTo(dark, mask, picture)


def _near_shadow(view: View, foot: Array, head: Array) -> Points:
    """A shadow that reaches behind the camera."""
    flat = np.concatenate((foot, head)).astype(np.float32)
    hull = np.asarray(cv2.convexHull(flat), dtype=float).reshape(-1, 2)
    seen = clip_near(view.camera(np.column_stack((hull, np.zeros(len(hull))))))
    return view.drawn(seen)


def _haze(picture: Picture, view: View, sky_rows: int) -> None:
    """Ground far off goes into the haze, row by row: the camera never rolls."""
    height = picture.shape[0]
    rows = (np.arange(sky_rows, height) + 0.5) / view.scale
    down = np.arctan2(rows - view.height / 2.0, view.focal_px)
    below = np.maximum(down - np.radians(view.pitch_deg), 1e-4)
    share = light.haze_at(view.eye[2] / np.sin(np.minimum(below, np.pi / 2)))
    last = int(np.count_nonzero(share > _HAZE_FROM))
    tone = np.full((_HAZE_ROWS, picture.shape[1], 3), light.HAZE, np.uint8) if last else picture
    for row in range(0, last, _HAZE_ROWS):
        count = min(_HAZE_ROWS, last - row)
        part = picture[sky_rows + row : sky_rows + row + count]
        weight = float(share[row + count // 2])
        cv2.addWeighted(part, 1.0 - weight, tone[:count], weight, 0.0, part)


def _paint_sky(picture: Picture, view: View, sky_rows: int) -> None:
    if sky_rows <= 0:
        return
    above = (sky_rows - np.arange(sky_rows)) / view.scale / view.focal_px
    share = np.minimum(above / 0.45, 1.0)[:, None]
    tone = light.HAZE * (1.0 - share) + light.SKY_TOP * share
    picture[:sky_rows] = tone.astype(np.uint8)[:, None, :]
