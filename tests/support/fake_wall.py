"""A wall of feeds that a test plays: frames drawn by numpy, each with the moment it was taken.

Stands for the desk's wall of receivers where only painting is at stake.
"""

from dataclasses import replace

import numpy as np

from gcs.geo.earth import offset
from gcs.model.alert import Box
from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.runtime.clock import Clock
from gcs.video.frame import AlertBox, FeedState, FeedStatus, Frame, Pixels

SHADES = ((58, 54, 50), (88, 84, 80), (44, 60, 46), (70, 76, 84))


def drawn(width: int, height: int, sequence: int, shade: int = 0) -> Pixels:
    """A street from above, moving with `sequence`: shape (height, width, 4), B G R A."""
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = (*SHADES[shade % len(SHADES)], 255)
    y = np.arange(height)[:, None]
    x = np.arange(width)[None, :]
    road = np.abs(y - height * 0.5 - (x - width / 2) * 0.18) < height * 0.13
    pixels[road] = (52, 48, 46, 255)
    for number in range(7):
        left = (number * width // 5 + 3 * sequence + shade * 17) % width
        top = (number * height // 3 + shade * 29) % height
        box = (slice(top, top + height // 5), slice(left, left + width // 9))
        pixels[box] = (90 + 12 * number, 100 + 8 * number, 120, 255)
    return pixels


class FakeWall:
    """What it was asked and what it was told was painted; frames as the test puts them in."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.shown: dict[str, tuple[str, int, int]] = {}
        self.asked: list[tuple[str, str, int, int]] = []
        self.hidden: list[tuple[str, str]] = []
        self.told_painted: list[Frame] = []
        self.statuses: dict[str, FeedStatus] = {}
        self._frames: dict[str, Frame] = {}
        self._sequence = 0

    # -- the wall's face -------------------------------------------------------------------
    def show(self, feed: str, key: str, width: int, height: int) -> None:
        self.asked.append((feed, key, width, height))
        self.shown[key] = (feed, width, height)

    def hide(self, feed: str, key: str) -> None:
        self.hidden.append((feed, key))
        self.shown.pop(key, None)
        self._frames.pop(key, None)

    def latest(self, feed: str, key: str) -> Frame | None:
        frame = self._frames.get(key)
        return frame if frame is not None and frame.feed == feed else None

    def status(self, feed: str) -> FeedStatus:
        return self.statuses.get(feed, FeedStatus(FeedState.CONNECTING))

    def painted(self, frame: Frame) -> None:
        self.told_painted.append(frame)

    # -- the test's ------------------------------------------------------------------------
    def put(
        self,
        feed: str,
        age_ms: float = 90.0,
        boxes: dict[str, Box] | None = None,
        metadata: SensorMetadata | None = None,
        fps: float = 15.0,
        pixels: Pixels | None = None,
    ) -> None:
        """A frame for every viewer of the feed, taken `age_ms` ago."""
        self._sequence += 1
        taken = round(self.clock.utc_ms() * 1000 - age_ms * 1000)
        self.statuses[feed] = FeedStatus(FeedState.LIVE, "", fps, age_ms / 1000, 640, 360)
        for key, (shown, width, height) in self.shown.items():
            if shown != feed:
                continue
            shade = sum(feed.encode())
            self._frames[key] = Frame(
                feed=feed,
                sequence=self._sequence,
                capture_utc_us=taken,
                received_s=self.clock.monotonic(),
                pixels=drawn(width, height, self._sequence, shade) if pixels is None else pixels,
                metadata=None if metadata is None else replace(metadata, capture_utc_us=taken),
                boxes=tuple(AlertBox(a, b) for a, b in (boxes or {}).items()),
            )

    def fail(
        self, feed: str, state: FeedState, sentence: str = "", age_s: float | None = None
    ) -> None:
        """From now on the feed is in this state."""
        self.statuses[feed] = FeedStatus(state, sentence, 0.0, age_s, 640, 360)


def looking(
    here: Position, azimuth_deg: float, agl_m: float, tilt_deg: float, fov_deg: float = 70.0
) -> SensorMetadata:
    """What a camera tells that stands level over ground at sea level."""
    ahead = agl_m / np.tan(np.radians(-tilt_deg))
    return SensorMetadata(
        capture_utc_us=0,
        heading_deg=azimuth_deg,
        pitch_deg=0.0,
        roll_deg=0.0,
        position=here,
        altitude_amsl_m=agl_m,
        horizontal_fov_deg=fov_deg,
        vertical_fov_deg=2 * float(np.degrees(np.arctan(np.tan(np.radians(fov_deg / 2)) * 9 / 16))),
        relative_azimuth_deg=0.0,
        relative_elevation_deg=tilt_deg,
        slant_range_m=float(agl_m / np.sin(np.radians(-tilt_deg))),
        frame_centre=offset(here, azimuth_deg, float(ahead)),
        frame_centre_amsl_m=0.0,
    )
