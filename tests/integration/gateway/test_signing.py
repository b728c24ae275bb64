"""A drone that signs, over real UDP: it obeys its key, an injector does not get through."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.apps import keys as verb
from gcs.link.autopilots import driver_for
from gcs.link.commands import Commander
from gcs.link.keys import keys_of
from gcs.link.mavlink import Framer, dialect
from gcs.link.network import Network
from gcs.link.reports import Heartbeat
from gcs.link.signing import Fault, SigningKey, VehicleSigning
from gcs.model.site import NetworkSpec, OperatingMode, Site
from gcs.model.vehicle import SigningState
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import load_toml
from gcs.sim.fleet import SimulatedFleet
from tests.support.nats import until
from tests.support.sites import heard_at

ROOT = Path(__file__).parents[3]
SITE = load_toml(ROOT / "resources/sites/islington.toml", Site)
ONE = replace(SITE, drones=SITE.drones[:1], training=replace(SITE.training, wind_speed_mps=0.0))
DRONE = "ISL-01"
SECRET = bytes(range(32))


@asynccontextmanager
async def living(*works: Callable[[], object]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(work()) for work in works]  # type: ignore[call-overload]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def free_port() -> int:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def test_a_signed_drone_obeys_and_an_injector_does_not_get_through() -> None:
    clock = SystemClock()
    ours = VehicleSigning(DRONE, SigningKey(SECRET), clock)
    network = Network(
        NetworkSpec("net1"), OperatingMode.TRAINING, [1], clock, lambda: True, signing={1: ours}
    )
    address = await network.open()
    fleet = SimulatedFleet(heard_at(ONE, address), clock, seed=3)
    drone, vehicle = fleet.drone(DRONE), network.vehicles[1]
    drone.signing.set_up(SECRET, ours.next_stamp())
    async with living(network.run, fleet.run):
        await until(lambda: vehicle.value(Heartbeat) is not None, 5.0, "a signed heartbeat")
        assert ours.state is SigningState.GOOD
        pilot = driver_for(vehicle.value(Heartbeat))
        answer = await Commander().execute(vehicle, pilot.take_off_steps(30.0)[0].order)
        assert answer.accepted, answer.words
        await until(lambda: int(drone.pilot.mode) == 4, 5.0, "GUIDED")

        loop = asyncio.get_running_loop()
        injector, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
        rtl = dialect.MAVLink_command_long_message(1, 1, 176, 0, 1.0, 6.0, 0, 0, 0, 0, 0)
        forged = dialect.MAVLink_heartbeat_message(2, 3, 81 | 128, 9, 4, 3)
        injector.sendto(Framer(255, 190).pack(rtl), fleet.address(DRONE))
        await until(lambda: drone.signing.dropped == 1, 5.0, "the drone drops it")
        injector.sendto(Framer(1, 1).pack(forged), address)
        await until(lambda: ours.dropped[Fault.UNSIGNED] == 1, 5.0, "the network drops it")
        beats = vehicle.count(Heartbeat)
        await until(lambda: vehicle.count(Heartbeat) > beats, 5.0, "the next own one")
        beat = vehicle.value(Heartbeat)
        assert beat is not None and not beat.armed and beat.custom_mode == 4
        assert int(drone.pilot.mode) == 4
        assert network.trouble(vehicle) == "" == ours.trouble()
        injector.close()
    network.close()


async def test_a_key_is_made_installed_shown_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    endpoint = f"udpin:127.0.0.1:{port}"
    fleet = SimulatedFleet(heard_at(ONE, ("127.0.0.1", port)), SystemClock(), seed=3)
    signing = fleet.drone(DRONE).signing

    async def keys(act: str, with_endpoint: bool = False) -> tuple[int, str]:
        options = verb.KeyOptions(
            act, DRONE, "islington", tmp_path, endpoint if with_endpoint else "", system=False
        )
        code = await asyncio.to_thread(verb.main, options)
        return code, capsys.readouterr().out

    async with living(fleet.run):
        await fleet.wait_running()
        assert await keys("show") == (1, "ISL-01 has no key here\n")
        assert (await keys("install", True))[0] == 1
        code, said = await keys("new")
        key = keys_of("islington", tmp_path, system=False).read(DRONE)
        assert code == 0 and key is not None and key.fingerprint in said
        assert (await keys("new"))[0] == 1, "a key is not overwritten"
        code, said = await keys("install", True)
        assert (code, "took its key" in said) == (0, True), said
        assert signing.key is not None and signing.key.fingerprint == key.fingerprint
        assert await keys("show") == (0, f"ISL-01: {key.fingerprint}\n")
        code, said = await keys("remove", True)
        assert (code, "from it and from here" in said) == (0, True), said
        assert fleet.drone(DRONE).signing.key is None
        assert (await keys("show"))[0] == 1
        assert key.secret.hex() not in said


async def test_install_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    fleet = SimulatedFleet(heard_at(ONE, ("127.0.0.1", port)), SystemClock(), seed=3)
    drone = fleet.drone(DRONE)

    async def keys(act: str, endpoint: str = "", name: str = DRONE) -> str:
        options = verb.KeyOptions(act, name, "islington", tmp_path, endpoint, system=False)
        assert await asyncio.to_thread(verb.main, options) == 1
        return capsys.readouterr().out

    with contextlib.redirect_stdout(None):
        keys_of("islington", tmp_path, system=False).write(DRONE, SigningKey(SECRET))
    assert "not a drone of Islington" in await keys("show", name="ISL-99")
    assert "127.0.0.0/8 only" in await keys("install", "udpin:0.0.0.0:14550")
    assert "give --endpoint" in await keys("install")
    async with living(fleet.run):
        await fleet.wait_running()
        drone.signing.set_up(bytes(range(1, 33)), 1)
        assert "signs with another key" in await keys("install", f"udpin:127.0.0.1:{port}")
        drone.signing.set_up(bytes(32), 0)
        drone.pilot.armed = True
        said = await keys("install", f"udpin:127.0.0.1:{port}")
        assert "is armed" in said and drone.signing.key is None
