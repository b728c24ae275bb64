"""A plan brought to a vehicle and flown: what each receipt says, and what ends it before."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway import plan_office
from gcs.link import commands as link_commands
from gcs.link.mavlink import dialect
from gcs.link.wire_items import MISSION
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.event import EventKind
from gcs.model.fence import FenceShape
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from tests.support.nats import until
from tests.unit.gateway.planned import (
    ACTIVE,
    AUTO,
    BRAKE,
    COMPLETE,
    GUIDED,
    PX4_HOLD,
    RTL,
    SET_CURRENT,
    SET_MODE,
    START,
    Planned,
    planned,
)
from tests.unit.gateway.stage import DRONE

_R = ReceiptState


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.05)
    monkeypatch.setattr(link_commands, "LATE_REASONS_S", 0.01)
    monkeypatch.setattr(plan_office, "SHOWN_S", 0.1)
    monkeypatch.setattr(plan_office, "HELD_S", 0.1)
    monkeypatch.setattr(plan_office, "LOOK_S", 0.01)


BOTH = pytest.mark.parametrize("px4", [False, True], ids=["ArduPilot", "PX4"])


@BOTH
async def test_uploaded_read_back_started_seen(px4: bool) -> None:
    async with planned(px4=px4) as it:
        receipts = await it.run(it.order(plan=it.plan(0, 90, 180)))
        assert [r.state for r in receipts] == [_R.ACKED, _R.OBSERVED]
        assert receipts[0].text == "the plan of 3 points is on board and reads back the same"
        held = it.vehicle.held[MISSION]
        assert len(held) == (3 if px4 else 4)
        assert [m.frame for m in held][-3:] == [6, 6, 6]
        assert held[-1].param1 == 2.0
        # An ArduPilot would go on at the old plan's point: its own is set first.
        assert it.orders == ([START] if px4 else [SET_CURRENT, START])
        report = it.office.report(DRONE)
        assert (report.state, report.items, report.name) == (PlanState.FLYING, 3, "round")
        assert report.current == 1


async def test_a_start_that_does_nothing_is_not_observed() -> None:
    async with planned() as it:
        it.does_nothing = {START}
        receipts = await it.run(it.order(plan=it.plan(0)))
        assert [r.state for r in receipts] == [_R.ACKED, _R.NOT_OBSERVED]
        assert receipts[1].text == f"the plan is not seen to be flown; {DRONE} is in GUIDED"
        assert it.state_now() is PlanState.READY


async def test_the_mode_alone_is_not_the_plan_flown() -> None:
    """The vehicle is in AUTO and says itself that the mission is not started."""
    async with planned() as it:
        it.does_nothing = {START}
        asyncio.get_running_loop().call_later(0.05, it.__setattr__, "mode", AUTO)
        asyncio.get_running_loop().call_later(0.06, it.shows)
        receipts = await it.run(it.order(plan=it.plan(0)))
        assert receipts[-1].state is _R.NOT_OBSERVED


async def test_a_refused_start_says_why() -> None:
    async with planned() as it:
        it.refuses = {START: "Auto: Missing Takeoff Cmd"}
        receipts = await it.run(it.order(plan=it.plan(0)))
        assert receipts[-1].state is _R.FAILED
        assert receipts[-1].text == "start plan: refused by the vehicle"
        assert receipts[-1].reasons == ("Auto: Missing Takeoff Cmd",)


async def test_a_plan_that_reads_back_otherwise_is_not_started() -> None:
    async with planned() as it:
        keep = it.vehicle._as_told

        def lower(item: Any) -> Any:
            told = keep(item)
            told.z -= 5.0 if item.seq == 2 else 0.0
            return told

        it.vehicle._as_told = lower  # type: ignore[method-assign]
        receipts = await it.run(it.order(plan=it.plan(0, 90)))
        assert [r.state for r in receipts] == [_R.FAILED]
        text = "the plan on board is not the one sent: item 2: height 35 m, not 40 m"
        assert receipts[0].text == text
        assert it.orders == []
        assert it.state_now() is PlanState.FAILED


async def test_control_lost_during_the_upload_starts_nothing() -> None:
    async with planned() as it:
        command = it.order(plan=it.plan(*range(0, 360, 5)))
        it.ledger.open(command)
        it.vehicle.deaf_after = 20
        work = asyncio.ensure_future(it.office.carry_out(it.parts.drone, command))
        await until(lambda: len(it.vehicle.requests) > 20, 5.0, "the upload under way")
        await it.taken()
        it.vehicle.deaf_after = 10_000
        await work
        await it.parts.settle()
        (receipt,) = it.receipts(command)
        assert receipt.state is _R.FAILED
        assert "control changed hands" in receipt.text
        assert it.orders == []
        assert it.vehicle.held[MISSION] == []


async def test_a_return_of_its_own_during_the_upload_starts_nothing() -> None:
    async with planned() as it:
        command = it.order(plan=it.plan(*range(0, 360, 5)))
        it.ledger.open(command)
        it.vehicle.deaf_after = 20
        work = asyncio.ensure_future(it.office.carry_out(it.parts.drone, command))
        await until(lambda: len(it.vehicle.requests) > 20, 5.0, "the upload under way")
        it.mode = RTL
        it.shows()
        it.vehicle.deaf_after = 10_000
        await work
        await it.parts.settle()
        assert it.receipts(command)[-1].state is _R.FAILED
        assert it.orders == []


async def test_a_hold_that_ends_the_upload_is_told() -> None:
    async with planned() as it:
        command = it.order(plan=it.plan(0, 90))
        it.ledger.open(command)
        it.vehicle.deaf_after = 0
        work = asyncio.ensure_future(it.office.carry_out(it.parts.drone, command))
        await it.vehicle.asked.wait()
        work.cancel("hold ordered by Pilot A")
        with pytest.raises(asyncio.CancelledError):
            await work
        await it.parts.settle()
        assert it.receipts(command)[-1].text == "plan was stopped: hold ordered by Pilot A"
        assert it.state_now() is PlanState.FAILED


async def test_a_fence_that_changed_meanwhile_stops_before_the_start() -> None:
    async with planned() as it:
        command = it.order(plan=it.plan(0, 90))
        it.ledger.open(command)
        assert it.reasons(command) == ()
        small = FenceShape(True, centre=it.parts.drone.dock.position, radius_m=60.0)
        it.fence = replace(it.fence, shapes=(*it.fence.shapes, small), version=1)
        await it.office.carry_out(it.parts.drone, command)
        await it.parts.settle()
        receipt = it.receipts(command)[-1]
        assert (receipt.state, receipt.text) == (
            _R.FAILED,
            "the plan is on board and not started",
        )
        assert receipt.reasons[0].startswith("point 1: the target is outside")
        assert START not in it.orders


@BOTH
async def test_paused_resumed_moved_on_complete(px4: bool) -> None:
    async with planned(px4=px4) as it:
        telling = asyncio.ensure_future(it.office.run())
        await it.run(it.order(plan=it.plan(0, 90, 180)))
        receipts = await it.run(it.order(CommandKind.PLAN_PAUSE))
        assert [r.state for r in receipts] == [_R.ACKED, _R.OBSERVED]
        assert receipts[-1].text == f"the plan is paused before point 1; {DRONE} holds"
        assert it.state_now() is PlanState.PAUSED
        receipts = await it.run(it.order(CommandKind.PLAN_ITEM, item=3))
        assert receipts[-1].text == "point 3 is next"
        assert it.seq == (2 if px4 else 3)
        assert it.state_now() is PlanState.PAUSED
        receipts = await it.run(it.order(CommandKind.PLAN_RESUME))
        assert receipts[-1].text == f"{DRONE} flies the plan, to point 3"
        assert it.state_now() is PlanState.FLYING
        it.state = COMPLETE
        it.shows()
        assert it.state_now() is PlanState.COMPLETE
        it.mode = PX4_HOLD if px4 else AUTO  # ArduPilot stays in AUTO, PX4 holds
        it.shows()
        assert it.state_now() is PlanState.COMPLETE
        await until(lambda: "complete" in told(it)[-1], 5.0, "the end told")
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling


def told(it: Planned) -> list[str]:
    return [e.text for e in it.parts.streams.events if e.kind is EventKind.PLAN] or [""]


async def test_a_vehicle_that_does_not_say_its_state_is_complete_at_the_last_point() -> None:
    async with planned(px4=True) as it:
        it.silent_state = True
        await it.run(it.order(plan=it.plan(0, 90)))
        assert it.state_now() is PlanState.FLYING
        it.parts.peer.says(dialect.MAVLink_mission_item_reached_message(0))
        assert it.state_now() is PlanState.FLYING
        it.parts.peer.says(dialect.MAVLink_mission_item_reached_message(1))
        assert it.state_now() is PlanState.COMPLETE


async def test_the_current_point_of_an_older_px4_is_set_by_message() -> None:
    async with planned(px4=True) as it:
        it.unknown = {SET_CURRENT}
        await it.run(it.order(plan=it.plan(0, 90, 180)))
        receipts = await it.run(it.order(CommandKind.PLAN_ITEM, item=2))
        assert receipts[-1].text == "point 2 is flown to"
        assert len(it.parts.peer.sent("MISSION_SET_CURRENT")) == 1


async def test_a_new_plan_while_one_is_flown_holds_first() -> None:
    """ArduPilot flies a changed mission on at once."""
    async with planned() as it:
        await it.run(it.order(plan=it.plan(0, 90)))
        it.orders.clear()
        await it.run(it.order(plan=it.plan(180)))
        assert it.modes_at_upload == [GUIDED, BRAKE]
        assert it.orders == [SET_MODE, SET_CURRENT, START]
        assert it.office.report(DRONE).items == 1


async def test_reasons_against_a_plan() -> None:
    async with planned() as it:
        far = FlightPlan("far", (PlanItem(it.at(0, 50_000), 40.0),))
        found = it.reasons(it.order(plan=far))
        assert "point 1: the target is outside" in found[0]
        high = it.reasons(it.order(plan=it.plan(0, height_m=99.0)))
        assert any("above 97 m" in why for why in high)
        roof_m = it.parts.drone.dock.roof_height_m
        tall = 121.0 - roof_m
        assert any(
            "above 120" in why for why in it.reasons(it.order(plan=it.plan(0, height_m=tall)))
        )
        hole = FenceShape(False, centre=it.at(45, 57.0), radius_m=10.0)
        it.fence = replace(it.fence, shapes=(*it.fence.shapes, hole))
        (why,) = it.reasons(it.order(plan=it.plan(0, 90)))
        assert why.startswith("point 2: the straight way to the target leaves")
        many = it.reasons(it.order(plan=replace(far, items=far.items * 20)))
        assert len(many) == 5 and many[-1].startswith("and ")


async def test_each_leg_of_a_plan_is_checked_against_the_volumes() -> None:
    async with planned() as it:
        legs: list[tuple[Position | None, Position]] = []

        def volume(place: Position, start: Position | None) -> str:
            legs.append((start, place))
            return "" if len(legs) < 2 else "the straight way leaves the volumes"

        it.volume = volume
        plan = it.plan(0, 90)
        (why,) = it.reasons(it.order(plan=plan))
        assert why == "point 2: the straight way leaves the volumes"
        first, second = (item.position for item in plan.items)
        assert [place for _, place in legs] == [first, second]
        assert legs[0][0] is not None and legs[1][0] == first


async def test_reasons_in_the_drones_own_state() -> None:
    async with planned() as it:
        assert it.reasons(it.order(CommandKind.PLAN_PAUSE)) == (
            f"{DRONE} has no plan of this gateway on board",
        )
        await it.run(it.order(plan=it.plan(0, 90)))
        assert it.reasons(it.order(CommandKind.PLAN_RESUME)) == (
            "the plan is not paused: it is flying",
        )
        assert it.reasons(it.order(CommandKind.PLAN_ITEM, item=3)) == ("the plan has 2 points",)
        it.shows(in_air=False)
        assert it.state_now() is PlanState.READY
        assert it.reasons(it.order(plan=it.plan(0)))[0] == f"{DRONE} is docked"


async def test_a_plan_of_somebody_else_is_shown_as_that() -> None:
    async with planned() as it:
        it.mode, it.state = AUTO, ACTIVE
        it.shows()
        report = it.office.report(DRONE)
        assert (report.state, report.text) == (
            PlanState.FLYING,
            "a plan that this gateway did not upload",
        )


async def test_the_office_answers_for_its_four_kinds() -> None:
    async with planned() as it:
        check: Callable[[Command], str] = it.office.slot
        assert check(it.order(plan=it.plan(0))) == DRONE  # a hold ends it
        assert len(it.office.kinds) == 4


async def test_another_stations_plan_is_not_resumed() -> None:
    async with planned() as it:
        await it.run(it.order(plan=it.plan(0, 90, 180)))
        await it.run(it.order(CommandKind.PLAN_PAUSE))
        it.vehicle.held[MISSION].pop()  # as if it had been uploaded anew by somebody else
        receipts = await it.run(it.order(CommandKind.PLAN_RESUME))
        assert [r.state for r in receipts] == [_R.FAILED]
        assert "the plan on board is not the one sent" in receipts[0].text
        assert it.mode == BRAKE
