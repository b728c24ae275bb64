"""A real nats-server for tests: on a temporary store, with every role; killed and restarted."""

import asyncio
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from gcs.keeper.people import DRAWN, People, directory_of, write_directory
from gcs.model.people import Person, Role
from gcs.runtime.clock import Clock
from gcs.shared.access import signed_by
from gcs.shared.bus import Bus, BusAccess
from gcs.shared.callout import Callout
from gcs.shared.callout_guests import Guests
from gcs.shared.nkey import AccountKey
from gcs.shared.roles import NatsUser, desk_user, service_users
from gcs.shared.server import LOOPBACK, Listen, free_port, server_command, wait_for_port
from gcs.shared.server import write_server_config as write_config
from gcs.shared.setup import set_up

SITE = "islington"
GATEWAY = "gw1"
PEOPLE = (
    Person("pilot-a", "Pilot A", Role.PILOT),
    Person("pilot-b", "Pilot B", Role.PILOT),
    Person("super-c", "Supervisor C", Role.SUPERVISOR),
    Person("observer-d", "Observer D", Role.OBSERVER),
)
# (person, desk) of the users every test server knows without a keeper. All have a pilot's rights
# on the bus, so that what gateway and keeper themselves refuse is seen. Others sign on.
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

    def __init__(
        self,
        folder: Path,
        site: str = SITE,
        gateway: str = GATEWAY,
        listen: Listen | None = None,
        people: Sequence[Person] = PEOPLE,
    ) -> None:
        self.site = site
        self.folder = folder
        listen = listen or Listen(free_port())
        self.port = listen.port
        self.key = AccountKey.generate()
        users = service_users(site, gateway, secrets.token_urlsafe)
        users += [
            desk_user(
                site, person, desk, Role.PILOT, secrets.token_urlsafe(), f"desk-{person}-{desk}"
            )
            for person, desk in DESKS
        ]
        self.users: dict[str, NatsUser] = {user.name: user for user in users}
        store, issuer = folder / "store", self.key.public
        self._config = write_config(folder / "nats.conf", listen, store, site, users, issuer)
        self.secrets = {desk: secrets.token_urlsafe() for _, desk in DESKS}
        self.write_directory(people)
        self._process: subprocess.Popen[bytes] | None = None
        self._open: list[Bus] = []

    def access(self, user: str) -> BusAccess:
        """How to connect as `admin`, `gateway`, `keeper`, `central` … or a desk's user."""
        return BusAccess(LOOPBACK, self.port, user, self.users[user].password)

    def desk_access(self, person: str, desk: str) -> BusAccess:
        """How to connect as a person at a desk (one of DESKS)."""
        return self.access(f"desk-{person}-{desk}")

    # -- people who sign on: answered by a keeper ----------------------------------------------
    def write_directory(self, people: Sequence[Person]) -> None:
        """Write the keeper's directory anew; everybody's password is `password_of` them."""
        passwords = {person.id: password_of(person.id) for person in people}
        self._directory = write_directory(
            self.folder / "directory.json", directory_of(people, passwords, self.secrets, DRAWN)
        )

    def people(self) -> People:
        """The directory, as a keeper reads it."""
        return People(self._directory)

    def callout(self, clock: Clock) -> Callout:
        """What a keeper answers the server with."""
        return Callout(self.access("keeper"), self.key, clock)

    async def guests(self) -> Guests:
        """The warden's view; the caller closes it."""
        return await Guests.open(self.access("warden"), self.site)

    def sign_on_access(self, person: str, desk: str, password: str | None = None) -> BusAccess:
        """How a person connects at a desk, when the keeper decides; none: the desk itself."""
        own = BusAccess(LOOPBACK, self.port, f"@{desk}", self.secrets[desk])
        if not person:
            return own
        return signed_by(own, person, password_of(person) if password is None else password)

    async def sign_on_bus(self, person: str, desk: str) -> Bus:
        """A bus of a person whom the keeper let in, closed with the server."""
        bus = await Bus.connect(self.sign_on_access(person, desk), f"test {person}@{desk}")
        self._open.append(bus)
        return bus

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


def password_of(person: str) -> str:
    """What every test's directory has for this person."""
    return f"the password of {person}"


async def until(
    condition: Callable[[], object], within_s: float = 5.0, what: str = "the condition"
) -> None:
    """Wait until `condition()` is true; fails the test when it is not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.01)
