"""Hand-overs between real desks' cores: the full course, timed from "I have control" on.

Pairs of desks hand a drone to and fro, side by side, over a real bus, gateway and keeper; the
drones fly in this process and note what they took.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from gcs.apps import files
from gcs.apps.desk import DeskSession
from gcs.gateway.drone import NEEDS_HOLD
from gcs.model.command import ReceiptState
from gcs.model.control import ControlRecord, ControlState
from gcs.model.telemetry import Phase
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from tests.support.flight_log import Accepted
from tests.support.world import GATEWAY, KEEPER, World, crew_of, site_of, until, world

HEIGHT_M = 25.0
UP_S = 90.0
STEP_S = 20.0


@dataclass(slots=True)
class Transfers:
    """What was measured; times in ms."""

    done: int = 0
    to_command_ms: list[float] = field(default_factory=list)
    to_vehicle_ms: list[float] = field(default_factory=list)
    course_s: list[float] = field(default_factory=list)
    writes: int = 0
    seconds: float = 0.0


class Pair:
    """Two desks and the drone between them."""

    def __init__(self, found: World, drone: str, desks: tuple[DeskSession, DeskSession]) -> None:
        self._world = found
        self._drone = drone
        self._desks = desks
        self._taken: list[Accepted] = []
        found.log.listeners.append(self._note)

    async def launch(self) -> None:
        """The first desk launches the drone, and holds it still."""
        desk = self._desks[0]
        await until(lambda: desk.state.role, f"{desk.state.me.desk} signed on", UP_S)
        key = await self._world.call(self._drone)
        await until(lambda: desk.state.mission(key), f"the call {key}", UP_S)
        _done(await desk.desk.take_incident(key))

        async def launched() -> bool:
            return (await desk.desk.launch(key, self._drone, HEIGHT_M)).ok

        await until(launched, f"the launch of {self._drone}", UP_S)
        await until(lambda: self._phase(desk) is Phase.ON_SCENE, f"{self._drone} up", UP_S)
        _done(await desk.desk.hold(self._drone))
        await until(lambda: self._mode(desk) not in NEEDS_HOLD, f"{self._drone} holding", STEP_S)

    async def transfers(self, count: int, found: Transfers) -> None:
        """So many in turn, to and fro."""
        for number in range(count):
            giver, receiver = self._desks[number % 2], self._desks[1 - number % 2]
            begun_s = time.monotonic()
            await self._to_armed(giver, receiver)
            await self._assume(receiver, found)
            await self._confirmed(giver, receiver)
            found.course_s.append(time.monotonic() - begun_s)
            found.done += 1

    async def _to_armed(self, giver: DeskSession, receiver: DeskSession) -> None:
        drone, to = self._drone, receiver.state.me.person
        present = lambda: to in [d.holder.person for d in giver.state.others]  # noqa: E731
        await until(present, f"{to} present", STEP_S)
        _done(await giver.desk.offer(drone, to, "Bench."))
        await self._shows(receiver, ControlState.OFFERED)
        _done(await receiver.desk.open_brief(drone))
        await until(lambda: self._read(giver, receiver), f"{drone} armed", STEP_S)
        await self._shows(receiver, ControlState.ARMED)

    async def _read(self, giver: DeskSession, receiver: DeskSession) -> bool:
        """Tick what is not ticked, waive what fails, ask; a line may change meanwhile."""
        record, sheet = self._record(receiver), receiver.state.brief(self._drone)
        if record.state is ControlState.CHECKED:
            return (await giver.desk.arm(self._drone)).ok
        if sheet is None or record.state is not ControlState.BRIEFING or record.handover is None:
            return False
        for line in sheet.lines:
            if line not in record.handover.ticked:
                await receiver.desk.tick(self._drone, line)
        for check in sheet.checks:
            for desk in (giver, receiver):
                mark = (check.key, desk.state.me.person)
                if not check.ok and check.waivable and mark not in record.handover.waived:
                    await desk.desk.waive(self._drone, check.key)
        return False

    async def _assume(self, receiver: DeskSession, found: Transfers) -> None:
        """From sending "I have control" to the first command's receipt, and at the vehicle."""
        self._taken.clear()
        begun_s = time.monotonic()
        _done(await receiver.desk.assume(self._drone))
        held = _done(await receiver.desk.hold(self._drone))
        ended_s = time.monotonic()
        assert held.receipt is not None
        assert held.receipt.state is ReceiptState.SENT
        await until(lambda: self._taken, f"the command at {self._drone}", STEP_S)
        found.to_command_ms.append((ended_s - begun_s) * 1000)
        found.to_vehicle_ms.append((self._taken[0].at_s - begun_s) * 1000)

    async def _confirmed(self, giver: DeskSession, receiver: DeskSession) -> None:
        drone, me = self._drone, receiver.state.me
        await self._shows(giver, ControlState.CONFIRMING, ControlState.OWNED)
        if self._record(giver).state is ControlState.CONFIRMING:
            _done(await giver.desk.confirm(drone))
        for desk in (giver, receiver):
            await self._shows(desk, ControlState.OWNED)
            assert self._record(desk).holder == me
        receiver_holds = lambda: receiver.state.in_control(drone)  # noqa: E731
        await until(receiver_holds, f"{me.desk} in control of {drone}", STEP_S)

    # -- looking ---------------------------------------------------------------------------------
    async def _shows(self, desk: DeskSession, *states: ControlState) -> None:
        words = f"{self._drone} {' or '.join(states)} at {desk.state.me.desk}"
        await until(lambda: self._record(desk).state in states, words, STEP_S)

    def _record(self, desk: DeskSession) -> ControlRecord:
        found = desk.state.control(self._drone)
        assert found is not None
        return found

    def _phase(self, desk: DeskSession) -> object:
        view = desk.state.fleet.get(self._drone)
        return view.telemetry.phase if view else None

    def _mode(self, desk: DeskSession) -> object:
        view = desk.state.fleet.get(self._drone)
        return view.telemetry.mode if view else None

    def _note(self, entry: Accepted) -> None:
        if entry.drone == self._drone:
            self._taken.append(entry)


async def transfers(count: int, pairs: int, folder: Path) -> Transfers:
    """`count` hand-overs by `pairs` of desks, each with a drone of its own."""
    site = site_of(range(pairs), crew_of(2 * pairs, 0))
    found = Transfers()
    async with world(site, folder, KEEPER, GATEWAY) as running, AsyncExitStack() as stack:
        sessions = [_session(running, n) for n in range(1, 2 * pairs + 1)]
        for session in sessions:
            stack.push_async_callback(_ended, asyncio.create_task(session.run()))
        desks = zip(sessions[::2], sessions[1::2], strict=True)
        crews = [Pair(running, d.id, both) for d, both in zip(site.drones, desks, strict=True)]
        await _at_once(crews, lambda pair: pair.launch())
        bus = await running.connect(KEEPER)
        stack.push_async_callback(bus.close)
        await bus.listen(
            f"$KV.{Subjects(site.id).control_bucket}.drone.*", ControlRecord, _counting(found)
        )
        begun_s = time.monotonic()
        each = [count // pairs + (n < count % pairs) for n in range(pairs)]
        shares = dict(zip(crews, each, strict=True))
        await _at_once(crews, lambda pair: pair.transfers(shares[pair], found))
        found.seconds = time.monotonic() - begun_s
    return found


def _counting(found: Transfers) -> Callable[[str, ControlRecord], None]:
    def count(subject: str, record: ControlRecord) -> None:
        del subject, record
        found.writes += 1

    return count


def _session(running: World, number: int) -> DeskSession:
    return DeskSession(files.read(running.shift.join[f"desk-{number}"]))


async def _at_once(crews: list[Pair], work: Callable[[Pair], object]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for pair in crews:
            tasks.create_task(work(pair))  # type: ignore[arg-type]


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _done(outcome: Outcome) -> Outcome:
    assert outcome.ok, (outcome.text, outcome.reasons)
    return outcome
