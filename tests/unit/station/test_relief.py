"""The scripted receiver: every step of a hand-over, in order, each when it is due."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from gcs.model.brief import BriefItem, BriefSheet, Line, PreCheck
from gcs.model.control import ControlRecord, ControlState, Handover, HandoverKind, Offer
from gcs.model.people import Holder
from gcs.runtime.clock import ManualClock
from gcs.station import relief
from gcs.station.actions import Outcome
from gcs.station.relief import ReliefDuty
from gcs.station.state import DeskState
from tests.unit.station.test_desk import ME, OTHER, SITE

DRONE = "ISL-01"
GIVER, S = OTHER, ControlState
LINES = (Line("incident", "i1"), Line("battery", "b1"))
ALERT = Line("alert-A1", "a1")


class Shift:
    """A gateway and a giver in one: each act takes the record a step on."""

    def __init__(self) -> None:
        self.state = DeskState(SITE, ME, ManualClock())
        self.asked: list[tuple[str, ...]] = []
        self.lines: tuple[Line, ...] = LINES
        self.refuse: set[str] = set()
        offer = Offer("o1", ME.person, ME.name, "end of shift", 1, 2)
        self.told(ControlRecord(DRONE, S.OFFERED, 4, 1, holder=GIVER, offer=offer))

    def __getattr__(self, act: str) -> Callable[..., Awaitable[Outcome]]:
        async def done(drone: str, *what: Any) -> Outcome:
            about = what[0].key if act == "tick" else what[0] if what else ""
            self.asked.append((act, about) if about else (act,))
            if act in self.refuse:
                self.refuse.discard(act)
                return Outcome(False, "not now")
            getattr(self, f"after_{act}")(*what)
            return Outcome(True, "done")

        return done

    @property
    def record(self) -> ControlRecord:
        record = self.state.control(DRONE)
        assert record is not None
        return record

    def told(self, record: ControlRecord) -> None:
        self.state.apply_control(record)

    def moves(self, state: ControlState, holder: Holder = GIVER, **handover: Any) -> None:
        before = self.record.handover
        now = before or Handover("h1", HandoverKind.OFFERED, GIVER, ME, "", 1, 2)
        self.told(
            ControlRecord(DRONE, state, 4, 1, holder=holder, handover=replace(now, **handover))
        )

    def sheet(self) -> None:
        items = tuple(BriefItem(line, line.key, "words") for line in self.lines)
        alert = BriefItem(ALERT, "Open alert", "words", needed=False)
        check = PreCheck("video", False, "no picture")
        self.state.apply_brief(BriefSheet(DRONE, "h1", 1, (*items, alert), (check,)))

    def after_open_brief(self) -> None:
        self.moves(S.BRIEFING)
        asyncio.get_running_loop().call_soon(self.sheet)

    def after_tick(self, line: Line) -> None:
        handover = self.record.handover
        assert handover is not None
        if line.key == "battery" and line.digest == "b1":
            self.lines = (LINES[0], Line("battery", "b2"))  # it changed while it was read
            self.sheet()
        else:
            self.moves(S.BRIEFING, ticked=(*handover.ticked, line))

    def after_waive(self, check: str) -> None:
        self.moves(S.ARMED, waived=((check, ME.person),))

    def after_assume(self) -> None:
        self.moves(S.TRANSFERRING, ME)
        asyncio.get_running_loop().call_soon(self.moves, S.CONFIRMING, ME)

    def after_hold(self) -> None:
        self.moves(S.CONFIRMING, ME, reasserted=True)
        owned = replace(self.record, state=S.OWNED, handover=None)
        asyncio.get_running_loop().call_soon(self.told, owned)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("READ_OFFER_S", "READ_LINE_S", "WATCH_S", "AGAIN_S"):
        monkeypatch.setattr(relief, name, 0.0)


COURSE = [
    ("open_brief",),
    ("tick", "incident"),
    ("tick", "battery"),
    ("tick", "battery"),
    ("waive", "video"),
    ("assume",),
    ("hold",),
]


async def run(shift: Shift) -> bool:
    actions: Any = shift
    duty = ReliefDuty(shift.state, actions)
    await actions.open_brief(DRONE)
    async with asyncio.timeout(5.0):
        return await duty._received(DRONE)


async def test_it_reads_each_line_as_it_stands_and_no_alert_then_shows_what_it_holds() -> None:
    shift = Shift()
    assert await run(shift)
    assert shift.asked == COURSE
    assert shift.record.holder == ME


@pytest.mark.parametrize("act", ["tick", "waive", "assume", "hold"])
async def test_what_was_refused_is_tried_again(act: str) -> None:
    shift = Shift()
    shift.refuse = {act}
    assert await run(shift)
    assert len(shift.asked) == len(COURSE) + 1


async def test_a_hand_over_that_the_giver_ends_is_over() -> None:
    shift = Shift()

    def ends() -> None:
        shift.told(ControlRecord(DRONE, S.OWNED, 4, 1, holder=GIVER))

    shift.sheet = lambda: ends()  # type: ignore[method-assign]
    assert not await run(shift)
    assert shift.asked == [("open_brief",)]
