"""A drone's camera in words, and where a step of tilt or zoom leads. Pure.

A step starts from what the vehicle reports; what it does not report cannot be stepped.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from gcs.fleet.state import Freshness, freshness
from gcs.model.function import Function
from gcs.station.state import DeskState
from ui.models.words import need_input
from ui.text import UNKNOWN, Span, Tone

TILT_STEP_DEG = 10.0
LOWEST_DEG, HIGHEST_DEG = -90.0, 30.0
ZOOM_STEP = 1.5
PAN_STEP_DEG = 15.0
WIDEST, NEAREST = 1.0, 30.0
TURN_DPS = 15.0


class Aim(StrEnum):
    """One press of a camera button or key."""

    UP = "Up"
    DOWN = "Down"
    LEFT = "Left"
    RIGHT = "Right"
    NEARER = "In"
    WIDER = "Out"


# Pitch and yaw, while it is held.
RATES_DPS: dict[Aim, tuple[float, float]] = {
    Aim.UP: (TURN_DPS, 0.0),
    Aim.DOWN: (-TURN_DPS, 0.0),
    Aim.LEFT: (0.0, -TURN_DPS),
    Aim.RIGHT: (0.0, TURN_DPS),
}


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera looks: pitch negative down, yaw clockwise from the nose, 1 = wide."""

    pitch_deg: float
    yaw_deg: float
    zoom: float


def pose(state: DeskState, drone: str) -> Pose | None:
    """What the vehicle reports now; None when it does not, or is silent."""
    view = state.fleet.get(drone) if drone else None
    if view is None:
        return None
    heard = freshness(view.heartbeat_age_s(state.clock.monotonic()))
    told = view.telemetry
    if heard is not Freshness.FRESH or told.gimbal_pitch_deg is None:
        return None
    return Pose(told.gimbal_pitch_deg, told.gimbal_yaw_deg or 0.0, told.zoom or WIDEST)


def stepped(at: Pose, aim: Aim) -> Pose:
    """The pose after one press, within what a camera can be asked for."""
    tilt = {Aim.UP: TILT_STEP_DEG, Aim.DOWN: -TILT_STEP_DEG}.get(aim, 0.0)
    pan = {Aim.LEFT: -PAN_STEP_DEG, Aim.RIGHT: PAN_STEP_DEG}.get(aim, 0.0)
    grow = {Aim.NEARER: ZOOM_STEP, Aim.WIDER: 1 / ZOOM_STEP}.get(aim, 1.0)
    return Pose(
        min(HIGHEST_DEG, max(LOWEST_DEG, at.pitch_deg + tilt)),
        math.remainder(at.yaw_deg + pan, 360.0),
        round(min(NEAREST, max(WIDEST, at.zoom * grow)), 2),
    )


def why_no_aim(state: DeskState, drone: str) -> str:
    """Why the camera cannot be moved from here; empty when it can be asked."""
    if not drone:
        return "No drone is selected."
    if why := need_input(state, drone, Function.PAYLOAD):
        return why
    return (
        "" if pose(state, drone) is not None else f"{drone} does not tell where its camera looks."
    )


def why_no_turn(state: DeskState, drone: str) -> str:
    """Why it cannot be turned at a rate; empty when that can be asked."""
    profile = state.profile(drone)
    if profile is None or profile.camera.manager:
        return ""
    return f"The camera of {drone} turns by steps only: it has no gimbal manager."


def camera_spans(state: DeskState, drone: str) -> tuple[Span, ...]:
    """`camera −38° · 2.0×`."""
    at = pose(state, drone)
    if at is None:
        return (Span(f"camera {UNKNOWN}", Tone.OFF),)
    words = f"{at.pitch_deg:.0f}° · {at.zoom:.1f}×".replace("-", "−")
    return (Span("camera ", Tone.QUIET), Span(words))
