"""Other aircraft on the page: drawn, turned, ringed by severity alone, greyed, gone."""

from dataclasses import replace

from gcs.geo.earth import offset
from gcs.model.event import Severity
from gcs.model.traffic import Aircraft, Encounter, TrafficPicture
from tests.integration.map.desk_map import DeskMap

HELICOPTER, AIRLINER = 0x406A10, 0x400F22


def heard(desk_map: DeskMap, age_s: float = 1.0) -> TrafficPicture:
    """A helicopter near a drone and an airliner high above."""
    dock = desk_map.scene.site.docks[0].position
    low = Aircraft(
        HELICOPTER, "HLE21", "helicopter", offset(dock, 40, 700), 210.0, 215.0, 55.0, 0.0,
        age_s, "ISL-02",
    )  # fmt: skip
    high = Aircraft(
        AIRLINER, "SHT12K", "airliner", offset(dock, 300, 900), 2400.0, 90.0, 120.0, 5.0,
        0.5, "ISL-02",
    )  # fmt: skip
    near = Encounter("ISL-02", HELICOPTER, 520.0, 108.0, 9.0, 60.0, Severity.WARNING)
    over = Encounter("ISL-02", AIRLINER, 1100.0, 2298.0, 4.0, 800.0)
    utc_ms = desk_map.scene.clock.utc_ms()
    return TrafficPicture("gw1", "instance", utc_ms, (low, high), (near, over))


def part(icao: int, what: str) -> str:
    return f"document.querySelector('[data-aircraft=\"{icao:06X}\"] {what}')"


def test_aircraft_are_drawn_and_go(desk_map: DeskMap) -> None:
    scene, ask = desk_map.scene, desk_map.ask
    scene.fly("ISL-02", offset(scene.site.docks[0].position, 30, 260), 214.0)
    scene.batch()
    desk_map.selection.select_drone("ISL-02")
    picture = heard(desk_map)
    scene.state.apply_traffic(picture)
    desk_map.until("document.querySelectorAll('[data-aircraft]').length === 2")
    desk_map.until(
        f"{part(HELICOPTER, 'span')}.textContent.startsWith('+108 m to ISL-02, nearest in 9 s · ')"
    )
    assert ask(f"{part(HELICOPTER, 'b')}.textContent") == "HLE21"
    assert ask(f"{part(HELICOPTER, 'g')}.getAttribute('transform')") == "rotate(215)"
    wears = f"document.querySelector('[data-aircraft=\"{HELICOPTER:06X}\"]').classList"
    assert ask(f"{wears}.contains('warning')") is True
    quiet = f"document.querySelector('[data-aircraft=\"{AIRLINER:06X}\"]').className"
    assert ask(quiet).split()[:1] == ["aircraft"]
    assert "warning" not in ask(quiet) and "caution" not in ask(quiet)

    low, high = heard(desk_map, age_s=14.0).aircraft
    scene.state.apply_traffic(replace(picture, aircraft=(low, high), encounters=()))
    desk_map.until(f"{wears}.contains('old') && !{wears}.contains('warning')")
    desk_map.until(f"{part(HELICOPTER, 'span')}.textContent.startsWith('210 m AMSL')")
    scene.state.apply_traffic(replace(picture, aircraft=(high,), encounters=()))
    desk_map.until("document.querySelectorAll('[data-aircraft]').length === 1")
    assert desk_map.problems == []
