"""Press and hold for a risky act: a ring fills, two lines say what will happen.

The target is bound at the press. It cancels itself when the state it relied on changes, when it
is let go, left or loses the focus; it never acts on a click.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from gcs.runtime.clock import Clock
from ui.theme import Theme
from ui.widgets.hold_bubble import HoldBubble
from ui.widgets.key_button import KeyButton
from ui.widgets.ring import paint_ring

HOLD_S = 1.0
TURN_MS = 33
REPEAT_MS = 60  # a repeating key seems to go up and down again within this time
KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
CHANGED = "Cancelled: what it relied on has changed."
TOO_SHORT = "Not sent: hold until the ring is full."


@dataclass(frozen=True, slots=True)
class HoldPlan:
    """What a hold will do. `guard()` is compared at each turn with its value at the press.

    `at_once`: it needs no hold in this state, a press is enough.
    """

    lines: tuple[str, str]
    guard: Callable[[], object]
    act: Callable[[], object]
    at_once: bool = False


class HoldButton(KeyButton):
    """`arm` is asked at the press; None means that nothing can be done (and it has said why)."""

    confirmed = Signal()
    cancelled = Signal(str)

    def __init__(
        self,
        label: str,
        key: str,
        arm: Callable[[], HoldPlan | None],
        clock: Clock,
        theme: Theme,
        primary: bool = False,
        hold_s: float = HOLD_S,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, key, theme, primary, parent)
        self._arm = arm
        self._clock = clock
        self._hold_s = hold_s
        self._plan: HoldPlan | None = None
        self._relied_on: object = None
        self._since_s = 0.0
        self._bubble = HoldBubble(self, theme)
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self.turn)
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(REPEAT_MS)
        self._let_go.timeout.connect(lambda: self.cancel(TOO_SHORT))

    @property
    def holding(self) -> bool:
        """Whether the ring is filling."""
        return self._plan is not None

    @property
    def share(self) -> float:
        """How full the ring is, 0 to 1."""
        if self._plan is None:
            return 0.0
        return min(1.0, (self._clock.monotonic() - self._since_s) / self._hold_s)

    @property
    def bubble(self) -> HoldBubble:
        """The two lines while it is held."""
        return self._bubble

    def begin(self) -> None:
        """The press: bind the target and start the ring. No effect while held or disabled."""
        if self._let_go.isActive():
            self.cancel(TOO_SHORT)
        if self.holding or not self.isEnabled():
            return
        plan = self._arm()
        if plan is None:
            return
        if plan.at_once:
            plan.act()
            return
        self._plan, self._relied_on = plan, plan.guard()
        self._since_s = self._clock.monotonic()
        self._timer.start()
        self._bubble.open(plan.lines)
        self.update()

    def turn(self) -> None:
        """Look at the state and the clock: cancel, go on, or act."""
        plan = self._plan
        if plan is None or self._let_go.isActive():
            return
        if plan.guard() != self._relied_on or not self.isEnabled():
            self.cancel(CHANGED)
        elif self.share >= 1.0:
            self._stop()
            self._bubble.close_now()
            plan.act()
            self.confirmed.emit()
        else:
            self._bubble.set_share(self.share)
            self.update()

    def release(self) -> None:
        """Let go: acts if the ring is full, else cancels."""
        self.turn()
        self.cancel(TOO_SHORT)

    def key_up(self) -> None:
        """A key went up: acts if the ring is full, else cancels unless the key only repeats."""
        self.turn()
        if self.holding:
            self._let_go.start()

    def key_still_down(self) -> None:
        """It only repeated: the hold goes on."""
        self._let_go.stop()

    def cancel(self, why: str) -> None:
        """Stop without acting. No effect when it is not held."""
        if not self.holding:
            return
        self._stop()
        self._bubble.say(why)
        self.cancelled.emit(why)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.begin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.rect().contains(event.position().toPoint()):
            self.cancel("Not sent: the pointer left the button.")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.release()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in KEYS:
            super().keyPressEvent(event)
        elif event.isAutoRepeat() or self._let_go.isActive():
            self.key_still_down()
        else:
            self.begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() not in KEYS:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.key_up()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.cancel("Not sent: the window or the focus changed.")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.cancel("Not sent: the window or the focus changed.")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cancel(CHANGED)

    def paint_key(self, painter: QPainter, first: QRect) -> None:
        """The key; the ring takes its place while held."""
        if not self.holding:
            super().paint_key(painter, first)
            return
        box = QRectF(first.right() - 17, first.center().y() - 8, 17, 17)
        track, fill = self._theme.color("line_strong"), self._theme.color("accent")
        paint_ring(painter, box, self.share, 3, track, fill)

    def _stop(self) -> None:
        self._plan = None
        self._relied_on = None
        self._timer.stop()
        self._let_go.stop()
        self.setDown(False)
        self.update()
