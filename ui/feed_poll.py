"""Brings the newest frames to the tiles, all in one turn, so that one flush shows them all.

One timer for the whole desk. It also tells the wall what is looked at and in which size, and
has each tile look a few times a second whether what it shows is still true.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt, QTimer

from ui.models.picture import Look
from ui.wall import Sights, Wall
from ui.widgets.feed_tile import FeedTile

TURN_MS = 33
LOOKS_A_TURN = 2  # twelve tiles: each five times a second


@dataclass(frozen=True, slots=True)
class Asked:
    """What the wall was last told for one tile."""

    feed: str
    size: QSize


class FeedPoll(QObject):
    """One per desk. `close()` lets go of every feed."""

    def __init__(self, wall: Wall, sights: Sights, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wall = wall
        self._sights = sights
        self._tiles: list[FeedTile] = []
        self._asked: dict[str, Asked] = {}
        self._wanted: dict[str, QSize] = {}
        self._next = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self.turn)
        self._timer.start()

    def add(self, *tiles: FeedTile) -> None:
        """These are fed from now on. Each tile's key is its own."""
        self._tiles += tiles

    def turn(self) -> None:
        """One turn: frames to the tiles that have a newer one, and a few tiles look."""
        for tile in self._tiles:
            asked = self._asked.get(tile.key)
            if asked is not None and asked.feed == tile.feed:
                self._bring(tile)
            elif asked is not None or tile.feed:
                self._agree(tile, at_once=True)
        for _ in range(min(LOOKS_A_TURN, len(self._tiles))):
            self._next = (self._next + 1) % len(self._tiles)
            self._look(self._tiles[self._next])

    def look_all(self) -> None:
        """Every tile looks now."""
        for tile in self._tiles:
            self._look(tile)

    def close(self) -> None:
        """No more frames; safe to call twice."""
        self._timer.stop()
        for key, asked in self._asked.items():
            self._wall.hide(asked.feed, key)
        self._asked.clear()
        self._tiles.clear()

    def _bring(self, tile: FeedTile) -> None:
        frame = self._wall.latest(tile.feed, tile.key)
        if frame is None or frame is tile.picture.frame:
            return
        self._sights.note(frame)
        tile.take(frame)
        if tile.text.look is not Look.LIVE:
            tile.look(self._wall.status(tile.feed))

    def _look(self, tile: FeedTile) -> None:
        self._agree(tile, at_once=False)
        if tile.feed and tile.isVisible():
            tile.look(self._wall.status(tile.feed))

    def _agree(self, tile: FeedTile, at_once: bool) -> None:
        """Ask for what the tile wants. A size must stand for two looks: windows are dragged."""
        asked, wanted = self._asked.get(tile.key), tile.wanted()
        if asked is not None and (wanted.isEmpty() or asked.feed != tile.feed):
            self._wall.hide(asked.feed, tile.key)
            del self._asked[tile.key]
            asked = None
        stood = self._wanted.get(tile.key) == wanted
        self._wanted[tile.key] = wanted
        if wanted.isEmpty() or (asked is not None and asked.size == wanted):
            return
        if asked is None or at_once or stood:
            self._wall.show(tile.feed, tile.key, wanted.width(), wanted.height())
            self._asked[tile.key] = Asked(tile.feed, wanted)
