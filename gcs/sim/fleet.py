"""All simulated drones of a site, in one process: their time, their sockets, their weather.

Simulated time runs at 1.0 against the monotonic clock; after a stall it catches up in
bounded steps and reads the sockets in between; a stall of seconds is not made up for, or
heartbeats that waited in the sockets would look like a lost station. `time_scale()` is
measured, not assumed.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace

from gcs.geo.earth import LocalFrame
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.sim.drone.config import Address, DroneConfig
from gcs.sim.drone.drone import SimulatedDrone
from gcs.sim.drone.endpoint import Endpoint, open_endpoint
from gcs.sim.weather import Weather

TICK_S = 0.02
_MOST_BEHIND_S = 2.0  # of a longer stall the rest is given up, and the time scale shows it
_TICKS_PER_TURN = 25  # half a second of simulated time between two looks at the sockets
_PAD_SPACING_M = 4.0
GROUND_AMSL_M = 30.0


class SimulatedFleet:
    """The site's drones. `run()` lives until it is cancelled.

    Each speaks to every listening endpoint of its network. Raises ValueError when that is
    outside 127.0.0.0/8. `streams`: the UDP port on this machine that a drone's camera sends to.
    """

    def __init__(
        self,
        site: Site,
        clock: Clock,
        seed: int,
        weather: Weather | None = None,
        *,
        ground_amsl_m: float = GROUND_AMSL_M,
        booted_s_ago: float = 3600.0,
        streams: Mapping[str, int] | None = None,
    ) -> None:
        wind = site.training
        self.weather = weather or Weather(wind.wind_speed_mps, wind.wind_from_deg, seed)
        self._clock = clock
        self._ticks = 0
        self._start_s = clock.monotonic()
        self._began_s: float | None = None
        self._running = asyncio.Event()
        offset_ms = clock.utc_ms() - self._start_s * 1000.0
        self._drones = {
            spec.id: SimulatedDrone(
                replace(
                    drone_config(site, spec.id, ground_amsl_m, booted_s_ago),
                    video_uri=_video_uri((streams or {}).get(spec.id, 0)),
                ),
                _gateways_of(site, spec.id)[0],
                self.weather,
                seed * 1000 + spec.system_id * 10,
                self._start_s,
                offset_ms,
            )
            for spec in site.drones
            if spec.simulated
        }
        for drone in self._drones.values():
            for gateway in _gateways_of(site, drone.id)[1:]:
                drone.also_beat_to(gateway)
        self._endpoints: dict[str, Endpoint] = {}

    @property
    def drones(self) -> tuple[SimulatedDrone, ...]:
        """All drones, in the site's order."""
        return tuple(self._drones.values())

    def drone(self, drone: str) -> SimulatedDrone:
        """One drone, to look at or to set faults on. Raises KeyError for an unknown one."""
        return self._drones[drone]

    def address(self, drone: str) -> Address:
        """Where a drone listens, once `run` has opened its socket. Raises KeyError before."""
        return self._endpoints[drone].address

    async def wait_running(self) -> None:
        """Return once all sockets are open and time passes."""
        await self._running.wait()

    @property
    def now_s(self) -> float:
        """The drones' time; at 1.0 it keeps up with the monotonic clock."""
        return self._start_s + self._ticks * TICK_S

    def time_scale(self) -> float:
        """Simulated seconds per second of the clock since `run` began; 0.0 before that."""
        if self._began_s is None:
            return 0.0
        passed_s = self._clock.monotonic() - self._began_s
        return self._ticks * TICK_S / passed_s if passed_s > 0.0 else 0.0

    async def run(self) -> None:
        """Open the sockets and let time pass until cancelled."""
        async with AsyncExitStack() as stack:
            for drone in self._drones.values():
                endpoint = await stack.enter_async_context(open_endpoint(drone))
                self._endpoints[drone.id] = endpoint
            stack.callback(self._endpoints.clear)
            await self._live()

    async def _live(self) -> None:
        self._began_s = self._clock.monotonic()
        offset_s = self._began_s - self.now_s
        self._running.set()
        while True:
            behind_s = self._clock.monotonic() - offset_s - self.now_s
            if behind_s > _MOST_BEHIND_S:
                offset_s += behind_s - _MOST_BEHIND_S
                behind_s = _MOST_BEHIND_S
            for _ in range(min(_TICKS_PER_TURN, int(behind_s / TICK_S))):
                self.tick()
            self._flush()
            left_s = self.now_s + TICK_S + offset_s - self._clock.monotonic()
            await asyncio.sleep(max(0.0, left_s))

    def tick(self) -> None:
        """Let one tick of simulated time pass for all drones."""
        self._ticks += 1
        now_s = self.now_s
        for drone in self._drones.values():
            drone.step(now_s)

    def _flush(self) -> None:
        for endpoint in self._endpoints.values():
            endpoint.flush()


def _gateways_of(site: Site, drone: str) -> list[Address]:
    """Where a drone sends its heartbeat: all endpoints that listen, the stand-by's too."""
    network = site.network(site.network_of(drone))
    found: list[Address] = []
    for endpoint in (*network.endpoints, *network.standby):
        kind, _, where = endpoint.partition(":")
        host, _, port = where.rpartition(":")
        if kind == "udpin":
            found.append((host, int(port)))
    if not found:
        raise ValueError(
            f"network {network.id}: endpoints {', '.join(network.endpoints)}: a simulated drone "
            "needs one that listens, udpin:127.0.0.1:PORT"
        )
    return found


def _video_uri(port: int) -> str:
    return f"udp://127.0.0.1:{port}" if port else ""


def drone_config(site: Site, drone: str, ground_amsl_m: float, booted_s_ago: float) -> DroneConfig:
    """A drone as its site sets it up: home, fence, return height, GCS failsafe on."""
    spec, dock = site.drone(drone), site.dock_of(drone)
    pad = [d.id for d in site.drones if d.dock == spec.dock].index(drone)
    east_m = _PAD_SPACING_M * ((pad + 1) // 2) * (1 if pad % 2 else -1)
    return DroneConfig(
        id=drone,
        system_id=spec.system_id,
        home=LocalFrame(dock.position).to_position(east_m, 0.0),
        home_amsl_m=ground_amsl_m + dock.roof_height_m,
        roof_height_m=dock.roof_height_m,
        booted_s_ago=booted_s_ago,
        heading_deg=spec.system_id * 47.0 % 360.0,
        fence=site.fence,
        parameters={
            "RTL_ALT_M": site.required_return_height_m(drone),
            "FS_GCS_ENABLE": 1.0,
            "FS_OPTIONS": 0.0,
        },
    )
