"""The bench's desk: it holds every drone, gives orders, and times the batches it hears."""

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlAct, ControlReply, ControlRequest, LeaseRenewal, LeaseReply
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.runtime.clock import SystemClock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.subjects import Subjects
from tests.bench.city_packets import RING, centre_e7, place_of
from tests.bench.city_vehicles import SentTimes

# MAV_CMD of each order's first packet.
WIRE = {CommandKind.HOLD: 176, CommandKind.GO_TO: 192}
_AT_ONCE = 4
_TRIES = 5


@dataclass(frozen=True, slots=True)
class _Drone:
    """Of a batch's drone only what is timed."""

    drone: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class TelemetryBatch:
    """The batch as the bench reads it: named as on the bus, with little in it."""

    sequence: int
    drones: tuple[_Drone, ...]


class BatchAges:
    """From each position packet's send to the first batch that shows it or a newer one."""

    def __init__(self, site: Site, times: SentTimes, places: list[str]) -> None:
        self._times = times
        self._places = place_of()
        self._positions = [name == "GLOBAL_POSITION_INT" for name in places]
        self._centre = {d.id: centre_e7(site.dock_of(d.id).position) for d in site.drones}
        self._index = {d.id: i for i, d in enumerate(site.drones)}
        self._shown: dict[str, int] = {}
        self.ages_ms: list[float] = []
        self.batches = 0
        self.gaps = 0
        self.seen = 0
        self._sequence: int | None = None

    def start(self) -> None:
        """The window begins: what was measured before is left out."""
        self.ages_ms.clear()
        self.batches = self.gaps = 0

    def take(self, subject: str, batch: TelemetryBatch) -> None:
        """A batch arrived."""
        now_ns = time.monotonic_ns()
        if self._sequence is not None:
            self.gaps += batch.sequence - self._sequence - 1
        self._sequence = batch.sequence
        self.batches += 1
        self.seen = sum(d.position is not None for d in batch.drones)
        for drone in batch.drones:
            if drone.position is not None:
                self._drone(drone.drone, drone.position, now_ns)

    def _drone(self, drone: str, position: Position, now_ns: int) -> None:
        lat, lon = centre_e7(position)
        centre = self._centre[drone]
        place = self._places[lat - centre[0], lon - centre[1]]
        before = self._shown.get(drone)
        self._shown[drone] = place
        if before is None or before == place:
            return
        index = self._index[drone]
        for step in range(1, (place - before) % RING + 1):
            at = (before + step) % RING
            if self._positions[at]:
                self.ages_ms.append((now_ns - self._times.of(index, at)) / 1e6)


class Commander:
    """One desk that holds all drones and orders holds and moves in turn."""

    def __init__(self, bus: Bus, site: Site, me: Holder) -> None:
        self.bus, self._site, self._me = bus, site, me
        self._names = Subjects(site.id)
        self._clock = SystemClock()
        self._epochs: dict[str, int] = {}
        self.shows = CommandKind.HOLD
        self.sent: list[tuple[int, int, int]] = []  # monotonic ns, vehicle, MAV_CMD
        self.refused: Counter[str] = Counter()

    def start(self) -> None:
        """The window begins: earlier orders are left out."""
        self.sent.clear()
        self.refused.clear()

    async def live(self) -> None:
        """Renew the lease each second."""
        subject = self._names.lease(self._site.gateway, self._me.person, self._me.desk)
        for sequence in range(1_000_000):
            with contextlib.suppress(Exception):
                renewal = LeaseRenewal(self._me.person, self._me.desk, sequence)
                await self.bus.request(subject, renewal, LeaseReply, 1.0)
            await asyncio.sleep(1.0)

    async def take_all(self, drones: Sequence[str]) -> None:
        """Control of every drone; one that is refused again and again ends the bench."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def take(drone: str) -> None:
            async with free:
                self._epochs[drone] = await self._take(drone)

        async with asyncio.TaskGroup() as group:
            for drone in drones:
                group.create_task(take(drone))

    async def _take(self, drone: str) -> int:
        subject = self._names.control(self._site.gateway, self._me.person, self._me.desk, drone)
        why = ""
        for _ in range(_TRIES):
            request = ControlRequest(secrets.token_hex(8), ControlAct.TAKE, drone, self._me, 0)
            try:
                reply = await self.bus.request(subject, request, ControlReply, 10.0)
            except NoAnswer as error:
                why = str(error)
                continue
            if reply.record is not None and reply.record.holder == self._me:
                await self._show(drone, reply.record.epoch)
                return reply.record.epoch
            why = reply.text
            await asyncio.sleep(1.0)
        raise RuntimeError(f"{drone} could not be taken: {why}")

    async def _show(self, drone: str, epoch: int) -> None:
        """What is taken in the air has to be shown to obey: by the mode that it is in already."""
        now = self._clock.utc_ms()
        who = (self._me.person, self._me.desk, epoch, now, now + 10_000)
        command = Command(secrets.token_hex(8), self.shows, drone, *who)
        subject = self._names.command(self._site.gateway, self._me.person, self._me.desk, drone)
        with contextlib.suppress(NoAnswer):
            await self.bus.request(subject, command, Receipt, 6.0)

    async def order(self, per_second: float) -> None:
        """Orders until cancelled, each to the next drone, every other one a move."""
        drones = [d.id for d in self._site.drones]
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(10**9):
                await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
                kind = CommandKind.HOLD if number % 2 else CommandKind.GO_TO
                group.create_task(self._one(kind, number % len(drones), drones))

    async def _one(self, kind: CommandKind, index: int, drones: list[str]) -> None:
        drone = drones[index]
        now = self._clock.utc_ms()
        moves = kind is CommandKind.GO_TO
        at = self._site.dock_of(drone).position
        command = Command(
            secrets.token_hex(8),
            kind,
            drone,
            self._me.person,
            self._me.desk,
            self._epochs[drone],
            now,
            now + 10_000,
            target=Position(at.lat_deg, at.lon_deg) if moves else None,
            height_m=40.0 if moves else None,
        )
        subject = self._names.command(self._site.gateway, self._me.person, self._me.desk, drone)
        self.sent.append((time.monotonic_ns(), index, WIRE[kind]))
        try:
            receipt = await self.bus.request(subject, command, Receipt, 6.0)
        except NoAnswer as error:
            self.refused[str(error)] += 1
            return
        if receipt.state is not ReceiptState.SENT:
            self.refused["; ".join((receipt.text, *receipt.reasons))] += 1


def to_wire_ms(
    sent: list[tuple[int, int, int]], arrived: list[tuple[int, int, int]]
) -> tuple[list[float], int]:
    """Each order's time to its first packet at the vehicle, and how many never came."""
    times, missing = [], 0
    for at_ns, vehicle, command in sent:
        first = next(
            (t for t, v, c in arrived if t >= at_ns and (v, c) == (vehicle, command)), None
        )
        if first is None or first - at_ns > 5e9:
            missing += 1
        else:
            times.append((first - at_ns) / 1e6)
    return times, missing
