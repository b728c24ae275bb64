"""How fast to approach a target, and how velocity follows: limited speed, acceleration, jerk."""

import math


def approach_speed(distance_m: float, gain: float, accel_mps2: float, most_mps: float) -> float:
    """Speed from which a steady braking at `accel_mps2` still stops at the target.

    Close in it falls off in proportion (`gain`, 1/s), so that the end is soft.
    """
    linear_m = accel_mps2 / gain**2
    if distance_m <= linear_m:
        return min(gain * distance_m, most_mps)
    return min(math.sqrt(2.0 * accel_mps2 * (distance_m - linear_m / 2.0)), most_mps)


def limit(value: float, most: float) -> float:
    """`value` within -most and most."""
    return max(-most, min(most, value))


def limit_vector(x: float, y: float, most: float) -> tuple[float, float]:
    """The vector (x, y), shortened to `most`."""
    length = math.hypot(x, y)
    if length <= most or length == 0.0:
        return x, y
    return x * most / length, y * most / length


def wrap_angle(angle_rad: float) -> float:
    """The angle within -pi and pi."""
    return math.remainder(angle_rad, math.tau)
