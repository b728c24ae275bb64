"""Checks of single fields of MAVLink messages; what no aircraft can mean is refused."""

from collections.abc import Callable
from typing import Any

from gcs.link.reports import Report
from gcs.model.place import Position

Decoder = Callable[[Any], Report | None]


class BadValue(ValueError):
    """A field holds what no vehicle can mean; `str()` names message and field."""


def number(name: str, value: float, low: float, high: float) -> float:
    """`value`, if it is finite and within [low, high]. Raises BadValue."""
    if not low <= value <= high:  # NaN fails every comparison
        raise BadValue(f"{name} is {value:g}, expected {low:g} to {high:g}")
    return value


def position(name: str, lat_e7: int, lon_e7: int) -> Position:
    """A place in units of 1e-7 degree. Raises BadValue; 0, 0 means that none is known."""
    if lat_e7 == 0 and lon_e7 == 0:
        raise BadValue(f"{name}: position 0, 0 means that none is known")
    try:
        return Position(lat_e7 / 1e7, lon_e7 / 1e7)
    except ValueError as error:
        raise BadValue(f"{name}: {error}") from None
