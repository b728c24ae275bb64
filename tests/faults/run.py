"""One fault run: desks at work, faults by seed, then calm; and what the vehicles' log proves."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Sequence
from pathlib import Path

from gcs.apps import files
from gcs.apps.shift import STANDBY
from gcs.audit.verify import verify
from gcs.model.control import ControlState
from tests.faults import proof
from tests.faults.crew import Flyer
from tests.faults.injector import inject, plan
from tests.faults.records import Records, watched
from tests.support.course import ALL, launch, signed_on
from tests.support.marked import marked_moves
from tests.support.world import BUS, GATEWAY, World, crew_of, site_of, until, world

log = logging.getLogger(__name__)

DRONES = (0, 3, 6, 7)
DESKS = ("desk-1", "desk-2", "desk-3", "desk-4")
SETTLED_S = 60.0
_NOBODYS = (ControlState.ORPHANED, ControlState.UNOWNED)


class FaultRun:
    """A run by seed. `wrong` afterwards: one sentence for each thing that does not hold."""

    def __init__(self, found: World, records: Records, seed: int, seconds: float) -> None:
        self._world = found
        self._seed = seed
        self._seconds = seconds
        self._records = records
        self._drones = [d.id for d in found.site.drones]
        self._crew = [
            Flyer(found, name, [f"flyer-{n}" for n in range(1, 5) if f"desk-{n}" != name], seed + n)
            for n, name in enumerate(DESKS)
        ]
        self.wrong: list[str] = []
        self.moves = 0
        self.epochs = 0

    async def run(self) -> None:
        """All of it."""
        await signed_on(self._world, *DESKS)
        async with asyncio.TaskGroup() as launches:
            for desk, drone in zip(DESKS, self._drones, strict=True):
                launches.create_task(launch(self._world, desk, drone))
        begun_s = time.monotonic()
        await self._suffer()
        await self._calm()
        self._judge(begun_s, time.monotonic())

    async def _suffer(self) -> None:
        faults = plan(self._seed, self._seconds, DESKS)
        log.info("seed %d: %d faults in %.0f s", self._seed, len(faults), self._seconds)
        work = [asyncio.create_task(flyer.work()) for flyer in self._crew]
        try:
            await inject(self._world, faults)
        finally:
            for task in work:
                task.cancel()
            over = await asyncio.gather(*work, return_exceptions=True)
        for error in over:
            if isinstance(error, Exception):
                raise error

    async def _calm(self) -> None:
        """Everything runs again, but two of the desks, which die now for good."""
        dead = random.Random(self._seed).sample(DESKS, 2)
        for name in dead:
            self._world.kill(name)
        with contextlib.suppress(AssertionError):
            await until(self._settled, "every drone held or safe", SETTLED_S)
        for drone in self._drones:
            if not self._ended_well(drone):
                record, seen = self._records.newest[drone], self._world.log.now(drone)
                self.wrong.append(f"{drone} ended as {record}, the vehicle as {seen}")

    async def _settled(self) -> bool:
        open_ends = [d for d in self._drones if not self._ended_well(d)]
        for drone in open_ends:
            record = self._records.newest[drone]
            desk = record.holder.desk if record.holder else ""
            if desk and self._world.down(desk) is None:
                for do in ("cancel_offer", "object", "hold"):
                    await self._world.desks[desk].ask(do, drone=drone, within_s=4.0)
        return not open_ends

    def _ended_well(self, drone: str) -> bool:
        record, seen = self._records.newest[drone], self._world.log.now(drone)
        if record.holder is not None:
            lives = self._world.down(record.holder.desk) is None
            return lives and record.state is ControlState.OWNED
        return record.state in _NOBODYS and seen is not None and seen.safe

    # -- what it proves --------------------------------------------------------------------------
    def _judge(self, begun_s: float, end_s: float) -> None:
        for drone in self._drones:
            moves = marked_moves(self._world.site, self._world.log.moves(drone))
            self.moves += len(moves)
            self.epochs += len({mark.epoch for _, mark in moves})
            self.wrong += proof.epochs(drone, moves)
            self.wrong += proof.holders(drone, moves)
            self.wrong += proof.order(drone, moves)
            self.wrong += self._as_recorded(drone, moves)
            alone = proof.unattended(self._records.tenancies(drone), self._down, end_s)
            alone = [(since, to) for since, to in alone if to > begun_s]
            seen, outages = self._world.log.seen[drone], self._outages()
            self.wrong += proof.safe_alone(drone, seen, alone, outages)
        chain = verify(self._world.shift.folder / files.AUDIT_FILE)
        self.wrong += [] if chain.ok and chain.entries else [chain.sentence]
        for flyer in self._crew:
            log.info("%s did %s; refused %s", flyer.name, dict(flyer.done), dict(flyer.refused))
        log.info("%d test moves under %d epochs", self.moves, self.epochs)

    def _as_recorded(self, drone: str, moves: Sequence[proof.Marked]) -> list[str]:
        """What the vehicle took is what the record says: epoch and desk belong together."""
        wrong = []
        for at_s, mark in moves:
            desk = self._records.holder(drone, mark.epoch)
            if desk is not None and desk != f"desk-{mark.desk}":
                wrong.append(f"{drone} at {at_s:.3f}: took {mark}, the record says {desk}")
        return wrong

    def _down(self, desk: str) -> list[proof.Span]:
        return self._spans({desk})

    def _outages(self) -> list[proof.Span]:
        return self._spans({GATEWAY, STANDBY, BUS})

    def _spans(self, names: set[str]) -> list[proof.Span]:
        now = time.monotonic()
        return [
            (o.since_s, now if o.until_s is None else o.until_s)
            for o in self._world.outages
            if o.name in names
        ]


async def fault_run(folder: Path, seed: int, seconds: float) -> FaultRun:
    """A whole run in a world of its own."""
    site = site_of(DRONES, crew_of(4, 2))
    async with world(site, folder, *ALL) as found, watched(found) as records:
        run = FaultRun(found, records, seed, seconds)
        await run.run()
        return run
