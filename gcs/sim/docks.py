"""The docks' weather stations of a training shift: each says its wind once a second on the bus."""

import asyncio
import math
from collections import deque

from gcs.model.site import Site
from gcs.model.weather import DockWeather
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects
from gcs.sim.weather import Weather

PERIOD_S = 1.0
GUSTS_OF_S = 600.0
AVERAGED_S = 10.0
_APART_S = 37.0  # gusts do not come to all docks at once


class DockStations:
    """All docks of a site that have a station. Reads the simulator's own weather."""

    def __init__(self, bus: Bus, site: Site, weather: Weather, clock: Clock) -> None:
        self._bus = bus
        self._subjects = Subjects(site.id)
        self._docks = [d.id for d in site.docks if d.weather_station]
        self._weather = weather
        self._clock = clock
        self._past: dict[str, deque[tuple[float, float]]] = {d: deque() for d in self._docks}

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            for number, dock in enumerate(self._docks):
                said = self.reading(dock, number * _APART_S)
                await self._bus.publish(self._subjects.dock_weather(dock), said)
            await asyncio.sleep(PERIOD_S)

    def reading(self, dock: str, shift_s: float = 0.0) -> DockWeather:
        """What the station shows now: the mean of 10 s, the strongest of 10 minutes."""
        now_s = self._clock.monotonic()
        wind = self._weather.at(now_s + shift_s)
        past = self._past[dock]
        past.append((now_s, math.hypot(wind.east_mps, wind.north_mps)))
        while past[0][0] < now_s - GUSTS_OF_S:
            past.popleft()
        recent = [speed for at_s, speed in past if at_s > now_s - AVERAGED_S]
        return DockWeather(
            dock=dock,
            wind_mps=sum(recent) / len(recent),
            gust_mps=max(speed for _, speed in past),
            from_deg=math.degrees(math.atan2(-wind.east_mps, -wind.north_mps)) % 360.0,
            utc_ms=self._clock.utc_ms(),
        )
