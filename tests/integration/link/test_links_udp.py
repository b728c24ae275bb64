"""A network of two endpoints with simulated drones: one over two links, two with one id."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from gcs.link.ardupilot import ArduCopter
from gcs.link.network import Network
from gcs.link.rates import RateKeeper
from gcs.link.reports import Motion, TimeSync
from gcs.link.vehicle import Vehicle
from gcs.link.voice import Voice
from gcs.model.site import NetworkSpec, OperatingMode, Site
from gcs.runtime.clock import SystemClock
from gcs.sim.fleet import SimulatedFleet
from tests.integration.sim_drone.peers import SITE, running
from tests.support.nats import until
from tests.support.sites import heard_at

FIRST = "ISL-01"


def site_of(drone: str, address: tuple[str, int]) -> Site:
    """The site with this drone alone, as system 1, which speaks to `address`."""
    site = heard_at(SITE, address)
    return replace(site, drones=(replace(site.drone(drone), system_id=1),))


class Station:
    """What the gateway does on a network once a second."""

    def __init__(self, *endpoints: str) -> None:
        spec = NetworkSpec("north", endpoints)
        clock = SystemClock()
        self.network = Network(spec, OperatingMode.TRAINING, [1], clock, lambda: True)
        self.vehicle: Vehicle = self.network.vehicles[1]
        self.voice = Voice(clock)
        self.rates = RateKeeper(clock)
        self.network.on_report = self._heard

    def _heard(self, vehicle: Vehicle, report: object) -> None:
        if isinstance(report, TimeSync):
            self.voice.take_time(vehicle, report)

    async def run(self) -> None:
        while True:
            self.voice.heartbeat(self.vehicle)
            if self.vehicle.heard_within(3.0):
                self.voice.ask_time(self.vehicle)
                self.rates.turn(self.vehicle, ArduCopter().rates)
            await asyncio.sleep(0.5)


@asynccontextmanager
async def speaking(station: Station) -> AsyncIterator[None]:
    """A station whose network is open."""
    tasks = [asyncio.ensure_future(work()) for work in (station.run, station.network.run)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        station.network.close()


async def test_one_drone_over_two_links_goes_on_when_one_is_cut() -> None:
    clock = SystemClock()
    first = Station("udpin:127.0.0.1:0")
    address = await first.network.open()
    fleet = SimulatedFleet(site_of(FIRST, address), clock, seed=3)
    async with running(fleet):
        drone = fleet.address(FIRST)
        first.network.close()
        both = Station(f"udpin:127.0.0.1:{address[1]}", f"udpout:127.0.0.1:{drone[1]}")
        await both.network.open()
        async with speaking(both):
            vehicle = both.vehicle
            await until(lambda: vehicle.links_up == 2, 8.0, "the second link is proven")
            await until(lambda: vehicle.value(Motion), 5.0, "its position")
            await until(lambda: vehicle.uplink_age_s is not None, 5.0, "it answers")
            used = vehicle.used
            assert used is not None and both.network.trouble(vehicle) == ""
            cut = used.port.endpoint
            assert cut is not None
            cut.close()
            await until(lambda: vehicle.used is not used, 6.0, "the other link is used")
            seen = vehicle.count(Motion)
            await until(lambda: vehicle.count(Motion) > seen + 3, 6.0, "rates are asked anew")
            assert vehicle.heard_within(3.0)
            assert sum(link.used for link in both.network.links(vehicle)) == 1


async def test_two_drones_with_one_id_are_an_alarm_until_one_is_silent() -> None:
    clock = SystemClock()
    station = Station("udpin:127.0.0.1:0", "udpin:127.0.0.1:0")
    told: list[str] = []
    station.network.on_trouble = lambda vehicle, sentence: told.append(sentence)
    here = await station.network.open()
    there = station.network.addresses[1]
    async with speaking(station), running(SimulatedFleet(site_of(FIRST, here), clock, seed=3)):
        vehicle = station.vehicle
        await until(lambda: vehicle.value(Motion), 6.0, "the first drone")
        at, mine = vehicle.value(Motion), vehicle.address
        assert at is not None
        async with running(SimulatedFleet(site_of("ISL-04", there), clock, seed=4)):
            await until(lambda: station.network.trouble(vehicle), 6.0, "the alarm")
            assert "Two vehicles use system id 1 in network north" in told[0]
            now = vehicle.value(Motion)
            assert now is not None and vehicle.address == mine
            assert abs(now.position.lat_deg - at.position.lat_deg) < 1e-4, "never merged"
