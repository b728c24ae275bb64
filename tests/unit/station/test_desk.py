"""What a desk makes of an answer."""

from pathlib import Path
from typing import Any

from gcs.model.control import ControlRecord, ControlReply, ControlState
from gcs.model.people import Holder
from gcs.model.site import Site
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station.desk import Desk
from gcs.station.state import DeskState

SITE = load_toml(
    Path(__file__).resolve().parents[3] / "resources" / "sites" / "islington.toml", Site
)
ME = Holder("pilot-a", "Pilot A", "desk-1")
OTHER = Holder("pilot-b", "Pilot B", "desk-2")


def record(epoch: int, holder: Holder) -> ControlRecord:
    return ControlRecord("ISL-01", ControlState.OWNED, epoch, 1000 * epoch, holder=holder)


class SlowAnswer:
    """A bus on which the watch is quicker than the answer."""

    def __init__(self, state: DeskState, told: ControlRecord, answer: ControlReply) -> None:
        self._state, self._told, self._answer = state, told, answer

    async def request(self, *question: object) -> ControlReply:
        self._state.apply_control(self._told)
        return self._answer


async def test_an_answer_behind_a_newer_record_does_not_show_the_old_holder_again() -> None:
    clock = ManualClock()
    state = DeskState(SITE, ME, clock)
    desk = Desk(SITE, state, clock)
    for told, answered in ((record(6, OTHER), record(5, ME)), (record(7, OTHER), record(8, ME))):
        bus: Any = SlowAnswer(state, told, ControlReply(True, "yours", answered))
        desk.attach(bus)
        assert (await desk.take("ISL-01")).ok
        assert state.control("ISL-01") == max(told, answered, key=lambda r: r.epoch)
