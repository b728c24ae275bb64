"""Possible matches: one before the operator, the others in a list, and what is answered.

No biometric work, no suggestion, no default; nothing is selected or followed by itself. A
recognition alert is no flight warning: white is its colour.
"""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gcs.model.alert import AlertRecord, AlertState, Judgement, Response
from ui.context import Desk
from ui.keys import in_text_field
from ui.models.alert_queue import AlertQueue
from ui.models.alerts import (
    Stage,
    empty_words,
    ended_words,
    stage,
    why_not_decide,
    why_not_judge,
)
from ui.panels.alert_card import AlertCard
from ui.panels.alert_images import AlertImages
from ui.panels.alert_list import AlertList

READY_MS = 700  # a press that was meant for what stood here before is not an answer
DIGITS_HERE = "Digits answer the possible match while its panel has the focus; Esc leaves it."


class AlertPanel(QFrame):
    """`counted` tells how many wait."""

    counted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Possible matches")
        self._desk = desk
        self._seen: dict[tuple[str, str, str, bool], int] = {}
        self._bare: bool | None = None
        self.queue = AlertQueue(desk.state)
        self.images = AlertImages(desk.commands, self)
        self.empty = QLabel(empty_words(desk.state))
        self.list = AlertList(desk.state)
        self.card = AlertCard(desk, self.images)
        self._pages = QStackedWidget()
        self._listing = False
        self._build()
        self._connect()
        self.refresh()

    @property
    def page(self) -> str:
        """`empty`, `list` or `card`."""
        return ("empty", "list", "card")[self._pages.currentIndex()]

    def choose(self, alert: str) -> None:
        """A person wants to see this one."""
        self._listing = False
        self.queue.choose(alert)
        self.refresh()

    def seen_utc_ms(self, alert: str) -> int | None:
        """When its two images first stood on this desk's screen; None before."""
        record = self._desk.state.alert(alert)
        return self._seen.get(self._key(record, True)) if record is not None else None

    def sizeHint(self) -> QSize:
        return QSize(560, 192)

    def minimumSizeHint(self) -> QSize:
        """While nothing waits its neighbours may have the room; a match takes it back."""
        if self.page == "empty":
            return QSize(300, 72)
        return QSize(300, 206 if self.width() >= 560 else 232)

    def refresh(self) -> None:
        """Show the state as it is now."""
        self.queue.look()
        waiting = self.queue.waiting
        self.counted.emit(str(len(waiting)) if waiting else "")
        chosen = self._desk.state.alert(self.queue.chosen) if self.queue.chosen else None
        self.images.keep(frozenset({r.alert.id for r in waiting} | {self.queue.chosen}))
        if chosen is not None and not self._listing:
            others = sum(r.alert.id != chosen.alert.id for r in waiting)
            self.card.show_record(chosen, self._told(chosen), others)
            self._allow(chosen)
            self._show_page(2)
        else:
            if chosen is None:
                self.card.forget()
            self.list.show_records(waiting)
            self._show_page(1 if waiting else 0)
        self._show_keys()

    # -- keyboard --------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if in_text_field() or event.modifiers() or not (digit.isdigit() and digit.isascii()):
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat() and not self._press(digit):
            self._desk.commands.refuse(DIGITS_HERE)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def _press(self, digit: str) -> bool:
        if self.page != "card":
            return False
        for row in (self.card.judge, self.card.decide):
            if row.isVisible():
                return row.press(digit)
        return False

    # -- answers ---------------------------------------------------------------------------
    def _judge(self, judgement: Judgement) -> None:
        record, seen = self._shown()
        if record is not None and seen is not None:
            self._desk.commands.judge_alert(record.alert.id, judgement, seen)

    def _decide(self, response: Response, reason: str) -> None:
        record, seen = self._shown()
        if record is not None and seen is not None:
            self._desk.commands.decide_alert(record.alert.id, response, reason, seen)

    def _shown(self) -> tuple[AlertRecord | None, int | None]:
        record = self._desk.state.alert(self.queue.chosen)
        return record, self._seen_of(record) if record is not None else None

    def _allow(self, record: AlertRecord) -> None:
        waiting = self._not_yet(record)
        state = self._desk.state
        whole = self.card.complete

        def why_not(judgement: Judgement) -> str:
            if why := why_not_judge(state, record) or waiting:
                return why
            if not whole and judgement is not Judgement.CANNOT_TELL:
                return "Without both images nobody can tell."
            return ""

        self.card.judge.allow(why_not)
        self.card.decide.allow(why_not_decide(state, record) or waiting)

    def _not_yet(self, record: AlertRecord) -> str:
        if self._desk.commands.progress(record.alert.id):
            return "Your answer is on its way."
        seen = self._seen_of(record)
        if seen is None:
            return "Both images are looked at first."
        return "" if self._desk.utc_ms - seen >= READY_MS else "Look first."

    def _told(self, record: AlertRecord) -> str:
        """What became of this desk's own answer, where the record does not tell it."""
        alert = record.alert.id
        if progress := self._desk.commands.progress(alert):
            return progress
        last = self._desk.commands.outcome(alert)
        if last is None or last[1].ok:
            return ""
        if stage(self._desk.state, record) is not Stage.OVER:
            return last[1].text
        if record.state is AlertState.DECIDED and record.decided_by != self._desk.state.me:
            return f"{ended_words(self._desk.state, record)} Yours came later and was not taken."
        return ""

    # -- seen ------------------------------------------------------------------------------
    def _key(self, record: AlertRecord, whole: bool) -> tuple[str, str, str, bool]:
        alert = record.alert
        return (alert.id, alert.probe.sha256, alert.candidate_image.sha256, whole)

    def _seen_of(self, record: AlertRecord) -> int | None:
        return self._seen.get(self._key(record, self.card.complete))

    def _note_seen(self) -> None:
        record = self._desk.state.alert(self.queue.chosen)
        if record is not None:
            self._seen.setdefault(self._key(record, self.card.complete), self._desk.utc_ms)
            # Not from within a paint; and once more when a press counts.
            QTimer.singleShot(0, self, self.refresh)
            QTimer.singleShot(READY_MS, self, self.refresh)

    # -- assembly --------------------------------------------------------------------------
    def _build(self) -> None:
        self.empty.setObjectName("Quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        for page in (self.empty, self.list, self.card):
            self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 4, 12, 8)
        outer.addWidget(self._pages)

    def _connect(self) -> None:
        desk, card = self._desk, self.card
        desk.bridge.alert_changed.connect(lambda _alert: self.refresh())
        desk.bridge.tick.connect(self.refresh)
        desk.commands.progress_changed.connect(self._on_progress)
        self.images.changed.connect(lambda _alert: self.refresh())
        self.list.chosen.connect(self.choose)
        card.seen.connect(self._note_seen)
        card.judge.judged.connect(self._judge)
        card.decide.decided.connect(self._decide)
        card.decide.written.connect(self.refresh)
        card.feed_wanted.connect(self._select_feed)
        card.list_wanted.connect(self._open_list)
        card.again_wanted.connect(self._fetch_again)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def _on_progress(self, target: str) -> None:
        if target == self.queue.chosen:
            self.refresh()

    def _select_feed(self) -> None:
        record = self._desk.state.alert(self.queue.chosen)
        if record is None:
            return
        feed = record.alert.feed
        if any(camera.id == feed for camera in self._desk.state.site.cameras):
            self._desk.selection.select_camera(feed)
        else:
            self._desk.selection.select_drone(feed)

    def _open_list(self) -> None:
        self._listing = True
        self.refresh()

    def _fetch_again(self) -> None:
        self.images.again(self.queue.chosen)
        self.refresh()

    def _show_page(self, number: int) -> None:
        if number != self._pages.currentIndex():
            self._keep_focus()
            self._pages.setCurrentIndex(number)
            self.updateGeometry()

    def _keep_focus(self) -> None:
        """What is about to hide passes its focus to the panel, not to the next button."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._show_keys()

    def _show_keys(self) -> None:
        focused = QApplication.focusWidget()
        here = focused is self or (focused is not None and self.isAncestorOf(focused))
        bare = here and not in_text_field()
        if bare != self._bare:
            self._bare = bare
            self.card.show_keys(bare)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._show_keys()
