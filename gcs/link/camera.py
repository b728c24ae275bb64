"""Where a camera looks, from the gimbal's quaternion, and the angle between two directions."""

import math
from collections.abc import Sequence

_STRAIGHT = 0.9999  # of the sine of pitch: beyond it yaw and roll cannot be told apart


def pitch_yaw_deg(q: Sequence[float]) -> tuple[float, float]:
    """Pitch (up positive) and yaw of a unit quaternion w, x, y, z.

    Straight up or down the roll is taken as none, which is what a gimbal keeps.
    """
    w, x, y, z = q
    sine = max(-1.0, min(1.0, 2.0 * (w * y - z * x)))
    if abs(sine) > _STRAIGHT:
        yaw = 2.0 * math.atan2(z, w)
    else:
        yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return math.degrees(math.asin(sine)), math.remainder(math.degrees(yaw), 360.0)


def apart_deg(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The angle between two directions, each (pitch, yaw) in degrees."""
    pitch_a, yaw_a, pitch_b, yaw_b = (math.radians(angle) for angle in (*a, *b))
    cosine = math.sin(pitch_a) * math.sin(pitch_b)
    cosine += math.cos(pitch_a) * math.cos(pitch_b) * math.cos(yaw_a - yaw_b)
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
