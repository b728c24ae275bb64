"""The shipped sounds are the script's own, short, without clicks, and no two alike."""

import itertools
import wave
from array import array

import pytest

from ui.sounds import GAP_S, SoundClass
from ui.sounds_synthesis import FOLDER, RATE_HZ, path_of, samples_of

OF_A_MACHINE = 1  # another machine's sine may round the other way


def shipped(kind: SoundClass) -> "array[int]":
    with wave.open(str(path_of(kind)), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return array("h", file.readframes(file.getnframes()))


def test_every_class_has_its_file_and_there_is_no_other() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {f"{kind.value}.wav" for kind in SoundClass}


@pytest.mark.parametrize("kind", SoundClass)
def test_the_file_is_what_the_script_makes(kind: SoundClass) -> None:
    made, there = samples_of(kind), shipped(kind)
    assert len(made) == len(there)
    assert max(abs(a - b) for a, b in zip(made, there, strict=True)) <= OF_A_MACHINE


@pytest.mark.parametrize("kind", SoundClass)
def test_it_is_short_calm_and_begins_and_ends_in_silence(kind: SoundClass) -> None:
    sound = shipped(kind)
    seconds = len(sound) / RATE_HZ
    loudest = max(abs(level) for level in sound) / 32_767
    step = max(abs(a - b) for a, b in itertools.pairwise(sound)) / 32_767
    assert 0.2 <= seconds <= 0.5 < GAP_S
    assert 0.15 <= loudest <= 0.7
    assert step < 0.12  # no click
    assert abs(sound[0]) < 50 and abs(sound[-1]) < 50


def test_the_warning_is_the_loudest() -> None:
    loudest = {kind: max(abs(level) for level in shipped(kind)) for kind in SoundClass}
    assert max(loudest, key=lambda kind: loudest[kind]) is SoundClass.FLIGHT_WARNING
