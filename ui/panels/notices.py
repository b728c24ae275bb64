"""The last sentences to the operator: notices and the gateway's events that ask for attention."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gcs.model.event import EventKind, GatewayEvent, Severity
from gcs.station.state import Notice
from ui.context import Desk
from ui.models.notices import Line, NoticeLines
from ui.text import Tone, clock_time
from ui.theme import Theme
from ui.widgets.mark import MARK_GAP_PX, MARK_PX, paint_mark

TONES = {Severity.WARNING: Tone.WARNING, Severity.CAUTION: Tone.CAUTION, Severity.INFO: Tone.QUIET}
WORDS = {Severity.WARNING: "Warning: ", Severity.CAUTION: "Caution: ", Severity.INFO: ""}
TOLD_KINDS = frozenset({EventKind.CONTROL, EventKind.CONTINGENCY, EventKind.FENCE, EventKind.LINK})
EMPTY = "Nothing to tell. Refusals, faults and changes of control are written here as they happen."


class NoticeRow(QWidget):
    """Shape, sentence and time; wraps, never cut."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.QUIET
        self.label = QLabel("", self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.time = QLabel("", self)
        self.time.setObjectName("Quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 14, 3)
        row.setSpacing(8)
        row.addSpacing(MARK_PX + MARK_GAP_PX + 2)
        row.addWidget(self.label, 1)
        row.addWidget(self.time, 0, Qt.AlignmentFlag.AlignTop)

    def show_line(self, line: Line) -> None:
        """Show this sentence."""
        self._tone = TONES[line.severity]
        times = f" (×{line.times})" if line.times > 1 else ""
        self.label.setText(f"{WORDS[line.severity]}{line.text}{times}")
        self.time.setText(clock_time(line.utc_ms))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF(14, 8, MARK_PX, MARK_PX), self._tone, self._theme)
        painter.end()


class NoticesPanel(QFrame):
    """The newest on top; equal ones in a row are counted, not repeated."""

    counted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self._book = NoticeLines()
        self._rows: list[NoticeRow] = []
        self._empty = QLabel(EMPTY)
        self._build()
        for notice in desk.state.notices:
            self._on_notice(notice)
        desk.bridge.notice.connect(self._on_notice)
        desk.bridge.event_told.connect(self._on_event)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown, newest first."""
        return self._book.lines

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 56)

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("PanelBody")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 2, 0, 2)
        self._column.setSpacing(0)
        self._empty.setObjectName("Quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(14, 4, 14, 4)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _on_notice(self, notice: Notice) -> None:
        self._book.add(notice.severity, self._short(notice.text), notice.utc_ms)
        self._show()

    def _on_event(self, event: GatewayEvent) -> None:
        if event.severity is Severity.INFO and event.kind not in TOLD_KINDS:
            return
        text = self._short(event.text)
        if event.drone in text and not text.startswith(event.drone):
            self._book.add(event.severity, text, event.utc_ms)
        else:
            self._book.add_of(event.severity, event.drone, text, event.utc_ms)
        self._show()

    def _short(self, text: str) -> str:
        """Incidents by the number they carry everywhere else on the desk."""
        for mission in self._desk.state.missions:
            text = text.replace(mission.incident.key, str(mission.incident.number))
        return text.replace("go_to", "go to").replace("return_home", "return")

    def _show(self) -> None:
        lines = self._book.lines
        while len(self._rows) < len(lines):
            row = NoticeRow(self._desk.theme)
            self._rows.append(row)
            self._column.insertWidget(len(self._rows), row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(lines))
            if number < len(lines):
                row.show_line(lines[number])
        self._empty.setVisible(not lines)
        self.counted.emit(str(len(lines)))
