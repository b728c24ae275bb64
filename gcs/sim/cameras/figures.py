"""Walking people as jointed figures in the scene's own metres, and as a camera sees them.

It also tells what their pixels cover, so that true boxes are true. No drawing here.
"""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras.crowd import People
from gcs.sim.cameras.view import Array, Points, View

(HEAD, NECK, SHOULDER_L, SHOULDER_R, HIP_L, HIP_R, KNEE_L, KNEE_R, FOOT_L, FOOT_R,
 ELBOW_L, ELBOW_R, HAND_L, HAND_R, TOE_L, TOE_R, FACE, CROWN) = range(18)  # fmt: skip
JOINTS = 18
HEAD_M = 0.067  # radius of the head, of the height
_THICK = np.full(JOINTS, 0.045)  # how far each joint's flesh reaches, of the height
_THICK[[HEAD, FACE, CROWN]] = HEAD_M
_THICK[[SHOULDER_L, SHOULDER_R, HIP_L, HIP_R]] = 0.062


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
    local[:, CROWN] = (0.0, 0.0, 0.955)
    local[:, HEAD] = (0.0, 0.0, 0.925)
    local[:, FACE] = (0.030, 0.0, 0.915)
    local[:, NECK] = (0.0, 0.0, 0.845)
    wide: Array = 0.118 * builds
    legs = (
        (leg, KNEE_L, FOOT_L, TOE_L, bend_l, -0.05),
        (-leg, KNEE_R, FOOT_R, TOE_R, bend_r, 0.05),
    )
    for left, right, up, share in (
        (SHOULDER_L, SHOULDER_R, 0.805, 1.0),
        (HIP_L, HIP_R, 0.50, 0.62),
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
    for sign, elbow, hand in ((-1.0, ELBOW_L, HAND_L), (1.0, ELBOW_R, HAND_R)):
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
    px_per_m = view.focal_px / ahead[:, NECK]
    reach = (px_per_m * heights)[:, None] * _THICK + 1.5 / view.scale
    low, high = joints - reach[:, :, None], joints + reach[:, :, None]
    heads = [HEAD, FACE, CROWN]
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
