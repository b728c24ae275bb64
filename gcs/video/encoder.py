"""A camera's pictures into H.264 in MPEG-TS with their metadata, at once and in one thread.

It sends nothing: the sink takes the bytes. A new size or rate is a new encoder.
"""

from collections.abc import Callable
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.frame import PictureType

from gcs.model.feed import SensorMetadata
from gcs.video.frame import Pixels
from gcs.video.klv import encode_metadata
from gcs.video.transport import TICKS_HZ, TsWriter, ticks

KEY_EVERY_S = 1.0
_TICK = Fraction(1, TICKS_HZ)


class FeedEncoder:
    """`sink` gets whole transport packets (a multiple of 188 bytes) before `encode` returns.

    A key frame comes each second of capture time, with its headers and the stream's tables, so
    that a receiver may join there. `quality`: x264's constant rate factor, lower is finer.
    """

    def __init__(
        self,
        width: int,
        height: int,
        fps: float,
        sink: Callable[[bytes], None],
        *,
        quality: int = 27,
    ) -> None:
        if width % 2 or height % 2 or width < 16 or height < 16:
            raise ValueError(f"picture is {width} x {height}, expected even numbers from 16")
        self.width = width
        self.height = height
        self.fps = fps
        self._sink = sink
        self._writer = TsWriter()
        self._last_us: int | None = None
        self._key_us: int | None = None
        self._codec = av.CodecContext.create("libx264", "w")
        self._set_up(quality)

    def encode(self, image: Pixels, metadata: SensorMetadata) -> None:
        """Send `image` (height, width, 3; B G R) as taken at the metadata's capture time.

        A picture that is not newer than the one before is left out. Raises ValueError for
        another size, BadKlv for a capture time that is none.
        """
        if image.shape != (self.height, self.width, 3):
            raise ValueError(f"picture is {image.shape}, expected {(self.height, self.width, 3)}")
        taken = metadata.capture_utc_us
        if self._last_us is not None and taken <= self._last_us:
            return
        klv = encode_metadata(metadata)
        planes: Pixels = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        # Counted without the turn of the 33-bit clock: the encoder wants them to rise.
        frame.pts = taken * 9 // 100
        frame.time_base = _TICK
        if self._key_due(taken):
            frame.pict_type = PictureType.I
            self._key_us = taken
        self._last_us = taken
        for packet in self._codec.encode(frame):
            data = self._writer.frame(bytes(packet), klv, ticks(taken), packet.is_keyframe)
            self._sink(data)

    def close(self) -> None:
        """Free the encoder; it holds no picture back, so there is nothing to send."""
        del self._codec

    def _key_due(self, taken: int) -> bool:
        """Half a frame early counts: capture times are never quite even."""
        if self._key_us is None:
            return True
        return taken - self._key_us >= 1e6 * (KEY_EVERY_S - 0.5 / self.fps)

    def _set_up(self, quality: int) -> None:
        codec = self._codec
        assert isinstance(codec, av.VideoCodecContext)
        codec.width, codec.height = self.width, self.height
        codec.pix_fmt = "yuv420p"
        codec.time_base = _TICK
        codec.framerate = Fraction(self.fps).limit_denominator(1001)
        codec.thread_count = 1
        codec.max_b_frames = 0
        codec.gop_size = round(4 * KEY_EVERY_S * self.fps)
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "forced-idr": "1",
            "crf": str(quality),
            "x264-params": "aud=1:scenecut=0:sliced-threads=0:threads=1:log-level=none",
        }
        codec.open()
