"""What the vehicles show becomes events, telemetry, figures and heartbeats."""

import pytest

from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway.batch import Batcher, telemetry
from gcs.gateway.contingency import Contingency
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.loop import ArbiterLoop
from gcs.gateway.report import Figures
from gcs.gateway.watch import Watch
from gcs.link.mavlink import dialect
from gcs.link.rates import RateKeeper
from gcs.link.voice import Voice
from gcs.model.control import ControlState
from gcs.model.event import EventKind, Severity
from gcs.model.telemetry import FlightMode, Landed, Phase
from gcs.shared.subjects import Subjects
from tests.unit.gateway.stage import DRONE, A, Stage, stage
from tests.unit.link.peer import heartbeat, motion, text

GUIDED, RTL = 4, 6


def landed(state: int) -> object:
    return dialect.MAVLink_extended_sys_state_message(0, state)


def status(prearm: bool = True, fence: bool = True) -> object:
    enabled = 0x100000 if fence else 0
    health = 0x10000000 if prearm else 0
    return dialect.MAVLink_sys_status_message(0, enabled, health, 0, 24000, -1, 96, *[0] * 6)


def gnss(fix: int) -> object:
    """A GPS_RAW_INT."""
    return dialect.MAVLink_gps_raw_int_message(0, fix, 0, 0, 0, 90, 90, 0, 0, 12)


def battery(left_s: int) -> object:
    """A BATTERY_STATUS that tells the time that is left."""
    cells = [4000] * 6 + [0xFFFF] * 4
    return dialect.MAVLink_battery_status_message(0, 0, 3, 0, cells, 100, 100, -1, 20, left_s)


class Turning:
    """The arbiter's loop around one drone, turned by hand."""

    def __init__(self, parts: Stage) -> None:
        self.parts = parts
        drones = (parts.drone,)
        network = parts.peer.network
        self.figures = Figures(drones, [network.counters], parts.clock)
        contingency = Contingency(
            parts.arbiter.attended,
            parts.arbiter.record,
            lambda: 0.1,
            parts.commander,
            parts.activities,
            parts.auditor,
            parts.events,
            parts.clock,
        )
        voice = Voice(parts.clock)
        self.heartbeat = Heartbeat(drones, voice, RateKeeper(parts.clock), parts.clock)
        watch = Watch({DRONE: parts.drone}, parts.arbiter.record, parts.events, parts.clock)
        self.loop = ArbiterLoop(
            drones,
            watch,
            contingency,
            parts.arbiter,
            parts.activities,
            self.heartbeat,
            self.figures,
        )

    async def turn(self, *messages: object, seconds: float = 0.1) -> None:
        self.parts.clock.advance(seconds)
        self.parts.peer.says(*messages)
        self.parts.leases.renew(A.person, A.desk)
        self.loop.turn(self.parts.drone)
        await self.parts.settle()

    def texts(self, kind: EventKind) -> list[str]:
        return [e.text for e in self.parts.streams.events if e.kind is kind]


async def fly_and_land(turning: Turning) -> None:
    """Up, out, back, down: as the vehicle shows it."""
    await turning.turn(heartbeat(GUIDED, armed=True), landed(1), motion(up_m=0.0))
    await turning.turn(landed(2), motion(up_m=20.0, speed_mps=5.0))
    await turning.turn(heartbeat(RTL, armed=True), motion(up_m=20.0, speed_mps=5.0))
    await turning.turn(landed(4), motion(up_m=3.0))
    await turning.turn(heartbeat(RTL), landed(1), motion(up_m=0.0))


async def test_phases_and_modes_are_told_with_the_incident_and_control_is_given_back() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        launch = Stimulus(ControlEvent.LAUNCH, 0, by=A, epoch=0, incident="MPS-1")
        await parts.arbiter.change(DRONE, launch)
        await fly_and_land(turning)
        told = [e for e in parts.streams.events if e.kind is EventKind.PHASE]
        assert [e.phase for e in told][-4:] == [
            Phase.MOVING,
            Phase.RETURNING,
            Phase.LANDING,
            Phase.DOCKED,
        ]
        assert told[-1].incident == "MPS-1"
        assert turning.texts(EventKind.MODE) == [f"{DRONE} is in RTL"]
        await turning.turn()
        assert (parts.record.state, parts.record.incident) == (ControlState.UNOWNED, None)
        assert parts.drone.ever_flown


async def test_a_drone_taken_on_the_ground_is_not_given_back_by_itself() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        await turning.turn(heartbeat(GUIDED), landed(1), motion(up_m=0.0))
        parts.leases.renew(A.person, A.desk)
        await parts.arbiter.change(DRONE, Stimulus(ControlEvent.TAKE, 0, by=A, epoch=0))
        for _ in range(5):
            await turning.turn(heartbeat(GUIDED))
        assert parts.record.holder == A
        await fly_and_land(turning)
        await turning.turn()
        assert parts.record.holder is None, "after a flight it is"


async def test_texts_reach_the_desk_and_reasons_age() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        await turning.turn(heartbeat(), text("Battery failsafe", 4), text("PreArm: GPS 1: no fix"))
        assert turning.texts(EventKind.TEXT) == [f"{DRONE}: Battery failsafe"]
        severities = [e.severity for e in parts.streams.events if e.kind is EventKind.TEXT]
        assert severities == [Severity.CAUTION]
        assert telemetry(parts.drone).not_ready_because == ("GPS 1: no fix",)
        await turning.turn(heartbeat(), seconds=36.0)
        assert telemetry(parts.drone).not_ready_because == ()
        await turning.turn(text("PreArm: Compass variance"))
        await turning.turn(status(prearm=True))
        assert telemetry(parts.drone).not_ready_because == ()
        assert telemetry(parts.drone).ready


async def test_a_breach_is_a_warning_once() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        breach = dialect.MAVLink_fence_status_message(1, 1, 2, 0)
        for _ in range(3):
            await turning.turn(heartbeat(), breach)
        await turning.turn(dialect.MAVLink_fence_status_message(0, 1, 2, 0))
        told = [e for e in parts.streams.events if e.kind is EventKind.FENCE]
        assert [e.severity for e in told] == [Severity.WARNING, Severity.INFO]


async def test_telemetry_carries_what_was_heard_and_how_old_it_is() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        silent = telemetry(parts.drone)
        assert (silent.phase, silent.position, silent.position_age_s) == (Phase.SILENT, None, None)
        await turning.turn(
            heartbeat(GUIDED, armed=True, state=5),
            landed(2),
            motion(up_m=30.0, speed_mps=4.0),
            status(),
            dialect.MAVLink_wind_message(200.0, 6.0, 0.0),
            dialect.MAVLink_attitude_message(0, 0.1, -0.1, 0.0, 0.0, 0.0, 0.0),
            dialect.MAVLink_gps_raw_int_message(0, 3, 0, 0, 0, 0, 0, 0, 0, 14),
        )
        parts.clock.advance(2.0)
        found = telemetry(parts.drone)
        assert found.relative_m == 30.0
        assert found.agl_m == 30.0 + parts.drone.dock.roof_height_m
        assert (found.mode, found.mode_name) == (FlightMode.GUIDED, "GUIDED")
        assert (found.landed, found.failsafe, found.fence_active) == (Landed.IN_AIR, True, True)
        assert (found.battery_percent, found.battery_v) == (96.0, 24.0)
        assert (found.wind_mps, found.wind_from_deg, found.satellites) == (6.0, 200.0, 14)
        assert found.position_age_s == 2.0 and found.heartbeat_age_s == 2.0
        bus: object = parts.streams
        batcher = Batcher(
            bus,  # type: ignore[arg-type]
            Subjects("islington"),
            "gw1",
            "i1",
            [parts.drone],
            parts.clock,
        )
        assert [batcher.make().sequence for _ in range(3)] == [1, 2, 3]


async def test_heartbeats_go_out_once_a_second_while_the_loop_turns() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        parts.peer.says(heartbeat())
        for _ in range(50):
            parts.clock.advance(0.1)
            turning.heartbeat.turn()
        beats = parts.peer.sent("HEARTBEAT")
        assert 5 <= len(beats) <= 6
        assert {b.get_srcSystem() for b in beats} == {255}
        parts.clock.advance(10.0)  # the loop stood still
        assert len(parts.peer.sent("HEARTBEAT")) == len(beats)


async def test_the_figures_are_counted_at_the_gateway() -> None:
    async with stage() as parts:
        turning = Turning(parts)
        for number in range(300):
            await turning.turn(*([heartbeat()] if number % 10 == 0 else []), motion())
        report = turning.figures.report(2, 3)
        assert (report.configured, report.seen) == (1, 1)
        assert abs(report.telemetry_hz_min - 10.0) < 0.2
        assert (report.handoffs_completed, report.refused_commands) == (2, 3)
        assert report.messages_in == 330
        for _ in range(100):
            await turning.turn()
        slower = turning.figures.report(2, 3)
        assert slower.seen == 0 and slower.telemetry_hz_min < 8.0


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (heartbeat(RTL, armed=True), "it has begun to return"),
        (heartbeat(GUIDED, armed=True, state=5), "the vehicle is in a failsafe"),
        (dialect.MAVLink_fence_status_message(1, 1, 3, 100), "it is outside its geofence"),
        (gnss(1), "it has lost its GNSS fix"),
        (battery(70), "its battery is down to the flight home"),
    ],
)
async def test_a_return_or_a_failsafe_ends_an_offer_and_a_fresh_one_may_be_made(
    message: object, words: str
) -> None:
    async with stage() as parts:
        turning = Turning(parts)
        await turning.turn(heartbeat(GUIDED, armed=True), landed(2), motion(up_m=20.0))
        change = parts.arbiter.change
        await parts.given(A)

        async def offer() -> None:
            now = parts.clock.utc_ms()
            to = Stimulus(ControlEvent.OFFER, now, by=A, epoch=1, to_person="pilot-b", to_name="B")
            await change(DRONE, to)
            assert parts.record.state is ControlState.OFFERED

        await offer()
        await turning.turn(gnss(3), battery(900))
        assert parts.record.state is ControlState.OFFERED
        await turning.turn(message)
        await turning.turn(seconds=1.0)
        assert (parts.record.state, parts.record.holder) == (ControlState.OWNED, A)
        assert words in turning.texts(EventKind.CONTROL)[-1]
        parts.clock.advance(0.1)
        await offer()
        for _ in range(3):
            await turning.turn()
        assert parts.record.state is ControlState.OFFERED
