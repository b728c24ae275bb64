"""The launch sheet of a taken incident: the ranking with its reasons, the height, the hold."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gcs.dispatch.ranking import Candidate
from gcs.model.mission import MissionRecord
from ui.context import Desk
from ui.models.incidents import candidate_figures, candidate_words
from ui.models.launch import DEFAULT_HEIGHT_M, launch_guard, launch_lines, launchable
from ui.text import Span, Tone, plain, sentence
from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.height_spin import HeightSpin
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.text_line import TextLine

ROW_PX = 28
ABOVE = 2  # what was said and its reasons stand above the ranking


class CandidateButton(QAbstractButton):
    """A drone that could go; one of them is chosen."""

    def __init__(self, drone: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drone = drone
        self._theme = theme
        self._candidate: Candidate | None = None
        self.line = TextLine(theme, SMALL_PX, parent=self)
        self.line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setCheckable(True)
        self.setFixedHeight(ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 0, 4, 0)
        row.addWidget(self.line)

    def show_candidate(self, candidate: Candidate) -> None:
        """Show where this drone stands and why."""
        self._candidate = candidate
        self.line.set_tip("\n".join(candidate.reasons))
        self.setAccessibleName(plain(candidate_words(candidate)))
        self.setEnabled(candidate.possible)
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        """All the reasons where they fit, else the figures alone."""
        if self._candidate is not None:
            full = candidate_words(self._candidate)
            room = self.line.fits(*full)
            self.line.set_spans(*(full if room else candidate_figures(self._candidate)))

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(self.rect(), self._theme.color("selected"))
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent" if self.isChecked() else "line_strong"))
        middle = self.height() / 2
        painter.drawEllipse(8, int(middle) - 6, 12, 12)
        if self.isChecked():
            painter.setBrush(self._theme.color("accent"))
            painter.drawEllipse(11, int(middle) - 3, 6, 6)
        painter.end()


class LaunchSheet(QWidget):
    """Shown for a mission that is mine and has no drone. The best drone is chosen at first."""

    looked_at = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key = ""
        self._chosen = ""
        self._candidates: dict[str, CandidateButton] = {}
        self._ranked: tuple[Candidate, ...] = ()
        self._group = QButtonGroup(self)
        self.heading = TextLine(desk.theme, BASE_PX)
        self.height_m = HeightSpin(desk.state.site.fence.highest_relative_m)
        self.height_m.setValue(DEFAULT_HEIGHT_M)
        self.lines = (QLabel(""), QLabel(""))
        self.said = TextLine(desk.theme, BASE_PX)
        self.refusal = QLabel("")
        self.launch = HoldButton(
            "Launch", "hold", self._plan, desk.clock, desk.theme, primary=True, hold_s=1.5
        )
        self.give_back = QPushButton("Give back")
        self._list = QVBoxLayout()
        self._build()
        self.height_m.valueChanged.connect(lambda _value: self.refresh())
        self.height_m.corrected.connect(desk.commands.refuse)
        desk.commands.progress_changed.connect(self._on_progress)

    @property
    def chosen(self) -> str:
        """The drone that would be launched."""
        return self._chosen

    @property
    def key(self) -> str:
        """The incident that it belongs to."""
        return self._key

    def show_mission(self, key: str) -> None:
        """Show this incident's sheet."""
        if key != self._key:
            self._key, self._chosen = key, ""
            self.height_m.setValue(DEFAULT_HEIGHT_M)  # never the last incident's
        self.refresh()

    def choose(self, drone: str) -> None:
        """Choose a drone, if it can go."""
        if any(c.drone == drone and c.possible for c in self._ranked):
            self._chosen = drone
            self.refresh()

    def refresh(self) -> None:
        """Rank again and show it."""
        mission = self._desk.state.mission(self._key)
        if mission is None or not launchable(self._desk.state, mission):
            self._show_outcome()
            self.launch.setEnabled(False)
            self.give_back.setEnabled(False)
            return
        self.give_back.setEnabled(True)
        incident = mission.incident
        self.heading.set_spans(
            Span(f"Launch for {incident.number} {incident.category}", bold=True),
            Span(f" · {incident.place}", Tone.QUIET),
        )
        self.heading.set_tip(incident.description)
        self._ranked = self._desk.state.candidates(self._key, float(self.height_m.value()))
        self._keep_choice()
        self._show_candidates()
        self._show_lines(mission)
        self._show_outcome()

    def _build(self) -> None:
        ranking = QWidget()
        ranking.setObjectName("PanelBody")
        ranking.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addWidget(self.said)
        self._list.addWidget(self.refusal)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(2 * ROW_PX)
        scroll.setWidget(ranking)
        for label in self.lines:
            label.setWordWrap(True)
        self.lines[1].setObjectName("Quiet")
        self.refusal.setWordWrap(True)
        self.refusal.setContentsMargins(15, 0, 0, 4)
        self.refusal.hide()
        self.said.hide()
        self.give_back.setFixedHeight(self.launch.height())
        self.give_back.setToolTip("Give the incident back: it waits for anybody again")
        self.give_back.clicked.connect(lambda: self._desk.commands.release_incident(self._key))
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.height_m)
        acts.addWidget(self.launch)
        acts.addWidget(self.give_back)
        acts.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 8, 14, 10)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.heading, 0, 0)
        grid.addWidget(scroll, 1, 0)
        grid.addWidget(self.lines[0], 2, 0)
        grid.addWidget(self.lines[1], 3, 0)
        grid.addLayout(acts, 5, 0)
        grid.setRowStretch(1, 1)

    def _keep_choice(self) -> None:
        possible = [c.drone for c in self._ranked if c.possible]
        if self._chosen not in possible and not self.launch.holding:
            self._chosen = possible[0] if possible else ""

    def _show_candidates(self) -> None:
        for number, candidate in enumerate(self._ranked):
            button = self._candidates.get(candidate.drone)
            if button is None:
                button = CandidateButton(candidate.drone, self._desk.theme)
                button.clicked.connect(lambda _on=False, drone=candidate.drone: self.choose(drone))
                self._group.addButton(button)
                self._candidates[candidate.drone] = button
            if self._list.indexOf(button) != number + ABOVE:
                self._list.insertWidget(number + ABOVE, button)
            button.show_candidate(candidate)
            button.setChecked(candidate.drone == self._chosen)

    def _show_lines(self, mission: MissionRecord) -> None:
        chosen = next((c for c in self._ranked if c.drone == self._chosen), None)
        if chosen is None:
            words = ("No drone can go now; the reasons stand above.", "")
        else:
            height = float(self.height_m.value())
            words = launch_lines(self._desk.state, mission, chosen, height)
        for label, text in zip(self.lines, words, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self.launch.set_target(self._chosen or "no drone")
        busy = self._desk.commands.progress(self._key)
        self.launch.setEnabled(bool(chosen) and not busy)

    def _show_outcome(self) -> None:
        busy = self._desk.commands.progress(self._key)
        last = self._desk.commands.outcome(self._key)
        refused = not busy and last is not None and last[0] == "launch" and not last[1].ok
        self.said.setVisible(bool(busy) or refused)
        self.refusal.setVisible(refused and last is not None and bool(last[1].reasons))
        if refused and last is not None:
            self.said.set_spans(Span(sentence(last[1].text), Tone.CAUTION))
            self.refusal.setText("\n".join(f"· {reason}" for reason in last[1].reasons))
        elif busy:
            self.said.set_spans(Span(busy, Tone.ACCENT))

    def _plan(self) -> HoldPlan | None:
        key, drone, height = self._key, self._chosen, float(self.height_m.value())
        state = self._desk.state
        return HoldPlan(
            (self.lines[0].text(), self.lines[1].text()),
            lambda: (launch_guard(state, key, drone, height), self._chosen, self.height_m.value()),
            lambda: self._desk.commands.launch(key, drone, height),
        )

    def _on_progress(self, target: str) -> None:
        if target == self._key:
            self.refresh()
