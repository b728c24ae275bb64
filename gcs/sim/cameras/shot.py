"""What a simulated camera took: the picture, and where the people in it truly are."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gcs.model.alert import Box
from gcs.model.place import Position
from gcs.sim.cameras.looks import Looks
from gcs.video.frame import Pixels


@dataclass(frozen=True, slots=True)
class TruePerson:
    """A visible person. `box` holds all that is drawn of them inside the picture; `face` None
    while they look away or are too small.
    """

    id: str
    box: Box
    face: Box | None
    looks: Looks


@dataclass(frozen=True, eq=False)
class CameraShot:
    """One frame as it was sent. Nobody writes to `image` (height, width, 3; B G R).

    `tell` works the truth out; few frames are ever asked.
    """

    feed: str
    capture_utc_us: int
    position: Position
    image: Pixels
    tell: Callable[[], tuple[TruePerson, ...]]

    @cached_property
    def people(self) -> tuple[TruePerson, ...]:
        """Everybody who is truly to be seen."""
        return self.tell()


class CameraFault(StrEnum):
    """What an exercise may do to a camera."""

    STOP = "stop"  # nothing is sent any more
    FREEZE = "freeze"  # the same picture, taken at the same time, for ever
    GARBAGE = "garbage"  # bytes that are no stream
    NO_KLV = "no_klv"  # pictures without their metadata
    RESIZE = "resize"  # another picture size
