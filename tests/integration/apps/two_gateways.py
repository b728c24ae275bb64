"""Two gateway processes on a real bus, and a vehicle that notes who speaks to it and when."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from gcs.apps import files
from gcs.apps.shift import STANDBY, lay_out
from gcs.link.mavlink import Framer, dialect
from gcs.model.site import NetworkSpec, Site
from gcs.runtime.settings import load_toml
from gcs.shared.server import server_command, wait_for_port
from gcs.shared.setup import set_up

ROOT = Path(__file__).resolve().parents[3]
ANY = ("udpin:127.0.0.1:0",)


class Vehicle(asyncio.DatagramProtocol):
    """Beats to both gateways; `heard` are the ports that spoke to it, in order, with the time."""

    def __init__(self, gateways: tuple[tuple[str, int], ...]) -> None:
        self.gateways = gateways
        self.heard: list[tuple[float, int, str]] = []
        self._framer = Framer(1, 1)
        self._ear = Framer(255, 190)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for message in self._ear.parse_datagram(data):
            self.heard.append((time.monotonic(), addr[1], message.get_type()))

    async def beat(self) -> None:
        """Five times a second: a docked ArduCopter."""
        assert self._transport is not None
        while True:
            beat = dialect.MAVLink_heartbeat_message(2, 3, 81, 5, 3, 3)
            for gateway in self.gateways:
                self._transport.sendto(self._framer.pack(beat), gateway)
            await asyncio.sleep(0.2)

    def first_from(self, port: int) -> float | None:
        return next((at for at, p, _ in self.heard if p == port), None)

    def last_from(self, port: int) -> float | None:
        return next((at for at, p, _ in reversed(self.heard) if p == port), None)


class TwoGateways:
    """The processes by name, each with the port its vehicle hears it from."""

    def __init__(self, shift_folder: Path, ports: dict[str, int], vehicle: Vehicle) -> None:
        self.folder = shift_folder
        self.ports = ports
        self.vehicle = vehicle
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        join = str(self.folder / f"{name}.json")
        program = [sys.executable, str(ROOT / "main.py")]
        self.processes[name] = _spawn([*program, "gateway", "--join", join])

    def signal(self, name: str, number: int) -> None:
        os.kill(self.processes[name].pid, number)

    def close(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


@asynccontextmanager
async def two_gateways(tmp_path: Path) -> AsyncIterator[TwoGateways]:
    """A bus and a vehicle; start the gateways by name."""
    site = load_toml(ROOT / "resources/sites/islington.toml", Site)
    network = NetworkSpec("net1", ANY, ANY)
    site = replace(site, drones=site.drones[:1], networks=(network,))
    shift = lay_out(site, tmp_path, None)
    bus = _spawn(server_command(shift.server_config))
    transport: asyncio.DatagramTransport | None = None
    beat: asyncio.Task[None] | None = None
    both: TwoGateways | None = None
    try:
        assert await wait_for_port(shift.admin.host, shift.admin.port, 15.0)
        await set_up(shift.admin, site.id)
        ports = {name: _port(shift.join[name]) for name in ("gateway", STANDBY)}
        addresses = tuple(("127.0.0.1", port) for port in ports.values())
        loop = asyncio.get_running_loop()
        transport, vehicle = await loop.create_datagram_endpoint(
            lambda: Vehicle(addresses), family=socket.AF_INET, local_addr=("127.0.0.1", 0)
        )
        beat = asyncio.create_task(vehicle.beat())
        both = TwoGateways(shift.folder, ports, vehicle)
        yield both
    finally:
        if both is not None:
            both.close()
        if beat is not None:
            beat.cancel()
        if transport is not None:
            transport.close()
        bus.kill()
        bus.wait()


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _port(join: Path) -> int:
    return int(files.read(join).site.networks[0].endpoints[0].rpartition(":")[2])
