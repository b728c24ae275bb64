"""What every panel is given: one value made in the window's constructor, nothing global."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gcs.model.place import Position
from gcs.runtime.clock import Clock
from gcs.station.state import DeskState
from ui.bridge import Bridge
from ui.commands import OperatorCommands
from ui.selection import Selection
from ui.sounds_switch import SoundSwitch
from ui.theme import Theme
from ui.wall import NoPictures, Wall


def no_street(_place: Position) -> str:
    """Of a desk that was given no town."""
    return ""


@dataclass(frozen=True, slots=True)
class Desk:
    """State to read, signals to hear, commands to call."""

    state: DeskState
    bridge: Bridge
    commands: OperatorCommands
    selection: Selection
    clock: Clock
    theme: Theme
    wall: Wall = field(default_factory=NoPictures)
    street_at: Callable[[Position], str] = no_street
    sounds: SoundSwitch = field(default_factory=SoundSwitch)

    @property
    def now_s(self) -> float:
        """The desk's monotonic clock."""
        return self.clock.monotonic()

    @property
    def utc_ms(self) -> int:
        """The desk's UTC clock."""
        return self.clock.utc_ms()
