"""The desk's sounds, made of sine tones by this script: `python -m ui.sounds_synthesis`.

Nothing is recorded or copied. Each is 16 bit mono, shorter than half a second, without a click.
Told apart by rhythm and direction, not by pitch alone: falling triplet, rising pair, two short
equal ones, one low single.
"""

import math
import sys
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from gcs.apps.files import RESOURCES
from ui.sounds import SoundClass

FOLDER = RESOURCES / "sounds"
RATE_HZ = 48_000
EDGE_S = 0.008
OVERTONES = ((1, 1.0), (2, 0.25), (3, 0.08))


@dataclass(frozen=True, slots=True)
class Tone:
    """One note: `begins_s` into the sound, `level` 0..1; `fades`: dies away like a struck bar."""

    begins_s: float
    lasts_s: float
    hz: float
    level: float = 0.4
    fades: float = 3.0


TONES: dict[SoundClass, tuple[Tone, ...]] = {
    SoundClass.FLIGHT_WARNING: (
        Tone(0.0, 0.13, 988.0, 0.6, 1.0),
        Tone(0.15, 0.13, 831.0, 0.6, 1.0),
        Tone(0.30, 0.18, 659.0, 0.6, 1.5),
    ),
    SoundClass.HAND_OVER: (Tone(0.0, 0.15, 523.0, 0.5), Tone(0.16, 0.24, 784.0, 0.5)),
    SoundClass.POSSIBLE_MATCH: (Tone(0.0, 0.09, 1175.0, 0.35), Tone(0.15, 0.14, 1175.0, 0.35)),
    SoundClass.INCIDENT: (Tone(0.0, 0.34, 392.0, 0.5, 4.0),),
}


def path_of(kind: SoundClass) -> Path:
    """The file of a class."""
    return FOLDER / f"{kind.value}.wav"


def samples_of(kind: SoundClass) -> "array[int]":
    """The sound of a class, 16 bit at 48 kHz."""
    tones = TONES[kind]
    length_s = max(tone.begins_s + tone.lasts_s for tone in tones)
    levels = (sum(_level(t, n / RATE_HZ) for t in tones) for n in range(round(length_s * RATE_HZ)))
    return array("h", (round(level * 32_767) for level in levels))


def _level(tone: Tone, at_s: float) -> float:
    """The note's own part of the wave at this moment of the sound, -1..1."""
    into_s = at_s - tone.begins_s
    left_s = tone.lasts_s - into_s
    if into_s < 0 or left_s <= 0:
        return 0.0
    edge = min(1.0, into_s / EDGE_S, left_s / EDGE_S)
    rounded = 0.5 - 0.5 * math.cos(math.pi * edge)
    whole = sum(weight for _, weight in OVERTONES)
    turns = 2 * math.pi * tone.hz * into_s
    wave_level = sum(weight * math.sin(n * turns) for n, weight in OVERTONES) / whole
    return tone.level * rounded * math.exp(-tone.fades * into_s / tone.lasts_s) * wave_level


def write_all() -> None:
    """Write every file anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in SoundClass:
        samples = samples_of(kind)
        if sys.byteorder == "big":
            samples.byteswap()
        with wave.open(str(path_of(kind)), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples.tobytes())


if __name__ == "__main__":
    write_all()
