"""The vehicles of the gateway bench, in a process of their own: real UDP, one socket each.

`python -m tests.bench.city_vehicles CONFIG`: sends until its standard input closes, then writes
what it did as JSON. It flies nothing: it keeps its beat, answers, and notes when a command came.
"""

import json
import mmap
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gcs.link.mavlink import dialect
from tests.bench.city_answers import Answers
from tests.bench.city_packets import RING, Timed, ring, schedule

TICK_S = 0.001
BRAKE = 17  # ArduCopter's mode of standing still


@dataclass(frozen=True, slots=True)
class VehicleConfig:
    """One vehicle: the gateway's port, its system id, the middle of its circle, its mode."""

    port: int
    system_id: int
    lat_e7: int
    lon_e7: int
    mode: int = BRAKE


@dataclass(slots=True)
class Done:
    """What the process tells at its end. `commands`: monotonic ns, vehicle, MAV_CMD."""

    sent: int = 0
    refused: int = 0
    late_ms: float = 0.0
    heard: int = 0
    commands: list[tuple[int, int, int]] = field(default_factory=list)


class SentTimes:
    """When each place of each vehicle's ring was last sent, for another process to read."""

    def __init__(self, path: Path, vehicles: int, *, make: bool) -> None:
        size = vehicles * RING * 8
        if make:
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)
        self.ns = memoryview(self._map).cast("q")

    def of(self, vehicle: int, place: int) -> int:
        """Monotonic nanoseconds; 0: not sent yet."""
        return self.ns[vehicle * RING + place]


class SyntheticVehicle:
    """One socket, one ring. An answer takes the place (and the number) of the next packet."""

    def __init__(self, index: int, config: VehicleConfig, places: list[str]) -> None:
        self.index = index
        self.places = places
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", config.port))
        self.socket.setblocking(False)
        self._config = config
        packets = ring(config.system_id, (config.lat_e7, config.lon_e7), places, config.mode)
        self.packets = [
            Timed(packet) if name in Timed.NAMES else packet
            for name, packet in zip(places, packets, strict=True)
        ]
        self.next = 0
        self._answers: list[Any] = []
        self._orders: list[int] = []
        self._replies = Answers(self._orders.append)
        self._mav = dialect.MAVLink(None, srcSystem=config.system_id, srcComponent=1)

    def packet(self) -> bytes:
        """The packet that is due now."""
        place = self.next
        self.next = (place + 1) % RING
        if self._answers and self.places[place] == "ATTITUDE":
            self._mav.seq = place
            return bytes(self._answers.pop(0).pack(self._mav))
        packet = self.packets[place]
        if isinstance(packet, bytes):
            return packet
        return packet.at(time.monotonic_ns() // 1_000_000 & 0xFFFFFFFF)

    def take(self, data: bytes, done: Done) -> None:
        """A packet of the gateway's: MAVLink 2, unsigned or signed."""
        done.heard += 1
        kind = int.from_bytes(data[7:10], "little")
        if kind == dialect.MAVLINK_MSG_ID_HEARTBEAT:
            return
        now_ns = time.monotonic_ns()
        orders = len(self._orders)
        answer = self._replies.to(data)
        done.commands.extend((now_ns, self.index, c) for c in self._orders[orders:])
        if answer is not None:
            self._answers.append(answer)


class Sender:
    """All vehicles, evenly paced: each sends `rate` packets a second, none at the same moment."""

    def __init__(self, config: dict[str, Any]) -> None:
        specs = [VehicleConfig(**v) for v in config["vehicles"]]
        places = schedule(config["rate"])
        self._vehicles = [SyntheticVehicle(i, v, places) for i, v in enumerate(specs)]
        self._rate = config["rate"] * len(specs)
        self._times = SentTimes(Path(config["times"]), len(specs), make=False)
        self._poll = select.epoll()
        self._of = {v.socket.fileno(): v for v in self._vehicles}
        for number in self._of:
            self._poll.register(number, select.EPOLLIN)
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        self.done = Done()

    def run(self) -> None:
        """Until standard input closes."""
        begun_ns, sent, over = time.monotonic_ns(), 0, False
        vehicles, count = self._vehicles, len(self._vehicles)
        while not over:
            due = int((time.monotonic_ns() - begun_ns) * 1e-9 * self._rate)
            self.done.late_ms = max(self.done.late_ms, (due - sent) / self._rate * 1e3)
            while sent < due:
                self._send(vehicles[sent % count])
                sent += 1
            over = self._listen()

    def _send(self, vehicle: SyntheticVehicle) -> None:
        place = vehicle.next
        data = vehicle.packet()
        self._times.ns[vehicle.index * RING + place] = time.monotonic_ns()
        try:
            vehicle.socket.send(data)
            self.done.sent += 1
        except (BlockingIOError, ConnectionRefusedError):
            self.done.refused += 1

    def _listen(self) -> bool:
        over = False
        for number, _ in self._poll.poll(TICK_S):
            vehicle = self._of.get(number)
            if vehicle is None:
                over = True
                continue
            try:
                vehicle.take(vehicle.socket.recv(2048), self.done)
            except (BlockingIOError, ConnectionRefusedError):
                continue
        return over


def main() -> int:
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sender = Sender(config)
    print("ready", flush=True)
    sender.run()
    print(json.dumps(asdict(sender.done)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
