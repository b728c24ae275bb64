"""What a receiving desk reports with its lease: of the right drones, with honest ages."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gcs.model.brief import NOT_SHOWN, fence_mark
from gcs.model.control import (
    ControlRecord,
    ControlState,
    Handover,
    HandoverKind,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.function import Function
from gcs.model.people import Holder, Role
from gcs.model.plan import PlanState
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, TelemetryBatch
from gcs.model.vehicle import PlanReport, VehicleProfile, VehicleProfiles
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.shared.bus import NoAnswer
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.readiness import PROFILE_GOOD_S, ReadinessReports
from gcs.station.state import DeskState

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
ME = Holder("pilot-b", "Pilot B", "desk-2")
GIVER = Holder("pilot-a", "Pilot A", "desk-1")


class Bench:
    """A desk's state, fed by hand."""

    def __init__(self) -> None:
        self.clock = ManualClock(100.0)
        self.state = DeskState(SITE, ME, self.clock)
        self.state.role = Role.PILOT
        self.reports = ReadinessReports(self.state)
        self._sequence = 0

    def coming(
        self,
        drone: str,
        state: ControlState = ControlState.BRIEFING,
        to: Holder = ME,
        function: Function = Function.FLIGHT,
    ) -> None:
        giver = GIVER if to == ME else ME
        under_way = Handover("h1", HandoverKind.OFFERED, giver, to, "shift", 0, 0)
        self.state.apply_control(
            ControlRecord(drone, state, 1, 0, giver, function=function, handover=under_way)
        )

    def telemetry(self, drone: str, age_s: float = 0.1) -> None:
        self._sequence += 1
        line = DroneTelemetry(drone, 1, heartbeat_age_s=0.9, position_age_s=age_s)
        self.state.apply_batch(TelemetryBatch("gw1", "i1", self._sequence, 0, (line,)))

    def profile(self, drone: str, digest: str) -> None:
        plan = PlanReport(PlanState.READY, "Search", digest)
        told = VehicleProfile(drone, "net1", 1, plan=plan)
        self.state.apply_vehicles(VehicleProfiles("gw1", "i1", 0, (told,)))


def test_only_drones_that_this_desk_is_to_receive_are_told_each_once() -> None:
    bench = Bench()
    assert bench.reports.now() == ()
    bench.coming("ISL-01")
    bench.coming("ISL-02", ControlState.ARMED)
    bench.coming("ISL-02", ControlState.BRIEFING, function=Function.PAYLOAD)
    bench.coming("ISL-03", ControlState.TRANSFERRING)
    bench.coming("ISL-04", to=GIVER)
    assert [r.drone for r in bench.reports.now()] == ["ISL-01", "ISL-02"]


def test_ages_run_on_from_the_vehicle_to_this_moment() -> None:
    bench = Bench()
    bench.coming("ISL-01")
    (bare,) = bench.reports.now()
    assert (bare.telemetry_age_s, bare.video_age_s) == (None, None)
    assert bare.plan == NOT_SHOWN and bare.neutral
    bench.telemetry("ISL-01")
    bench.clock.advance(1.5)
    (ready,) = bench.reports.now()
    assert ready.telemetry_age_s == pytest.approx(1.6)


def test_what_the_windows_show_is_told() -> None:
    bench = Bench()
    bench.coming("ISL-01")
    bench.reports.video_age_s = lambda drone: 0.3 if drone == "ISL-01" else None
    bench.reports.neutral = lambda drone: False
    (ready,) = bench.reports.now()
    assert ready.video_age_s == 0.3 and not ready.neutral


def test_plan_and_fence_are_those_that_the_desk_shows() -> None:
    bench = Bench()
    bench.coming("ISL-01")
    bench.profile("ISL-01", "")
    assert bench.reports.now()[0].plan == "", "it is known that there is none"
    bench.profile("ISL-01", "0123456789abcdef")
    (ready,) = bench.reports.now()
    assert ready.plan == "0123456789abcdef" and ready.fence == fence_mark(bench.state.fence)
    lower = replace(bench.state.fence, version=1, ceiling_relative_m=30.0)
    bench.state.apply_fence(lower)
    assert bench.reports.now()[0].fence != ready.fence
    bench.clock.advance(PROFILE_GOOD_S + 0.1)
    assert bench.reports.now()[0].plan == NOT_SHOWN, "the gateway is not heard any more"


def test_what_cannot_be_told_is_left_out_and_takes_no_lease_along(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench()
    bench.coming("ISL-01")

    def broken(drone: str) -> float:
        raise RuntimeError("no wall")

    bench.reports.video_age_s = broken
    assert bench.reports.now() == () == bench.reports.now()
    assert [r.levelname for r in caplog.records] == ["ERROR"]


# -- with the lease ----------------------------------------------------------------------------
class LeaseBus:
    """Stands where the bus stands: an answer takes 40 ms, or never comes."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.renewals: list[LeaseRenewal] = []
        self.answers = True

    async def request(self, subject: str, renewal: LeaseRenewal, *rest: object) -> LeaseReply:
        self.renewals.append(renewal)
        self._clock.advance(0.04)
        if not self.answers:
            raise NoAnswer("nobody is there")
        return LeaseReply(True, "renewed")


async def test_a_renewal_tells_the_clock_the_last_round_trip_and_what_is_ready() -> None:
    bench = Bench()
    bus = LeaseBus(bench.clock)
    no_bus: Any = bus
    desk = Desk(SITE, bench.state, bench.clock)
    network = DeskNetwork(no_bus, SITE, bench.state, desk, bench.clock, bench.reports)
    utc_ms = bench.clock.utc_ms()
    await network._renew_lease()
    bench.coming("ISL-01")
    await network._renew_lease()
    first, second = bus.renewals
    assert (first.utc_ms, first.round_trip_ms, first.ready) == (utc_ms, None, ())
    assert second.utc_ms == utc_ms + 40
    assert second.round_trip_ms == pytest.approx(40.0)
    assert [r.drone for r in second.ready] == ["ISL-01"]
    bus.answers = False
    await network._renew_lease()
    await network._renew_lease()
    assert bus.renewals[-1].round_trip_ms is None, "the last one was not answered"
