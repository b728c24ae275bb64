"""How an offer of this desk ended is said in words."""

from tests.unit.ui.shift import ME, OTHER, Shift
from ui.models.offers import Offers

DRONE = "ISL-02"


def offered(shift: Shift) -> Offers:
    offers = Offers()
    shift.owned(DRONE)
    assert offers.look(shift.state, DRONE) == ""
    shift.offered(DRONE, ME, OTHER)
    assert offers.look(shift.state, DRONE) == ""
    return offers


def test_a_declined_offer_is_told_once(shift: Shift) -> None:
    offers = offered(shift)
    shift.owned(DRONE)
    assert offers.look(shift.state, DRONE) == "Pilot B declined ISL-02; you keep control"
    assert offers.look(shift.state, DRONE) == ""


def test_an_offer_that_ran_out_was_not_answered(shift: Shift) -> None:
    offers = offered(shift)
    shift.later(61.0)
    shift.owned(DRONE)
    told = offers.look(shift.state, DRONE)
    assert told == "Pilot B did not answer the offer of ISL-02; you keep control"


def test_an_offer_taken_back_is_not_called_declined(shift: Shift) -> None:
    offers = offered(shift)
    offers.cancelled(DRONE)
    shift.owned(DRONE)
    assert "taken back" in offers.look(shift.state, DRONE)


def test_an_accepted_offer_names_who(shift: Shift) -> None:
    offers = offered(shift)
    shift.owned(DRONE, OTHER, 15)
    assert offers.look(shift.state, DRONE) == "Pilot B has control of ISL-02"


def test_others_offers_are_not_mine(shift: Shift) -> None:
    offers = Offers()
    shift.offered(DRONE, OTHER, ME)
    assert offers.look(shift.state, DRONE) == ""
    shift.owned(DRONE, OTHER)
    assert offers.look(shift.state, DRONE) == ""
