"""What can be made to go wrong with a drone while it runs, by hand or by a script of times.

Off unless set. Faults compose: each acts at its own place and knows of no other.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum


class Shown(StrEnum):
    """When a requested message goes out: before its ACK, after it, or in turns (as seen)."""

    IN_TURNS = "in_turns"
    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Faults:
    """Set a field at any time.

    The radio, each way: `silent`: dead. `drop_fraction`: share of datagrams lost. `delay_s`:
    added to each datagram. `reorder_fraction`: share held back by `reorder_s` more, so that
    later ones overtake.
    Answers: `never_ack`: commands act but are not answered. `ack_late_s`: answers wait so
    long. `ack_times`: how often each is sent. `show`: a requested message and its ACK.
    Flight commands: `ack_without_effect`: accepted, and nothing happens. `act_late_s`: accepted
    at once, and done so much later. `refuse`: denied, with `refuse_text` as the reason.
    The computer: `reboot_s` above 0: it starts again once, silent for so long; in the air the
    motors run on. `system_id` not 0: it speaks and listens under this id. `clock_s`: added to
    its clocks, those since boot and of the day.
    `gnss_loss`: no satellites. `battery_drain`: multiplies what flying costs. `gimbal_stuck`:
    camera orders are accepted and neither gimbal nor lens moves.
    """

    silent: bool = False
    drop_fraction: float = 0.0
    delay_s: float = 0.0
    reorder_fraction: float = 0.0
    reorder_s: float = 0.25
    never_ack: bool = False
    ack_late_s: float = 0.0
    ack_times: int = 1
    show: Shown = Shown.IN_TURNS
    ack_without_effect: bool = False
    act_late_s: float = 0.0
    refuse: bool = False
    refuse_text: str = ""
    reboot_s: float = 0.0
    system_id: int = 0
    clock_s: float = 0.0
    gnss_loss: bool = False
    battery_drain: float = 1.0
    gimbal_stuck: bool = False


Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class FaultStep:
    """At `at_s` after the script's beginning a field of `Faults` gets a value."""

    at_s: float
    field: str
    value: Value

    def __post_init__(self) -> None:
        kinds = {f.name: type(getattr(Faults(), f.name)) for f in fields(Faults)}
        if self.field not in kinds:
            raise ValueError(f"fault script: there is no fault {self.field!r}")
        if not self.at_s >= 0.0:
            raise ValueError(f"fault script: {self.field} at {self.at_s} s, expected 0 or later")
        try:
            fits = kinds[self.field](self.value) == self.value
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(f"fault script: {self.field} cannot be {self.value!r}")


@dataclass(frozen=True, slots=True)
class FaultScript:
    """Steps in any order. `jitter_s`: each is drawn later by up to so much, by `seed`."""

    steps: tuple[FaultStep, ...]
    jitter_s: float = 0.0
    seed: int = 1

    @classmethod
    def of(
        cls, steps: Sequence[tuple[float, str, Value]], jitter_s: float = 0.0, seed: int = 1
    ) -> "FaultScript":
        """From (at_s, field, value). Raises ValueError for a fault there is not."""
        return cls(tuple(FaultStep(*step) for step in steps), jitter_s, seed)


class ScriptRunner:
    """Plays a script on a drone's faults, from `start_s` of the drone's time."""

    def __init__(self, script: FaultScript, faults: Faults, start_s: float) -> None:
        draw = random.Random(script.seed)
        due = [(start_s + s.at_s + draw.uniform(0.0, script.jitter_s), s) for s in script.steps]
        self._left = sorted(due, key=lambda entry: entry[0])
        self._faults = faults

    @property
    def over(self) -> bool:
        """No step is left."""
        return not self._left

    def step(self, now_s: float) -> None:
        """Set what is due."""
        while self._left and self._left[0][0] <= now_s:
            _, step = self._left.pop(0)
            kind = type(getattr(self._faults, step.field))
            setattr(self._faults, step.field, kind(step.value))
