"""Which person of the simulated pictures the central service says to have matched. Pure.

It takes people who are large enough, whole in the frame and not about to leave it: an alert
whose person is gone before anybody looks teaches nothing.
"""

import random
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gcs.model.alert import Box
from gcs.model.place import Position

LEAST_HEIGHT_PX = 24.0
EDGE = 0.015
STAYS_S = 2.0
# Two looks further apart tell nothing of how somebody moves.
LOOKS_APART_S = 1.5
_AGAIN_AFTER = 12  # people, before the same one is taken again


class SeenPerson(Protocol):
    """A person as truly in a picture (`gcs.sim.cameras`)."""

    @property
    def id(self) -> str: ...
    @property
    def box(self) -> Box: ...
    @property
    def face(self) -> Box | None: ...
    @property
    def looks(self) -> Any: ...


class Shot(Protocol):
    """A picture with the truth about it; `image` is BGR."""

    @property
    def feed(self) -> str: ...
    @property
    def capture_utc_us(self) -> int: ...
    @property
    def position(self) -> Position: ...
    @property
    def image(self) -> npt.NDArray[np.uint8]: ...
    @property
    def people(self) -> Sequence[SeenPerson]: ...


class Chooser:
    """Looks at the newest pictures again and again until somebody fits, rather a near one."""

    def __init__(self, fixed: Iterable[str], dice: random.Random) -> None:
        self._fixed = frozenset(fixed)
        self._dice = dice
        self._before: dict[str, tuple[int, dict[str, Box]]] = {}
        self._taken: deque[str] = deque(maxlen=_AGAIN_AFTER)

    def look(self, shots: Iterable[Shot]) -> tuple[Shot, SeenPerson] | None:
        """Somebody to be matched; None: look again later. Fixed cameras and faces go first.

        Nobody is taken on the first look: how a person moves is seen from two.
        """
        fit: list[tuple[Shot, SeenPerson]] = []
        for shot in shots:
            fit += [(shot, person) for person in shot.people if self._fits(shot, person)]
            self._remember(shot)
        preferred = [found for found in fit if found[0].feed in self._fixed] or fit
        preferred = [found for found in preferred if found[1].face] or preferred
        fresh = [found for found in preferred if found[1].id not in self._taken] or preferred
        if not fresh:
            return None
        found = self._dice.choices(fresh, [person.box.height for _, person in fresh])[0]
        self._taken.append(found[1].id)
        return found

    def _remember(self, shot: Shot) -> None:
        before = self._before.get(shot.feed)
        if before is None or before[0] != shot.capture_utc_us:
            boxes = {person.id: person.box for person in shot.people}
            self._before[shot.feed] = (shot.capture_utc_us, boxes)

    def _fits(self, shot: Shot, person: SeenPerson) -> bool:
        box, height_px = person.box, person.box.height * shot.image.shape[0]
        at, boxes = self._before.get(shot.feed, (0, {}))
        earlier, passed_s = boxes.get(person.id), (shot.capture_utc_us - at) / 1e6
        if earlier is None or not 0.0 < passed_s <= LOOKS_APART_S:
            return False
        if height_px < LEAST_HEIGHT_PX or not _whole(box):
            return False
        return _whole(_moved(earlier, box, STAYS_S / passed_s))


def _whole(box: tuple[float, float, float, float] | Box) -> bool:
    left, top, width, height = box if isinstance(box, tuple) else _values(box)
    right, bottom = left + width, top + height
    return min(left, top) >= EDGE and max(right, bottom) <= 1.0 - EDGE


def _values(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height


def _moved(earlier: Box, now: Box, times: float) -> tuple[float, float, float, float]:
    """Where the box will be if it goes on as it went, `times` as far again."""
    left = now.left + times * (now.left - earlier.left)
    top = now.top + times * (now.top - earlier.top)
    return left, top, now.width, now.height
