"""The scripted giver: what it does at each step of a hand-over, and that it repeats nothing."""

import asyncio
from dataclasses import replace

import pytest

from gcs.model.control import ControlState
from gcs.station.actions import Outcome
from tests.unit.ui.handing import PASSED, handing, sheet
from tests.unit.ui.shift import ME, OTHER, RecordingActions, Shift
from ui import demo
from ui.commands import OperatorCommands
from ui.demo import DemoFailed, ScriptedOperator
from ui.selection import Selection

pytestmark = pytest.mark.gui
DRONE = "ISL-02"


class Gateway(RecordingActions):
    """Takes the record from step to step as the gateway and the other desk would."""

    shift: Shift
    declines = False

    async def offer(self, drone: str, *what: object, **more: object) -> Outcome:
        handing(self.shift, drone, ControlState.BRIEFING, ME, OTHER)
        sheet(self.shift, drone)
        return await self._act("offer", drone)

    async def waive(self, drone: str, pre_check: str, *_function: object) -> Outcome:
        if self.declines:
            self.shift.owned(drone)
            return await self._act("waive", drone, pre_check)
        told = sheet(self.shift, drone, PASSED)
        handing(self.shift, drone, ControlState.CHECKED, ME, OTHER, ticked=told.lines)
        return await self._act("waive", drone, pre_check)

    async def arm(self, drone: str, *_function: object) -> Outcome:
        handing(self.shift, drone, ControlState.CONFIRMING, ME, OTHER)
        return await self._act("arm", drone)

    async def confirm(self, drone: str, *_function: object) -> Outcome:
        record = self.shift.state.control(drone)
        assert record is not None
        owned = replace(record, state=ControlState.OWNED, handover=None)
        self.shift.state.apply_control(owned)
        return await self._act("confirm", drone)

    async def hold(self, drone: str) -> Outcome:
        await self._act("hold", drone)
        return Outcome(False, "Pilot B holds it.")


def operator(shift: Shift) -> tuple[ScriptedOperator, Gateway]:
    shift.present()
    shift.owned(DRONE)
    actions, selection = Gateway(), Selection()
    actions.shift = shift
    selection.select_drone(DRONE)
    commands = OperatorCommands(actions, shift.state, selection, asyncio.ensure_future)

    async def nothing() -> None:
        """No picture is taken here."""

    made = ScriptedOperator(
        shift.state, commands, selection, lambda _place: None, lambda _alert: None, nothing
    )
    return made, actions


async def test_it_waives_the_picture_asks_and_confirms_once_each(qapp: object) -> None:
    scripted, actions = operator(Shift())
    await scripted._hand_over(DRONE)
    assert [asked[0] for asked in actions.asked] == ["offer", "waive", "arm", "confirm", "hold"]
    assert actions.asked[1] == ("waive", DRONE, "video")


async def test_a_hand_over_that_comes_to_nothing_fails_in_words(qapp: object) -> None:
    scripted, actions = operator(Shift())
    actions.declines = True
    with pytest.raises(DemoFailed, match="hand-over of ISL-02 to Pilot B came to nothing"):
        await scripted._hand_over(DRONE)


async def test_without_an_answer_it_says_what_it_waited_for(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "HAND_OVER_PATIENCE_S", 0.2)
    shift = Shift()
    scripted, actions = operator(shift)

    async def unanswered(*_what: object, **_more: object) -> Outcome:
        shift.offered(DRONE, ME, OTHER)
        return Outcome(True, "Offered.")

    monkeypatch.setattr(actions, "offer", unanswered)
    with pytest.raises(DemoFailed, match="in vain for Pilot B in control"):
        await scripted._hand_over(DRONE)
