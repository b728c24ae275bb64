"""An aircraft that a simulated drone hears, over real UDP, and the picture on a real bus."""

import asyncio
import contextlib
from pathlib import Path

from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.traffic import Traffic
from gcs.gateway.wire import Wire
from gcs.geo.earth import offset
from gcs.link.mavlink import dialect
from gcs.link.rates import RateKeeper
from gcs.model.event import EventKind, GatewayEvent, Severity
from gcs.model.telemetry import Phase
from gcs.model.traffic import TrafficPicture
from gcs.runtime.clock import SystemClock
from gcs.shared.subjects import Subjects
from gcs.sim.fleet import SimulatedFleet
from tests.integration.gateway.rig import small_site
from tests.support.nats import nats_server, until
from tests.support.sites import heard_at

FLYING, DOCKED = "ISL-01", "ISL-02"
ICAO = 0x406A10
VALID = 1 | 2 | 4 | 8 | 16 | 128


async def test_from_a_drones_receiver_to_every_desk(tmp_path: Path) -> None:
    site, clock = small_site(2), SystemClock()
    names = Subjects(site.id)
    place = offset(site.dock_of(FLYING).position, 0.0, 400.0)
    helicopter = dialect.MAVLink_adsb_vehicle_message(
        ICAO,
        round(place.lat_deg * 1e7),
        round(place.lon_deg * 1e7),
        dialect.ADSB_ALTITUDE_TYPE_PRESSURE_QNH,
        90_000,
        18_000,
        5_000,
        0,
        b"HLE21",
        dialect.ADSB_EMITTER_TYPE_ROTOCRAFT,
        1,
        VALID,
        0,
    )
    pictures: list[TrafficPicture] = []
    events: list[GatewayEvent] = []
    async with nats_server(tmp_path) as server:
        desk, bus = await server.desk("pilot-a", "desk-1"), await server.bus("gateway")
        await desk.listen(names.traffic(), TrafficPicture, lambda _, p: pictures.append(p))
        await desk.follow(
            names.events_stream, names.event(), GatewayEvent, lambda _, e: events.append(e)
        )
        wire = Wire(site, clock, lambda: True)
        await wire.open()
        drones = [
            Drone(spec, site.dock_of(spec.id), 40.0, wire.vehicle(spec.id)) for spec in site.drones
        ]
        drones[0].phase = Phase.ON_SCENE
        log = EventLog(bus, names, site.gateway, "i1", clock)
        traffic = Traffic(bus, names, site.gateway, "i1", drones, log, clock)
        for kind, hearer in traffic.hears.items():
            wire.hear(kind, hearer)
        (address,) = wire.addresses.values()
        fleet, rates = SimulatedFleet(heard_at(site, address), clock, seed=3), RateKeeper(clock)

        async def live() -> None:
            """The first drone's receiver hears it; the gateway asks for what it needs."""
            await fleet.wait_running()
            while True:
                fleet.drone(FLYING).hear_aircraft([helicopter])
                for drone in drones:
                    rates.turn(drone.vehicle, drone.autopilot.rates)
                await asyncio.sleep(0.2)

        tasks = [
            asyncio.ensure_future(p()) for p in (wire.run, fleet.run, traffic.run, log.run, live)
        ]
        try:
            await until(
                lambda: bool(pictures) and len(pictures[-1].encounters) == 2,
                10.0,
                "a picture with both drones",
            )
            (heard,) = pictures[-1].aircraft
            assert (heard.icao, heard.callsign, heard.heard_by) == (ICAO, "HLE21", FLYING)
            assert heard.category == "helicopter"
            assert heard.age_s <= 2.0
            severities = {e.drone: e.severity for e in pictures[-1].encounters}
            assert severities == {FLYING: Severity.WARNING, DOCKED: None}
            await until(lambda: bool(events), 5.0, "the event")
            assert (events[0].kind, events[0].drone) == (EventKind.TRAFFIC, FLYING)
            assert events[0].severity is Severity.WARNING
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            wire.close()
