"""The fence brought to a vehicle: read, uploaded, read back, enabled, seen, and how that ends."""

import asyncio
from dataclasses import replace

import pytest

from gcs.gateway import fence_bringer, fence_office
from gcs.gateway.fence_office import CHECKED_EVERY_S, FIRST_PAUSE_S
from gcs.geo.earth import offset
from gcs.geo.fence_plan import plan_of
from gcs.link import commands as link_commands
from gcs.link.mavlink import dialect
from gcs.link.plan_items import fence_items
from gcs.link.wire_items import FENCE, RALLY
from gcs.model.event import Severity
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from gcs.model.vehicle import FenceState
from tests.support.nats import until
from tests.unit.gateway.fenced import fenced
from tests.unit.gateway.stage import DRONE


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.05)
    monkeypatch.setattr(link_commands, "LATE_REASONS_S", 0.01)
    monkeypatch.setattr(fence_office, "TICK_S", 0.01)
    monkeypatch.setattr(fence_bringer, "ENABLED_S", 0.05)
    monkeypatch.setattr(fence_bringer, "STATUS_S", 0.05)


def smaller(plan: FencePlan, site_home: Position, radius_m: float, version: int = 1) -> FencePlan:
    """The fence with a circle to stay inside of around the dock."""
    shape = FenceShape(True, centre=site_home, radius_m=radius_m)
    return replace(plan, shapes=(*plan.shapes, shape), version=version, set_by="Pilot A")


async def test_a_vehicle_with_nothing_gets_the_fence_and_has_it_enabled() -> None:
    async with fenced() as it:
        assert it.office.report(DRONE).state is FenceState.UNKNOWN
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        sent = fence_items(plan_of(it.parts.site.fence))
        assert len(it.vehicle.held[FENCE]) == len(sent)
        assert it.enable_orders == 1
        report = it.office.report(DRONE)
        assert (report.version, report.items) == (0, len(sent))


async def test_a_vehicle_that_has_it_already_is_only_read() -> None:
    async with fenced() as it:
        it.shows()
        it.enabled = True
        it.status()
        await it.reaches(FenceState.ACTIVE)
        it.parts.peer.wire.sent.clear()
        await it.looked_again(CHECKED_EVERY_S + 1)
        await it.parts.settle()
        assert it.parts.peer.sent("MISSION_COUNT") == []
        assert it.enable_orders == 0
        assert it.told() == []  # as it should be: nothing to tell


async def test_nothing_is_sent_before_the_record_is_read_or_out_of_order() -> None:
    async with fenced() as it:
        it.in_order = False
        it.shows()
        it.status()
        await asyncio.sleep(0.05)  # turns of the office
        assert it.parts.peer.wire.sent == []
        it.in_order = True
        await it.reaches(FenceState.ACTIVE)


async def test_a_new_fence_is_brought_and_told() -> None:
    async with fenced() as it:
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        new = smaller(it.office.plan(), it.drone.dock.position, 300.0)
        new = replace(new, rally=(RallyPoint(offset(it.drone.dock.position, 0.0, 50.0), 40.4),))
        it.record.says(new)
        assert it.office.state(DRONE) is FenceState.DIFFERS  # at once, not when it is noticed
        await it.reaches(FenceState.ACTIVE)
        assert it.vehicle.held[FENCE][-1].param1 == 300.0
        assert it.vehicle.held[RALLY][0].z == 41.0
        report = it.office.report(DRONE)
        assert (report.version, report.rally) == (1, 1)
        await it.parts.settle()
        assert it.told()[-1] == (Severity.INFO, f"{DRONE}: geofence version 1 is active")


async def test_enabling_that_does_nothing_is_not_active() -> None:
    async with fenced() as it:
        it.enables = False
        it.shows()
        it.status()
        assert "the vehicle shows it off" in await it.reaches(FenceState.LOADED)
        it.enables = True
        await it.looked_again()
        await it.reaches(FenceState.ACTIVE)


async def test_a_refusal_comes_with_the_vehicles_words() -> None:
    async with fenced() as it:
        it.refuses = "Fence: no home"
        it.shows()
        it.status()
        words = await it.reaches(FenceState.LOADED)
        assert words == "not enabled: refused by the vehicle; Fence: no home"
        await it.parts.settle()
        assert it.told()[-1][0] is Severity.CAUTION


async def test_a_fence_the_vehicle_refuses_is_tried_again_later_and_later() -> None:
    async with fenced() as it:
        it.vehicle.fence_is_bad = True
        it.shows()
        it.status()
        words = await it.reaches(FenceState.FAILED)
        assert "refused by the vehicle; Fence validation failed" in words
        await it.parts.settle()
        assert len(it.told()) == 1
        counts = it.vehicle.counts
        await it.looked_again()
        await until(lambda: it.vehicle.counts == counts + 1, 5.0, "a second upload")
        await it.reaches(FenceState.FAILED)
        it.vehicle.fence_is_bad = False
        await it.looked_again(2 * FIRST_PAUSE_S)
        await it.reaches(FenceState.ACTIVE)


async def test_a_drone_in_the_air_outside_of_the_new_fence_keeps_its_own() -> None:
    async with fenced() as it:
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        far = offset(it.drone.dock.position, 90.0, 95.0)
        it.shows(far, armed=True)
        held = it.vehicle.held[FENCE]
        it.record.says(smaller(it.office.plan(), it.drone.dock.position, 100.0))
        await until(
            lambda: "keeps its own" in it.office.report(DRONE).text, 5.0, "a reason to wait"
        )
        assert it.office.state(DRONE) is FenceState.DIFFERS
        assert it.vehicle.held[FENCE] is held
        near = offset(it.drone.dock.position, 90.0, 80.0)
        it.parts.clock.advance(FIRST_PAUSE_S)
        it.shows(near, armed=True)  # 20 m inside
        await it.reaches(FenceState.ACTIVE)
        assert it.vehicle.held[FENCE][-1].param1 == 100.0


async def test_a_drone_in_the_air_whose_place_is_old_keeps_its_own() -> None:
    async with fenced() as it:
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        it.shows(armed=True)
        it.parts.clock.advance(3.0)
        it.record.says(smaller(it.office.plan(), it.drone.dock.position, 200.0))
        await until(lambda: "not known" in it.office.report(DRONE).text, 5.0, "a reason to wait")


async def test_a_fence_switched_off_is_seen_at_once_and_switched_on_again() -> None:
    async with fenced() as it:
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        it.enabled = False  # a reboot: the items stay, the switch does not
        it.status()
        report = it.office.report(DRONE)
        assert (report.state, report.text) == (
            FenceState.LOADED,
            "the vehicle shows its fence disabled",
        )
        await it.reaches(FenceState.ACTIVE)
        assert it.enable_orders == 2


async def test_a_px4_has_no_switch_and_is_asked_what_it_does() -> None:
    async with fenced(px4=True) as it:
        it.action = 0
        it.shows()
        assert "nothing is done at the fence" in await it.reaches(FenceState.LOADED)
        assert it.shown_active() is False
        it.action = None
        await it.looked_again()
        await until(lambda: "does not tell" in it.office.report(DRONE).text, 5.0, "its silence")
        it.action = 4
        await it.looked_again(2 * FIRST_PAUSE_S)
        await until(lambda: "stop the motors" in it.office.report(DRONE).text, 5.0, "its action")
        assert it.office.state(DRONE) is FenceState.LOADED
        it.action = 2
        await it.looked_again(4 * FIRST_PAUSE_S)
        await it.reaches(FenceState.ACTIVE)
        assert it.shown_active() is True
        assert it.enable_orders == 0


async def test_a_px4_that_holds_half_a_polygon_is_found_out() -> None:
    """It takes an incomplete one without complaint."""
    async with fenced(px4=True) as it:
        it.vehicle.held[FENCE] = [
            dialect.MAVLink_mission_item_int_message(
                1, 1, n, 0, 5001, 0, 1, 5.0, 0, 0, 0, 515_000_000 + n, -1_000_000, 0.0, FENCE
            )
            for n in range(3)
        ]
        it.shows()
        await it.reaches(FenceState.ACTIVE)
        assert len(it.vehicle.held[FENCE]) == len(fence_items(plan_of(it.parts.site.fence)))


async def test_rally_points_that_a_vehicle_has_no_room_for() -> None:
    async with fenced() as it:
        it.vehicle.no_room_for = RALLY
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        point = RallyPoint(offset(it.drone.dock.position, 0.0, 50.0), 40.0)
        it.record.says(replace(it.office.plan(), rally=(point,), version=1))
        await it.reaches(FenceState.ACTIVE)
        assert it.office.report(DRONE).rally == 0
        words = "uploading the rally points: more points than the vehicle has room for"
        assert it.office.report(DRONE).text == words
        await it.parts.settle()
        assert it.told()[-1][0] is Severity.CAUTION


async def test_old_rally_points_that_stay_on_board_are_told() -> None:
    async with fenced() as it:
        it.vehicle.held[RALLY] = [
            dialect.MAVLink_mission_item_int_message(
                1, 1, 0, 3, 5100, 0, 1, 0, 0, 0, 0, 515_300_000, -1_060_000, 40.0, RALLY
            )
        ]
        it.vehicle.no_room_for = RALLY
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        assert "rally points" in it.office.report(DRONE).text


async def test_a_breach_by_the_vehicles_word_and_by_its_place() -> None:
    async with fenced() as it:
        it.shows()
        it.status()
        await it.reaches(FenceState.ACTIVE)
        outside = offset(it.drone.dock.position, 0.0, 50_000.0)
        it.shows(outside, armed=True)
        assert it.office.breached(it.drone)  # no FENCE_STATUS: its place tells
        it.parts.peer.says(dialect.MAVLink_fence_status_message(0, 0, 0, 0))
        assert not it.office.breached(it.drone)  # the vehicle guards the site's fence itself
        it.parts.peer.says(dialect.MAVLink_fence_status_message(1, 1, 3, 100))
        assert it.office.breached(it.drone)
        it.shows(armed=True)
        it.parts.clock.advance(9.0)
        assert it.office.breached(it.drone)  # silent altogether: what was last known stands
        it.shows(armed=True)
        assert not it.office.breached(it.drone)  # it is sent only while the fence is on
        it.shows(outside, armed=True)
        assert it.office.breached(it.drone)
        it.parts.peer.says(dialect.MAVLink_fence_status_message(0, 1, 0, 100))
        it.status()
        it.record.says(smaller(it.office.plan(), it.drone.dock.position, 100.0))
        assert it.office.breached(it.drone)  # its word is of another fence
        it.shows(armed=True, up_m=101.0)
        assert it.office.breached(it.drone)  # over the ceiling
        it.shows(armed=True)
        assert not it.office.breached(it.drone)
        it.shows(outside)
        assert not it.office.breached(it.drone)  # on the ground, wherever


async def test_a_fence_that_its_settings_take_the_force_of_is_not_active() -> None:
    async with fenced() as it:
        it.shows()
        it.record.says(plan_of(it.parts.site.fence))
        await it.reaches(FenceState.ACTIVE)
        it.gap = "its lines do not act on board (FENCE_TYPE is 1)"
        assert it.office.state(DRONE) is FenceState.LOADED
        assert it.office.report(DRONE).text == it.gap
        it.gap = ""
        assert it.office.state(DRONE) is FenceState.ACTIVE
