"""A hand-over under way, in place of the ordinary brief: read and ticked by who receives, seen by
both; then "You have control?" and "I have control", the proof and the confirmation.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gcs.model.brief import Line
from gcs.model.control import ControlRecord
from gcs.model.function import Function
from ui.context import Desk
from ui.models.handing import Part
from ui.models.handover import HandoverView, Readings, Step, handover_view
from ui.panels.brief_lines import BriefLines
from ui.panels.check_lines import CheckLines
from ui.text import Span, Tone
from ui.theme import BASE_PX, SMALL_PX
from ui.widgets.countdown import Countdown
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.key_button import KeyButton
from ui.widgets.text_line import TextLine
from ui.widgets.wrapped import Wrapped

KEYS = {Step.ARM: "hold F", Step.ASSUME: "hold T", Step.PROVE: "H", Step.CONFIRM: "F"}
LEAST_PX = 48
AT_ONCE = frozenset({Step.PROVE, Step.CONFIRM})


class HandoverPanel(QWidget):
    """`step_down`, `step_up`, `end`, `waive_next` and `go_to_lines` are what the keyboard calls."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._record: ControlRecord | None = None
        self._readings = Readings()
        self._scroll = QScrollArea()
        self._waited = False
        self._wanted = False
        self._next_line = ""
        self.view: HandoverView | None = None
        self.title = TextLine(desk.theme, BASE_PX)
        self.countdown = Countdown(desk.clock, desk.theme)
        self.reason = TextLine(desk.theme, SMALL_PX)
        self.doing = Wrapped(desk.theme, BASE_PX)
        self.lines = BriefLines(desk)
        self.alerts = BriefLines(desk)
        self.alert_head = QLabel("")
        self.checks = CheckLines(desk)
        self.step = HoldButton("", "", self._plan, desk.clock, desk.theme, primary=True)
        self.act = KeyButton("", "", desk.theme, primary=True)
        self.back = KeyButton("Return", "R", desk.theme)
        self.ending = KeyButton("", "O", desk.theme)
        self._build()

    @property
    def drone(self) -> str:
        """Whose hand-over is shown."""
        return self._record.drone if self._record else ""

    def show_record(self, record: ControlRecord) -> None:
        """Show it as the gateway records it and as the brief stands."""
        view = handover_view(self._desk.state, record, self._readings)
        self._record, self.view = record, view
        if view is None:
            return
        self.title.set_spans(Span(view.title, bold=True))
        self.reason.set_spans(Span(f"Reason: {view.reason or 'none given'}", Tone.QUIET))
        self.countdown.setVisible(bool(view.change.until_utc_ms))
        self.countdown.set_times(view.change.made_utc_ms, view.change.until_utc_ms)
        self.doing.tell(view.tone, view.doing)
        self._show_lines(record.drone, view)
        self.checks.show_checks(view)
        self._show_acts(view)
        self._follow_lines(view)
        waits = bool(view.lines) and not view.next_line and bool(view.failing)
        if waits and not self._waited:  # all is read: what is left stands at the foot
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.checks, 0, 0))
        self._waited = waits

    def step_down(self) -> None:
        """T or F went down: the next step, or why there is none."""
        view = self.view
        if view is None:
            return
        if view.why_not:
            self._desk.commands.refuse(view.why_not)
        elif view.step in AT_ONCE:
            self.act.click()
        else:
            self.step.setFocus()
            self.step.begin()

    def step_up(self) -> None:
        """The key went up."""
        self.step.key_up()

    def still_down(self) -> None:
        """It only repeated."""
        self.step.key_still_down()

    def end(self) -> None:
        """O: the receiver declines, the giver takes it back."""
        if self.ending.isVisible() and self.ending.isEnabled():
            self.ending.click()
        else:
            self._desk.commands.refuse(f"{self.drone} changes hands already: that is not undone.")

    def go_to_lines(self) -> None:
        """B: to the first line that waits for its tick; it may still be on its way."""
        self._wanted = self.view is None or not self.lines.go_to(self.view.next_line)

    def _follow_lines(self, view: HandoverView) -> None:
        """The focus that was asked for before the brief came; a line that changed is in sight."""
        if self._wanted and view.may_tick and view.next_line:
            self._wanted = not self.lines.go_to(view.next_line)
        if view.next_line != self._next_line and view.changed_line:
            self.lines.reveal(view.changed_line)
        self._next_line = view.next_line

    def _build(self) -> None:
        self.alert_head.setObjectName("Caption")
        self.alert_head.setWordWrap(True)
        self.alert_head.setContentsMargins(14, 6, 14, 2)
        head = QVBoxLayout()
        head.setContentsMargins(14, 8, 14, 6)
        head.setSpacing(3)
        first = QHBoxLayout()
        first.addWidget(self.title, 1)
        first.addWidget(self.countdown)
        head.addLayout(first)
        head.addWidget(self.reason)
        head.addWidget(self.doing)
        told = QWidget()
        told.setObjectName("PanelBody")
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.lines, self.alert_head, self.alerts, self.checks):
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        # Only what is left over: what is pressed is never squeezed.
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._scroll.setMinimumHeight(LEAST_PX)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(told)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 10)
        foot.setSpacing(8)
        for button in (self.step, self.act, self.back, self.ending):
            foot.addWidget(button)
        foot.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self._scroll, 1)
        outer.addLayout(foot)
        self.lines.ticked.connect(self._tick)
        self.alerts.ticked.connect(self._tick)
        self.checks.waived.connect(self._waive)
        self.act.clicked.connect(self._act)
        self.back.clicked.connect(lambda: self._desk.commands.return_home(self.drone))
        self.ending.clicked.connect(self._end)

    def _show_lines(self, drone: str, view: HandoverView) -> None:
        self.lines.show_lines(drone, view.lines, view.may_tick)
        self.alerts.show_lines(drone, view.alerts, view.may_tick)
        self.alert_head.setVisible(bool(view.alerts))
        if view.change.part is Part.RECEIVER:
            self.alert_head.setText(
                f"Open matches stay with {view.change.giver}: tick to take the alert too"
            )
        else:
            self.alert_head.setText("Open matches stay with you unless they are taken too")

    def _show_acts(self, view: HandoverView) -> None:
        drone, busy = view.change.drone, bool(self._desk.commands.progress(view.change.drone))
        at_once = view.step in AT_ONCE
        self.step.setVisible(not at_once)
        self.act.setVisible(at_once)
        self.back.setVisible(view.step is Step.PROVE)
        button = self.act if at_once else self.step
        button.set_label(view.step.value)
        button.set_key(KEYS[view.step])
        button.setToolTip(view.why_not)
        for each in (self.step, self.act, self.back, self.ending):
            each.set_target(drone)
        button.setEnabled(not view.why_not and not busy)
        self.back.setEnabled(not view.why_not and not busy)
        self.ending.setVisible(view.may_end)
        self.ending.set_label("Decline" if view.change.part is Part.RECEIVER else "Cancel")
        self.ending.setEnabled(not busy)

    # -- the operator ----------------------------------------------------------------------
    @property
    def _function(self) -> Function:
        return self._record.function if self._record else Function.FLIGHT

    def _tick(self, line: Line) -> None:
        self._desk.commands.tick(self.drone, line, self._function)

    def _waive(self, check: str) -> None:
        self._desk.commands.waive(self.drone, check, self._function)

    def _end(self) -> None:
        mine = self.view is not None and self.view.change.part is Part.GIVER
        commands = self._desk.commands
        (commands.cancel_offer if mine else commands.decline)(self.drone, self._function)

    def _act(self) -> None:
        if self.view is not None and self.view.step is Step.CONFIRM:
            self._desk.commands.confirm(self.drone, self._function)
        else:
            self._desk.commands.hold(self.drone)

    def _plan(self) -> HoldPlan | None:
        state, view, drone, function = self._desk.state, self.view, self.drone, self._function
        if view is None:
            return None
        commands = self._desk.commands
        if view.step is Step.ARM:
            return HoldPlan(
                (
                    f"You ask {view.change.taker} to take {drone}; you keep it until the answer.",
                    "Meanwhile you have Hold and Return alone.",
                ),
                lambda: state.control(drone, function),
                lambda: commands.arm(drone, function),
            )
        return HoldPlan(
            (
                f"You take control of {drone} from {view.change.giver}.",
                "It goes on as it flies; show then with Hold that it obeys you.",
            ),
            lambda: state.control(drone, function),
            lambda: commands.assume(drone, function),
        )
