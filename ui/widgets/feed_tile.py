"""A feed's tile: its newest picture with its words on it. It never looks live when it is not.

It paints what it was given and asks nobody: `ui.feed_poll` brings frames and tells it to look.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gcs.model.alert import AlertRecord
from gcs.video.frame import FeedState, FeedStatus, Frame
from ui.context import Desk
from ui.models.feeds import FeedText, feed_text
from ui.models.picture import (
    Look,
    PictureText,
    age_chip,
    capture_age_s,
    moment,
    open_matches,
    picture_text,
)
from ui.text import Span, plain
from ui.theme import BASE_PX, SMALL_PX
from ui.widgets.feed_marks import paint_edge
from ui.widgets.feed_plate import Plates
from ui.widgets.feed_words import TileWords, paint_no_feed, paint_tile_words
from ui.widgets.picture import Picture

NO_FEED = "Nothing is selected. The selected drone's or camera's picture has its place here."
LEAST = QSize(84, 48)
CHIP_HOLDS_S = 0.5  # running figures are not read, they only flicker
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NOT_LOOKED = PictureText(Look.GONE)


class FeedTile(QWidget):
    """`chosen(feed)`: pressed, or Enter. `opened(feed)`: pressed twice, or Enter once more."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, desk: Desk, feed: str, key: str, large: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self.key = key
        self.large = large
        self.picture = Picture()
        self.hud = ""  # the focus's own words, filled from outside the paint
        self.street = ""
        self._feed = feed
        self._asked_at_s = desk.now_s
        self._told: FeedText | None = None
        self._status = FeedStatus(FeedState.CONNECTING)
        self._text = NOT_LOOKED
        self._matches: tuple[AlertRecord, ...] = ()
        self._chip = Span("")
        self._chip_until_s = 0.0
        self._unpainted = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(LEAST)
        self.read()

    # -- what it shows ---------------------------------------------------------------------
    @property
    def feed(self) -> str:
        return self._feed

    @property
    def told(self) -> FeedText | None:
        """What is written of who carries the camera."""
        return self._told

    @property
    def text(self) -> PictureText:
        """How the picture looks and what is said over it."""
        return self._text

    @property
    def chip(self) -> str:
        """The age as it was painted last."""
        return self._chip.text

    @property
    def matches(self) -> tuple[AlertRecord, ...]:
        """Open alerts of this feed."""
        return self._matches

    def set_feed(self, feed: str) -> None:
        """Show another feed; '' for none. The last one's picture goes at once."""
        if feed == self._feed:
            return
        self._feed = feed
        self._asked_at_s = self._desk.now_s
        self._status, self._text = FeedStatus(FeedState.CONNECTING), NOT_LOOKED
        self._matches, self._chip, self._chip_until_s = (), Span(""), 0.0
        self.hud = self.street = ""
        self.picture.drop()
        self.read()
        self.update()

    def take(self, frame: Frame) -> None:
        """A newer frame of its feed."""
        self.picture.take(frame)
        self._unpainted = True
        self.update()

    def look(self, status: FeedStatus) -> None:
        """Some times a second: is what is shown still true?"""
        self._status = status
        state = self._desk.state
        matches = open_matches(state, self._feed) if self._feed else ()
        text, now = NOT_LOOKED, None
        if self._told is not None:
            now = moment(state, self.picture.frame, self._asked_at_s)
            text = picture_text(state, self._told, status, now)
        if (text, matches) != (self._text, self._matches):
            self._text, self._matches = text, matches
            self._name()
            self.update()
        elif matches or (now is not None and (now.frame_s or 0.0) > CHIP_HOLDS_S):
            self.update()  # ages run on while no frame comes

    def read(self) -> None:
        """Once a second, or when control changed: the words of who carries the camera."""
        told = feed_text(self._desk.state, self._feed) if self._feed else None
        if told != self._told:
            self._told = told
            self._name()
            self.update()

    def picture_room(self) -> QRect:
        """Where the picture may lie."""
        return self.rect().adjusted(1, 1, -1, -1)

    def wanted(self) -> QSize:
        """Device pixels of a picture that fits; empty while nobody can see this tile."""
        if not self._feed or self._told is None or not self.isVisible():
            return QSize()
        if self.window().isMinimized() or self.visibleRegion().isEmpty():
            return QSize()
        ratio = self.devicePixelRatioF()
        room = self.picture_room().size() * ratio
        video = self._desk.state.site.video
        source = QSize(self._status.source_width, self._status.source_height)
        shape = QSize(video.width, video.height) if source.isEmpty() else source
        return shape.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    # -- the operator ----------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self._feed:
            self.chosen.emit(self._feed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._feed:
            self.opened.emit(self._feed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER or not self._feed or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif self._feed == self._desk.selection.feed:
            self.opened.emit(self._feed)
        else:
            self.chosen.emit(self._feed)

    # -- painting --------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._desk.theme.color("ground"))
        room, ratio = self.picture_room(), self.devicePixelRatioF()
        live = self._text.look is Look.LIVE
        if self._text.look is not Look.GONE:
            if not live:
                self.picture.grey_out(room.size() * ratio)
            self.picture.paint(painter, room, ratio, grey=not live)
        family, pixels = self.font().family(), BASE_PX if self.large else SMALL_PX
        if self._told is not None:
            plates = Plates(family, pixels, ratio)
            paint_tile_words(painter, self.rect(), plates, self._words(room, ratio))
        elif self.large:
            paint_no_feed(painter, self.rect(), family, pixels, NO_FEED)
        self._paint_edge(painter)
        painter.end()
        frame = self.picture.frame
        if live and self._unpainted and frame is not None:
            self._unpainted = False
            self._desk.wall.painted(frame)

    def _words(self, room: QRect, ratio: float) -> TileWords:
        live = self._text.look is Look.LIVE
        frame = self.picture.frame if live else None
        return TileWords(
            told=self._told,
            text=self._text,
            chip=self._age(),
            matches=self._matches,
            boxes=frame.boxes if frame is not None else (),
            picture=self.picture.box_in(room, ratio) if live else QRect(),
            seen=frame.metadata if frame is not None else None,
            hud=self.hud,
            street=self.street,
            pinned=self.large and bool(self._desk.selection.pinned),
            utc_ms=self._desk.utc_ms,
            large=self.large,
        )

    def _age(self) -> Span:
        """Held for half a second, unless it means something else now."""
        if self._told is None:
            return Span("")
        frame, state = self.picture.frame, self._desk.state
        captured = None if frame is None else capture_age_s(state, frame)
        chip = age_chip(self._told, self._status, self._text, captured)
        now = self._desk.now_s
        other = chip.tone is not self._chip.tone or not self._chip.text
        if other or now >= self._chip_until_s:
            self._chip, self._chip_until_s = chip, now + CHIP_HOLDS_S
        return self._chip

    def _paint_edge(self, painter: QPainter) -> None:
        theme, selection = self._desk.theme, self._desk.selection
        selected = bool(self._feed) and self._feed in (selection.drone, selection.camera)
        if self._matches:
            paint_edge(painter, self.rect(), theme.color("strong"), 2)
        elif selected and not self.large:
            paint_edge(painter, self.rect(), theme.color("accent"), 1)
        else:
            paint_edge(painter, self.rect(), theme.color("line"), 1)
        if self.hasFocus():
            inner = self.rect().adjusted(3, 3, -3, -3)
            paint_edge(painter, inner, theme.color("accent"), 2)

    def _name(self) -> None:
        """Tool tip and the name for screen readers."""
        if self._told is None:
            self.setToolTip("")
            self.setAccessibleName("No feed")
            return
        words = self._text.headline or "live"
        match = ", possible match" if self._matches else ""
        self.setAccessibleName(f"Feed of {plain((self._told.name,))}: {words}{match}")
        lines = (self._told.tip, self._text.headline, self._text.doing, self._text.sentence)
        self.setToolTip("\n".join(line for line in lines if line))
