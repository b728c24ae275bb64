"""The docks' weather: what refuses a launch, and what the simulated stations say."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gcs.gateway.dock_weather import STALE_S, DockWeatherBook
from gcs.geo.volumes import against_volumes
from gcs.model.site import Site
from gcs.model.weather import DockWeather
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.sim.docks import GUSTS_OF_S, DockStations
from gcs.sim.weather import Weather

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
SUBJECT = "gcs.islington.wx.D1"


def said(wind: float, gust: float, dock: str = "D1") -> DockWeather:
    return DockWeather(dock, wind, gust, 240.0, 0)


@pytest.mark.parametrize(
    ("weather", "words"),
    [
        (said(4.0, 6.0), None),
        (said(12.0, 12.0), None),
        (said(13.0, 14.0), "wind 13 m/s at Dock 1 Clerkenwell, at most 12 m/s"),
        (said(8.0, 14.0), "gusts of 14 m/s at Dock 1 Clerkenwell, at most 12 m/s"),
    ],
)
def test_wind_and_gusts(weather: DockWeather, words: str | None) -> None:
    book = DockWeatherBook(SITE, ManualClock())
    book.take(SUBJECT, weather)
    assert book.against("ISL-01") == (() if words is None else (words,))


def test_a_docks_own_limit_counts_before_the_sites() -> None:
    docks = (replace(SITE.docks[0], max_wind_mps=5.0), *SITE.docks[1:])
    book = DockWeatherBook(replace(SITE, docks=docks), ManualClock())
    book.take(SUBJECT, said(6.0, 6.0))
    assert "at most 5 m/s" in book.against("ISL-01")[0]


def test_silence_and_old_weather_refuse() -> None:
    clock = ManualClock()
    book = DockWeatherBook(SITE, clock)
    assert "has not been heard" in book.against("ISL-01")[0]
    book.take(SUBJECT, said(1.0, 1.0))
    clock.advance(STALE_S)
    assert book.against("ISL-01") == ()
    clock.advance(1.0)
    assert book.against("ISL-01") == (
        "the weather station of Dock 1 Clerkenwell was last heard 61 s ago",
    )
    assert "has not been heard" in book.against("ISL-04")[0], "another dock's is not this one's"


def test_a_dock_speaks_for_itself_and_one_without_a_station_is_not_asked() -> None:
    book = DockWeatherBook(SITE, ManualClock())
    book.take("gcs.islington.wx.D2", said(1.0, 1.0, "D1"))
    book.take("gcs.islington.wx.D9", said(1.0, 1.0, "D9"))
    assert "has not been heard" in book.against("ISL-01")[0]
    docks = tuple(replace(d, weather_station=False) for d in SITE.docks)
    assert DockWeatherBook(replace(SITE, docks=docks), ManualClock()).against("ISL-01") == ()


def test_the_simulated_stations_gust_as_the_simulators_weather_does() -> None:
    clock, nothing = ManualClock(), None
    bus: Any = nothing
    weather = Weather(4.0, 240.0, seed=7)
    stations = DockStations(bus, SITE, weather, clock)
    seen = []
    for _ in range(120):
        clock.advance(1.0)
        seen.append(stations.reading("D1"))
    assert all(s.gust_mps >= s.wind_mps > 2.0 for s in seen)
    assert len({s.wind_mps for s in seen}) > 50
    assert 4.2 < seen[-1].gust_mps < SITE.safety.max_wind_mps
    assert all(210.0 < s.from_deg < 270.0 for s in seen)
    weather.set_wind(0.0, 240.0)
    clock.advance(GUSTS_OF_S + 1.0)
    assert stations.reading("D1").gust_mps == 0.0, "gusts of long ago are forgotten"


def test_islingtons_volume_covers_its_fence() -> None:
    for corner in SITE.fence.polygon:
        for dock in SITE.docks:
            agl_m = 80.0 + dock.roof_height_m
            assert against_volumes(SITE.volumes, dock.position, corner, agl_m, 0) == []
    assert SITE.volumes and all(d.weather_station for d in SITE.docks)
