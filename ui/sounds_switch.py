"""Which sounds are muted at this desk, and how the status bar says it. Pure."""

from collections.abc import Iterable

from ui.models.status import ChipText
from ui.sounds import MUTABLE, SoundClass
from ui.text import Tone

NAMES = {
    SoundClass.FLIGHT_WARNING: "Flight warnings",
    SoundClass.HAND_OVER: "Hand-overs, requests and takeovers",
    SoundClass.POSSIBLE_MATCH: "Possible matches",
    SoundClass.INCIDENT: "New immediate incidents",
}


class SoundSwitch:
    """What is muted; flight warnings cannot be. `trouble`: why nothing can be heard, or empty."""

    def __init__(self) -> None:
        self.muted: frozenset[SoundClass] = frozenset()
        self.trouble = ""

    @property
    def all_muted(self) -> bool:
        """Whether only flight warnings sound."""
        return self.muted == frozenset(MUTABLE)

    @property
    def names(self) -> tuple[str, ...]:
        """What is muted, to be kept."""
        return tuple(kind.value for kind in MUTABLE if kind in self.muted)

    def mute_names(self, names: Iterable[str]) -> None:
        """Mute these and nothing else; a name that is none, or may not be muted, is passed over."""
        wanted = frozenset(names)
        self.muted = frozenset(kind for kind in MUTABLE if kind.value in wanted)

    def mute(self, kind: SoundClass, on: bool) -> None:
        """Mute a class or let it sound."""
        if kind in MUTABLE:
            self.muted = self.muted | {kind} if on else self.muted - {kind}

    def mute_all(self, on: bool) -> None:
        """All but flight warnings."""
        self.muted = frozenset(MUTABLE) if on else frozenset()


def sounds_chip(switch: SoundSwitch) -> ChipText | None:
    """What cannot be heard; None while everything would sound."""
    silent = [NAMES[kind] for kind in MUTABLE if kind in switch.muted]
    if switch.trouble:
        return ChipText("none", Tone.QUIET, switch.trouble)
    if not silent:
        return None
    rest = "Flight warnings sound." if switch.all_muted else "All others sound."
    words = "muted" if switch.all_muted else f"{len(silent)} muted"
    return ChipText(words, Tone.QUIET, "\n".join((*(f"{s}: muted" for s in silent), rest)))
