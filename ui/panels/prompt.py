"""The hand-off prompt: who offers which drone and why, how long it stands, and the answers."""

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from gcs.model.control import ControlRecord
from gcs.model.function import Function
from ui.context import Desk
from ui.text import Span, Tone
from ui.theme import BASE_PX
from ui.widgets.countdown import Countdown
from ui.widgets.key_button import KeyButton
from ui.widgets.text_line import TextLine


def lay_out(
    prompt: QFrame,
    words: QWidget,
    countdown: QWidget,
    reason: QWidget,
    answers: tuple[QWidget, ...],
) -> None:
    """What every prompt looks like: who wants what, the time left, why, the answers."""
    acts = QHBoxLayout()
    acts.setSpacing(8)
    for answer in answers:
        acts.addWidget(answer)
    acts.addStretch(1)
    grid = QGridLayout(prompt)
    grid.setContentsMargins(14, 10, 14, 10)
    grid.setVerticalSpacing(6)
    grid.addWidget(words, 0, 0)
    grid.addWidget(countdown, 0, 1)
    grid.addWidget(reason, 1, 0, 1, 2)
    grid.addLayout(acts, 2, 0, 1, 2)
    grid.setColumnStretch(0, 1)


class OfferPrompt(QFrame):
    """One drone, or its camera, offered to this person, until it is answered or run out.

    Opening the brief takes nothing: the giver keeps control until both have said so.
    """

    def __init__(
        self,
        desk: Desk,
        drone: str,
        function: Function = Function.FLIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("Prompt")
        self._desk = desk
        self.drone = drone
        self._function = function
        self.words = TextLine(desk.theme, BASE_PX)
        self.reason = QLabel("")
        self.reason.setWordWrap(True)
        self.countdown = Countdown(desk.clock, desk.theme)
        self.open_brief = KeyButton("Open brief", "T", desk.theme, primary=True)
        self.decline = KeyButton("Decline", "O", desk.theme)
        self.open_brief.set_target(drone)
        self.decline.set_target(drone)
        self.open_brief.clicked.connect(lambda: desk.commands.open_brief(drone, function))
        self.decline.clicked.connect(lambda: desk.commands.decline(drone, function))
        self.open_brief.setToolTip("T opens the selected drone's; this button the one it names")
        lay_out(self, self.words, self.countdown, self.reason, (self.open_brief, self.decline))

    def show_record(self, record: ControlRecord) -> None:
        """Show the offer as the gateway records it."""
        if record.offer is None or record.holder is None:
            return
        self.words.set_spans(
            Span(f"{record.holder.label} offers you {self._what(record)}", bold=True),
            Span(f" · epoch {record.epoch}", Tone.QUIET),
        )
        self.reason.setText(f"Reason: {record.offer.reason or 'none given'}")
        self.countdown.set_times(record.offer.made_utc_ms, record.offer.expires_utc_ms)
        self.refresh()

    def refresh(self) -> None:
        """Each second: the time left; an offer that has run out takes no answer."""
        self.countdown.refresh()
        selected = self._desk.selection.drone == self.drone
        self.open_brief.set_key("T" if selected else "")
        self.decline.set_key("O" if selected else "")
        open_still = self.countdown.left_s > 0 and not self._desk.commands.progress(self.drone)
        self.open_brief.setEnabled(open_still)
        self.decline.setEnabled(open_still)

    def _what(self, record: ControlRecord) -> str:
        """With the camera or without, where it is controlled apart."""
        if record.function is Function.PAYLOAD:
            return f"the camera of {record.drone}"
        if self._desk.state.site.drone(record.drone).coupled or record.offer is None:
            return record.drone
        return f"{record.drone} {'with' if record.offer.payload else 'without'} its camera"
