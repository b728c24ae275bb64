"""What was lost and came back leaves a sentence; a start tells nothing."""

from gcs.model.event import Severity
from gcs.model.process import ProcessState
from tests.unit.ui.shift import Shift
from ui.models.outages import Outages


def test_a_start_tells_nothing(shift: Shift) -> None:
    outages = Outages()
    for state in (ProcessState.STARTING, ProcessState.RUNNING):
        shift.processes(gateway=state)
        assert outages.look(shift.state) == ()


def test_a_process_that_stops_is_told_once_and_again_when_it_is_back(shift: Shift) -> None:
    outages = Outages()
    shift.processes(keeper=ProcessState.RUNNING)
    outages.look(shift.state)
    shift.processes(keeper=ProcessState.RESTARTING)
    ((severity, text),) = outages.look(shift.state)
    assert severity is Severity.CAUTION and text.startswith("The keeper has stopped")
    shift.processes(keeper=ProcessState.STARTING)
    assert outages.look(shift.state) == ()
    shift.later(2.0)
    shift.processes(keeper=ProcessState.RUNNING)
    assert outages.look(shift.state) == ((Severity.INFO, "The keeper is back after 2.0 s"),)


def test_a_desk_that_is_still_connecting_has_lost_nothing(shift: Shift) -> None:
    outages = Outages()
    for connected in (True, False, True):
        shift.links_well(bus_connected=connected, gateway_at_s=None)
        assert outages.look(shift.state) == ()


def test_a_lost_bus_is_told_and_its_return(shift: Shift) -> None:
    outages = Outages()
    outages.look(shift.state)
    shift.links_well(bus_connected=False)
    ((severity, text),) = outages.look(shift.state)
    assert severity is Severity.CAUTION and "cut off" in text
    shift.later(90.0)
    assert outages.look(shift.state) == ((Severity.INFO, "The bus is back after 1:30"),)


def test_the_desks_own_connection_and_the_bus_as_a_process_are_two(shift: Shift) -> None:
    outages = Outages()
    shift.links_well(bus_connected=False)
    shift.processes(bus=ProcessState.RUNNING)
    assert outages.look(shift.state) == () == outages.look(shift.state)


def test_giving_up_is_a_warning_told_once(shift: Shift) -> None:
    outages = Outages()
    shift.processes(gateway=ProcessState.GIVEN_UP)
    ((severity, text),) = outages.look(shift.state)
    assert severity is Severity.WARNING and "not started again" in text
    assert outages.look(shift.state) == ()
