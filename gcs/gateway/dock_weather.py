"""What the docks' weather stations last said. Drones in docks tell no wind themselves."""

from gcs.model.site import Site
from gcs.model.weather import DockWeather
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

STALE_S = 60.0


class DockWeatherBook:
    """The newest of each dock, by when it came in here. Call `watch` once."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self._site = site
        self._clock = clock
        self._docks = {d.id: d for d in site.docks}
        self._heard: dict[str, tuple[DockWeather, float]] = {}

    async def watch(self, bus: Bus, subjects: Subjects) -> None:
        """From now on take what the docks say on the bus."""
        await bus.listen(subjects.dock_weather(), DockWeather, self.take)

    def take(self, subject: str, weather: DockWeather) -> None:
        """A dock spoke; a dock may speak for itself alone."""
        if weather.dock in self._docks and subject.endswith(f".{weather.dock}"):
            self._heard[weather.dock] = (weather, self._clock.monotonic())

    def last(self, drone: str) -> tuple[DockWeather | None, float | None]:
        """What the drone's dock said last, and its age in seconds."""
        heard = self._heard.get(self._site.dock_of(drone).id)
        if heard is None:
            return None, None
        return heard[0], self._clock.monotonic() - heard[1]

    def against(self, drone: str) -> tuple[str, ...]:
        """Reasons against a launch of this drone, by the weather at its dock."""
        dock = self._site.dock_of(drone)
        heard = self._heard.get(dock.id)
        if not dock.weather_station:
            return ()
        if heard is None:
            return (f"the weather station of {dock.name} has not been heard",)
        weather, at_s = heard
        age_s = self._clock.monotonic() - at_s
        if age_s > STALE_S:
            return (f"the weather station of {dock.name} was last heard {age_s:.0f} s ago",)
        most = self._site.max_wind_mps(drone)
        if weather.wind_mps > most:
            return (f"wind {weather.wind_mps:.0f} m/s at {dock.name}, at most {most:.0f} m/s",)
        if weather.gust_mps > most:
            return (f"gusts of {weather.gust_mps:.0f} m/s at {dock.name}, at most {most:.0f} m/s",)
        return ()
