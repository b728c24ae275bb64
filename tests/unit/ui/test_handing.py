"""The words and times of a change of control agree with the machine that runs it."""

from gcs.control import asking, handing
from gcs.model.control import ControlState
from gcs.model.people import Holder
from tests.unit.ui.shift import ME, OTHER, Shift
from ui.models.handing import LASTS_S, Part, change_of, row_words, shadow_left_s
from ui.panels.claim import OVERRIDE_S


def test_the_rings_last_as_long_as_the_machines_states() -> None:
    assert LASTS_S == {
        ControlState.BRIEFING: handing.BRIEFING_S,
        ControlState.ARMED: handing.ARMED_S,
        ControlState.TRANSFERRING: handing.TRANSFER_S,
        ControlState.CONFIRMING: handing.CONFIRM_S,
    }
    assert OVERRIDE_S == asking.OVERRIDE_S


def test_a_third_desk_sees_who_gives_to_whom_and_is_not_asked(shift: Shift) -> None:
    third = Holder("pilot-d", "Pilot D", "desk-4")
    shift.offered("ISL-05", OTHER, third)
    change = change_of(shift.state, "ISL-05")
    assert change is not None and change.part is Part.NEITHER and not change.acts
    assert (change.giver, change.taker) == ("Pilot B", "Pilot D")
    assert row_words(change) == "offer: Pilot D 1:00"


def test_nobody_watches_what_nobody_took(shift: Shift) -> None:
    shift.owned("ISL-02", ME)
    assert shadow_left_s(shift.state, "ISL-02") == 0.0
    shift.owned("ISL-02", OTHER)
    assert shadow_left_s(shift.state, "ISL-02") == 0.0, "this desk never had it"
