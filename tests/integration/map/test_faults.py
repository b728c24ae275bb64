"""Nothing breaks the map in silence: outside requests, script faults, a dead process."""

import os
import signal

from gcs.geo.earth import offset
from gcs.model.mission import Grade
from tests.integration.map.desk_map import UP_WITHIN_MS, WITHIN_MS, DeskMap
from ui.map.asking import MapSilent
from ui.map.life import Life


def test_a_request_to_outside_is_blocked_and_counted(desk_map: DeskMap) -> None:
    desk_map.ask(
        "window.outcome = '', fetch('http://127.0.0.1:9/x', {mode: 'no-cors'})"
        ".then(() => window.outcome = 'let through', () => window.outcome = 'blocked'), 0"
    )
    desk_map.until("window.outcome !== ''")
    assert desk_map.ask("window.outcome") == "blocked"
    desk_map.qtbot.waitUntil(lambda: desk_map.view.external_requests == 1, timeout=WITHIN_MS)
    assert desk_map.run(desk_map.view.figures()).external_requests == 1


def test_a_file_not_on_the_list_is_not_served(desk_map: DeskMap) -> None:
    for path in ("/sites/islington.toml", "/map/../sites/islington.toml", "/data/nothing.json"):
        desk_map.ask(
            f"window.outcome = '', fetch({path!r}).then((a) => window.outcome = a.ok ? 'served'"
            " : 'refused', () => window.outcome = 'refused'), 0"
        )
        desk_map.until("window.outcome !== ''")
        assert desk_map.ask("window.outcome") == "refused", path


def test_the_page_stays_where_it_is(desk_map: DeskMap) -> None:
    desk_map.ask("location.href = 'https://example.org/', 0")
    desk_map.ask("window.open('https://example.org/'), 0")
    assert desk_map.ask("location.href") == "desk://map/"
    assert desk_map.figures() == (0, 0, 1)


def test_a_malformed_change_is_told_and_the_rest_is_drawn(desk_map: DeskMap) -> None:
    told = desk_map.ask(
        """desk.apply(JSON.stringify({drones: {
            "ISL-01": {title: "ISL-01", tone: "other", at: [51.5, "x"]},
            "ISL-02": {title: "ISL-02", tone: "other", at: [51.53, -0.1]}}}))"""
    )
    assert told == 'ISL-01 cannot be drawn: [51.5,"x"] is not a place.'
    assert desk_map.figures() == (1, 0, 1)
    assert "cannot be drawn" in desk_map.ask("desk.apply('{')")


def test_a_script_fault_becomes_one_sentence(desk_map: DeskMap) -> None:
    desk_map.ask("setTimeout(() => nonsense.at.all, 0), 0")
    desk_map.qtbot.waitUntil(lambda: bool(desk_map.problems), timeout=WITHIN_MS)
    assert len(desk_map.problems) == 1
    assert desk_map.problems[0].startswith("The map has a fault: ")
    assert "nonsense is not defined" in desk_map.problems[0]
    assert desk_map.view.faults == 1


def test_a_killed_page_says_so_and_comes_back_with_everything(desk_map: DeskMap) -> None:
    scene, dock = desk_map.scene, desk_map.scene.site.docks[0].position
    scene.fly("ISL-02", offset(dock, 30, 300), 30)
    scene.batch()
    scene.incident(1042, Grade.IMMEDIATE, dock)
    desk_map.view.look_at(dock, 17)
    desk_map.until_figures(9, 1, 1)
    with desk_map.qtbot.waitSignal(desk_map.view.page_ready, timeout=UP_WITHIN_MS):
        kill_page(desk_map)
        desk_map.qtbot.waitUntil(lambda: not desk_map.view.alive, timeout=WITHIN_MS)
        assert "starting it again, 1 of 3" in desk_map.view.words
        assert desk_map.view._cover.isVisible()
        try:
            desk_map.run(desk_map.view.figures())
            raise AssertionError("a dead map gave figures")
        except MapSilent:
            pass
    desk_map.until_figures(9, 1, 1)
    assert desk_map.view.words == ""
    assert desk_map.ask("foliumMap.getZoom()") == 17
    assert "killed" in desk_map.problems[0]


def test_a_page_that_keeps_dying_is_given_up_until_asked_for(desk_map: DeskMap) -> None:
    for _ in range(3):
        with desk_map.qtbot.waitSignal(desk_map.view.page_ready, timeout=UP_WITHIN_MS):
            kill_page(desk_map)
    kill_page(desk_map)
    life = desk_map.view._life
    desk_map.qtbot.waitUntil(lambda: life.state is Life.GIVEN_UP, timeout=WITHIN_MS)
    assert "not started again by itself" in desk_map.view.words
    with desk_map.qtbot.waitSignal(desk_map.view.page_ready, timeout=UP_WITHIN_MS):
        desk_map.view._cover.again.emit()
    assert desk_map.view.words == ""


def test_a_page_that_does_not_answer_is_covered(desk_map: DeskMap) -> None:
    life = desk_map.view._life
    life.waiting(2.0)
    assert desk_map.view.words == ""
    life.waiting(4.0)
    assert desk_map.view.words == "The map has not answered for 4 s. The rest works."
    life.answered()
    assert desk_map.view.words == ""


def kill_page(desk_map: DeskMap) -> None:
    os.kill(desk_map.view._browser.map_page.renderProcessPid(), signal.SIGKILL)
