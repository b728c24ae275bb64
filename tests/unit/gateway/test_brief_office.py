"""The office of the briefs before the real arbiter: it publishes, and drives the machine by what
the brief and its checks show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from gcs.control.stimulus import Refusal
from gcs.gateway.brief_facts import Facts
from gcs.gateway.brief_office import AGAIN_S, AT_ONCE, LOOK_S, SETTLES_S, BriefOffice
from gcs.model.brief import BriefSheet, Readiness, fence_mark
from gcs.model.control import ControlAct, ControlRecord, LeaseRenewal
from gcs.model.control import ControlState as S
from gcs.model.function import Function
from gcs.model.telemetry import FlightMode
from gcs.model.vehicle import FenceReport, FenceState
from tests.unit.gateway.briefed import ALERT, FACTS, KEYS
from tests.unit.gateway.handed import Handed, again, handed
from tests.unit.gateway.stage import DRONE, A, B

RETURNING = replace(FACTS.telemetry, mode=FlightMode.RETURN, mode_name="RTL")
ALL_BUT_VIDEO = Readiness(DRONE, 0.2, None, fence_mark(FACTS.fence), "", neutral=True)


class Sources:
    """Stands where the facts come from: as the test says, for whatever is handed over."""

    def __init__(self, shift: Handed) -> None:
        self._shift = shift
        self.now = FACTS
        self.asked = 0
        self.broken = False

    async def watch(self) -> None:
        """Nothing to follow."""

    def facts(self, record: ControlRecord) -> Facts:
        self.asked += 1
        if self.broken or record.handover is None:
            raise ValueError("broken")
        utc_ms = self._shift.parts.clock.utc_ms()
        apart = record.function is Function.PAYLOAD
        return replace(
            self.now,
            utc_ms=utc_ms,
            handover=record.handover,
            function=record.function,
            coupled=self.now.coupled and not apart,
        )


class Office:
    """The office, what it published, and a desk that tells what it has."""

    def __init__(self, shift: Handed) -> None:
        self.shift, self.sources = shift, Sources(shift)
        self.sheets: list[BriefSheet] = []
        self.tells = True
        self.ready = replace(ALL_BUT_VIDEO, video_age_s=0.3)
        self.unqualified: Refusal | None = None
        parts, sources = shift.parts, self.sources

        async def publish(drone: str, sheet: BriefSheet) -> None:
            assert drone == sheet.drone
            self.sheets.append(sheet)

        made: Any = sources
        self.office = BriefOffice(
            parts.arbiter,
            lambda: parts.registry.records,
            made,
            lambda by, drone: self.unqualified,
            lambda by, drone: parts.qualified.against_limit(by.person, drone),
            publish,
            parts.activities.spawn,
            parts.clock,
            lambda: parts.may_act,
        )
        parts.arbiter.briefs = self.office

    async def looks(self, seconds: float = LOOK_S) -> None:
        """Time goes by, with renewals and looks."""
        for _ in range(round(seconds / LOOK_S)):
            await self.shift.turn(LOOK_S)
            if self.tells:
                utc_ms = self.shift.parts.clock.utc_ms()
                self.office.heard(LeaseRenewal(B.person, B.desk, 1, utc_ms, 10.0, (self.ready,)))
            await self.office.look()
            await self.shift.parts.settle()

    async def opens(self) -> None:
        await self.shift.bring(S.BRIEFING)
        await self.looks()

    async def reads(self, *but: str) -> None:
        """The receiver ticks what is needed, but for some."""
        for line in self.sheets[-1].lines:
            if line.key not in but:
                await self.shift.must(B, ControlAct.TICK, line=line)

    async def checked(self) -> None:
        await self.opens()
        await self.reads()
        await self.looks()
        assert self.state() is S.CHECKED

    def state(self) -> S:
        return self.shift.record.state

    @property
    def ticked(self) -> set[str]:
        handover = self.shift.record.handover
        return {t.key for t in handover.ticked} if handover else set()


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    async with handed() as shift:
        yield Office(shift)


async def test_while_no_hand_over_is_open_nothing_is_made_or_published() -> None:
    async with office() as desk:
        await desk.looks(3.0)
        await desk.shift.bring(S.OFFERED)
        await desk.looks(3.0)
        assert desk.sheets == [] and desk.sources.asked == 0


async def test_it_is_published_each_second_and_at_once_when_it_changes() -> None:
    async with office() as desk:
        await desk.opens()
        (first,) = desk.sheets
        assert (first.drone, first.handover) == (DRONE, desk.shift.record.at_issue)
        assert tuple(n.key for n in first.lines) == KEYS
        await desk.looks(4.0)
        assert len(desk.sheets) == 5
        assert all(s.digest == first.digest for s in desk.sheets)
        desk.sources.now = replace(FACTS, telemetry=RETURNING)
        await desk.looks()
        assert len(desk.sheets) == 6 and desk.sheets[-1].digest != first.digest
        desk.ready = replace(desk.ready, neutral=False)
        await desk.looks()
        assert len(desk.sheets) == 7, "a check that fails is told at once as well"


async def test_all_read_and_all_passed_is_checked_and_not_before() -> None:
    async with office() as desk:
        await desk.opens()
        await desk.reads("battery")
        await desk.looks(2.0)
        assert desk.state() is S.BRIEFING
        await desk.reads()
        await desk.looks()
        assert desk.state() is S.CHECKED
        handover = desk.shift.record.handover
        assert handover is not None and handover.brief == desk.sheets[-1].digest


async def test_a_change_of_mode_takes_the_tick_of_its_own_line_alone() -> None:
    async with office() as desk:
        await desk.checked()
        desk.sources.now = replace(FACTS, telemetry=RETURNING)
        await desk.looks()
        assert desk.state() is S.BRIEFING and desk.ticked == set(KEYS) - {"flight"}
        await desk.looks(1.0)
        assert desk.state() is S.BRIEFING
        await desk.reads()
        await desk.looks()
        assert desk.state() is S.CHECKED


async def test_a_line_read_before_it_changed_is_refused() -> None:
    async with office() as desk:
        await desk.opens()
        old = next(n for n in desk.sheets[-1].lines if n.key == "flight")
        desk.sources.now = replace(FACTS, telemetry=RETURNING)
        reply = await desk.shift.ask(B, ControlAct.TICK, line=old)
        assert not reply.ok and "has changed: read it again" in reply.text


async def test_the_question_is_not_put_on_a_brief_that_has_changed_since_the_last_look() -> None:
    async with office() as desk:
        await desk.checked()
        desk.sources.now = replace(FACTS, telemetry=RETURNING)
        reply = await desk.shift.ask(A, ControlAct.ARM)
        assert not reply.ok and "flight" in reply.text
        desk.sources.now = FACTS
        desk.tells = False
        desk.shift.parts.clock.advance(3.5)
        reply = await desk.shift.ask(A, ControlAct.ARM)
        assert not reply.ok and "telemetry" in reply.text


@pytest.mark.parametrize("state", [S.CHECKED, S.ARMED])
async def test_a_check_that_fails_opens_the_brief_again_and_ticks_stay(state: S) -> None:
    async with office() as desk:
        await desk.checked()
        if state is S.ARMED:
            await desk.shift.must(A, ControlAct.ARM)
        desk.ready = replace(desk.ready, telemetry_age_s=1.5)
        await desk.looks()
        handover = desk.shift.record.handover
        assert desk.state() is S.BRIEFING and handover is not None
        assert handover.failed == ("telemetry",) and desk.ticked == set(KEYS)
        desk.ready = replace(desk.ready, telemetry_age_s=0.1)
        await desk.looks()
        assert desk.state() is S.CHECKED


async def test_a_desk_without_windows_passes_once_both_waive_the_picture() -> None:
    async with office() as desk:
        desk.ready = ALL_BUT_VIDEO
        await desk.opens()
        await desk.reads()
        await desk.shift.must(B, ControlAct.WAIVE, waive="video")
        await desk.looks(1.0)
        assert desk.state() is S.BRIEFING, "one alone cannot"
        await desk.shift.must(A, ControlAct.WAIVE, waive="video")
        await desk.looks()
        assert desk.state() is S.CHECKED
        refused = await desk.shift.ask(A, ControlAct.WAIVE, waive="fence")
        assert not refused.ok and "cannot be waived" in refused.text


async def test_who_is_no_longer_qualified_is_seen() -> None:
    async with office() as desk:
        await desk.checked()
        desk.unqualified = Refusal("Pilot B observes")
        await desk.looks()
        handover = desk.shift.record.handover
        assert handover is not None and handover.failed == ("qualified",)
        assert "Pilot B observes" in [c.text for c in desk.sheets[-1].checks if not c.ok]


async def test_an_alert_moves_only_by_its_own_tick_and_a_new_one_opens_nothing() -> None:
    async with office() as desk:
        await desk.checked()
        desk.sources.now = replace(FACTS, alerts=(ALERT,))
        await desk.looks(1.0)
        handover = desk.shift.record.handover
        assert desk.state() is S.CHECKED and handover is not None and handover.alerts == ()
        line = desk.sheets[-1].every_line[-1]
        await desk.shift.must(B, ControlAct.TICK, line=line)
        handover = desk.shift.record.handover
        assert handover is not None and handover.alerts == ("A1",)
        desk.sources.now = replace(FACTS, alerts=(replace(ALERT, version=4),))
        await desk.looks()
        assert desk.ticked == set(KEYS), "what was ticked is not that alert any more"
        await desk.looks(1.0)
        assert desk.state() is S.CHECKED, "it need not be read for the flight"


async def test_a_brief_that_cannot_be_made_hands_nothing_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with office() as desk:
        await desk.checked()
        desk.sources.broken = True
        await desk.looks(1.0)
        assert [r.levelname for r in caplog.records].count("ERROR") == 1
        reply = await desk.shift.ask(A, ControlAct.ARM)
        assert not reply.ok and desk.shift.record.holder == A
        (check,) = desk.sheets[-1].checks
        assert not check.ok and not check.waivable


async def test_a_gateway_that_starts_waits_for_the_vehicle_and_goes_on_from_the_record() -> None:
    async with office() as desk:
        await desk.checked()
        before = desk.shift.record
        async with again(desk.shift) as heir:
            new = Office(heir)
            bare = replace(FACTS.telemetry, heartbeat_age_s=None, mode=FlightMode.UNKNOWN)
            unread = FenceReport(FenceState.UNKNOWN)
            new.sources.now = replace(FACTS, telemetry=bare, fence_report=unread)
            await new.looks(5.0)
            assert heir.record == before and new.sheets, "told, and not yet judged"
            assert not (await heir.ask(A, ControlAct.ARM)).ok, "and nothing is begun on it"
            late = replace(FACTS.telemetry, gimbal_pitch_deg=None)
            new.sources.now = replace(FACTS, telemetry=late)
            await new.looks(2.0)
            assert heir.record == before, "the camera has not told yet where it looks"
            new.sources.now = FACTS
            await new.looks(2.0)
            assert heir.record == before and new.state() is S.CHECKED
            await heir.must(A, ControlAct.ARM)


async def test_a_vehicle_that_stays_silent_is_judged_all_the_same() -> None:
    async with office() as desk:
        await desk.checked()
        async with again(desk.shift) as heir:
            new = Office(heir)
            bare = replace(FACTS.telemetry, heartbeat_age_s=None, mode=FlightMode.UNKNOWN)
            new.sources.now = replace(FACTS, telemetry=bare)
            await new.looks(SETTLES_S - 1.0)
            assert new.state() is S.CHECKED
            await new.looks(2.0)
            assert new.state() is S.BRIEFING and "flight" not in new.ticked


async def test_without_the_claim_it_neither_publishes_nor_changes_anything() -> None:
    async with office() as desk:
        await desk.opens()
        await desk.reads()
        desk.shift.parts.may_act = False
        told = len(desk.sheets)
        await desk.looks(2.0)
        assert desk.state() is S.BRIEFING and len(desk.sheets) == told


async def test_what_is_refused_is_not_asked_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with office() as desk:
        await desk.opens()
        await desk.reads()
        asked: list[float] = []

        async def change(*args: Any) -> Refusal:
            asked.append(desk.shift.parts.clock.monotonic())
            return Refusal("not now")

        monkeypatch.setattr(desk.shift.parts.arbiter, "change", change)
        await desk.looks(2 * AGAIN_S)
        assert len(asked) == 2 and asked[1] - asked[0] >= AGAIN_S


async def test_of_many_briefs_each_is_told_at_least_once_a_second() -> None:
    async with office() as desk:
        await desk.opens()
        record, count = desk.shift.record, 6 * AT_ONCE
        many = [replace(record, drone=f"D-{n:03}") for n in range(count)]
        made: Any = desk.office
        made._records = lambda: many
        monkey: Any = desk.shift.parts.arbiter
        monkey.free = lambda drone: False
        desk.sheets.clear()
        await desk.looks(1.0)
        assert {s.drone for s in desk.sheets} == {m.drone for m in many}


async def test_a_camera_apart_has_a_brief_of_its_own() -> None:
    async with handed(coupled=False) as shift:
        desk = Office(shift)
        await shift.bring(S.BRIEFING, Function.PAYLOAD)
        await desk.looks()
        (sheet,) = desk.sheets
        assert sheet.function is Function.PAYLOAD
        assert [n.key for n in sheet.lines][:2] == ["incident", "scene"]
        for line in sheet.lines:
            await shift.must(B, ControlAct.TICK, line=line, function=Function.PAYLOAD)
        await desk.looks()
        assert shift.camera.state is S.CHECKED and shift.record.state is S.OWNED
