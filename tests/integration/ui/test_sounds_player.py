"""The player of sounds: whatever its process or the sound server does, the desk goes on."""

import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gcs.runtime.clock import ManualClock
from ui.sounds import SoundClass
from ui.sounds_player import AGAIN_AFTER_S, ANSWERS_WITHIN_S, VOICE, SoundPlayer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WITHIN_MS = 15_000
# Says what it is told into a file, as the real one says it to the loudspeaker.
ECHOES = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    open({path!r}, "a").write(line)
    print("ready", flush=True)
"""
Make = Callable[..., SoundPlayer]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1000.0, 0)


@pytest.fixture
def make(clock: ManualClock) -> Iterator[Make]:
    made: list[SoundPlayer] = []

    def build(*command: str) -> SoundPlayer:
        player = SoundPlayer(clock, command)
        made.append(player)
        player.start()
        return player

    yield build
    for player in made:
        player.close()


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def settled(qtbot: "QtBot", player: SoundPlayer) -> None:
    def known() -> bool:
        player.look()
        return player.ready or bool(player.trouble)

    qtbot.waitUntil(known, timeout=WITHIN_MS)


def test_what_is_played_reaches_the_voice(qtbot: "QtBot", make: Make, tmp_path: Path) -> None:
    said = tmp_path / "said"
    player = make(*python(ECHOES.format(path=str(said))))
    settled(qtbot, player)
    assert player.ready and not player.trouble
    player.play(SoundClass.HAND_OVER)
    player.play(SoundClass.INCIDENT)
    qtbot.waitUntil(
        lambda: said.exists() and said.read_text() == "hand_over\nincident\n", timeout=WITHIN_MS
    )


def test_a_voice_that_cannot_be_heard_is_told_once_and_tried_again(
    qtbot: "QtBot", make: Make, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    player = make(*python("import os; os._exit(3)"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            settled(qtbot, player)
            assert "no audio output" in player.trouble
            player.play(SoundClass.FLIGHT_WARNING)  # nothing happens
            clock.advance(AGAIN_AFTER_S)
            player.trouble = ""
            player.look()
    assert len(caplog.records) == 1


def test_a_program_that_is_not_there_is_a_sentence(make: Make) -> None:
    player = make("/nowhere/no-such-program")
    assert player.trouble.startswith("Sounds cannot be played: the player cannot be started")
    player.play(SoundClass.INCIDENT)


def test_a_voice_that_ended_after_it_was_ready_is_noticed(qtbot: "QtBot", make: Make) -> None:
    player = make(*python("print('ready', flush=True); input(); raise SystemExit(9)"))
    settled(qtbot, player)
    assert player.ready
    player.play(SoundClass.INCIDENT)

    def gone() -> bool:
        player.look()
        return bool(player.trouble)

    qtbot.waitUntil(gone, timeout=WITHIN_MS)
    assert "ended (9)" in player.trouble and not player.ready


def test_a_voice_that_falls_silent_is_given_up(
    qtbot: "QtBot", make: Make, clock: ManualClock
) -> None:
    player = make(*python("print('ready', flush=True)\nwhile True: input()"))
    settled(qtbot, player)
    clock.advance(10 * ANSWERS_WITHIN_S)
    player.look()
    assert player.ready  # nothing was asked of it
    player.play(SoundClass.INCIDENT)
    clock.advance(ANSWERS_WITHIN_S)
    player.look()
    assert "does not answer" in player.trouble


@pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio's socket")
def test_a_sound_server_that_never_answers_holds_nothing_up(
    qtbot: "QtBot",
    make: Make,
    clock: ManualClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Qt's own look for an output hangs here for ever: in the voice, not in the desk."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "pulse"))
        server.listen()
        server.settimeout(WITHIN_MS / 1000)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'pulse'}")
        player = make(*VOICE)
        taken, _ = server.accept()
        with taken:
            player.look()
            assert not player.ready and not player.trouble
            clock.advance(ANSWERS_WITHIN_S)
            player.look()
            assert "does not answer" in player.trouble


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_real_voice_is_heard_or_says_why_and_ends_with_its_desk(
    qtbot: "QtBot", make: Make
) -> None:
    player = make(*VOICE)
    settled(qtbot, player)
    if not player.ready:
        assert "no audio output" in player.trouble
    player.close()
    running = [p for p in Path("/proc").glob("[0-9]*/cmdline") if _is_child(p)]
    assert running == []


def _is_child(cmdline: Path) -> bool:
    try:
        words = cmdline.read_bytes().split(b"\0")
        stat = (cmdline.parent / "stat").read_text()
    except OSError:
        return False
    mine = stat.rpartition(")")[2].split()[1] == str(os.getpid())
    return mine and b"ui.sounds_voice" in words
