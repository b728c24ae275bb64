"""Traces: two minutes of each drone, a silence is a gap."""

import numpy as np

from tests.unit.ui.shift import Shift
from ui.models.traces import SPAN_S, TraceBook


def _sample(book: TraceBook, shift: Shift, seconds: float, steps: int) -> None:
    for _ in range(steps):
        shift.later(seconds)
        for view in shift.state.fleet.drones:
            book.sample(view, shift.clock.monotonic())


def test_values_stand_by_their_age(shift: Shift) -> None:
    book = TraceBook()
    _sample(book, shift, 0.2, 10)
    ago, values = book.trace("ISL-01", shift.clock.monotonic())
    assert ago[-1] == 0.0
    assert np.isclose(ago[0], -1.8)
    assert np.allclose(values[0], 18.0)


def test_a_stale_position_leaves_a_gap_and_the_battery_goes_on(shift: Shift) -> None:
    book = TraceBook()
    shift.change("ISL-01", position_age_s=9.0)
    _sample(book, shift, 0.2, 5)
    _, values = book.trace("ISL-01", shift.clock.monotonic())
    assert np.isnan(values[0]).all()
    assert not np.isnan(values[2]).any()


def test_a_pause_of_all_samples_is_a_gap(shift: Shift) -> None:
    book = TraceBook()
    _sample(book, shift, 0.2, 3)
    _sample(book, shift, 10.0, 1)
    _, values = book.trace("ISL-01", shift.clock.monotonic())
    assert np.isnan(values[0]).sum() == 1


def test_only_two_minutes_are_kept_and_an_unknown_drone_has_none(shift: Shift) -> None:
    book = TraceBook()
    _sample(book, shift, 1.0, 700)
    ago, values = book.trace("ISL-01", shift.clock.monotonic())
    assert ago.min() >= -SPAN_S
    assert values.shape == (3, ago.size)
    assert book.trace("NONE", 0.0)[0].size == 0
