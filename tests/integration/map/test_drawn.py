"""What the real page draws, and that its figures are counted there."""

import json

import numpy as np

from gcs.geo.earth import offset
from gcs.model.mission import Grade, MissionState
from gcs.video.frame import Frame
from tests.integration.map.desk_map import DeskMap
from tests.support.fake_wall import looking
from tests.support.map_scene import ME, OTHER


def test_the_page_draws_the_shift_and_asks_nobody_outside(desk_map: DeskMap) -> None:
    assert desk_map.figures() == (0, 0, 1)
    desk_map.scene.batch()
    desk_map.scene.incident(1042, Grade.IMMEDIATE, desk_map.scene.site.docks[0].position)
    desk_map.until_figures(9, 1, 1)
    assert desk_map.view.external_requests == 0
    assert desk_map.problems == []
    assert desk_map.view.words == ""


def test_figures_fall_when_marks_are_taken_out_of_the_page(desk_map: DeskMap) -> None:
    desk_map.scene.batch()
    desk_map.scene.incident(1042, Grade.IMMEDIATE, desk_map.scene.site.docks[0].position)
    desk_map.until_figures(9, 1, 1)
    desk_map.ask("document.querySelector('[data-drone=\"ISL-04\"]').remove(), 0")
    assert desk_map.figures() == (8, 1, 1)
    desk_map.ask("document.querySelector('.incident').style.display = 'none', 0")
    assert desk_map.figures() == (8, 0, 1)
    desk_map.ask("document.querySelector('[data-kind=fences]').click(), 0")
    assert desk_map.figures() == (8, 0, 0)


def test_a_drone_leaves_its_dock_and_a_closed_incident_leaves_the_map(desk_map: DeskMap) -> None:
    scene = desk_map.scene
    dock = scene.site.docks[0].position
    scene.hold("ISL-02", ME)
    scene.batch()
    scene.incident(1042, Grade.IMMEDIATE, dock)
    desk_map.until_figures(9, 1, 1)
    scene.fly("ISL-02", offset(dock, 30, 300), 30)
    scene.batch()
    desk_map.until("document.querySelector('.drone.own b')?.textContent === 'ISL-02 · you'")
    assert desk_map.ask("document.querySelector('.dock[data-dock=D1] .count').textContent") == (
        "2 in"
    )
    scene.incident(1042, Grade.IMMEDIATE, dock, state=MissionState.CLOSED)
    desk_map.until_figures(9, 0, 1)


def test_another_desk_s_drone_is_drawn_as_theirs(desk_map: DeskMap) -> None:
    scene = desk_map.scene
    scene.hold("ISL-05", OTHER)
    scene.fly("ISL-05", offset(scene.site.docks[1].position, 90, 200), 90)
    scene.batch()
    desk_map.until("document.querySelector('.drone.other b')?.textContent === 'ISL-05 · Pilot B'")


def test_the_ground_is_painted(desk_map: DeskMap) -> None:
    desk_map.view.look_at(desk_map.scene.site.docks[0].position, 17)
    desk_map.until(
        """(() => {
            const tiles = [...document.querySelectorAll('.leaflet-tile-loaded')];
            const shades = new Set();
            for (const tile of tiles) {
                const pixels = tile.getContext('2d').getImageData(0, 0, 512, 512).data;
                for (let i = 0; i < pixels.length; i += 4 * 97) {
                    shades.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
                }
            }
            return tiles.length > 0 && shades.size > 4;
        })()"""
    )


def test_a_scripted_pan_tells_frames_a_second(desk_map: DeskMap) -> None:
    assert desk_map.run(desk_map.view.figures()).frames_per_second == 0.0
    measured = desk_map.run(desk_map.view.scripted_pan(0.8))
    assert measured > 1.0
    assert desk_map.run(desk_map.view.figures()).frames_per_second == measured


def test_fixed_cameras_stand_on_the_map_and_are_chosen_there(desk_map: DeskMap) -> None:
    desk_map.scene.batch()
    desk_map.until("document.querySelectorAll('[data-camera]').length === 2")
    assert desk_map.ask("document.querySelectorAll('path.cone').length") == 2
    desk_map.selection.select_drone("ISL-02")
    desk_map.view.look_at(desk_map.scene.site.camera("CAM-1").position, 17)
    desk_map.click(desk_map.point_of("[data-camera=CAM-1]"))
    desk_map.qtbot.waitUntil(lambda: desk_map.selection.camera == "CAM-1", timeout=8000)
    assert desk_map.selection.drone == "ISL-02"
    desk_map.until("document.querySelector('[data-camera=CAM-1]').classList.contains('selected')")
    desk_map.ask("document.querySelector('[data-kind=cameras]').click(), 0")
    desk_map.until("document.querySelectorAll('[data-camera], path.cone').length === 0")
    assert desk_map.problems == [] and desk_map.view.external_requests == 0


def test_the_footprint_follows_the_newest_picture_and_greys(desk_map: DeskMap) -> None:
    scene = desk_map.scene
    dock = scene.site.docks[0].position
    scene.hold("ISL-02", ME)
    scene.fly("ISL-02", dock, 30)
    scene.batch()

    def see(azimuth_deg: float, ago_s: float) -> None:
        pixels = np.zeros((9, 16, 4), np.uint8)
        taken = scene.clock.monotonic() - ago_s
        seen = looking(dock, azimuth_deg, 72.0, -45.0)
        desk_map.sights.note(Frame("ISL-02", 1, None, taken, pixels, seen))

    see(30.0, 0.0)
    desk_map.until("document.querySelector('path.footprint.own') !== null")
    before = desk_map.ask("document.querySelector('path.footprint').getAttribute('d')")
    see(120.0, 0.0)
    desk_map.until(
        f"document.querySelector('path.footprint').getAttribute('d') !== {json.dumps(before)}"
    )
    see(120.0, 5.0)
    desk_map.until("document.querySelector('path.footprint.silent') !== null")
    see(120.0, 70.0)
    desk_map.until("document.querySelector('path.footprint') === null")
    assert desk_map.problems == []
