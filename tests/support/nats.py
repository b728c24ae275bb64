"""A real nats-server for tests: on a temporary store, with every role; killed and restarted."""

import asyncio
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from gcs.shared.bus import Bus, BusAccess
from gcs.shared.roles import NatsUser, desk_user, service_users
from gcs.shared.server import LOOPBACK, free_port, server_command, wait_for_port
from gcs.shared.server import write_server_config as write_config
from gcs.shared.setup import set_up

SITE = "islington"
GATEWAY = "gw1"
# (person, desk) of the users every test server knows.
DESKS = (
    ("pilot-a", "desk-1"),
    ("pilot-b", "desk-2"),
    ("super-c", "desk-3"),
    ("observer-d", "desk-4"),
    ("pilot-a", "desk-9"),
)
UP_WITHIN_S = 10.0


class NatsServer:
    """One server process. Start it with `nats_server`."""

    def __init__(self, folder: Path, site: str = SITE, gateway: str = GATEWAY) -> None:
        self.site = site
        self.folder = folder
        self.port = free_port()
        users = service_users(site, gateway, secrets.token_urlsafe)
        users += [
            desk_user(site, person, desk, secrets.token_urlsafe(), f"desk-{person}-{desk}")
            for person, desk in DESKS
        ]
        self.users: dict[str, NatsUser] = {user.name: user for user in users}
        self._config = write_config(folder / "nats.conf", self.port, folder / "store", users)
        self._process: subprocess.Popen[bytes] | None = None
        self._open: list[Bus] = []

    def access(self, user: str) -> BusAccess:
        """How to connect as `admin`, `gateway`, `keeper`, `central`, `train` or a desk's user."""
        return BusAccess(LOOPBACK, self.port, user, self.users[user].password)

    def desk_access(self, person: str, desk: str) -> BusAccess:
        """How to connect as a person at a desk (one of DESKS)."""
        return self.access(f"desk-{person}-{desk}")

    async def bus(self, user: str) -> Bus:
        """A connected bus, closed with the server."""
        bus = await Bus.connect(self.access(user), f"test {user}")
        self._open.append(bus)
        return bus

    async def desk(self, person: str, desk: str) -> Bus:
        """A connected bus of a person at a desk."""
        return await self.bus(f"desk-{person}-{desk}")

    async def start(self) -> None:
        """Run the server and wait until it answers."""
        self._spawn()
        if not await wait_for_port(LOOPBACK, self.port, UP_WITHIN_S):
            text = (self.folder / "nats.log").read_text(errors="replace")
            self.kill()
            raise AssertionError(f"nats-server did not start:\n{text}")

    def _spawn(self) -> None:
        with (self.folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                server_command(self._config), stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._end(signal.SIGKILL)

    async def restart(self) -> None:
        """Run it again on the same store and port."""
        await self.start()

    async def lose_store(self) -> None:
        """Kill it, throw its disk away, run it again with empty streams."""
        self.kill()
        shutil.rmtree(self.folder / "store")
        await self.start()
        await set_up(self.access("admin"), self.site)

    async def stop(self) -> None:
        """Close every bus it gave out, then end it."""
        await asyncio.gather(*(bus.close() for bus in self._open), return_exceptions=True)
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            process.wait(10)


@asynccontextmanager
async def nats_server(folder: Path, site: str = SITE) -> AsyncIterator[NatsServer]:
    """A running server with the site's streams and buckets made."""
    server = NatsServer(folder, site)
    await server.start()
    try:
        await set_up(server.access("admin"), site)
        yield server
    finally:
        await server.stop()


async def until(
    condition: Callable[[], object], within_s: float = 5.0, what: str = "the condition"
) -> None:
    """Wait until `condition()` is true; fails the test when it is not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.01)
