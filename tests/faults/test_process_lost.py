"""Bus, gateway or keeper is lost while drones are in each state of a hand-over. Real processes.

Both desks of every drone go on trying to fly it all the time: what the vehicles took tells
whether there were two.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gcs.model.control import CLAIMED, ControlState
from tests.faults import proof
from tests.faults.duo import Duo
from tests.faults.records import Records, watched
from tests.support.course import ALL, signed_on
from tests.support.marked import marked_moves
from tests.support.world import BUS, GATEWAY, KEEPER, World, crew_of, site_of, until, world

_S = ControlState
STATES = {
    "handing": (_S.OWNED, _S.BRIEFING, _S.ARMED, _S.CONFIRMING),
    "asking": (_S.OFFERED, _S.REQUESTED, _S.CHECKED, _S.FORCED),  # the last one's by a supervisor
}
LASTING = (_S.OWNED, _S.OFFERED, _S.BRIEFING, _S.CHECKED)
ENDED_S = 45.0  # a stand-by takes over, desks come back, 15 s armed, 10 s to confirm
_BETWEEN_S = 0.4


@dataclass(frozen=True)
class Blow:
    """What happens to which process, and for how long."""

    name: str
    pause: bool
    lasts_s: float

    def __str__(self) -> str:
        return f"{self.name} {'paused' if self.pause else 'killed'}"


BLOWS = (
    Blow(GATEWAY, False, 3.0),
    Blow(GATEWAY, True, 9.0),
    Blow(BUS, False, 2.0),
    Blow(BUS, True, 4.0),
    Blow(KEEPER, False, 3.0),
    Blow(KEEPER, True, 9.0),
)


@pytest.mark.slow
@pytest.mark.parametrize("states", STATES.values(), ids=STATES)
@pytest.mark.parametrize("blow", BLOWS, ids=str)
async def test_a_process_lost_in_each_state(
    tmp_path: Path, blow: Blow, states: tuple[ControlState, ...]
) -> None:
    desks = [f"desk-{n}" for n in range(1, 2 * len(states) + 1)]
    site = site_of(range(len(states)), crew_of(len(desks), supervisors=1))
    async with (
        world(site, tmp_path, *ALL) as found,
        watched(found) as told,
    ):
        await signed_on(found, *desks)
        duos = [
            Duo(found, told, d.id, *desks[2 * n : 2 * n + 2]) for n, d in enumerate(site.drones)
        ]
        await _each(duos, states, _ready)
        await _each(duos, states, Duo.to)
        assert [duo.state for duo in duos] == list(states)
        before = {duo.drone: told.newest[duo.drone].epoch for duo in duos}
        begun_s = time.monotonic()
        async with _trying(duos):
            await _strike(found, blow)
            back_s = time.monotonic()
            await until(
                lambda: all(_over(duo, back_s) for duo in duos),
                f"{blow}: every drone to be somebody's, or nobody's and safe",
                ENDED_S,
            )
        for duo in duos:
            _judge(duo, told, blow, begun_s, before[duo.drone])


async def _each(
    duos: list[Duo],
    states: tuple[ControlState, ...],
    work: Callable[[Duo, ControlState], Coroutine[Any, Any, None]],
) -> None:
    """Each drone to its state: first what lasts, then the short ones all together."""
    async with asyncio.TaskGroup() as tasks:
        for duo, state in zip(duos, states, strict=True):
            tasks.create_task(work(duo, state))


async def _ready(duo: Duo, state: ControlState) -> None:
    await duo.owned()
    await duo.to(state if state in LASTING else _S.OWNED if state in CLAIMED else _S.CHECKED)


async def _strike(found: World, blow: Blow) -> None:
    if blow.pause:
        found.pause(blow.name)
        await asyncio.sleep(blow.lasts_s)
        found.resume(blow.name)
    else:
        found.kill(blow.name)
        await asyncio.sleep(blow.lasts_s)
        found.start(blow.name)


@contextlib.asynccontextmanager
async def _trying(duos: list[Duo]) -> AsyncIterator[None]:
    """Meanwhile both desks of each drone order it about, whoever holds it."""
    tasks = [
        asyncio.create_task(_orders(duo, by)) for duo in duos for by in (duo.giver, duo.receiver)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _orders(duo: Duo, by: str) -> None:
    while True:
        await duo.move(by)
        if by == duo.receiver:
            # Who received it shows that he has control, and the giver that he saw it.
            await duo.receives.ask("hold", drone=duo.drone)
            await duo.gives.ask("confirm", drone=duo.drone)
        await asyncio.sleep(_BETWEEN_S)


def _over(duo: Duo, back_s: float) -> bool:
    """Nobody holds it and it is safe; or its holder has flown it since everything was back."""
    record, seen = duo.records.newest[duo.drone], duo.world.log.now(duo.drone)
    if record.state is _S.ORPHANED:
        return seen is not None and seen.safe
    moves = marked_moves(duo.world.site, duo.world.log.moves(duo.drone))
    return any(at_s > back_s and mark.epoch == record.epoch for at_s, mark in moves)


def _judge(duo: Duo, told: Records, blow: Blow, begun_s: float, epoch: int) -> None:
    drone = duo.drone
    moves = marked_moves(duo.world.site, duo.world.log.moves(drone))
    assert proof.epochs(drone, moves) == [], blow
    assert proof.holders(drone, moves) == [], blow
    now = time.monotonic()
    alone = proof.unattended(told.tenancies(drone), lambda desk: [], now)
    alone = [(since, to) for since, to in alone if to > begun_s]
    outages = [(o.since_s, o.until_s or now) for o in duo.world.outages]
    assert proof.safe_alone(drone, duo.world.log.seen[drone], alone, outages) == [], blow
    # Both desks lived all the time: one of them holds it now, or it is said that nobody does.
    record = told.newest[drone]
    assert record.epoch >= epoch
    assert record.holder is None or record.holder.desk in (duo.giver, duo.receiver)
