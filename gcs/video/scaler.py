"""Decoded pictures into the sizes that are painted, in the decode thread. It keeps no picture."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from gcs.video.frame import Pixels

Size = tuple[int, int]


def fit(source: Size, room: Size) -> Size:
    """The largest size of the source's aspect that fits into `room`, at least 2 x 2."""
    scale = min(room[0] / source[0], room[1] / source[1])
    return (
        max(2, min(room[0], round(source[0] * scale))),
        max(2, min(room[1], round(source[1] * scale))),
    )


class Scaler:
    """Scalers are set up once for a size and kept while that size is wanted."""

    def __init__(self) -> None:
        self._reformatters: dict[Size, VideoReformatter] = {}

    def scale(self, image: av.VideoFrame, rooms: set[Size]) -> dict[Size, Pixels]:
        """For each room asked for, the picture that fits it: B G R A, contiguous, read-only."""
        source = image.width, image.height
        targets = {room: fit(source, room) for room in rooms}
        made = {size: self._one(image, size) for size in set(targets.values())}
        for unused in self._reformatters.keys() - made.keys():
            del self._reformatters[unused]
        return {room: made[size] for room, size in targets.items()}

    def _one(self, image: av.VideoFrame, size: Size) -> Pixels:
        reformatter = self._reformatters.get(size)
        if reformatter is None:
            reformatter = self._reformatters[size] = VideoReformatter()
        width, height = size
        scaled = reformatter.reformat(
            image, width, height, "bgra", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        plane = scaled.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(height, plane.line_size)
        pixels = np.ascontiguousarray(rows[:, : width * 4]).reshape(height, width, 4)
        pixels.flags.writeable = False
        return pixels
