"""The hand-off prompt: who offers which drone and why, how long it stands, Accept or Decline."""

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from gcs.model.control import ControlRecord
from ui.context import Desk
from ui.text import Span, Tone
from ui.theme import BASE_PX
from ui.widgets.countdown import Countdown
from ui.widgets.hold_button import HoldButton, HoldPlan
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
    """One drone offered to this person. Shown until it is answered or its time has run out."""

    def __init__(self, desk: Desk, drone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Prompt")
        self._desk = desk
        self.drone = drone
        self.words = TextLine(desk.theme, BASE_PX)
        self.reason = QLabel("")
        self.reason.setWordWrap(True)
        self.countdown = Countdown(desk.clock, desk.theme)
        self.accept = HoldButton(
            "Accept", "hold T", self._plan, desk.clock, desk.theme, primary=True
        )
        self.decline = KeyButton("Decline", "", desk.theme)
        self.accept.set_target(drone)
        self.decline.set_target(drone)
        self.decline.clicked.connect(lambda: desk.commands.decline(drone))
        self.accept.setToolTip("T accepts the selected drone; this button the one it names")
        lay_out(self, self.words, self.countdown, self.reason, (self.accept, self.decline))

    def show_record(self, record: ControlRecord) -> None:
        """Show the offer as the gateway records it."""
        if record.offer is None or record.holder is None:
            return
        self.words.set_spans(
            Span(f"{record.holder.label} offers you {record.drone}", bold=True),
            Span(f" · epoch {record.epoch}", Tone.QUIET),
        )
        self.reason.setText(f"Reason: {record.offer.reason or 'none given'}")
        self.countdown.set_times(record.offer.made_utc_ms, record.offer.expires_utc_ms)
        self.refresh()

    def refresh(self) -> None:
        """Each second: the time left; an offer that has run out takes no answer."""
        self.countdown.refresh()
        selected = self._desk.selection.drone == self.drone
        self.accept.set_key("hold T" if selected else "hold")
        open_still = self.countdown.left_s > 0 and not self._desk.commands.progress(self.drone)
        self.accept.setEnabled(open_still)
        self.decline.setEnabled(open_still)

    def _plan(self) -> HoldPlan | None:
        state, drone = self._desk.state, self.drone
        record = state.control(drone)
        giver = record.holder.label if record is not None and record.holder else "nobody"
        return HoldPlan(
            (
                f"You take control of {drone} from {giver}.",
                "It goes on as it flies; nothing is sent by the change itself.",
            ),
            lambda: state.control(drone),
            lambda: self._desk.commands.accept(drone),
        )
