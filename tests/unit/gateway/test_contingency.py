"""A drone in the air that nobody attends to: held, returned, and never broken off."""

import math
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway import contingency
from gcs.gateway.contingency import (
    NATS_LOST_AFTER_S,
    RETURN_AFTER_S,
    SELDOM_S,
    TRIES,
    Contingency,
)
from gcs.gateway.phase import judge
from gcs.link import commands as link_commands
from gcs.link.mavlink import dialect
from gcs.model.audit import AuditAction
from gcs.model.event import EventKind, Severity
from tests.support.nats import until
from tests.unit.gateway.stage import DRONE, A, Stage, stage
from tests.unit.link.peer import ack, heartbeat, motion, px4_heartbeat

GUIDED, RTL, LAND, BRAKE = 4, 6, 9, 17


class Flight:
    """A drone 300 m out in GUIDED, held by Pilot A whose desk can fall silent."""

    def __init__(self, parts: Stage) -> None:
        self.parts = parts
        self.unconfirmed_s: float | None = 0.5
        self.obeys = True
        self.stays_held = False
        self.mode = GUIDED
        self.contingency = Contingency(
            parts.arbiter.attended,
            parts.arbiter.record,
            lambda: self.unconfirmed_s,
            parts.commander,
            parts.activities,
            parts.auditor,
            parts.events,
            parts.clock,
            lambda drone: self.stays_held,
        )
        parts.peer.wire.answer = self._obey

    def _obey(self, message: Any) -> None:
        if message.get_type() == "COMMAND_LONG":
            self.parts.peer.says(ack(message.command, 0))
            if self.obeys:
                self.mode = int(message.param2)
                self.tell()

    def tell(self, battery_s: int = 900) -> None:
        cells = [4000] * 6 + [0xFFFF] * 4
        self.parts.peer.says(
            heartbeat(self.mode, armed=True, state=4),
            motion(lat=51.529, up_m=30.0),
            dialect.MAVLink_extended_sys_state_message(0, dialect.MAV_LANDED_STATE_IN_AIR),
            dialect.MAVLink_battery_status_message(0, 0, 3, 0, cells, 100, 100, -1, 60, battery_s),
        )
        drone = self.parts.drone
        drone.phase = judge(drone.shown())
        drone.flown = True

    async def take(self) -> None:
        await self.parts.given(A)

    async def turn(self, seconds: float = 0.0) -> None:
        self.parts.clock.advance(seconds)
        self.tell()
        self.contingency.turn(self.parts.drone)
        await self.parts.settle()

    @property
    def ordered(self) -> list[int]:
        """Modes asked for, in order."""
        return [int(m.param2) for m in self.parts.peer.sent("COMMAND_LONG")]


@pytest.fixture
async def flight() -> AsyncIterator[Flight]:
    async with stage() as parts:
        found = Flight(parts)
        found.tell()
        await found.take()
        yield found


async def test_an_attended_flight_is_left_alone(flight: Flight) -> None:
    for _ in range(10):
        flight.parts.leases.renew(A.person, A.desk)
        await flight.turn(4.0)
    assert flight.ordered == []


async def test_hold_at_once_and_return_after_30_s(flight: Flight) -> None:
    await flight.turn(5.1)
    assert flight.ordered == [BRAKE]
    await flight.turn(RETURN_AFTER_S - 0.2)
    assert flight.ordered == [BRAKE]
    await flight.turn(0.2)
    assert flight.ordered == [BRAKE, RTL]
    await flight.turn(100.0)
    assert flight.ordered == [BRAKE, RTL]
    told = [e for e in flight.parts.streams.events if e.kind is EventKind.CONTINGENCY]
    assert [e.severity for e in told] == [Severity.WARNING, Severity.INFO] * 2
    assert "the desk of Pilot A at desk-1 is lost" in told[0].text
    actions = [d.action for d in flight.parts.streams.drafts]
    assert actions.count(AuditAction.CONTINGENCY) == 2


@pytest.mark.parametrize("mode", [RTL, LAND])
async def test_a_return_or_landing_is_never_broken_off(flight: Flight, mode: int) -> None:
    flight.mode = mode
    for _ in range(20):
        await flight.turn(5.0)
    assert flight.ordered == []


async def test_a_hold_is_not_repeated_into_the_vehicles_own_return(
    flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.02)
    monkeypatch.setattr(contingency, "OBSERVE_S", 0.05)
    peer = flight.parts.peer
    peer.wire.answer = lambda m: peer.says(heartbeat(RTL, armed=True, state=5))
    await flight.turn(5.1)
    await until(lambda: any("not sent again" in e.text for e in flight.parts.streams.events))
    assert flight.ordered == [BRAKE]


async def test_a_short_battery_returns_at_once(flight: Flight) -> None:
    flight.parts.clock.advance(5.1)
    flight.tell(battery_s=120)
    flight.contingency.turn(flight.parts.drone)
    await flight.parts.settle()
    assert flight.ordered == [RTL]


async def test_what_is_not_seen_is_repeated_then_seldom_and_never_given_up(flight: Flight) -> None:
    """A link that was away for a minute must not leave the drone hovering for good."""
    flight.obeys = False
    for _ in range(120):
        await flight.turn(1.0)
    holds = flight.ordered.index(RTL)
    assert TRIES <= holds <= TRIES + RETURN_AFTER_S / SELDOM_S
    returns = flight.ordered[holds:]
    assert set(returns) == {RTL} and TRIES < len(returns) <= TRIES + 90 / SELDOM_S
    flight.obeys = True
    await flight.turn(SELDOM_S)
    assert flight.mode == RTL


async def test_a_new_holder_ends_it(flight: Flight) -> None:
    await flight.turn(5.1)
    await flight.parts.arbiter.happen(flight.parts.drone, ControlEvent.LEASE_LOST)
    flight.parts.leases.renew(A.person, A.desk)
    epoch = flight.parts.record.epoch
    await flight.parts.arbiter.change(DRONE, Stimulus(ControlEvent.TAKE, 0, by=A, epoch=epoch))
    for _ in range(10):
        flight.parts.leases.renew(A.person, A.desk)
        await flight.turn(4.0)
    assert flight.ordered == [BRAKE]


async def test_a_lost_bus_means_hold_before_the_fence_closes(flight: Flight) -> None:
    flight.unconfirmed_s = NATS_LOST_AFTER_S - 0.1
    await flight.turn()
    assert flight.ordered == []
    flight.unconfirmed_s = NATS_LOST_AFTER_S
    await flight.turn()
    assert flight.ordered == [BRAKE]


async def test_an_instance_without_the_claim_does_nothing(flight: Flight) -> None:
    flight.unconfirmed_s = None
    await flight.turn(60.0)
    assert flight.ordered == []


async def test_on_the_ground_there_is_nothing_to_do(flight: Flight) -> None:
    flight.parts.drone.flown = False
    flight.parts.clock.advance(5.1)
    flight.parts.peer.says(heartbeat(GUIDED))
    flight.parts.drone.phase = judge(flight.parts.drone.shown())
    flight.contingency.turn(flight.parts.drone)
    await flight.parts.settle()
    assert flight.ordered == []


def px4(
    flight: Flight,
    speed_mps: float,
    state: int = 4,
    mode: int = 0x3040000,
    climb_mps: float = 0.0,
) -> None:
    """The vehicle is of the other make: a mode that says hold, and so much speed in it."""

    def tell(battery_s: int = 900) -> None:
        flight.parts.peer.says(
            px4_heartbeat(mode, True, state),
            motion(lat=51.529, up_m=30.0, speed_mps=speed_mps, climb_mps=climb_mps),
            dialect.MAVLink_extended_sys_state_message(0, dialect.MAV_LANDED_STATE_IN_AIR),
        )
        drone = flight.parts.drone
        drone.phase = judge(drone.shown())

    flight.tell = tell  # type: ignore[method-assign]


@pytest.mark.parametrize(("speed_mps", "climb_mps"), [(8.0, 0.0), (0.0, 2.5), (0.0, -1.5)])
async def test_a_px4_that_flies_a_reposition_in_hold_is_held(
    flight: Flight, speed_mps: float, climb_mps: float
) -> None:
    px4(flight, speed_mps, climb_mps=climb_mps)
    await flight.turn(5.1)
    (sent,) = flight.parts.peer.sent("COMMAND_LONG")
    assert sent.command == dialect.MAV_CMD_DO_REPOSITION and math.isnan(sent.param7)


async def test_a_px4_that_hovers_is_left_until_the_return(flight: Flight) -> None:
    px4(flight, speed_mps=0.4)
    await flight.turn(5.1)
    assert not flight.parts.peer.sent("COMMAND_LONG")
    await flight.turn(RETURN_AFTER_S + 0.1)
    (sent,) = flight.parts.peer.sent("COMMAND_LONG")
    assert sent.command == dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH


@pytest.mark.parametrize("mode", [0x3040000, 0x5040000, 0x6040000])
async def test_a_px4_in_its_own_failsafe_is_left_alone(flight: Flight, mode: int) -> None:
    px4(flight, speed_mps=4.0, state=5, mode=mode)
    for _ in range(10):
        await flight.turn(5.1)
    assert not flight.parts.peer.sent("COMMAND_LONG")


async def test_who_overruled_a_failsafe_and_is_lost_leaves_a_drone_to_be_held(
    flight: Flight,
) -> None:
    flight.parts.peer.wire.answer = lambda message: None
    flight.parts.clock.advance(5.1)
    flight.parts.peer.says(heartbeat(GUIDED, armed=True, state=5))
    flight.contingency.turn(flight.parts.drone)
    await flight.parts.settle()
    assert flight.ordered == [BRAKE]


async def test_a_vehicle_that_would_stay_held_is_stopped_where_its_failsafe_reaches_it(
    flight: Flight,
) -> None:
    """FS_OPTIONS leaves BRAKE out of the GCS failsafe: with the bus lost it must not end there."""
    flight.stays_held, flight.unconfirmed_s, flight.mode = True, NATS_LOST_AFTER_S, BRAKE
    await flight.turn(0.1)
    sent = flight.parts.peer.sent("COMMAND_INT")
    assert [m.command for m in sent] == [dialect.MAV_CMD_DO_REPOSITION]
    assert flight.ordered == [], "no BRAKE, no return while the bus may come back"
    flight.mode = GUIDED
    await flight.turn(2.5)
    assert len(flight.parts.peer.sent("COMMAND_INT")) == 1, "it stands still in GUIDED"
