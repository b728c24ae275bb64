"""Transport bytes into pictures with their metadata and capture time. It scales and keeps none.

A picture's time is its KLV's (ST 0601 tag 2, same time stamp in the stream). With none of its
own it takes the newest before it and counts on; with none in reach it has no time at all.
"""

import logging
import zlib
from collections import deque
from dataclasses import dataclass

import av
import numpy as np

from gcs.model.feed import SensorMetadata
from gcs.video.klv import BadKlv, decode_metadata
from gcs.video.transport import TICKS_HZ, TICKS_MASK
from gcs.video.transport_reader import TsReader, Unit, UnitKind

log = logging.getLogger(__name__)

# Metadata older than this says nothing of a picture.
_REACH_TICKS = TICKS_HZ // 2
_KEEP_METADATA = 64
_MOST_WITHOUT_KLV = 5
_MOST_PIXELS = 7680 * 4320


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture. `exact`: the metadata was taken with this very picture."""

    image: av.VideoFrame
    capture_utc_us: int | None
    metadata: SensorMetadata | None
    exact: bool


class FeedDecoder:
    """One stream, from a key frame on. After a loss it waits for the next key frame."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._reader = TsReader()
        self._codec: av.VideoCodecContext | None = None
        self._codec_name = ""
        self._waits_for_key = True
        self._known: deque[tuple[int, SensorMetadata]] = deque(maxlen=_KEEP_METADATA)
        self._without_klv = 0
        self.bad_units = 0
        self.bad_klv = 0

    @property
    def bad_packets(self) -> int:
        """Damaged or missing transport packets."""
        return self._reader.bad_packets

    def feed(self, data: bytes) -> list[Picture]:
        """The pictures that these bytes complete. Raises nothing."""
        pictures: list[Picture] = []
        for unit in self._reader.feed(data):
            if unit.kind is UnitKind.KLV:
                self._take_klv(unit)
            else:
                self._decode(unit, pictures)
        return [picture for picture in pictures if not self._awaits_klv(picture)]

    def _awaits_klv(self, picture: Picture) -> bool:
        """A stream joined in its middle may begin with a picture whose metadata went before."""
        if picture.metadata is not None or not self._reader.promises_klv:
            self._without_klv = 0
            return False
        self._without_klv += 1
        return self._without_klv <= _MOST_WITHOUT_KLV

    def _take_klv(self, unit: Unit) -> None:
        try:
            metadata = decode_metadata(unit.data)
        except BadKlv as error:
            if self.bad_klv == 0:
                log.warning("feed %s: %s", self._feed, error)
            self.bad_klv += 1
            return
        if unit.pts is not None:
            self._known.append((unit.pts, metadata))
        elif self._known:
            # Asynchronous KLV has no stamp: it belongs to what comes after the last one known.
            self._known.append((self._known[-1][0], metadata))

    def _decode(self, unit: Unit, pictures: list[Picture]) -> None:
        key = unit.key or _has_key(unit.data)
        self._waits_for_key = (self._waits_for_key or unit.after_loss) and not key
        if self._waits_for_key:
            return
        packet = av.Packet(unit.data)
        packet.pts = unit.pts
        try:
            images = self._context().decode(packet)
        except av.FFmpegError:
            self._broken()
            return
        for image in images:
            if image.is_corrupt or image.width < 2 or image.height < 2:
                self._broken()
                return
            pictures.append(self._with_time(image))

    def _broken(self) -> None:
        self.bad_units += 1
        self._waits_for_key = True
        self._codec = None

    def _context(self) -> av.VideoCodecContext:
        name = self._reader.codec or "h264"
        if self._codec is None or name != self._codec_name:
            context = av.CodecContext.create(name, "r")
            assert isinstance(context, av.VideoCodecContext)
            context.thread_count = 1
            context.options = {"flags": "+low_delay", "max_pixels": str(_MOST_PIXELS)}
            self._codec, self._codec_name = context, name
        return self._codec

    def _with_time(self, image: av.VideoFrame) -> Picture:
        pts = image.pts
        if pts is None:
            return Picture(image, None, None, exact=False)
        best: tuple[int, SensorMetadata] | None = None
        for stamp, metadata in reversed(self._known):
            late = _since(pts, stamp)
            if late == 0:
                return Picture(image, metadata.capture_utc_us, metadata, exact=True)
            if 0 < late <= _REACH_TICKS and (best is None or late < best[0]):
                best = late, metadata
        if best is None:
            return Picture(image, None, None, exact=False)
        late, metadata = best
        utc_us = metadata.capture_utc_us + late * 100 // 9
        return Picture(image, utc_us, metadata, exact=False)


def content_mark(image: av.VideoFrame) -> int:
    """A number that is the same for pictures that are the same, by their brightness."""
    plane = image.planes[0]
    raw = memoryview(plane)
    if plane.line_size == plane.width:
        return zlib.crc32(raw)
    rows = np.frombuffer(raw, np.uint8).reshape(-1, plane.line_size)
    return zlib.crc32(np.ascontiguousarray(rows[:, : plane.width]).data)


def _since(pts: int, stamp: int) -> int:
    """Ticks from `stamp` to `pts`, across a turn of the 33-bit clock; negative when after it."""
    late = (pts - stamp) & TICKS_MASK
    return late if late <= TICKS_MASK // 2 else late - TICKS_MASK - 1


def _has_key(data: bytes) -> bool:
    """An IDR slice, for streams that do not mark where one may join (H.264, 7.4.1)."""
    return any(start in data for start in (b"\0\0\1\x65", b"\0\0\1\x45", b"\0\0\1\x25"))
