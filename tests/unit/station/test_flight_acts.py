"""What a desk asks for beside moving, and what it knows of vehicles, fence and weather."""

from typing import Any

import pytest

from gcs.model.command import Command, CommandKind, Receipt, ReceiptState, Waiver
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem
from gcs.model.vehicle import VehicleProfile, VehicleProfiles
from gcs.model.weather import DockWeather
from gcs.runtime.clock import ManualClock
from gcs.station.desk import Desk
from gcs.station.state import DeskState, Topic
from tests.support.map_scene import site

SITE = site()
ME = Holder("pilot-a", "Pilot A", "desk-1")
PLACE = SITE.docks[0].position
RING = (PLACE, Position(51.54, -0.1), Position(51.54, -0.12))


class Answering:
    """A bus that keeps what it is asked and answers as told."""

    def __init__(self, reply: object = None) -> None:
        self.reply = reply
        self.asked: list[tuple[str, Any, float]] = []

    async def request(self, subject: str, value: Any, _kind: object, within_s: float) -> object:
        self.asked.append((subject, value, within_s))
        if isinstance(value, Command):
            now = value.issued_utc_ms
            state = ReceiptState.SENT
            return Receipt(
                value.id, value.kind, value.drone, ME.person, ME.desk, state, "s", now, 0
            )
        return self.reply


@pytest.fixture
def state() -> DeskState:
    return DeskState(SITE, ME, ManualClock())


def desk_on(bus: Answering, state: DeskState) -> Desk:
    desk = Desk(SITE, state, state.clock)
    any_bus: Any = bus
    desk.attach(any_bus)
    return desk


async def test_each_act_is_its_command_with_what_it_needs(state: DeskState) -> None:
    bus = Answering()
    desk = desk_on(bus, state)
    plan = FlightPlan("round", (PlanItem(PLACE, 40.0),))
    acts = (
        desk.orbit("ISL-01", PLACE, 50.0, -30.0),
        desk.speed("ISL-01", 8.0),
        desk.height("ISL-01", 60.0),
        desk.fly_plan("ISL-01", plan),
        desk.pause_plan("ISL-01"),
        desk.resume_plan("ISL-01"),
        desk.plan_item("ISL-01", 3),
        desk.gimbal_rate("ISL-01", 5.0, -10.0),
        desk.allow("ISL-01", Waiver.VOLUME, "agreed with the control room"),
    )
    for act in acts:
        assert (await act).ok
    commands = [command for _, command, _ in bus.asked]
    assert [c.kind for c in commands] == [
        CommandKind.ORBIT,
        CommandKind.SPEED,
        CommandKind.HEIGHT,
        CommandKind.PLAN,
        CommandKind.PLAN_PAUSE,
        CommandKind.PLAN_RESUME,
        CommandKind.PLAN_ITEM,
        CommandKind.GIMBAL_RATE,
        CommandKind.ALLOW,
    ]
    orbit, speed, height, flown, _, _, item, rate, allow = commands
    assert (orbit.target, orbit.height_m, orbit.radius_m) == (PLACE, 50.0, -30.0)
    assert (speed.speed_mps, height.height_m, item.item) == (8.0, 60.0, 3)
    assert (rate.pitch_dps, rate.yaw_dps) == (5.0, -10.0)
    assert (allow.waiver, allow.reason) == (Waiver.VOLUME, "agreed with the control room")
    assert flown.plan == plan
    within = {command.kind: within_s for _, command, within_s in bus.asked}
    assert within[CommandKind.PLAN] == 10.0 and within[CommandKind.SPEED] == 3.0


async def test_an_orbit_too_small_is_told_and_not_sent(state: DeskState) -> None:
    bus = Answering()
    outcome = await desk_on(bus, state).orbit("ISL-01", PLACE, 50.0, 2.0)
    assert not outcome.ok and "at least 5.0 m" in outcome.text
    assert bus.asked == []


async def test_the_keeper_s_answer_brings_the_fence_it_recorded(state: DeskState) -> None:
    wanted = FencePlan("Islington", (FenceShape(True, RING),), 110.0)
    recorded = FencePlan("Islington", (FenceShape(True, RING),), 110.0, (), 1, "Pilot A", 5)
    bus = Answering(KeeperReply(True, "Geofence 1 is recorded.", fence=recorded))
    outcome = await desk_on(bus, state).set_fence(wanted, "a new building site")
    assert (outcome.ok, outcome.text) == (True, "Geofence 1 is recorded.")
    ((subject, request, _),) = bus.asked
    assert subject == "gcs.islington.kep.pilot-a.desk-1"
    assert isinstance(request, KeeperRequest)
    assert (request.act, request.fence, request.text) == (
        KeeperAct.SET_FENCE,
        wanted,
        "a new building site",
    )
    assert state.fence == recorded


def test_the_site_s_own_fence_stands_until_a_newer_one_and_never_goes_back(
    state: DeskState,
) -> None:
    told: list[FencePlan] = []
    state.subscribe(Topic.FENCE, told.append)
    assert (state.fence.version, state.fence.shapes[0].points) == (0, SITE.fence.polygon)
    newer = FencePlan("Islington", (FenceShape(True, RING),), 110.0, (), 2)
    older = FencePlan("Islington", (FenceShape(True, RING),), 100.0, (), 1)
    for plan in (newer, older, newer):
        state.apply_fence(plan)
    assert state.fence == newer
    assert told == [newer]


def test_profiles_and_dock_weather_come_with_their_age(state: DeskState) -> None:
    clock = state.clock
    assert isinstance(clock, ManualClock)
    changed: list[frozenset[str]] = []
    state.subscribe(Topic.VEHICLES, changed.append)
    assert (state.profile("ISL-01"), state.profile_age_s("ISL-01")) == (None, None)
    profiles = VehicleProfiles("gw1", "a", 0, (VehicleProfile("ISL-01", "net1", 1),))
    state.apply_vehicles(profiles)
    clock.advance(3.0)
    assert state.profile("ISL-01") == profiles.profiles[0]
    assert state.profile_age_s("ISL-01") == 3.0
    state.apply_vehicles(profiles)
    assert state.profile_age_s("ISL-01") == 0.0
    assert changed == [frozenset({"ISL-01"})]
    state.apply_weather(DockWeather("D1", 4.0, 7.0, 240.0, 0))
    clock.advance(2.0)
    known = state.weather("D1")
    assert known is not None and known.gust_mps == 7.0
    assert state.weather_age_s("D1") == 2.0 and state.weather("D2") is None
