"""Draws a walking person from any side: a jointed figure in the scene's own metres.

Plainly drawn, nobody real. It returns what its pixels cover, so that true boxes are true.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from gcs.sim.cameras.crowd import People
from gcs.sim.cameras.faces import Picture
from gcs.sim.cameras.looks import Looks
from gcs.sim.cameras.view import SHIFT, Array, Points, View

(_HEAD, _NECK, _SHOULDER_L, _SHOULDER_R, _HIP_L, _HIP_R, _KNEE_L, _KNEE_R, _FOOT_L, _FOOT_R,
 _ELBOW_L, _ELBOW_R, _HAND_L, _HAND_R, _TOE_L, _TOE_R, _FACE, _CROWN) = range(18)  # fmt: skip
JOINTS = 18
_HEAD_M = 0.067  # radius of the head, of the height
_SMALL_PX = 30.0  # below it arms and feet are not worth drawing
_SHOE = (44, 42, 42)
_THICK = np.full(JOINTS, 0.045)  # how far each joint's flesh reaches, of the height
_THICK[[_HEAD, _FACE, _CROWN]] = _HEAD_M
_THICK[[_SHOULDER_L, _SHOULDER_R, _HIP_L, _HIP_R]] = 0.062


@dataclass(frozen=True)
class Figures:
    """People as seen: joints as cv2 draws them (n, JOINTS, 2) and in metres from the eye ahead
    (n, JOINTS); boxes (n, 4) left, top, right, bottom of all that is drawn, and of the heads.
    """

    joints: Points
    ahead: Array
    px_per_m: Array
    box: Array
    head: Array
    facing: Array


def pose(people: People, heights: Array, builds: Array) -> Array:
    """Joints (n, JOINTS, 3) in the world."""
    swing = np.sin(people.gait)
    leg = 0.50 * swing
    bend_l = 0.55 * np.maximum(0.0, np.cos(people.gait))
    bend_r = 0.55 * np.maximum(0.0, -np.cos(people.gait))
    count = len(heights)
    local = np.zeros((count, JOINTS, 3))  # forward, right, up, of the height
    local[:, _CROWN] = (0.0, 0.0, 0.955)
    local[:, _HEAD] = (0.0, 0.0, 0.925)
    local[:, _FACE] = (0.030, 0.0, 0.915)
    local[:, _NECK] = (0.0, 0.0, 0.845)
    wide: Array = 0.118 * builds
    legs = (
        (leg, _KNEE_L, _FOOT_L, _TOE_L, bend_l, -0.05),
        (-leg, _KNEE_R, _FOOT_R, _TOE_R, bend_r, 0.05),
    )
    for left, right, up, share in (
        (_SHOULDER_L, _SHOULDER_R, 0.805, 1.0),
        (_HIP_L, _HIP_R, 0.50, 0.62),
    ):
        local[:, left, 1], local[:, right, 1] = -wide * share, wide * share
        local[:, left, 2] = local[:, right, 2] = up
    for thigh, knee, foot, toe, bend, side in legs:
        shin = thigh - bend
        local[:, knee, 0] = 0.245 * np.sin(thigh)
        local[:, knee, 2] = 0.50 - 0.245 * np.cos(thigh)
        local[:, foot, 0] = local[:, knee, 0] + 0.225 * np.sin(shin)
        local[:, foot, 2] = np.maximum(local[:, knee, 2] - 0.225 * np.cos(shin), 0.03)
        local[:, toe, 0] = local[:, foot, 0] + 0.085
        local[:, toe, 2] = np.maximum(local[:, foot, 2] - 0.012, 0.02)
        local[:, [knee, foot, toe], 1] = side
    for sign, elbow, hand in ((-1.0, _ELBOW_L, _HAND_L), (1.0, _ELBOW_R, _HAND_R)):
        upper = sign * 0.42 * swing
        local[:, elbow, 0] = 0.165 * np.sin(upper)
        local[:, elbow, 2] = 0.795 - 0.165 * np.cos(upper)
        local[:, hand, 0] = local[:, elbow, 0] + 0.15 * np.sin(upper + 0.45)
        local[:, hand, 2] = local[:, elbow, 2] - 0.15 * np.cos(upper + 0.45)
        local[:, elbow, 1] = sign * (wide + 0.028)
        local[:, hand, 1] = sign * (wide + 0.022)
    local *= heights[:, None, None]
    sin, cos = np.sin(people.heading)[:, None], np.cos(people.heading)[:, None]
    world = np.empty_like(local)
    world[:, :, 0] = people.place[:, 0, None] + local[:, :, 0] * sin + local[:, :, 1] * cos
    world[:, :, 1] = people.place[:, 1, None] + local[:, :, 0] * cos - local[:, :, 1] * sin
    world[:, :, 2] = local[:, :, 2]
    return world


def figures(view: View, people: People, heights: Array, builds: Array) -> Figures:
    """Project people that are all in front of the eye."""
    world = pose(people, heights, builds)
    seen = view.camera(world.reshape(-1, 3))
    joints = view.pixels(seen).reshape(-1, JOINTS, 2)
    ahead = seen[:, 2].reshape(-1, JOINTS)
    px_per_m = view.focal_px / ahead[:, _NECK]
    reach = (px_per_m * heights)[:, None] * _THICK + 1.5 / view.scale
    low, high = joints - reach[:, :, None], joints + reach[:, :, None]
    heads = [_HEAD, _FACE, _CROWN]
    look = view.origin[:2] - people.place
    toward = np.arctan2(look[:, 0], look[:, 1]) - people.heading
    return Figures(
        view.fixed(joints),
        ahead,
        px_per_m,
        np.hstack((low.min(axis=1), high.max(axis=1))),
        np.hstack((low[:, heads].min(axis=1), high[:, heads].max(axis=1))),
        np.cos(toward),
    )


def draw(picture: Picture, view: View, figure: Figures, i: int, looks: Looks) -> None:
    """Draw one of them on a picture of `view.scale`."""
    px = float(figure.px_per_m[i]) * looks.height_m * view.scale
    points = figure.joints[i]
    if px < _SMALL_PX * view.scale:
        _draw_small(picture, points, px, looks)
        return
    _Figure(picture, points, px, looks, figure.ahead[i]).draw()


def _draw_small(picture: Picture, points: Points, px: float, looks: Looks) -> None:
    thick = max(1, round(px * 0.085))
    for hip, foot in ((_HIP_L, _FOOT_L), (_HIP_R, _FOOT_R)):
        cv2.line(picture, points[hip], points[foot], looks.legs, thick, cv2.LINE_8, SHIFT)
    body = points[[_SHOULDER_L, _SHOULDER_R, _HIP_R, _HIP_L]]
    cv2.polylines(picture, [body], True, looks.top, max(1, round(px * 0.1)), cv2.LINE_8, SHIFT)
    radius = max(1, round(px * _HEAD_M * 0.95 * (1 << SHIFT)))
    head = looks.skin if looks.hair_style == "bald" else looks.hair
    cv2.circle(picture, points[_HEAD], radius, head, cv2.FILLED, cv2.LINE_8, SHIFT)


class _Figure:
    """A person large enough for arms, shoes and a face."""

    def __init__(
        self, picture: Picture, points: Points, px: float, looks: Looks, ahead: Array
    ) -> None:
        self._picture, self._points, self._px = picture, points, px
        self._looks, self._ahead = looks, ahead

    def draw(self) -> None:
        left_far = self._ahead[_SHOULDER_L] > self._ahead[_SHOULDER_R]
        self._arm(left=bool(left_far))
        self._leg(left=bool(left_far), far=True)
        self._leg(left=not left_far, far=False)
        self._torso()
        self._arm(left=not left_far)
        self._head()

    def _line(self, joints: tuple[int, ...], colour: tuple[float, ...], wide: float) -> None:
        thick = max(1, round(self._px * wide))
        line = self._points[list(joints)]
        cv2.polylines(self._picture, [line], False, colour, thick, cv2.LINE_8, SHIFT)

    def _dot(self, joint: int, colour: tuple[float, ...], radius: float) -> None:
        size = max(1, round(self._px * radius * (1 << SHIFT)))
        place = self._points[joint]
        cv2.circle(self._picture, place, size, colour, cv2.FILLED, cv2.LINE_8, SHIFT)

    def _arm(self, *, left: bool) -> None:
        joints = (_SHOULDER_L, _ELBOW_L, _HAND_L) if left else (_SHOULDER_R, _ELBOW_R, _HAND_R)
        self._line(joints, _tinted(self._looks.top, 0.86), 0.056)
        self._dot(joints[2], self._looks.skin, 0.026)

    def _leg(self, *, left: bool, far: bool) -> None:
        joints = (_HIP_L, _KNEE_L, _FOOT_L) if left else (_HIP_R, _KNEE_R, _FOOT_R)
        toe = _TOE_L if left else _TOE_R
        self._line(joints, _tinted(self._looks.legs, 0.84 if far else 1.0), 0.078)
        self._line((joints[2], toe), _SHOE, 0.05)

    def _torso(self) -> None:
        body = self._points[[_SHOULDER_L, _SHOULDER_R, _HIP_R, _HIP_L]]
        cv2.fillConvexPoly(self._picture, cv2.convexHull(body), self._looks.top, cv2.LINE_8, SHIFT)
        thick = max(1, round(self._px * 0.085))
        cv2.polylines(self._picture, [body], True, self._looks.top, thick, cv2.LINE_8, SHIFT)
        if self._looks.bag:
            self._line((_SHOULDER_L, _HIP_R), _tinted(self._looks.legs, 0.6), 0.022)

    def _head(self) -> None:
        looks = self._looks
        self._line((_NECK, _HEAD), _tinted(looks.skin, 0.9), 0.06)
        bald = looks.hair_style == "bald"
        hair = _tinted(looks.skin, 0.95) if bald else looks.hair
        if self._ahead[_FACE] <= self._ahead[_HEAD]:
            self._dot(_CROWN, hair, _HEAD_M * 0.98)
            if looks.hair_style == "long":
                self._line((_HEAD, _NECK), hair, 0.125)
            self._dot(_FACE, looks.skin, _HEAD_M * 0.86)
            if looks.beard:
                self._line((_FACE, _NECK), _tinted(hair, 0.9), 0.05)
                self._dot(_FACE, looks.skin, _HEAD_M * 0.62)
        else:
            self._dot(_FACE, looks.skin, _HEAD_M * 0.86)
            self._dot(_HEAD, hair, _HEAD_M)
            self._dot(_CROWN, hair, _HEAD_M * 0.98)
            if looks.hair_style == "long":
                self._line((_HEAD, _NECK), hair, 0.125)


def _tinted(colour: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(c * share for c in colour)
