"""One drone in the map's words."""

from dataclasses import replace

import pytest

from gcs.geo.earth import offset
from gcs.model.control import ControlRecord, ControlState, Offer
from gcs.model.telemetry import Phase
from gcs.runtime.clock import ManualClock
from gcs.station.state import Links
from tests.support.map_scene import ME, OTHER, Scene
from ui.map.drone_marks import drone_mark, holder_words
from ui.map.marks import DroneMark


@pytest.fixture
def scene() -> Scene:
    return Scene(ManualClock())


def mark(scene: Scene, drone: str = "ISL-02") -> DroneMark:
    made = drone_mark(scene.state, drone)
    assert made is not None
    return made


def fly(scene: Scene, percent: float = 54.0) -> None:
    scene.fly("ISL-02", offset(scene.site.docks[0].position, 30, 400), 214.4, 0.3, percent)
    scene.batch()


def test_nobody_knows_where_an_unheard_drone_is(scene: Scene) -> None:
    assert drone_mark(scene.state, "ISL-02") is None
    silent = replace(scene.drones["ISL-02"], phase=Phase.SILENT, position=None)
    scene.drones["ISL-02"] = silent
    scene.batch()
    assert drone_mark(scene.state, "ISL-02") is None


def test_a_docked_drone_is_folded_into_its_dock(scene: Scene) -> None:
    scene.batch()
    assert mark(scene) == DroneMark(
        title="ISL-02", tone="other", line="ready · 96 %", dock="D1", battery=96
    )


def test_a_flying_drone_of_mine(scene: Scene) -> None:
    scene.hold("ISL-02", ME)
    fly(scene)
    made = mark(scene)
    assert (made.title, made.tone, made.line) == ("ISL-02 · you", "own", "72 m 0.3 m/s")
    assert (made.heading, made.battery, made.caution) == (214, 54, False)
    assert 0 < made.home < 54  # percent that the way home takes


def test_the_way_home_grows_with_the_distance(scene: Scene) -> None:
    fly(scene)
    near = mark(scene).home
    scene.fly("ISL-02", offset(scene.site.docks[0].position, 30, 2500), 0)
    scene.batch()
    assert mark(scene).home > near


def test_a_drone_that_should_have_left_says_so(scene: Scene) -> None:
    fly(scene, percent=5.0)
    assert mark(scene).caution
    assert mark(scene).line.endswith("leave now")
    scene.drones["ISL-02"] = replace(scene.drones["ISL-02"], phase=Phase.RETURNING)
    scene.batch()
    assert not mark(scene).caution  # it does leave


def test_a_drone_in_the_air_that_nobody_holds_is_a_caution(scene: Scene) -> None:
    fly(scene)
    scene.state.apply_control(ControlRecord("ISL-02", ControlState.ORPHANED, 2, 0, previous=OTHER))
    assert (mark(scene).title, mark(scene).caution) == ("ISL-02 · nobody in control", True)


@pytest.mark.parametrize(
    ("later_s", "tone", "line"),
    [
        (1.0, "other", "72 m 0.3 m/s"),
        (14.0, "silent", "no data 14 s"),
        (130.0, "gone", "last seen 2 min ago"),
    ],
)
def test_a_silent_drone_ages(scene: Scene, later_s: float, tone: str, line: str) -> None:
    fly(scene)
    clock = scene.clock
    assert isinstance(clock, ManualClock)
    clock.advance(later_s)
    made = mark(scene)
    assert (made.tone, made.line) == (tone, line)
    assert made.at is not None  # its last place stays


def test_a_dead_drone_in_its_dock_stays_folded(scene: Scene) -> None:
    scene.batch()
    scene.drones["ISL-02"] = replace(
        scene.drones["ISL-02"], phase=Phase.SILENT, heartbeat_age_s=20.0
    )
    scene.batch()
    made = mark(scene)
    assert (made.dock, made.tone, made.line) == ("D1", "silent", "no data 20 s")


def test_words_for_who_holds(scene: Scene) -> None:
    now = scene.state.clock.utc_ms()
    offer = Offer("o1", ME.person, ME.name, "relief", now, now + 42_000)
    records = {
        "": ControlRecord("ISL-02", ControlState.UNOWNED, 1, 0),
        "nobody in control": ControlRecord("ISL-02", ControlState.ORPHANED, 1, 0, previous=OTHER),
        "Pilot B": ControlRecord("ISL-02", ControlState.OWNED, 1, 0, holder=OTHER),
        "Pilot B → you? 0:42": ControlRecord(
            "ISL-02", ControlState.OFFERED, 1, 0, holder=OTHER, offer=offer
        ),
    }
    for words, record in records.items():
        scene.state.apply_control(record)
        assert holder_words(scene.state, record) == words


def test_a_lost_lease_is_not_shown_as_control(scene: Scene) -> None:
    scene.hold("ISL-02", ME)
    fly(scene)
    scene.state.apply_links(Links())
    assert (mark(scene).title, mark(scene).tone) == ("ISL-02 · you, not confirmed", "other")
