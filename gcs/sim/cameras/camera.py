"""One feed: takes its frame, encodes and sends it, and does what a fault makes it do.

One frame at a time; which thread runs it is the rig's business.
"""

import threading
import time
from dataclasses import dataclass, replace

import numpy as np

from gcs.geo.earth import LocalFrame
from gcs.model.feed import FeedSource, SensorMetadata
from gcs.model.site import Video
from gcs.sim.cameras.aim import Aim, metadata_of, view_of
from gcs.sim.cameras.faces import Picture
from gcs.sim.cameras.renderer import Renderer, Town3D
from gcs.sim.cameras.sender import DATAGRAM_BYTES, Sender
from gcs.sim.cameras.shot import CameraFault, CameraShot
from gcs.video.encoder import FeedEncoder

_OVERSAMPLED = 2
_TICK_US = 12  # the least by which the stream's clock advances


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """What a camera did so far. `dropped`: frames that the machine had no time for.

    `render_s` and `encode_s`: processor time of the threads.
    """

    feed: str
    frames: int
    dropped: int
    render_s: float
    encode_s: float


class Studio:
    """What all cameras share: the town, one canvas, and the lock on it."""

    def __init__(self, town: Town3D, frame: LocalFrame, video: Video) -> None:
        self.town, self.frame, self.video = town, frame, video
        shape = (video.height * _OVERSAMPLED, video.width * _OVERSAMPLED, 3)
        self.canvas: Picture = np.zeros(shape, np.uint8)
        self.lock = threading.Lock()


class Camera:
    """A feed's camera from lens to socket."""

    def __init__(self, source: FeedSource, studio: Studio, seed: int) -> None:
        self.source = source
        self.fault: CameraFault | None = None
        self.dropped = 0
        self._studio = studio
        self._renderer = Renderer(studio.town, studio.canvas)
        self._sender = Sender(source.udp_port)
        self._noise = np.random.default_rng((0xBAD, seed, source.udp_port))
        self._encoder: FeedEncoder | None = None
        self._last: tuple[CameraShot, SensorMetadata] | None = None
        self._frames = 0
        self._render_s = self._encode_s = 0.0

    @property
    def figures(self) -> CameraFigures:
        """So far."""
        return CameraFigures(
            self.source.id, self._frames, self.dropped, self._render_s, self._encode_s
        )

    def take(self, aim: Aim, capture_utc_us: int) -> CameraShot | None:
        """Take, encode and send one frame; None if nothing new was taken."""
        fault = self.fault
        if fault is CameraFault.STOP:
            return None
        if fault is CameraFault.GARBAGE:
            self._sender.send(self._noise.bytes(DATAGRAM_BYTES))
            return None
        if fault is CameraFault.FREEZE and self._last is not None:
            self._send_frozen()
            return None
        began = time.thread_time()
        studio, video = self._studio, self._studio.video
        view = view_of(aim, studio.frame, video.width, video.height, _OVERSAMPLED)
        with studio.lock:
            image, tell = self._renderer.take(view, capture_utc_us / 1e6)
        taken = time.thread_time()
        metadata = metadata_of(aim, view, studio.frame, capture_utc_us, self.source.id)
        shot = CameraShot(self.source.id, capture_utc_us, aim.position, image, tell)
        self._last = (shot, metadata)
        self._send(image, metadata, fault)
        self._frames += 1
        self._render_s += taken - began
        self._encode_s += time.thread_time() - taken
        return shot

    def close(self) -> None:
        """Free encoder and socket."""
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
        self._sender.close()

    def _send(self, image: Picture, metadata: SensorMetadata, fault: CameraFault | None) -> None:
        if fault is CameraFault.RESIZE:
            image = np.ascontiguousarray(
                image[: image.shape[0] // 4 * 2, : image.shape[1] // 4 * 2]
            )
        height, width = image.shape[:2]
        encoder = self._encoder
        if encoder is None or (encoder.width, encoder.height) != (width, height):
            if encoder is not None:
                encoder.close()
            # One rate for docked and flying: a take-off must not begin a new stream.
            encoder = FeedEncoder(width, height, self._studio.video.fps, self._sender.send)
            self._encoder = encoder
        self._sender.without_klv = fault is CameraFault.NO_KLV
        encoder.encode(image, metadata)

    def _send_frozen(self) -> None:
        """The encoder goes on with a sensor that has stopped: its clock all but stands still."""
        assert self._last is not None
        shot, metadata = self._last
        metadata = replace(metadata, capture_utc_us=metadata.capture_utc_us + _TICK_US)
        self._last = (shot, metadata)
        self._send(shot.image, metadata, CameraFault.FREEZE)
