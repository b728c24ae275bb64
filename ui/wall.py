"""What the windows need of the core's wall of receivers, and what its newest frames told.

No decoding and no thread here: frames are taken when they are asked for.
"""

from dataclasses import dataclass
from typing import Protocol

from gcs.model.feed import SensorMetadata
from gcs.video.frame import FeedState, FeedStatus, Frame


class Wall(Protocol):
    """As `gcs.station.wall.FeedWall`. `key` names one viewer of a feed."""

    def show(self, feed: str, key: str, width: int, height: int) -> None:
        """From now on frames of this feed come in this size for this viewer."""
        ...

    def hide(self, feed: str, key: str) -> None:
        """Nobody looks there any more."""
        ...

    def latest(self, feed: str, key: str) -> Frame | None:
        """The newest frame; the same object until a newer one came."""
        ...

    def status(self, feed: str) -> FeedStatus:
        """How the feed is."""
        ...

    def painted(self, frame: Frame) -> None:
        """The frame was drawn on the screen, live."""
        ...


class NoPictures:
    """A desk without a relay: every feed is still to be connected."""

    def show(self, feed: str, key: str, width: int, height: int) -> None:
        pass

    def hide(self, feed: str, key: str) -> None:
        pass

    def latest(self, feed: str, key: str) -> Frame | None:
        return None

    def status(self, feed: str) -> FeedStatus:
        return FeedStatus(FeedState.CONNECTING, f"{feed}: this desk has no relay to ask.")

    def painted(self, frame: Frame) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Sight:
    """What a feed's newest shown frame says of where it looks."""

    metadata: SensorMetadata
    received_s: float


class Sights:
    """The newest sight of each shown feed, for whoever draws it elsewhere than on its tile."""

    def __init__(self) -> None:
        self._sights: dict[str, Sight] = {}

    def note(self, frame: Frame) -> None:
        """A frame is about to be shown."""
        if frame.metadata is not None:
            self._sights[frame.feed] = Sight(frame.metadata, frame.received_s)

    def of(self, feed: str) -> Sight | None:
        """Where the feed looked last; None when no frame told."""
        return self._sights.get(feed)
