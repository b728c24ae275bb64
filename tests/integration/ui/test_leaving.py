"""A window with drones in hand closes when it is asked twice, and at once without."""

from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import Severity
from tests.integration.ui.conftest import Rig
from ui.leaving import AGAIN_S, Leaving


def told(rig: Rig) -> list[str]:
    return [n.text for n in rig.state.notices if n.severity is Severity.WARNING]


def test_with_a_drone_in_hand_it_is_asked_twice(rig: Rig) -> None:
    Leaving(rig.window, rig.state)
    assert not rig.window.close() and rig.window.isVisible()
    assert len(told(rig)) == 1 and "You hold ISL-02: hand it over" in told(rig)[0]
    rig.shift.later(AGAIN_S + 1.0)
    assert not rig.window.close(), "too late: it is a first time again"
    assert len(told(rig)) == 2
    assert rig.window.close()


def test_without_a_drone_it_closes_at_once(rig: Rig) -> None:
    Leaving(rig.window, rig.state)
    rig.state.apply_control(ControlRecord("ISL-02", ControlState.UNOWNED, 15, 0))
    assert rig.window.close() and told(rig) == []


def test_the_program_itself_is_not_asked(rig: Rig) -> None:
    Leaving(rig.window, rig.state).free = True
    assert rig.window.close() and told(rig) == []
