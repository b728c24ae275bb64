"""Checks of single fields of MAVLink messages; what no aircraft can mean is refused."""

import math
from collections.abc import Callable
from typing import Any

from gcs.link.reports import Report
from gcs.model.place import Position

Decoder = Callable[[Any], Report | None]


class BadValue(ValueError):
    """A field holds what no vehicle can mean; `str()` names message and field."""


def number(name: str, value: float, low: float, high: float) -> float:
    """`value`, if it is finite and within [low, high]. Raises BadValue."""
    if not math.isfinite(value) or not low <= value <= high:
        raise BadValue(f"{name} is {value:g}, expected {low:g} to {high:g}")
    return value


def position(name: str, lat_e7: int, lon_e7: int) -> Position:
    """A place in units of 1e-7 degree. Raises BadValue; 0, 0 means that none is known."""
    lat = number(f"{name}.lat", lat_e7 / 1e7, -90.0, 90.0)
    lon = number(f"{name}.lon", lon_e7 / 1e7, -180.0, 180.0)
    if lat_e7 == 0 and lon_e7 == 0:
        raise BadValue(f"{name}: position 0, 0 means that none is known")
    return Position(lat, lon)
