"""Faults by seed: who is killed or paused, when, and for how long."""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gcs.apps.shift import STANDBY
from tests.support.world import BUS, GATEWAY, KEEPER, World

log = logging.getLogger(__name__)

_GAP_S = (2.5, 7.0)
_PAUSE_S = (0.4, 9.0)
_DEAD_S = (0.3, 4.0)
_PAUSES = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """At `at_s` from the start `name` is killed or paused, `lasts_s` later runs again."""

    at_s: float
    name: str
    pause: bool
    lasts_s: float

    def __str__(self) -> str:
        what = "paused" if self.pause else "killed"
        return f"{self.at_s:6.1f} s: {self.name} {what} for {self.lasts_s:.1f} s"


def plan(seed: int, seconds: float, desks: Sequence[str]) -> tuple[Fault, ...]:
    """The faults of a run. Desks fall most; one of everything else falls in any run that is long
    enough. Nothing is struck again before it is back."""
    rng = random.Random(seed)
    others = [GATEWAY, STANDBY, BUS, KEEPER]
    rng.shuffle(others)
    back = dict.fromkeys((*desks, *others), 0.0)
    faults: list[Fault] = []
    at_s = rng.uniform(*_GAP_S)
    while at_s < seconds:
        ready = [n for n, free_s in back.items() if free_s <= at_s]
        turn = len(faults) % 2 == 0
        wanted = [n for n in ready if (n in desks) is turn] or ready
        if not turn:
            # Round robin first, so that a run of two minutes strikes each several times.
            wanted = sorted(wanted, key=lambda n: (sum(f.name == n for f in faults), n))[:2]
        name = rng.choice(wanted)
        pause = rng.random() < _PAUSES
        lasts_s = rng.uniform(*(_PAUSE_S if pause else _DEAD_S))
        faults.append(Fault(at_s, name, pause, lasts_s))
        back[name] = at_s + lasts_s + 1.0
        at_s += rng.uniform(*_GAP_S)
    return tuple(faults)


async def inject(world: World, faults: Sequence[Fault]) -> None:
    """Carry the faults out in time; returns when all has been brought back."""
    begun_s = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for fault in faults:
            await asyncio.sleep(max(0.0, begun_s + fault.at_s - time.monotonic()))
            tasks.create_task(_strike(world, fault))


async def _strike(world: World, fault: Fault) -> None:
    log.info("%s", fault)
    if fault.pause:
        world.pause(fault.name)
        await asyncio.sleep(fault.lasts_s)
        world.resume(fault.name)
    else:
        world.kill(fault.name)
        await asyncio.sleep(fault.lasts_s)
        world.start(fault.name)
