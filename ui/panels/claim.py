"""Control that another wants: the holder's prompt to give, refuse or object, and the form to ask
for it or, as a supervisor, to take it over."""

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Role
from ui.context import Desk
from ui.models.words import why_not_claim
from ui.panels.prompt import lay_out
from ui.text import Span, Tone
from ui.theme import BASE_PX
from ui.widgets.countdown import Countdown
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.key_button import KeyButton
from ui.widgets.text_line import TextLine
from ui.widgets.wrapped import Wrapped

TAKE_OVER_HOLD_S = 3.0
OVERRIDE_S = 60.0  # so long after an objection's order a second one overrides it


class ClaimPrompt(QFrame):
    """One drone of this desk that another asks for or takes over, until that is settled."""

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
        self.give = KeyButton("Open the brief", "", desk.theme, primary=True)
        self.give.clicked.connect(lambda: desk.commands.grant(drone, function))
        self.give.setToolTip("You grant it: the brief opens, and you keep control until both agree")
        self.refuse = KeyButton("Refuse", "O", desk.theme)
        self.give.set_target(drone)
        self.refuse.set_target(drone)
        self.refuse.clicked.connect(self._refuse)
        lay_out(self, self.words, self.countdown, self.reason, (self.give, self.refuse))

    def show_record(self, record: ControlRecord) -> None:
        """Show the claim as the gateway records it."""
        claim = record.claim
        if claim is None:
            return
        forced = record.state is ControlState.FORCED
        wants = "takes over" if forced else "asks you for"
        self.words.set_spans(
            Span(f"{claim.by.label} {wants} {record.drone}", Tone.CAUTION, bold=True)
            if forced
            else Span(f"{claim.by.label} {wants} {record.drone}", bold=True),
            Span(f" · epoch {record.epoch}", Tone.QUIET),
        )
        again = ". Objecting keeps it, unless the order is given again." if forced else ""
        self.reason.setText(f"Reason: {claim.reason}{again}")
        self.countdown.set_times(claim.made_utc_ms, claim.expires_utc_ms)
        self.give.setVisible(not forced)
        self.refuse.set_label("Object" if forced else "Refuse")
        self.refresh()

    def refresh(self) -> None:
        """Each second: what has run out takes no answer."""
        self.countdown.refresh()
        open_still = self.countdown.left_s > 0 and not self._desk.commands.progress(self.drone)
        self.give.setEnabled(open_still)
        self.refuse.setEnabled(open_still)

    def _refuse(self) -> None:
        record = self._desk.state.control(self.drone, self._function)
        if record is not None and record.state is ControlState.FORCED:
            self._desk.commands.object(self.drone)
        else:
            self._desk.commands.refuse_request(self.drone, self._function)


class ClaimForm(QWidget):
    """A reason, then Ask or, for a supervisor, Take over; while it stands, Withdraw."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self.reason = QLineEdit()
        self.ask = QPushButton("Ask for control")
        self.take_over = HoldButton(
            "Take over",
            "hold 3 s",
            self._plan,
            desk.clock,
            desk.theme,
            hold_s=TAKE_OVER_HOLD_S,
        )
        self.words = TextLine(desk.theme, BASE_PX)
        self.countdown = Countdown(desk.clock, desk.theme)
        self.withdraw = QPushButton("Withdraw")
        self.warn = Wrapped(desk.theme)
        self._build()
        self.show_drone("")

    def show_drone(self, drone: str) -> None:
        """Show what can be asked about this drone; hidden unless another holds it."""
        state = self._desk.state
        if drone != self._drone:
            self.reason.clear()
        self._drone = drone
        record = state.control(drone) if drone else None
        self.setVisible(self.concerns(record))
        if record is None or not self.concerns(record):
            return
        claim = record.claim
        mine = claim is not None and claim.by == state.me
        supervisor = state.role is Role.SUPERVISOR
        self._why = why_not_claim(state, record)
        open_still = not mine and not self._why
        self.reason.setVisible(open_still or (supervisor and not mine))
        self.ask.setVisible(open_still)
        self.take_over.setVisible(supervisor and not mine)
        self.take_over.set_target(drone)
        self.countdown.setVisible(mine)
        self.withdraw.setVisible(mine)
        self.words.setVisible(mine or (bool(self._why) and not supervisor))
        if mine and claim is not None:
            forced = record.state is ControlState.FORCED
            said = f"You take {drone} over" if forced else f"You ask for {drone}"
            self.words.set_spans(Span(said, bold=True), Span(f" · {claim.reason}", Tone.QUIET))
            self.countdown.set_times(claim.made_utc_ms, claim.expires_utc_ms)
        else:
            self.words.set_spans(Span(self._why, Tone.QUIET))
        again = self._objected(record)
        self.take_over.set_label("Override" if again else "Take over")
        self.warn.tell(Tone.CAUTION, self._override_words(record) if again else "")
        self._allow()

    def _objected(self, record: ControlRecord) -> bool:
        """Whether a second order of mine overrides the holder's objection now."""
        objected, state = record.objected, self._desk.state
        if objected is None or objected.by != state.me:
            return False
        return state.clock.utc_ms() <= objected.expires_utc_ms + round(OVERRIDE_S * 1000)

    def _override_words(self, record: ControlRecord) -> str:
        who = record.holder.label if record.holder else "Nobody"
        return f"{who} objected. A second order overrides that: control changes at once."

    def concerns(self, record: ControlRecord | None) -> bool:
        """Whether somebody else holds the drone."""
        return record is not None and record.holder not in (None, self._desk.state.me)

    def open(self) -> None:
        """Put the cursor into the reason."""
        self.reason.setFocus()

    def _build(self) -> None:
        self._why = ""
        self.reason.setPlaceholderText("Reason")
        self.reason.setAccessibleName("Reason for asking for control")
        self.reason.setMaxLength(200)
        self.reason.setMinimumWidth(84)
        self.reason.textChanged.connect(lambda _text: self._allow())
        self.reason.returnPressed.connect(self.ask.click)
        self.ask.clicked.connect(self._ask)
        self.withdraw.clicked.connect(lambda: self._desk.commands.withdraw(self._drone))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addWidget(self.warn)
        column.addLayout(row)
        row.addWidget(self.reason, 1)
        row.addWidget(self.ask)
        row.addWidget(self.take_over)
        row.addWidget(self.words, 1)
        row.addWidget(self.countdown)
        row.addWidget(self.withdraw)

    def _allow(self) -> None:
        told = bool(self.reason.text().strip())
        busy = bool(self._desk.commands.progress(self._drone))
        for button in (self.ask, self.take_over):
            button.setEnabled(told and not busy)
            button.setToolTip("" if told else "Say why in a few words first")

    def _ask(self) -> None:
        self._desk.commands.request(self._drone, self.reason.text().strip())
        self.reason.clear()

    def _plan(self) -> HoldPlan | None:
        state, drone, reason = self._desk.state, self._drone, self.reason.text().strip()
        record = state.control(drone)
        holder = record.holder.label if record is not None and record.holder else "nobody"
        again = record is not None and self._objected(record)
        lines = (
            f"You override {holder}: {drone} is yours at once, without a brief.",
            "Show then with Hold that it obeys you.",
        )
        if not again:
            lines = (
                f"You order {drone} to be yours; {holder} has 5 s to object.",
                "A second order after an objection overrides it at once.",
            )
        return HoldPlan(
            lines,
            lambda: (state.control(drone), self.reason.text()),
            lambda: self._force(drone, reason),
        )

    def _force(self, drone: str, reason: str) -> None:
        self._desk.commands.force(drone, reason)
        self.reason.clear()
