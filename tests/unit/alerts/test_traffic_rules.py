"""When traffic becomes a caution and a warning, and how long it stays one."""

import math

import numpy as np
import pytest

from gcs.alerts.traffic_rules import HOLD_S, KEEPS, Held, levels
from gcs.geo.approach import Approaches

NAN = math.nan


def level(
    distance_m: float,
    relative_m: float = 0.0,
    closest_s: float = 0.0,
    closest_m: float | None = None,
    gap_m: float | None = None,
    *,
    pressure: bool = False,
    wider: float = 1.0,
) -> int:
    least = min(distance_m, closest_m) if closest_m is not None else distance_m
    gap = abs(relative_m) if gap_m is None else gap_m
    seen = Approaches(
        *(np.array([[value]], float) for value in (distance_m, relative_m, closest_s, least, gap))
    )
    return int(levels(seen, np.array([pressure]), wider)[0, 0])


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        (2, level(600.0, 70.0)),  # well clear is lost now
        (1, level(620.0, 70.0)),
        (1, level(600.0, 80.0)),
        (1, level(1850.0, 300.0)),
        (0, level(1860.0, 300.0)),
        (0, level(1850.0, 310.0)),
        (2, level(2000.0, 60.0, closest_s=34.0, closest_m=500.0)),  # lost within 35 s
        (1, level(2000.0, 60.0, closest_s=36.0, closest_m=500.0)),
        (1, level(3000.0, 60.0, closest_s=59.0, closest_m=500.0)),
        (0, level(3000.0, 60.0, closest_s=61.0, closest_m=500.0)),
        (0, level(3000.0, 60.0, closest_s=20.0, closest_m=1900.0)),  # passes far
        (0, level(500.0, 2400.0)),  # an airliner high above
        (2, level(2000.0, 400.0, closest_s=30.0, closest_m=200.0, gap_m=20.0)),  # it sinks to it
        (2, level(600.0, NAN, gap_m=NAN)),  # a height not known counts as the drone's own
        (1, level(1000.0, NAN, closest_s=NAN, gap_m=NAN)),
        (2, level(600.0, 170.0, pressure=True)),  # air pressure: 100 m of room
        (1, level(600.0, 180.0, pressure=True)),
    ],
)
def test_thresholds(expected: int, wanted: int) -> None:
    assert wanted == expected


def test_what_keeps_a_level_is_a_quarter_wider() -> None:
    assert level(700.0, 70.0) == 1
    assert level(700.0, 70.0, wider=KEEPS) == 2
    assert level(770.0, 70.0, wider=KEEPS) == 1


def test_a_level_rises_at_once_and_falls_after_a_while_beyond() -> None:
    held = Held()
    assert held.take(1, 1, 0.0) == 1
    assert held.take(2, 2, 0.5) == 2
    assert held.take(1, 2, 1.0) == 2  # beyond what begins it, within what keeps it
    assert held.take(1, 1, 2.0) == 2
    assert held.take(1, 1, 2.0 + HOLD_S - 0.1) == 2
    assert held.take(1, 2, 2.0 + HOLD_S) == 2  # within again: the time begins anew
    assert held.take(0, 0, 10.0) == 2
    assert held.take(0, 0, 10.0 + HOLD_S) == 0
    assert held.take(0, 0, 20.0) == 0
