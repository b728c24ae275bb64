"""A battery as shares of a full one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Battery:
    """Shares of a full battery, 0 to 1: `home` (flight home and landing) is part of `left`."""

    left: float
    home: float
    own: bool = False
    stale: bool = False
