"""The control room against a real server: calls are stored once, in time, with their keys."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from gcs.geo.earth import distance_m
from gcs.geo.fence import inside
from gcs.geo.town import Town
from gcs.model.mission import CentralHello, Grade, Incident
from gcs.model.scenario import Scenario, ScenarioIncident
from gcs.runtime.clock import ManualClock
from gcs.shared.subjects import Subjects
from gcs.sim.control_room import ControlRoom
from tests.support.nats import NatsServer, nats_server, until
from tests.unit.control_room import rig

SUBJECTS = Subjects("islington")


@pytest.fixture(scope="module")
def town() -> Town:
    return rig.town()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with nats_server(tmp_path) as running:
        yield running


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """`work` goes on during the block."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(0)  # the room notes the time it starts at; only then is the clock turned
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def reading(server: NatsServer) -> AsyncIterator[list[Incident]]:
    """All calls of the stream, as the keeper reads them."""
    calls: list[Incident] = []

    async def take(_: int, call: Incident) -> None:
        calls.append(call)

    keeper = await server.bus("keeper")
    async with beside(keeper.consume(SUBJECTS.incidents_stream, "keeper", Incident, take)):
        yield calls


@contextlib.asynccontextmanager
async def running(server: NatsServer, room: ControlRoom) -> AsyncIterator[list[Incident]]:
    """The room at work, and what is read of it."""
    async with reading(server) as calls, beside(room.run()):
        yield calls


async def test_the_first_call_comes_after_three_seconds_near_a_dock(
    server: NatsServer, town: Town
) -> None:
    clock, site = ManualClock(), rig.site()
    room = ControlRoom(await server.bus("central"), site, town, clock, 7, first_near=True)
    hellos: list[CentralHello] = []
    desk = await server.desk("pilot-a", "desk-1")
    await desk.listen(SUBJECTS.central_hello, CentralHello, lambda _, h: hellos.append(h))
    async with running(server, room) as calls:
        await until(lambda: hellos, what="a hello")
        clock.advance(2.5)
        await until(lambda: len(hellos) >= 2, what="a second hello")
        assert (calls, room.sent) == ([], 0)
        clock.advance(0.6)
        await until(lambda: calls, what="the first call")
        first = calls[0]
        assert min(distance_m(d.position, first.position) for d in site.docks) <= 150.0
        assert inside(site.fence, first.position)
        await until(lambda: hellos[-1].sent == 1, what="a hello that counts it")
    assert all(h.simulated for h in hellos)


async def test_calls_keep_coming_at_the_sites_rate(server: NatsServer, town: Town) -> None:
    clock = ManualClock()
    room = ControlRoom(
        await server.bus("central"), rig.site(120.0), town, clock, 7, first_near=False
    )
    async with running(server, room) as calls:
        clock.advance(3.1)
        await until(lambda: room.sent == 1, what="the first call")
        clock.advance(3600.0)
        # An hour at once: 120 on average, the spread of a seeded draw within bounds.
        await until(lambda: room.sent > 90, what="an hour's calls")
        await until(lambda: len(calls) == room.sent, what="all of them read")
        assert room.sent < 160
    assert len({i.key for i in calls}) == len(calls)


async def test_a_scenario_lists_its_calls_in_time_order(server: NatsServer, town: Town) -> None:
    clock = ManualClock()
    scenario = Scenario(
        "fixed",
        0.0,
        (
            ScenarioIncident(20.0, Grade.REFERRED, "Second", "later"),
            ScenarioIncident(5.0, Grade.IMMEDIATE, "First", "now"),
        ),
    )
    bus = await server.bus("central")
    room = ControlRoom(bus, rig.site(), town, clock, 7, True, scenario)
    async with running(server, room) as calls:
        clock.advance(6.0)
        await until(lambda: len(calls) == 1)
        clock.advance(5000.0)
        await until(lambda: len(calls) == 2)
        assert [i.category for i in calls] == ["First", "Second"]


async def test_no_call_is_lost_or_doubled_when_the_server_dies(
    server: NatsServer, town: Town
) -> None:
    clock = ManualClock()
    bus = await server.bus("central")
    entries = tuple(
        ScenarioIncident(at_s, Grade.EXTENDED, f"At {at_s:.0f} s", "x")
        for at_s in (3.0, 100.0, 200.0, 300.0, 399.0)
    )
    room = ControlRoom(bus, rig.site(), town, clock, 7, True, Scenario("five", 0.0, entries))
    async with beside(room.run()):
        clock.advance(3.1)
        await until(lambda: room.sent == 1, what="the first call")
        server.kill()
        await until(lambda: not bus.connected, what="the loss is seen")
        clock.advance(400.0)
        await server.restart()
        await until(lambda: room.sent == 5, 15.0, "the calls are stored after all")
    async with reading(server) as calls:
        await until(lambda: len(calls) >= 5, what="all of them in the stream")
    assert [call.category for call in calls] == [entry.category for entry in entries]
    assert len({call.key for call in calls}) == 5


async def test_a_rate_of_nothing_is_silence(server: NatsServer, town: Town) -> None:
    clock = ManualClock()
    room = ControlRoom(await server.bus("central"), rig.site(0.0), town, clock, 7, True)
    hellos: list[CentralHello] = []
    desk = await server.desk("pilot-a", "desk-1")
    await desk.listen(SUBJECTS.central_hello, CentralHello, lambda _, h: hellos.append(h))
    async with running(server, room):
        await until(lambda: hellos)
        clock.advance(86_000.0)
        await until(lambda: len(hellos) >= 3, what="hellos after a day")
        assert hellos[-1].sent == 0
