"""What two desks do to hand a drone over, and how a drone gets into the air, by their own lines."""

import asyncio

from gcs.apps.shift import STANDBY
from tests.support.world import GATEWAY, KEEPER, World, until

HEIGHT_M = 25.0
UP_S = 60.0
ALL = (KEEPER, GATEWAY, STANDBY)


async def signed_on(world: World, *names: str) -> None:
    """Start the desks and wait until each is signed on and sees the drones."""
    for name in names:
        world.start(name)
    for name in names:
        await _on(world, name)


async def _on(world: World, name: str) -> None:
    async def shown() -> bool:
        found = await world.desks[name].ask("show")
        return bool(found and found["role"] and len(found["drones"]) == len(world.site.drones))

    await until(shown, f"{name} signed on", UP_S)


async def launch(world: World, name: str, drone: str) -> None:
    """A real launch for a call of its own; returns once the drone is in the air."""
    desk, key = world.desks[name], await world.call(drone)

    async def taken() -> bool:
        answer = await desk.ask("take_incident", incident=key)
        return bool(answer and answer["ok"])

    async def launched() -> bool:
        answer = await desk.ask("launch", incident=key, drone=drone, height_m=HEIGHT_M)
        if not (answer and answer["ok"]):
            await asyncio.sleep(0.5)
        return bool(answer and answer["ok"])

    await until(taken, f"{name} to take {key}", UP_S)
    await until(launched, f"the launch of {drone}", UP_S)
    await until(
        lambda: world.fleet.drone(drone).pilot.body.up_m > HEIGHT_M - 3, f"{drone} up", UP_S
    )
