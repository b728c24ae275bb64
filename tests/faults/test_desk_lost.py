"""A desk is lost in each state of a hand-over: killed, or its network cut. Real processes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gcs.model.control import ControlRecord, ControlState
from gcs.station.state import LEASE_GREY_AFTER_S
from tests.faults.duo import Duo
from tests.faults.records import watched
from tests.support.course import ALL, signed_on
from tests.support.cut_line import cut_line
from tests.support.world import crew_of, site_of, until, world

LEASE_S = 5.0
SOON_S = LEASE_S + 1.0
CONFIRM_S = 10.0
SLACK_S = 0.5  # of the watching: a bus's way, a look every 20 ms
_S = ControlState


@dataclass(frozen=True)
class Loss:
    """In `state` the giver or the receiver dies; then it is nobody's, or still or newly whose."""

    state: ControlState
    giver_dies: bool
    ends: str  # "nobody", "giver" or "receiver"
    within_s: float = SOON_S
    moving: bool = False


LOSSES = (
    Loss(_S.OWNED, True, "nobody", moving=True),
    Loss(_S.OFFERED, True, "nobody", moving=True),
    Loss(_S.BRIEFING, True, "nobody", moving=True),
    Loss(_S.CHECKED, True, "nobody"),
    Loss(_S.ARMED, True, "nobody"),
    Loss(_S.CONFIRMING, True, "receiver", SOON_S + CONFIRM_S),
    Loss(_S.BRIEFING, False, "giver"),
    Loss(_S.ARMED, False, "giver"),
    Loss(_S.CONFIRMING, False, "nobody"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "losses", [LOSSES[:3], LOSSES[3:6], LOSSES[6:]], ids=["early", "late", "receiver"]
)
async def test_a_desk_killed_in_each_state(tmp_path: Path, losses: tuple[Loss, ...]) -> None:
    """Never two, never none without its being said: nobody's within the lease and a second, or
    still whose it was; and the drone needs nobody meanwhile."""
    desks = [f"desk-{n}" for n in range(1, 2 * len(losses) + 1)]
    site = site_of(range(len(losses)), crew_of(len(desks), 0))
    async with (
        world(site, tmp_path, *ALL) as found,
        watched(found) as told,
    ):
        await signed_on(found, *desks)
        duos = [
            Duo(found, told, d.id, *desks[2 * n : 2 * n + 2]) for n, d in enumerate(site.drones)
        ]
        await _all(duos, lambda n, duo: duo.owned())
        # All to the last state that lasts; then each to its own, and at once its loss.
        await _all(duos, lambda n, duo: duo.to(min(losses[n].state, _S.CHECKED, key=_rank)))
        await _all(duos, lambda n, duo: _lose(duo, losses[n]))


async def _lose(duo: Duo, loss: Loss) -> None:
    found, drone = duo.world, duo.drone
    await duo.to(loss.state)
    if loss.state is _S.CONFIRMING:
        await duo.receives.done("hold", drone=drone)  # he shows that he has control
    if loss.moving:
        assert await duo.move(duo.giver)
        await until(lambda: not _safe(duo), f"{drone} on its way")
    before, dies = duo.records.newest[drone], duo.giver if loss.giver_dies else duo.receiver
    assert before.state is loss.state
    died_s = time.monotonic()
    found.kill(dies)
    await until(
        lambda: _ended(duo, loss, duo.records.newest[drone]),
        f"{drone}: {loss} to end, it is {duo.records.newest[drone]}",
        loss.within_s + SLACK_S,
    )
    await until(lambda: _safe(duo), f"{drone}: {loss}: safe", SOON_S)
    safe_s = found.log.first(drone, died_s, lambda seen: seen.safe)
    assert safe_s is not None and safe_s - died_s <= SOON_S, loss
    after = duo.records.newest[drone]
    assert after.epoch == before.epoch + (loss.ends == "nobody")
    if loss.ends == "nobody":
        # Not before the lease was over either: a desk that stutters keeps it.
        assert duo.records.since_s(after) - died_s >= LEASE_S - 1.0 - SLACK_S, loss
    if loss.state is _S.CONFIRMING and loss.ends == "nobody":
        assert after.first is not None and after.first.desk == duo.giver


def _ended(duo: Duo, loss: Loss, record: ControlRecord) -> bool:
    if loss.ends == "nobody":
        return record.state is _S.ORPHANED and record.holder is None
    desk = duo.giver if loss.ends == "giver" else duo.receiver
    owner = record.holder.desk if record.holder else None
    return record.state is _S.OWNED and owner == desk and record.handover is None


def _safe(duo: Duo) -> bool:
    seen = duo.world.log.now(duo.drone)
    return seen is not None and seen.safe


def _rank(state: ControlState) -> int:
    return (_S.OWNED, _S.OFFERED, _S.BRIEFING, _S.CHECKED, _S.ARMED, _S.CONFIRMING).index(state)


async def _all(duos: list[Duo], work: Callable[[int, Duo], Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number, duo in enumerate(duos):
            tasks.create_task(_one(work(number, duo)))


async def _one(work: Awaitable[None]) -> None:
    await work


@pytest.mark.slow
async def test_a_desk_cut_off_knows_it_before_the_gateway_does(tmp_path: Path) -> None:
    """It shows "not in control" 4 s after the last renewal that was answered, by its own clock;
    the gateway gives it up after 5 s; and back on the bus it is not the holder again by itself."""
    site = site_of((0,), crew_of(2, 0))
    async with world(site, tmp_path, *ALL) as found, cut_line(found, "desk-1") as line:
        await signed_on(found, "desk-1", "desk-2")
        async with watched(found) as told:
            duo = Duo(found, told, "ISL-01", "desk-1", "desk-2")
            await duo.owned()
            assert await duo.move("desk-1")
            await until(lambda: not _safe(duo), "the drone on its way")
            shown = await duo.gives.drone("ISL-01")
            assert shown and shown["in_control"]

            line.cut()
            cut_s = time.monotonic()
            await until(lambda: _not_in_control(duo), "the desk to see it", LEASE_GREY_AFTER_S + 1)
            grey_s = time.monotonic() - cut_s
            assert LEASE_GREY_AFTER_S - 1.0 - SLACK_S <= grey_s <= LEASE_GREY_AFTER_S + SLACK_S
            record = told.newest["ISL-01"]
            assert record.holder and record.holder.desk == "desk-1", "the desk knew it first"
            assert not await duo.move("desk-1"), "what it still orders gets nowhere"

            await until(lambda: duo.state is _S.ORPHANED, "the orphan", SOON_S)
            assert told.since_s(told.newest["ISL-01"]) - cut_s <= SOON_S
            await until(lambda: _safe(duo), "safe", SOON_S)
            safe_s = found.log.first("ISL-01", cut_s, lambda seen: seen.safe)
            assert safe_s is not None and safe_s - cut_s <= SOON_S
            moves = len(found.log.moves("ISL-01"))

            line.mend()
            await until(lambda: _heard_again(duo), "the desk back on the bus", 30.0)
            assert not await duo.move("desk-1"), "it has to claim it again"
            assert len(found.log.moves("ISL-01")) == moves


async def _not_in_control(duo: Duo) -> bool:
    shown = await duo.gives.drone(duo.drone)
    return shown is not None and not shown["in_control"]


async def _heard_again(duo: Duo) -> bool:
    shown = await duo.gives.drone(duo.drone)
    return shown is not None and shown["state"] == _S.ORPHANED
