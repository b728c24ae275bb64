"""Paints sky and ground: asphalt, pavements, yards, greens, markings, shadows of houses, haze.

Flat polygons in one plane; what stands on them is painted afterwards.
"""

import cv2
import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Picture, project_rings
from gcs.sim.cameras.rings import Rings
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.streets import KERB_M
from gcs.sim.cameras.view import NEAR_M, SHIFT, Points, View, raised

_HAZE_FROM = 0.06  # less than this is not worth mixing
_KERBS_BELOW_M = 25.0  # an eye higher than that sees kerbs as lines
_GROUND_M, _MARKS_M, _SHADOWS_M = 1500.0, 300.0, 450.0
_HAZE_ROWS = 12  # rows that are mixed alike


def paint_ground(picture: Picture, view: View, stage: Stage) -> None:
    """Fill the whole picture."""
    cv2.rectangle(picture, (0, 0), picture.shape[1::-1], light.ASPHALT, cv2.FILLED)
    sky_rows = int(np.clip(round(view.horizon_px * view.scale), 0, picture.shape[0]))
    if sky_rows < picture.shape[0]:
        _paint_kerbs(picture, view, stage)
        _fill(picture, _projected(view, stage.yards, _GROUND_M), light.YARD)
        _fill(picture, _projected(view, stage.parks, _GROUND_M), light.PARK)
        _paint_marks(picture, view, stage.marks)
        _shade(picture, view, stage.shadows)
        _haze(picture, view, sky_rows)
    _paint_sky(picture, view, sky_rows)


def _projected(view: View, rings: Rings, far_m: float) -> list[Points]:
    """Those of the rings that show, as cv2 draws them."""
    near = view.within(raised(rings.centre, 0.0), rings.radius, far_m)
    which = np.flatnonzero(near)
    if not len(which):
        return []
    rows, begins = rings.taken(which)
    return project_rings(view, raised(rings.xy[rows], 0.0), begins)[0]


def _paint_kerbs(picture: Picture, view: View, stage: Stage) -> None:
    """Pavements with their kerbs: of true width from near, else as lines."""
    if view.eye[2] < _KERBS_BELOW_M:
        _fill(picture, _projected(view, stage.kerbs, _GROUND_M), light.KERB)
        _fill(picture, _projected(view, stage.pavements, _GROUND_M), light.PAVEMENT)
        return
    rings = _projected(view, stage.kerbs, _GROUND_M)
    _fill(picture, rings, light.PAVEMENT)
    thick = max(1, round(KERB_M * view.focal_px * view.scale / view.eye[2] * 0.7))
    cv2.polylines(picture, rings, True, light.KERB, thick, cv2.LINE_8, SHIFT)


def _fill(picture: Picture, rings: list[Points], colour: light.Tone) -> None:
    """Rings of one layer do not overlap: all at once."""
    if rings:
        cv2.fillPoly(picture, rings, colour, cv2.LINE_8, SHIFT)


def _paint_marks(picture: Picture, view: View, marks: Rings) -> None:
    """None of them overlaps another: one call."""
    near = view.within(raised(marks.centre, 0.0), marks.radius, _MARKS_M)
    which = np.flatnonzero(near)
    if not len(which):
        return
    corners = marks.xy[marks.start[which][:, None] + np.arange(4)]
    seen = view.camera(raised(corners.reshape(-1, 2), 0.0)).reshape(-1, 4, 3)
    seen = seen[seen[:, :, 2].min(axis=1) > NEAR_M]
    pixels = view.pixels(seen.reshape(-1, 3)).reshape(-1, 4, 2)
    pixels = pixels[view.shows(pixels)]
    if len(pixels):
        fixed = view.fixed(pixels)
        cv2.fillPoly(picture, list(fixed), light.MARK, cv2.LINE_8, SHIFT)


def _shade(picture: Picture, view: View, shadows: Rings) -> None:
    """Darken the ground where houses stand between it and the sun."""
    points = _projected(view, shadows, _SHADOWS_M)
    if not points:
        return
    mask = np.zeros(picture.shape[:2], np.uint8)
    for ring in points:
        cv2.fillConvexPoly(mask, ring, 255, cv2.LINE_8, SHIFT)
    dark = cv2.convertScaleAbs(picture, alpha=light.SHADE)
    cv2.copyTo(dark, mask, picture)


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
