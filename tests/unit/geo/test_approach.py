"""Closest approach against geometries whose answer is known."""

import math

import numpy as np
import pytest

from gcs.geo.approach import Approaches, Movers, approaches

NAN = math.nan
Row = tuple[float, float, float, float, float, float]


def movers(*rows: Row) -> Movers:
    return Movers(*np.array(rows, float).T)


def one(first: Row, second: Row = (0, 0, 50, 0, 0, 0)) -> tuple[float, float, float, float, float]:
    made: Approaches = approaches(movers(first), movers(second))
    parts = (made.distance_m, made.relative_m, made.closest_s, made.closest_m, made.gap_m)
    return tuple(float(part[0, 0]) for part in parts)  # type: ignore[return-value]


def test_head_on_to_a_hovering_drone() -> None:
    # 1,200 m north, southward at 60 m/s, 100 m above: overhead in 20 s.
    assert one((0, 1200, 150, 0, -60, 0)) == pytest.approx((1200, 100, 20, 0, 100))


def test_a_crossing_passes_at_its_offset() -> None:
    # Eastward along a line 300 m to the north.
    assert one((-1000, 300, 50, 50, 0, 0)) == pytest.approx((math.hypot(1000, 300), 0, 20, 300, 0))


def test_parallel_at_one_speed_never_comes_nearer() -> None:
    made = one((400, 0, 80, 0, 15, 0), (0, 0, 50, 0, 15, 0))
    assert made == pytest.approx((400, 30, 0, 400, 30))


def test_receding_is_nearest_now() -> None:
    assert one((0, 500, 50, 0, 60, 0)) == pytest.approx((500, 0, 0, 500, 0))


def test_the_drones_own_speed_counts() -> None:
    # Towards each other at 40 and 10 m/s over 1,000 m.
    made = one((0, 1000, 50, 0, -40, 0), (0, 0, 50, 0, 10, 0))
    assert made == pytest.approx((1000, 0, 20, 0, 0))


def test_sinking_through_the_drones_height_leaves_no_gap() -> None:
    *_, gap = one((0, 1200, 150, 0, -60, -10))
    assert gap == 0.0
    *_, gap = one((0, 1200, 150, 0, -60, -3))
    assert gap == pytest.approx(40.0)


def test_what_is_not_known_stays_unknown() -> None:
    distance, relative, soon, nearest, gap = one((0, 900, NAN, NAN, NAN, NAN))
    assert distance == pytest.approx(900.0)
    assert all(math.isnan(value) for value in (relative, soon, nearest, gap))
    made = one((0, 1200, 150, 0, -60, NAN))  # its climb counts as none
    assert made == pytest.approx((1200, 100, 20, 0, 100))


def test_many_against_many() -> None:
    made = approaches(
        movers((0, 100, 0, 0, 0, 0), (0, 200, 0, 0, 0, 0)),
        movers((0, 0, 0, 0, 0, 0), (30, 60, 0, 0, 0, 0), (0, 200, 0, 0, 0, 0)),
    )
    expected = [[100, 50, 100], [200, math.hypot(30, 140), 0]]
    assert made.distance_m == pytest.approx(np.array(expected))
