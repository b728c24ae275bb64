"""The control room against a real server: calls are stored once, in time, with their keys."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

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


class Listener:
    """Reads the incidents' stream as the keeper does."""

    def __init__(self) -> None:
        self.calls: list[Incident] = []

    async def take(self, _: int, incident: Incident) -> None:
        self.calls.append(incident)


@contextlib.asynccontextmanager
async def running(server: NatsServer, room: ControlRoom) -> AsyncIterator[Listener]:
    listener = Listener()
    keeper = await server.bus("keeper")
    tasks = [
        asyncio.ensure_future(room.run()),
        asyncio.ensure_future(
            keeper.consume(SUBJECTS.incidents_stream, "keeper", Incident, listener.take)
        ),
    ]
    await asyncio.sleep(0)  # the room notes the time it starts at; only then is the clock turned
    try:
        yield listener
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_first_call_comes_after_three_seconds_near_a_dock(
    server: NatsServer, town: Town
) -> None:
    clock, site = ManualClock(), rig.site()
    room = ControlRoom(await server.bus("central"), site, town, clock, 7, first_near=True)
    hellos: list[CentralHello] = []
    desk = await server.desk("pilot-a", "desk-1")
    await desk.listen(SUBJECTS.central_hello, CentralHello, lambda _, h: hellos.append(h))
    async with running(server, room) as listener:
        await until(lambda: hellos, what="a hello")
        clock.advance(2.5)
        await until(lambda: len(hellos) >= 2, what="a second hello")
        assert (listener.calls, room.sent) == ([], 0)
        clock.advance(0.6)
        await until(lambda: listener.calls, what="the first call")
        first = listener.calls[0]
        assert min(distance_m(d.position, first.position) for d in site.docks) <= 150.0
        assert inside(site.fence, first.position)
        await until(lambda: hellos[-1].sent == 1, what="a hello that counts it")
    assert all(h.simulated for h in hellos)


async def test_calls_keep_coming_at_the_sites_rate(server: NatsServer, town: Town) -> None:
    clock = ManualClock()
    room = ControlRoom(
        await server.bus("central"), rig.site(120.0), town, clock, 7, first_near=False
    )
    async with running(server, room) as listener:
        clock.advance(3.1)
        await until(lambda: room.sent == 1, what="the first call")
        clock.advance(3600.0)
        # An hour at once: 120 on average, the spread of a seeded draw within bounds.
        await until(lambda: room.sent > 90, what="an hour's calls")
        await until(lambda: len(listener.calls) == room.sent, what="all of them read")
        assert room.sent < 160
    assert len({i.key for i in listener.calls}) == len(listener.calls)


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
    async with running(server, room) as listener:
        clock.advance(6.0)
        await until(lambda: len(listener.calls) == 1)
        clock.advance(5000.0)
        await until(lambda: len(listener.calls) == 2)
        assert [i.category for i in listener.calls] == ["First", "Second"]


async def test_no_call_is_lost_or_doubled_when_the_server_dies(
    server: NatsServer, town: Town
) -> None:
    clock = ManualClock()
    bus = await server.bus("central")
    room = ControlRoom(bus, rig.site(), town, clock, 7, first_near=True)
    async with running(server, room) as listener:
        clock.advance(3.1)
        await until(lambda: len(listener.calls) == 1)
        server.kill()
        clock.advance(400.0)
        await until(lambda: not bus.connected, what="the loss is seen")
        assert room.sent == 1
        await server.restart()
        await until(lambda: room.sent > 1, 15.0, "the calls are stored after all")
        await until(lambda: len(listener.calls) == room.sent, 10.0, "and read")
    keys = [i.key for i in listener.calls]
    assert len(set(keys)) == len(keys)
    assert [i.number for i in listener.calls] == sorted(i.number for i in listener.calls)


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
