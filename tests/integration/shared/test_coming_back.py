"""Every connection comes back, at whatever instant the server is killed."""

import asyncio
import random
from pathlib import Path

import pytest

from gcs.shared.bus import Bus
from tests.support.nats import nats_server, until

KILLS = 8


async def chatter(bus: Bus) -> None:
    """Always something on its way, so that a loss meets reading, writing and pinging."""
    while True:
        await bus.publish("gcs.islington.veh.gw1", {"filler": "x" * 2000})
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_at_any_instant(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with nats_server(tmp_path) as server:
        users = ("gateway", "keeper", "central", "relay", "desk-pilot-a-desk-1")
        buses = [await server.bus(user) for user in users]
        talking = [asyncio.ensure_future(chatter(bus)) for bus in buses]
        for _ in range(KILLS):
            server.kill()
            await server.restart()
            # Some while they connect, some while they talk.
            await asyncio.sleep(chance.choice((0.0, 0.02, 0.1, 0.3, 0.5)))
        for bus, user in zip(buses, users, strict=True):
            await until(lambda b=bus: b.connected, 6.0, f"{user} to be back")  # type: ignore[misc]
            await bus.round_trip_s()
        for task in talking:
            assert not task.done()
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
