"""What keeps a gateway with hundreds of drones quick: lines, batches, turns, spread heartbeats."""

import dataclasses
from typing import Any

import msgspec
import pytest

from gcs.gateway import spread as spread_module
from gcs.gateway.batch import Batcher, telemetry
from gcs.gateway.drone import Drone
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.lines import Line, LineMaker, Sources
from gcs.gateway.loop import EVERY, RESTING_EVERY, ArbiterLoop
from gcs.gateway.spread import spread
from gcs.gateway.watch import UPLINK_LOST_S, Watch
from gcs.link.mavlink import dialect
from gcs.model.event import EventKind, Severity
from gcs.model.plan import PlanState
from gcs.model.telemetry import DroneTelemetry, Phase, TelemetryBatch
from gcs.shared import codec
from gcs.shared.subjects import Subjects
from tests.unit.gateway.stage import DRONE, Stage, stage
from tests.unit.link.peer import heartbeat, motion, text

SUBJECTS = Subjects("islington")


def batcher(parts: Stage, drones: list[Drone], sources: Sources | None = None) -> Batcher:
    bus: Any = parts.streams
    return Batcher(bus, SUBJECTS, "gw1", "i1", drones, parts.clock, sources)


def uplink_events(parts: Stage) -> list[tuple[str, Severity]]:
    told = [e for e in parts.streams.events if "uplink" in e.text]
    return [(e.text, e.severity) for e in told]


def test_a_line_has_the_fields_of_the_telemetry_in_their_order() -> None:
    names = tuple(f.name for f in dataclasses.fields(DroneTelemetry))
    assert Line.__struct_fields__ == names
    assert Line.__name__ == "DroneTelemetry"


async def test_a_desk_reads_from_a_line_what_the_checked_telemetry_says() -> None:
    async with stage() as parts:
        parts.peer.says(heartbeat(4, armed=True), motion(up_m=20.0))
        sources = Sources(
            links=lambda drone: 2,
            uplink_age_s=lambda drone: 0.5,
            plan=lambda drone: (PlanState.FLYING, 3, 9),
            breached=lambda drone: True,
        )
        batch = batcher(parts, [parts.drone], sources).make()
        (read,) = codec.decode(codec.encode(batch), TelemetryBatch, "batch").drones
        assert read == telemetry(parts.drone, sources)
        assert (read.links, read.uplink_age_s, read.fence_breached) == (2, 0.5, True)
        assert (read.plan_state, read.plan_item, read.plan_items) == (PlanState.FLYING, 3, 9)
        assert read.position is not None and read.armed


async def test_each_drone_has_its_turn_once_a_round_and_no_group_is_large() -> None:
    rounds: dict[int, list[int]] = {}
    async for number, some in spread(range(50), 0.01, at_once=16):
        if number == 3:
            break
        assert len(some) <= 16
        rounds.setdefault(number, []).extend(some)
    assert [sorted(found) for found in rounds.values()] == [list(range(50))] * 3


async def test_a_drone_that_cannot_be_told_takes_no_other_away(caplog: Any) -> None:
    async with stage() as parts:
        parts.peer.says(heartbeat(), motion())

        def links(drone: Drone) -> int:
            if drone is other:
                raise ZeroDivisionError
            return 1

        other = dataclasses.replace(parts.drone)
        maker = batcher(parts, [other, parts.drone], Sources(links=links))
        for _ in range(3):
            first, second = maker.make().drones
        assert (first.drone, first.position) == (DRONE, None)
        assert second.position is not None
        assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1, "said once"


async def test_what_comes_once_a_second_is_in_every_line() -> None:
    async with stage() as parts:
        maker = LineMaker(parts.drone, Sources())
        parts.peer.says(heartbeat(), dialect.MAVLink_wind_message(200.0, 6.0, 0.0))
        for _ in range(3):
            line = msgspec.structs.asdict(maker.make())
        assert line["wind_mps"] == 6.0
        assert msgspec.structs.asdict(maker.make())["wind_mps"] == 6.0


class Beats:
    """Stands where asyncio stands: a time that passes by sleeping and by stalls alone."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def get_running_loop(self) -> "Beats":
        return self

    def time(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds


async def test_a_short_stall_costs_no_round_and_a_long_one_is_not_made_up_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beats = Beats()
    monkeypatch.setattr(spread_module, "asyncio", beats)
    begun_s: dict[int, float] = {}
    async for number, some in spread(range(64), 0.1, at_once=8):
        if 0 in some:
            begun_s[number] = beats.now_s
            beats.now_s += 2.0 if number == 10 else 0.04  # two groups follow each 12.5 ms
        if number == 12:
            break
    assert begun_s[10] == pytest.approx(1.0, abs=0.001)
    assert begun_s[11] == pytest.approx(3.1, abs=0.02)
    assert begun_s[12] == pytest.approx(begun_s[11] + 0.1, abs=0.02)


async def test_a_lost_uplink_is_told_apart_from_silence_and_told_when_it_is_back() -> None:
    async with stage() as parts:
        answered_s: list[float] = [parts.clock.monotonic()]
        watch = Watch(
            {DRONE: parts.drone},
            parts.arbiter.record,
            parts.events,
            parts.clock,
            uplink_age_s=lambda drone: parts.clock.monotonic() - answered_s[0],
        )
        for _ in range(100):
            parts.clock.advance(0.1)
            parts.peer.says(heartbeat())
            watch.turn(parts.drone)
        await parts.settle()
        lost = f"the uplink of {DRONE} is lost: it does not answer; it is still heard"
        assert uplink_events(parts) == [(lost, Severity.CAUTION)]
        answered_s[0] = parts.clock.monotonic()
        watch.turn(parts.drone)
        await parts.settle()
        back = (f"the uplink of {DRONE} is back: it answers", Severity.INFO)
        assert uplink_events(parts)[1:] == [back]


async def test_no_uplink_is_lost_while_the_gateway_did_not_ask() -> None:
    async with stage() as parts:
        age_s = UPLINK_LOST_S * 10
        watch = Watch(
            {DRONE: parts.drone},
            parts.arbiter.record,
            parts.events,
            parts.clock,
            uplink_age_s=lambda drone: age_s,
        )
        for _ in range(20):  # the loop has only just begun to turn
            parts.clock.advance(0.1)
            parts.peer.says(heartbeat())
            watch.turn(parts.drone)
        await parts.settle()
        assert uplink_events(parts) == []


async def test_a_flood_of_texts_is_cut_and_counted() -> None:
    async with stage() as parts:
        Watch({DRONE: parts.drone}, parts.arbiter.record, parts.events, parts.clock)
        parts.peer.says(heartbeat())
        for number in range(500):
            parts.peer.says(text(f"text {number}"))
        parts.clock.advance(10.0)
        parts.peer.says(text("the last"))
        await parts.settle()
        await parts.events.publish_waiting()
        told = [e.text for e in parts.streams.events if e.kind is EventKind.TEXT]
        assert len(told) == 32
        assert told[-2:] == [f"{DRONE}: 470 texts left out: it sent too many", f"{DRONE}: the last"]
        for number in range(500):
            parts.peer.says(text(f"PreArm: reason {number}"))
        assert len(parts.drone.not_ready) == 32


async def test_heartbeats_are_spread_over_the_second_and_each_drone_gets_its_own() -> None:
    async with stage() as parts:
        beats: list[float] = []

        class Voice:
            def heartbeat(self, vehicle: object) -> bool:
                beats.append(parts.clock.monotonic())
                return True

        voice: Any = Voice()
        rates: Any = None
        heart = Heartbeat([parts.drone] * 10, voice, rates, parts.clock)
        heart.turn()
        assert len(beats) == 10, "the first goes to all at once"
        most = 0
        for _ in range(500):
            parts.clock.advance(0.02)
            before = len(beats)
            heart.turn()
            most = max(most, len(beats) - before)
        assert most <= 2
        assert 90 <= len(beats) - 10 <= 105, "10 s, ten drones, once a second each"


async def test_a_drone_at_rest_is_looked_at_less_often_until_something_is_done_with_it() -> None:
    async with stage() as parts:
        looks: list[str] = []

        class Looks:
            def turn(self, drone: Drone) -> None:
                looks.append(drone.id)

        ear: Any = Looks()
        loop = ArbiterLoop((parts.drone,), ear, ear, parts.arbiter, parts.activities, ear, ear)

        def turns(count: int) -> int:
            looks.clear()
            for number in range(1, count + 1):
                loop._look(number, ((0, parts.drone),))
            return len(looks) // 3  # figures, watch and contingency

        parts.drone.phase = Phase.DOCKED
        assert turns(20) == 20 // RESTING_EVERY
        parts.drone.phase = Phase.HOLDING
        assert turns(20) == 20 // EVERY
        parts.drone.phase = Phase.DOCKED
        parts.peer.says(heartbeat(armed=True))
        assert turns(20) == 20 // EVERY, "armed by somebody else"
