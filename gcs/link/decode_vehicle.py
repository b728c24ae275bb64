"""MAVLink message -> report: what the vehicle says of its own make, clock and settings."""

import math
from typing import Any

from gcs.link.fields import Decoder, number
from gcs.link.reports import Report, Wind


def _wind_cov(m: Any) -> Report:
    """PX4's way of telling the wind: where the air moves, north and east."""
    north = number("WIND_COV.wind_x", m.wind_x, -100.0, 100.0)
    east = number("WIND_COV.wind_y", m.wind_y, -100.0, 100.0)
    return Wind(math.hypot(north, east), math.degrees(math.atan2(-east, -north)) % 360.0)


DECODERS: dict[str, Decoder] = {"WIND_COV": _wind_cov}
