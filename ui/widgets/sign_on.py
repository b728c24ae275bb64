"""The form that asks who sits at this desk. A child of the window: nothing waits for it.

While nobody is signed on it covers the window under its bar, so that nobody reads or presses
what a person left behind; otherwise it is a sheet in the middle. The password is out of the form
as soon as it is sent.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.text import Tone
from ui.theme import BASE_PX, Theme
from ui.widgets.wrapped import Wrapped

WIDTH_PX = 440
LONGEST = 200


class Veil(QWidget):
    """Hides a panel that floats outside the window, in its own size."""

    def __init__(self, theme: Theme, panel: QWidget) -> None:
        super().__init__(panel)
        self._theme = theme
        panel.installEventFilter(self)
        self.setGeometry(panel.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("ground"))
        painter.end()


class SignOnSheet(QWidget):
    """`asked(person, password)`, `off_asked()`. `below`: the widget it leaves free at the top."""

    asked = Signal(str, str)
    off_asked = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget, below: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._below = below
        self._covers = False
        self._busy = False
        self.heading = QLabel()
        self.person = QLineEdit()
        self.password = QLineEdit()
        self.words = Wrapped(theme, BASE_PX)
        self.enter = QPushButton("Sign on")
        self.off = QPushButton("Sign off")
        self.leave = QPushButton("Close  Esc")
        self._build()
        window.installEventFilter(self)
        self.hide()

    @property
    def covers(self) -> bool:
        """Whether it hides the desk, because nobody is signed on."""
        return self._covers

    def ask(self, heading: str, covers: bool) -> None:
        """Show it, empty, the cursor where the name goes; `covers`: there is no way round it."""
        self._covers = covers
        self.heading.setText(heading)
        self.person.clear()
        self.password.clear()
        self.words.tell(Tone.QUIET)
        for button in (self.off, self.leave):
            button.setVisible(not covers)
        self._set_busy(False)
        self.show()
        self._place()
        self.raise_()
        self.person.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, tone: Tone, sentence: str) -> None:
        """One sentence under the fields."""
        self.words.tell(tone, sentence)
        self._place()

    def wait(self, sentence: str) -> None:
        """It is being asked: nothing can be sent meanwhile."""
        self._set_busy(True)
        self.tell(Tone.QUIET, sentence)

    def refuse(self, sentence: str) -> None:
        """It came to nothing; the next try begins at the password."""
        self._set_busy(False)
        self.tell(Tone.CAUTION, sentence)
        first = self.password if self.person.text() else self.person
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Away with it, and with what was typed."""
        self.password.clear()
        self.hide()
        self.closed.emit()

    # -- Qt --------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key pressed here acts on a drone behind it."""
        if event.key() == Qt.Key.Key_Escape and not self._covers:
            self.close_sheet()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays within what covers the desk."""
        if not self._covers:
            return super().focusNextPrevChild(forward)
        ring = [w for w in (self.person, self.password, self.enter) if w.isEnabled()]
        focus = self.focusWidget()
        if ring:
            at = next((n for n, widget in enumerate(ring) if widget is focus), -1)
            ring[(at + (1 if forward else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("ground"))
        painter.end()

    # -- assembly --------------------------------------------------------------------------------
    def _send(self) -> None:
        person, password = self.person.text().strip(), self.password.text()
        if self._busy:
            return
        if not person or not password:
            self.tell(Tone.CAUTION, "Your name and your password, please.")
            (self.password if person else self.person).setFocus()
            return
        self.password.clear()
        self.asked.emit(person, password)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for widget in (self.person, self.password, self.enter, self.off):
            widget.setEnabled(not busy)

    def _place(self) -> None:
        if self.isHidden():
            return
        window = self.parentWidget()
        assert window is not None
        room = QRect(0, self._below.height(), window.width(), window.height())
        room.setBottom(window.height() - 1)
        if self._covers:
            self.setGeometry(room)
            return
        height = self._sheet.heightForWidth(WIDTH_PX)
        box = QRect(0, 0, WIDTH_PX, max(height, self._sheet.minimumSizeHint().height()))
        box.moveCenter(room.center())
        self.setGeometry(box)

    def _build(self) -> None:
        self.heading.setObjectName("Heading")
        self.heading.setWordWrap(True)
        self.person.setAccessibleName("Your name in the directory")
        self.password.setAccessibleName("Password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for field in (self.person, self.password):
            field.setMaxLength(LONGEST)
            field.returnPressed.connect(self._send)
        self.person.setPlaceholderText("for example pilot-a")
        self.enter.setMinimumWidth(120)
        self.enter.clicked.connect(self._send)
        self.off.clicked.connect(self.off_asked)
        self.leave.clicked.connect(self.close_sheet)
        self._sheet = QFrame(self)
        self._sheet.setObjectName("Sheet")
        self._sheet.setFixedWidth(WIDTH_PX)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for row, (name, field) in enumerate((("Name", self.person), ("Password", self.password))):
            label = QLabel(name)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.enter)
        buttons.addStretch(1)
        buttons.addWidget(self.off)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self._sheet)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addLayout(grid)
        column.addWidget(self.words)
        column.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._sheet, 0, Qt.AlignmentFlag.AlignCenter)
