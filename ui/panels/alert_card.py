"""One possible match: two images of equal size, its age, and the answer that is asked now.

Shows what it is told; what may be shown when is decided in `ui.models.alerts`.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gcs.model.alert import AlertImage, AlertRecord
from ui.context import Desk
from ui.models.alerts import (
    TITLE,
    Stage,
    ask_words,
    captured,
    deployment_words,
    details,
    feed_name,
    stage,
)
from ui.panels.alert_answer import DecideRow, JudgeRow
from ui.panels.alert_details import AlertDetails
from ui.panels.alert_images import AlertImages
from ui.text import Span, Tone, unbroken
from ui.theme import BASE_PX, SMALL_PX
from ui.widgets.alert_picture import WAITING, AlertPicture
from ui.widgets.countdown import Countdown
from ui.widgets.text_line import TextLine

NARROW_UNDER_PX = 560
WIDE_BOX = (98, 116)
NARROW_BOX = (84, 84)
GAP_PX = 8


class AlertCard(QWidget):
    """`seen` when both images, or the sentences in their place, came before the eye."""

    seen = Signal()
    feed_wanted = Signal()
    list_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, desk: Desk, images: AlertImages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._images = images
        self._record: AlertRecord | None = None
        self._narrow: bool | None = None
        self._told = ""
        theme = desk.theme
        self.probe = AlertPicture("feed", theme)
        self.candidate = AlertPicture("watchlist", theme)
        self.still = AlertPicture("still", theme)
        self.title = QLabel(TITLE)
        self.countdown = Countdown(desk.clock, theme, "text")
        self.more = _link("", "Those that wait, newest first")
        self.feed = _link("", "Show this feed everywhere")
        self.age = TextLine(theme, BASE_PX)
        self.deployment = TextLine(theme, SMALL_PX)
        self.ask = QLabel("")
        self.details = AlertDetails(theme)
        self.judge = JudgeRow(theme)
        self.decide = DecideRow(theme)
        self.still_link = _link("Still", "The whole picture, pixelated but for the box")
        self.again = _link("Try again", "Ask the keeper for the images once more")
        self._build()
        self._connect()

    @property
    def complete(self) -> bool:
        """Whether both images are here."""
        return self.probe.image is not None and self.candidate.image is not None

    @property
    def both_painted(self) -> bool:
        """Whether both images, or their sentences, have been on the screen."""
        return all(p.painted and p.words != WAITING for p in (self.probe, self.candidate))

    def show_record(self, record: AlertRecord, told: str, others: int) -> None:
        """Show this alert as it is now; `told` stands in place of what is asked."""
        state = self._desk.state
        new = self._record is None or self._record.alert.id != record.alert.id
        self._record, self._told = record, told
        if new:
            self.still_link.setChecked(False)
            self.decide.clear()
        self.feed.setText(feed_name(state, record.alert.feed))
        self._show_words(record)
        self.more.setText(f"{others} more")
        self.more.setVisible(others > 0)
        over = stage(state, record) is Stage.OVER
        self.countdown.setVisible(not over)
        self.countdown.set_times(record.received_utc_ms, record.alert.expires_utc_ms)
        self._show_pictures(record)
        self._show_stage(record)

    def forget(self) -> None:
        """Nothing is shown any more: not its images, not its figures."""
        self._record = None
        for picture in (self.probe, self.candidate, self.still):
            picture.show_words()
        self.details.show_details((), 1)
        self.decide.clear()

    def show_keys(self, bare: bool) -> None:
        """How the keys act now."""
        self.judge.show_keys(bare)
        self.decide.show_keys(bare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(event.size().width() < NARROW_UNDER_PX)

    def _show_words(self, record: AlertRecord) -> None:
        """The age always; what makes it lawful on its own line while there is room for it."""
        state = self._desk.state
        lawful = deployment_words(state, record)
        asked = self._told or ask_words(state, record)
        if details(state, record) and not self._narrow:
            asked = f"{asked} {lawful[0].upper()}{lawful[1:]}."
        self.age.set_spans(Span(captured(state, record)))
        self.age.set_tip(lawful)
        self.deployment.set_spans(Span(lawful, Tone.QUIET))
        self.ask.setText(unbroken(asked))

    def _show_pictures(self, record: AlertRecord) -> None:
        still = self.still_link.isChecked()
        pairs = [(self.probe, AlertImage.PROBE), (self.candidate, AlertImage.CANDIDATE)]
        if still:
            pairs.append((self.still, AlertImage.STILL))
        refused = False
        for picture, image in pairs:
            if self._desk.state.role is not None:  # nobody is told anything before he is signed on
                self._images.want(record.alert, image)
            found = self._images.image(record.alert, image)
            words = self._images.words(record.alert, image)
            refused = refused or bool(words)
            if found is not None:
                picture.show_image(found)
            else:
                picture.show_words(words or WAITING)
        self.still.set_label(f"still · {captured(self._desk.state, record)}")
        self.probe.setVisible(not still)
        self.candidate.setVisible(not still)
        self.still.setVisible(still)
        self.still_link.setText("Both images" if still else "Still")
        self.again.setVisible(refused)

    def _show_stage(self, record: AlertRecord) -> None:
        at = stage(self._desk.state, record)
        told = details(self._desk.state, record)
        self.details.show_details(told, 1 if self._narrow else 2)
        self.judge.setVisible(at in (Stage.JUDGE, Stage.SECOND))
        self.decide.setVisible(at is Stage.DECIDE)
        crowded = bool(self._narrow and told)
        self.deployment.setVisible(not told)
        self.ask.setVisible(not crowded or at is Stage.OVER or bool(self._told))

    def _build(self) -> None:
        self.title.setObjectName("AlertTitle")
        self.ask.setWordWrap(True)
        self.ask.setObjectName("Reason")
        self.still_link.setCheckable(True)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.more)
        head.addWidget(self.countdown)
        self._where = QHBoxLayout()
        self._where.setSpacing(6)
        self._where.addWidget(self.feed)
        self._where.addStretch(1)
        self._where.addWidget(self.again)
        self._where.addWidget(self.still_link)
        self._column = QVBoxLayout()
        self._column.setSpacing(1)
        self._column.addLayout(self._where)
        for widget in (self.deployment, self.ask, self.details):
            self._column.addWidget(widget, 1 if widget is self.details else 0)
        self._column.addStretch(0)
        pictures = QVBoxLayout()
        pair = QHBoxLayout()
        pair.setSpacing(GAP_PX)
        for picture in (self.probe, self.candidate, self.still):
            pair.addWidget(picture)
        pictures.addLayout(pair)
        pictures.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addLayout(pictures)
        top.addLayout(self._column, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(6)
        self._outer.addLayout(top, 1)
        self._outer.addWidget(self.judge)
        self._outer.addWidget(self.decide)
        self._fold(False)

    def _connect(self) -> None:
        self.probe.first_painted.connect(self._tell_seen)
        self.candidate.first_painted.connect(self._tell_seen)
        self.feed.clicked.connect(self.feed_wanted)
        self.more.clicked.connect(self.list_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.still_link.toggled.connect(lambda _on: self._again_as_it_is())

    def _fold(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        wide, high = NARROW_BOX if narrow else WIDE_BOX
        for picture in (self.probe, self.candidate):
            picture.set_size(wide, high)
        self.still.set_size(2 * wide + GAP_PX, high)
        self.decide.fold(narrow)
        if narrow:
            self._outer.insertWidget(0, self._head)
            self._column.insertWidget(1, self.age)
        else:
            self._column.insertWidget(0, self._head)
            self._where.insertWidget(1, self.age, 100)
        self._again_as_it_is()

    def _again_as_it_is(self) -> None:
        if self._record is not None:
            self._show_words(self._record)
            self._show_pictures(self._record)
            self._show_stage(self._record)

    def _tell_seen(self) -> None:
        if self.both_painted:
            self.seen.emit()


def _link(text: str, tip: str) -> QPushButton:
    link = QPushButton(text)
    link.setObjectName("Link")
    link.setToolTip(tip)
    return link
