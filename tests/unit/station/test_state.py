"""What a desk knows: newest wins, ages, who controls, in what order things are shown."""

from dataclasses import replace
from pathlib import Path

import pytest

from gcs.fleet.state import Freshness, freshness
from gcs.model.control import ControlRecord, ControlState, Offer
from gcs.model.event import Severity
from gcs.model.mission import DeskPresence, Grade, Incident, MissionRecord, MissionState
from gcs.model.people import Holder, Role
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, Phase, TelemetryBatch
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station.state import DeskState, Links, Topic

SITE = load_toml(
    Path(__file__).resolve().parents[3] / "resources" / "sites" / "islington.toml", Site
)
ME = Holder("pilot-a", "Pilot A", "desk-1")
OTHER = Holder("pilot-b", "Pilot B", "desk-2")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def state(clock: ManualClock) -> DeskState:
    return DeskState(SITE, ME, clock)


def batch(sequence: int, instance: str = "one", **fields: object) -> TelemetryBatch:
    drone = replace(
        DroneTelemetry("ISL-01", 1, heartbeat_age_s=0.1, position_age_s=0.1, battery_age_s=0.5),
        **fields,  # type: ignore[arg-type]
    )
    return TelemetryBatch("gw1", instance, sequence, 1_790_000_000_000, (drone,))


def incident(number: int, grade: Grade, received: int = 0) -> MissionRecord:
    place = Position(51.527, -0.106)
    value = Incident(
        f"MPS-20261122-{number}", number, grade, "Robbery", "Sample Row", place, "Text", received
    )
    return MissionRecord(value, MissionState.OPEN)


def owned(by: Holder, epoch: int = 3) -> ControlRecord:
    return ControlRecord("ISL-01", ControlState.OWNED, epoch, 0, holder=by)


class TestFleet:
    def test_an_old_batch_changes_nothing(self, state: DeskState) -> None:
        told: list[frozenset[str]] = []
        state.subscribe(Topic.FLEET, told.append)
        state.apply_batch(batch(5, battery_percent=80.0))
        state.apply_batch(batch(4, battery_percent=99.0))
        state.apply_batch(batch(5, battery_percent=99.0))
        view = state.fleet.get("ISL-01")
        assert view is not None
        assert view.telemetry.battery_percent == 80.0
        assert told == [frozenset({"ISL-01"})]
        assert state.fleet.dropped_batches == 2

    def test_a_restarted_gateway_counts_anew_and_the_old_one_stays_dead(
        self, state: DeskState
    ) -> None:
        state.apply_batch(batch(900, "one", battery_percent=80.0))
        state.apply_batch(batch(1, "two", battery_percent=79.0))
        state.apply_batch(batch(901, "one", battery_percent=10.0))
        view = state.fleet.get("ISL-01")
        assert view is not None
        assert view.telemetry.battery_percent == 79.0

    def test_numbers_age_between_batches(self, state: DeskState, clock: ManualClock) -> None:
        state.apply_batch(batch(1))
        clock.advance(2.0)
        view = state.fleet.get("ISL-01")
        assert view is not None
        assert view.position_age_s(clock.monotonic()) == pytest.approx(2.1)

    def test_freshness_has_three_steps(self) -> None:
        ages = {0.0: "fresh", 2.99: "fresh", 3.0: "stale", 60.0: "stale", 60.1: "gone"}
        assert {a: freshness(a).value for a in ages} == ages
        assert freshness(None) is Freshness.GONE


class TestControl:
    def test_control_needs_the_record_and_the_lease(
        self, state: DeskState, clock: ManualClock
    ) -> None:
        state.apply_control(owned(ME))
        assert not state.in_control("ISL-01"), "no lease was ever acknowledged"
        state.apply_links(Links(lease_acknowledged_at_s=clock.monotonic()))
        assert state.in_control("ISL-01")
        clock.advance(3.9)
        assert state.in_control("ISL-01")
        clock.advance(0.2)
        assert not state.in_control("ISL-01"), "4 s without an answer by this desk's own clock"

    def test_the_same_person_at_another_desk_is_another_holder(
        self, state: DeskState, clock: ManualClock
    ) -> None:
        state.apply_links(Links(lease_acknowledged_at_s=clock.monotonic()))
        state.apply_control(owned(Holder("pilot-a", "Pilot A", "desk-9")))
        assert not state.in_control("ISL-01")

    def test_offers_to_this_person_are_found(self, state: DeskState) -> None:
        offer = Offer("o1", "pilot-a", "Pilot A", "end of shift", 0, 60_000)
        record = ControlRecord("ISL-01", ControlState.OFFERED, 3, 0, holder=OTHER, offer=offer)
        state.apply_control(record)
        assert state.offers_to_me() == (record,)
        state.apply_control(owned(OTHER))
        assert state.offers_to_me() == ()


class TestMissions:
    def test_urgent_first_then_the_longest_waiting(self, state: DeskState) -> None:
        for record in (
            incident(3, Grade.SIGNIFICANT, received=10),
            incident(1, Grade.EXTENDED),
            incident(4, Grade.IMMEDIATE, received=20),
            incident(2, Grade.SIGNIFICANT, received=5),
        ):
            state.apply_mission(record)
        assert [m.incident.number for m in state.missions] == [4, 2, 3, 1]

    def test_a_closed_one_leaves_the_list_and_stays_known(self, state: DeskState) -> None:
        record = incident(1, Grade.IMMEDIATE)
        state.apply_mission(record)
        state.apply_mission(replace(record, state=MissionState.CLOSED))
        assert state.missions == ()
        assert state.mission(record.incident.key) is not None

    def test_candidates_say_why(self, state: DeskState) -> None:
        record = incident(1, Grade.IMMEDIATE)
        state.apply_mission(record)
        state.apply_batch(
            batch(1, phase=Phase.DOCKED, ready=True, battery_percent=95.0, endurance_s=1500.0)
        )
        best, *rest = state.candidates(record.incident.key, 30.0)
        assert best.drone == "ISL-01"
        assert best.possible
        assert "m from Dock 1 Clerkenwell" in best.reasons[0]
        assert all(not c.possible and c.reasons == ("never heard",) for c in rest)

    def test_a_held_drone_is_no_candidate_and_says_who_holds(self, state: DeskState) -> None:
        record = incident(1, Grade.IMMEDIATE)
        state.apply_mission(record)
        state.apply_batch(
            batch(1, phase=Phase.DOCKED, ready=True, battery_percent=95.0, endurance_s=1500.0)
        )
        state.apply_control(owned(OTHER))
        found = {c.drone: c for c in state.candidates(record.incident.key, 30.0)}
        assert found["ISL-01"].reasons == ("held by Pilot B at desk-2",)


def test_others_are_those_present_elsewhere(state: DeskState) -> None:
    for holder, present in ((ME, True), (OTHER, True), (Holder("c", "C", "desk-3"), False)):
        state.apply_desk(DeskPresence(holder, Role.PILOT, 0, present))
    assert [d.holder for d in state.others] == [OTHER]


def test_an_unsubscribed_view_hears_nothing(state: DeskState) -> None:
    heard: list[object] = []
    stop = state.subscribe(Topic.NOTICE, heard.append)
    state.notice(Severity.INFO, "one")
    stop()
    state.notice(Severity.INFO, "two")
    assert len(heard) == 1
    assert len(state.notices) == 2
