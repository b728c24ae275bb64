"""Sounds in the real window: what comes in is heard, muted by menu or key, kept per person."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gcs.model.people import Holder
from tests.integration.ui.conftest import Make, Rig
from tests.unit.ui.shift import ME, OTHER
from ui.layout_store import MuteStore
from ui.sounds import MUTABLE, SoundClass
from ui.sounds_desk import LET_ALL, MUTE_ALL, DeskSounds

CONTROL = Qt.KeyboardModifier.ControlModifier


class Heard:
    """A player that notes what it would play."""

    def __init__(self) -> None:
        self.trouble = ""
        self.played: list[SoundClass] = []
        self.open = False

    def start(self) -> None:
        self.open = True

    def play(self, kind: SoundClass) -> None:
        self.played.append(kind)

    def look(self) -> None:
        pass

    def close(self) -> None:
        self.open = False


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def sounds(rig: Rig, heard: Heard, tmp_path: Path) -> DeskSounds:
    made = DeskSounds(rig.window, heard, MuteStore(tmp_path, "pilot-a"))
    rig.later(1.0)
    heard.played.clear()
    return made


def test_nothing_sounds_while_nothing_happens(rig: Rig, sounds: DeskSounds, heard: Heard) -> None:
    for _ in range(10):
        rig.later(1.0)
    assert heard.played == []


def test_a_takeover_sounds_at_once_and_goes_on_until_answered(
    rig: Rig, sounds: DeskSounds, heard: Heard, qtbot: QtBot
) -> None:
    rig.shift.later(5.0)
    rig.shift.claimed("ISL-02", ME, Holder("super-c", "Supervisor C", "desk-3"), forced=True)
    qtbot.waitUntil(lambda: heard.played == [SoundClass.HAND_OVER], timeout=1000)
    for _ in range(4):
        rig.later(1.0)
    assert heard.played == [SoundClass.HAND_OVER] * 3
    rig.shift.owned("ISL-02", epoch=15)
    for _ in range(4):
        rig.later(1.0)
    assert heard.played == [SoundClass.HAND_OVER] * 3


def test_a_flight_warning_sounds_though_all_is_muted(
    rig: Rig, sounds: DeskSounds, heard: Heard
) -> None:
    QTest.keyClick(rig.window, Qt.Key.Key_M, CONTROL)
    rig.shift.offered("ISL-03", OTHER, ME)
    rig.shift.silent.add("ISL-02")
    for _ in range(15):
        rig.later(1.0)
    assert set(heard.played) == {SoundClass.FLIGHT_WARNING}


def test_an_empty_desk_that_hears_of_no_drone_is_silent(
    rig: Rig, heard: Heard, tmp_path: Path
) -> None:
    DeskSounds(rig.window, heard, MuteStore(tmp_path, "pilot-a"), manned=lambda: False)
    rig.shift.silent.add("ISL-02")
    for _ in range(15):
        rig.later(1.0)
    assert rig.window.warnings.lines and heard.played == []


def test_the_key_mutes_all_and_lets_all_sound_and_the_bar_says_so(
    rig: Rig, sounds: DeskSounds
) -> None:
    chip = rig.window.status.chips["sounds"]
    assert chip.isHidden() and sounds.mute_all.text() == MUTE_ALL
    QTest.keyClick(rig.window, Qt.Key.Key_M, CONTROL)
    assert rig.window.desk.sounds.muted == frozenset(MUTABLE)
    assert not chip.isHidden() and "muted" in chip.text and sounds.mute_all.text() == LET_ALL
    QTest.keyClick(rig.window, Qt.Key.Key_M, CONTROL)
    assert rig.window.desk.sounds.muted == frozenset() and chip.isHidden()


def test_muted_is_visible_at_the_least_size(make: Make, heard: Heard, tmp_path: Path) -> None:
    rig = make(size=(1366, 768))
    sounds = DeskSounds(rig.window, heard, MuteStore(tmp_path, "pilot-a"))
    sounds.mute_all.trigger()
    rig.turn()
    chip = rig.window.status.chips["sounds"]
    assert chip.isVisible() and chip.width() >= chip.sizeHint().width()


def test_what_a_person_mutes_is_kept_and_is_that_persons_own(
    rig: Rig, sounds: DeskSounds, heard: Heard, tmp_path: Path
) -> None:
    match = next(a for a in sounds.menu.actions() if a.text() == "Possible matches")
    match.trigger()
    assert MuteStore(tmp_path, "pilot-a").load() == (("possible_match",), "")
    sounds.use(MuteStore(tmp_path, "pilot-b"))
    assert rig.window.desk.sounds.muted == frozenset() and match.isChecked()
    sounds.use(MuteStore(tmp_path, "pilot-a"))
    assert rig.window.desk.sounds.muted == {SoundClass.POSSIBLE_MATCH} and not match.isChecked()


def test_a_broken_file_mutes_nothing_and_is_told(
    rig: Rig, sounds: DeskSounds, tmp_path: Path
) -> None:
    store = MuteStore(tmp_path, "pilot-b")
    store.path.write_bytes(b"{")
    sounds.use(store)
    assert rig.window.desk.sounds.muted == frozenset()
    assert str(store.path) in rig.state.notices[-1].text


def test_no_audio_is_told_once_and_stands_in_the_bar(
    rig: Rig, sounds: DeskSounds, heard: Heard
) -> None:
    heard.trouble = "Sounds cannot be played: there is no audio output."
    before = len(rig.state.notices)
    for _ in range(3):
        rig.later(1.0)
    assert [n.text for n in rig.state.notices][before:] == [heard.trouble]
    assert not rig.window.status.chips["sounds"].isHidden()


def test_the_player_ends_with_the_window(rig: Rig, sounds: DeskSounds, heard: Heard) -> None:
    assert heard.open
    rig.window.close()
    assert not heard.open
