"""A decoded picture and what is known of its feed: the values that leave the decode thread."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from gcs.model.alert import Box
from gcs.model.feed import SensorMetadata

Pixels = npt.NDArray[np.uint8]


class FeedState(StrEnum):
    """As judged by the receiving desk. Only LIVE may look live.

    STALE: it was live, and no new picture came for a while. FROZEN: pictures come, their time or
    their content does not advance. DEAD: nothing comes, or nothing that can be decoded.
    """

    CONNECTING = "connecting"
    LIVE = "live"
    STALE = "stale"
    FROZEN = "frozen"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """`sentence` says what is wrong and names the feed; empty while it is LIVE.

    `fps`: decoded frames a second. `age_s`: since the last picture came, None = none ever did.
    """

    state: FeedState
    sentence: str = ""
    fps: float = 0.0
    age_s: float | None = None
    source_width: int = 0
    source_height: int = 0


@dataclass(frozen=True, slots=True)
class AlertBox:
    """Where an alert's box lies in this very frame; never a guess: a lost one is left out."""

    alert: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture at the size that was asked for.

    `pixels`: uint8, shape (height, width, 4), C-contiguous, bytes B G R A (QImage's RGB32);
    nobody writes to it. `capture_utc_us` comes from the stream's own clock; None when it has
    none, and then its age is unknown. `received_s` is monotonic.
    """

    feed: str
    sequence: int
    capture_utc_us: int | None
    received_s: float
    pixels: Pixels
    metadata: SensorMetadata | None = None
    boxes: tuple[AlertBox, ...] = ()

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[0])
