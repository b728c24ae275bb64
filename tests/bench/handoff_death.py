"""From the death of a desk to the hold that its drone itself shows: SIGKILL of real processes."""

import asyncio
import random
import time
from pathlib import Path

from gcs.geo.earth import offset
from gcs.sim.drone.modes import Mode
from tests.support.course import HEIGHT_M, launch, signed_on
from tests.support.world import GATEWAY, KEEPER, World, crew_of, site_of, until, world

AWAY_M = 250.0
HELD_S = 15.0
_BEARING_DEG = {"D1": 350.0, "D2": 330.0, "D3": 340.0}


async def deaths(count: int, folder: Path, seed: int = 1) -> list[float]:
    """Seconds from each desk's death to its drone's hold; a desk and a drone each."""
    rng = random.Random(seed)
    site = site_of(range(count), crew_of(count, 0))
    async with world(site, folder, KEEPER, GATEWAY) as found:
        desks = {f"desk-{n}": d.id for n, d in enumerate(site.drones, start=1)}
        await signed_on(found, *desks)
        async with asyncio.TaskGroup() as launches:
            for desk, drone in desks.items():
                launches.create_task(launch(found, desk, drone))
        async with asyncio.TaskGroup() as trials:
            tasks = [
                trials.create_task(_trial(found, desk, drone, rng.uniform(0.0, 4.0)))
                for desk, drone in desks.items()
            ]
        return [task.result() for task in tasks]


async def _trial(found: World, desk: str, drone: str, after_s: float) -> float:
    """It flies on its way when its desk dies."""
    await asyncio.sleep(after_s)
    dock = found.site.dock_of(drone)
    at = offset(dock.position, _BEARING_DEG[dock.id], AWAY_M)
    place = {"lat_deg": at.lat_deg, "lon_deg": at.lon_deg, "height_m": HEIGHT_M}
    await found.desks[desk].done("go_to", drone=drone, **place)
    await until(lambda: _mode(found, drone) is Mode.GUIDED, f"{drone} on its way", HELD_S)
    died_s = time.monotonic()
    found.kill(desk)

    def held() -> float | None:
        return found.log.first(drone, died_s, lambda seen: seen.mode is Mode.BRAKE)

    await until(lambda: held() is not None, f"{drone} to hold", HELD_S)
    at_s = held()
    assert at_s is not None
    return at_s - died_s


def _mode(found: World, drone: str) -> Mode | None:
    seen = found.log.now(drone)
    return seen.mode if seen else None
