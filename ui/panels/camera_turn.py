"""The camera turned at a rate while a key or a button is held: asked again each second, stopped
on release. The gateway stops it by itself when nothing is asked any more.
"""

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from gcs.model.function import Function
from gcs.station.actions import Outcome
from ui.context import Desk
from ui.keys import LOST_RELEASE_S, REPEAT_GAP_S, in_text_field
from ui.models.camera import RATES_DPS, Aim, why_no_turn
from ui.models.words import need_input

TURNS_AFTER_S = 0.5  # a shorter press is a step
AGAIN_S = 1.0
LOOK_MS = 50


@dataclass(slots=True)
class _Held:
    """`asked_s`: when the rate was last asked for; `seen_s`: the key was last down; `up_s`: it
    went up, which may be but a repeat."""

    drone: str
    aim: Aim
    by_key: bool
    since_s: float
    seen_s: float
    asked_s: float | None = None
    up_s: float | None = None


class CameraTurn(QObject):
    """At most one turn; `began` once it is more than a step."""

    began = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._held: _Held | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, drone: str, aim: Aim, by_key: bool) -> None:
        """It went down."""
        self.end()
        if aim in RATES_DPS:
            now_s = self._desk.now_s
            self._held = _Held(drone, aim, by_key, now_s, now_s)
            self._timer.start()

    def key_down(self, aim: Aim) -> None:
        """The key only repeated: it is still down."""
        if self._held is not None and self._held.aim is aim:
            self._held.seen_s, self._held.up_s = self._desk.now_s, None

    def key_up(self, aim: Aim) -> None:
        """The key went up, or seemed to: a moment tells."""
        if self._held is not None and self._held.aim is aim:
            self._held.up_s = self._desk.now_s

    @property
    def neutral(self) -> bool:
        """Whether nothing is held that turns a camera."""
        return self._held is None

    def look(self) -> None:
        """Ask, ask again, or end."""
        held, now_s = self._held, self._desk.now_s
        if held is None:
            return
        if self._over(held, now_s):
            self.end()
        elif now_s - held.since_s < TURNS_AFTER_S:
            return
        elif held.asked_s is None and (why := why_no_turn(self._desk.state, held.drone)):
            self._desk.commands.refuse(why)
            self.end()
        elif held.asked_s is None or now_s - held.asked_s >= AGAIN_S:
            self._ask(held, now_s)

    def end(self) -> None:
        """Nothing is held any more: a camera that turns stands still."""
        held, self._held = self._held, None
        self._timer.stop()
        # Who lost control may not stop it either: there the gateway does.
        if held and held.asked_s is not None and not self._why_not(held.drone):
            self._desk.commands.turn_camera(0.0, 0.0, held.drone)

    def _why_not(self, drone: str) -> str:
        return need_input(self._desk.state, drone, Function.PAYLOAD)

    def _over(self, held: _Held, now_s: float) -> bool:
        if held.drone != self._desk.selection.drone:
            return True
        if self._why_not(held.drone):
            return True
        if not held.by_key:
            return False
        up = held.up_s is not None and now_s - held.up_s >= REPEAT_GAP_S
        return up or now_s - held.seen_s >= LOST_RELEASE_S or in_text_field()

    def _ask(self, held: _Held, now_s: float) -> None:
        if held.asked_s is None:
            self.began.emit()
        held.asked_s = now_s
        task = self._desk.commands.turn_camera(*RATES_DPS[held.aim], held.drone)
        task.add_done_callback(lambda done: self._answered(held, done))

    def _answered(self, held: _Held, task: "asyncio.Task[Outcome]") -> None:
        """A refusal is told once, not each second."""
        if held is self._held and not task.cancelled() and not task.result().ok:
            held.asked_s = None
            self.end()
