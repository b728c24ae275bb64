"""A real stream for tests: H.264 and KLV in MPEG-TS, made by PyAV, and ffprobe where it is."""

import os
import shutil
from fractions import Fraction
from functools import cache

import av
import numpy as np
import pytest

from gcs.relay.packets import PACKET, StreamReader

DATAGRAM = 7 * PACKET
FPS = 15
KEY_EVERY = 10
KLV_KEY = bytes.fromhex("060e2b34020b01010e01030101000000")


class _Sink:
    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)


@cache
def stream(frames: int = 30, width: int = 160, height: int = 96, noise: bool = False) -> bytes:
    """`frames` pictures at 15 a second, a keyframe every 10, each with a KLV packet.

    A plain picture's grey is 8 for each frame's number; noise makes a stream of many bytes.
    """
    sink = _Sink()
    made = np.random.default_rng(7)
    with av.open(sink, "w", format="mpegts") as out:
        video = out.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.options = {"g": str(KEY_EVERY), "preset": "ultrafast", "tune": "zerolatency"}
        klv = out.add_data_stream("klv")
        for number in range(frames):
            if noise:
                pixels = made.integers(0, 255, (height, width, 3), np.uint8)
            else:
                pixels = np.full((height, width, 3), number % 30 * 8, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts = number
            out.mux(video.encode(frame))
            packet = av.Packet(KLV_KEY + b"\x02" + number.to_bytes(2, "big"))
            packet.stream = klv
            packet.pts = packet.dts = number
            packet.time_base = Fraction(1, FPS)
            out.mux(packet)
        out.mux(video.encode())
    return bytes(sink.data)


def datagrams(data: bytes) -> list[bytes]:
    """As a sender cuts them: seven packets each."""
    return [data[at : at + DATAGRAM] for at in range(0, len(data), DATAGRAM)]


def from_key(data: bytes, number: int, before: bytes = b"") -> bytes:
    """What a desk gets that begins at keyframe `number` of `data` (0 = first, -1 = last).

    `before`: what the same sender sent before that.
    """
    reader, starts, at = StreamReader(), [], 0
    for datagram in datagrams(before):
        reader.keyframe_in(datagram)
    for datagram in datagrams(data):
        key = reader.keyframe_in(datagram)
        if key is not None:
            starts.append((reader.opening, at + key))
        at += len(datagram)
    opening, start = starts[number]
    return opening + data[start:]


def ffprobe() -> str:
    """Where ffprobe is. Without it the test is left out, but never in the whole proof."""
    found = shutil.which("ffprobe")
    if found is None:
        sentence = "ffprobe is not installed (Debian: ffmpeg, see debian-test-packages.txt)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found
