"""The scripted operator and a possible match: seen, judged, read, decided, or said why not."""

import asyncio
from dataclasses import replace

import pytest

from gcs.model.alert import AlertState, Judgement, Response
from gcs.model.people import Holder
from gcs.station.actions import Outcome
from tests.unit.ui.matches import change, match
from tests.unit.ui.shift import ME, OTHER, RecordingActions, Shift
from ui import demo
from ui.commands import OperatorCommands
from ui.demo import DemoFailed, ScriptedOperator
from ui.selection import Selection

pytestmark = pytest.mark.gui
SEEN_MS = 1_790_000_001_000


class Keeper(RecordingActions):
    """Puts on record what it is asked, as the keeper would."""

    shift: Shift

    async def judge_alert(self, alert: str, judgement: Judgement, seen_utc_ms: int) -> Outcome:
        record = self.shift.state.alert(alert)
        assert record is not None
        change(self.shift, record, state=AlertState.JUDGED, judgement=judgement, judged_by=ME)
        return await super().judge_alert(alert, judgement, seen_utc_ms)

    async def decide_alert(
        self, alert: str, response: Response, reason: str, seen_utc_ms: int
    ) -> Outcome:
        record = self.shift.state.alert(alert)
        assert record is not None
        change(self.shift, record, state=AlertState.DECIDED, response=response, decided_by=ME)
        return await super().decide_alert(alert, response, reason, seen_utc_ms)


async def nothing() -> None:
    """No picture is taken here."""


def operator(shift: Shift, seen: dict[str, int]) -> tuple[ScriptedOperator, Keeper]:
    actions = Keeper()
    actions.shift = shift
    commands = OperatorCommands(actions, shift.state, Selection(), asyncio.ensure_future)
    made = ScriptedOperator(
        shift.state, commands, Selection(), lambda _place: None, seen.get, nothing
    )
    return made, actions


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "LOOK_S", 0.0)
    monkeypatch.setattr(demo, "ALERT_PATIENCE_S", 0.2)
    monkeypatch.setattr(demo, "SEE_PATIENCE_S", 0.2)


async def test_it_sees_judges_and_decides_the_oldest_it_may(qapp: object) -> None:
    shift = Shift()
    shift.owned("ISL-05", OTHER)
    match(shift, "theirs", feed="ISL-05", age_s=20.0)
    match(shift, "al-1", age_s=9.0)
    match(shift, "al-2", age_s=1.0)
    scripted, actions = operator(shift, {"al-1": SEEN_MS})
    alert, seen = await scripted._judge_alert()
    await scripted._decide_alert(alert, seen)
    assert actions.asked == [
        ("judge_alert", "al-1", Judgement.VIABLE, SEEN_MS),
        ("decide_alert", "al-1", Response.OBSERVE, demo.ALERT_REASON, SEEN_MS),
    ]


async def test_without_any_match_it_says_what_it_waited_for(qapp: object) -> None:
    scripted, _ = operator(Shift(), {})
    with pytest.raises(DemoFailed, match="a possible match that this desk may judge"):
        await scripted._judge_alert()


async def test_images_that_never_come_fail_it_in_words(qapp: object) -> None:
    shift = Shift()
    match(shift, "al-1")
    scripted, actions = operator(shift, {})
    with pytest.raises(DemoFailed, match="both images of alert al-1 on the screen"):
        await scripted._judge_alert()
    assert actions.asked == []


async def test_one_that_another_judged_is_left_alone(qapp: object) -> None:
    shift = Shift()
    record = match(shift, "al-1", judgement=Judgement.CANNOT_TELL)
    change(shift, replace(record, judged_by=Holder("pilot-b", "Pilot B", "desk-2")))
    scripted, _ = operator(shift, {"al-1": SEEN_MS})
    with pytest.raises(DemoFailed):
        await scripted._judge_alert()
