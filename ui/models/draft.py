"""What a person draws before it is sent: its content, what is selected in it, undo and redo.

Pure. A draft is changed by the person alone: no answer, no lost bus and no map takes it away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position

C = TypeVar("C")
MOST_STEPS = 200
LatLon = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a figure, both counted from 0; of a circle 0 is the middle and 1 its edge."""

    figure: int
    point: int = 0


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure as the map draws it. `kind`: area, circle, rally or route. `out`: keep out."""

    kind: str
    points: tuple[LatLon, ...]
    label: str
    out: bool = False
    radius_m: float = 0.0
    words: tuple[str, ...] = ()  # beside each point


class Sketch(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that the map draws of a draft. `figure`, `point`: what is selected, -1 = nothing.

    `adds`: a click on the free map adds a point.
    """

    figures: tuple[Figure, ...] = ()
    figure: int = -1
    point: int = -1
    adds: bool = False


class Draft(Generic[C]):
    """The history of one content; `changed` is called after each change of it or the selection."""

    def __init__(self, content: C) -> None:
        self._content = content
        self._spot: Spot | None = None
        self._past: list[tuple[C, Spot | None]] = []
        self._future: list[tuple[C, Spot | None]] = []
        self.changed: Callable[[], None] = _nobody
        self._joins: object = None  # what the act under way is a part of
        self._joined: object = None  # what the last step was a part of
        self.told = ""  # why the last act changed nothing

    @property
    def content(self) -> C:
        """As it stands."""
        return self._content

    @property
    def spot(self) -> Spot | None:
        """What is selected."""
        return self._spot

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._future)

    def undo(self) -> None:
        """Take the last step back."""
        self._turn(self._past, self._future, "Nothing to undo.")

    def redo(self) -> None:
        """Do it after all."""
        self._turn(self._future, self._past, "Nothing to redo.")

    def select(self, spot: Spot | None) -> None:
        """Choose a point; one that is not there chooses nothing."""
        self._spot = spot if spot is not None and self._has(spot) else None
        self.told = ""
        self.changed()

    def step(self, by: int) -> None:
        """The next point, or the one before, round all figures."""
        spots = self.spots()
        if not spots:
            return
        at = spots.index(self._spot) + by if self._spot in spots else (0 if by > 0 else -1)
        self.select(spots[at % len(spots)])

    def spots(self) -> list[Spot]:
        """Every point that can be selected, in order."""
        raise NotImplementedError

    # -- the selected point ------------------------------------------------------------------
    def move_selected(self, to: Position) -> None:
        """Put it elsewhere."""
        if self._spot is not None:
            self.move(self._spot, to)

    def insert_after_selected(self) -> None:
        """A point half way to the next one."""
        if self._spot is not None:
            self.insert(self._spot)

    def delete_selected(self) -> None:
        """Take it away."""
        if self._spot is not None:
            self.delete(self._spot)

    def move(self, spot: Spot, to: Position) -> None:
        raise NotImplementedError

    def insert(self, spot: Spot, at: Position | None = None) -> None:
        raise NotImplementedError

    def delete(self, spot: Spot) -> None:
        raise NotImplementedError

    def nudge(self, east_m: float, north_m: float) -> None:
        raise NotImplementedError

    def sketch(self) -> Sketch:
        raise NotImplementedError

    # -- for the kinds of draft --------------------------------------------------------------
    def _edit(self, content: C, spot: Spot | None) -> None:
        if self._joins is None or self._joins != self._joined:
            self._past.append((self._content, self._spot))
        self._joined = self._joins
        del self._past[:-MOST_STEPS]
        self._future.clear()
        self._content = content
        self._spot = spot if spot is not None and self._has(spot) else None
        self.told = ""
        self.changed()

    @contextmanager
    def _one_step(self, joins: object) -> Iterator[None]:
        """Acts that follow each other within the same `joins` are undone together."""
        self._joins = joins
        try:
            yield
        finally:
            self._joins = None

    def _refuse(self, why: str) -> None:
        self.told = why
        self.changed()

    def _begin(self, content: C) -> None:
        """Another content; there is nothing to undo."""
        self._past.clear()
        self._future.clear()
        self._content, self._spot, self.told = content, None, ""
        self.changed()

    def _has(self, spot: Spot) -> bool:
        return spot in self.spots()

    def _turn(
        self,
        source: list[tuple[C, Spot | None]],
        target: list[tuple[C, Spot | None]],
        nothing: str,
    ) -> None:
        if not source:
            self._refuse(nothing)
            return
        self._joined = None
        target.append((self._content, self._spot))
        self._content, self._spot = source.pop()
        self.told = ""
        self.changed()


def moved(place: Position, east_m: float, north_m: float) -> Position:
    """A place so many metres away."""
    return LocalFrame(place).to_position(east_m, north_m)


def between(a: Position, b: Position) -> Position:
    """The middle of two places of a city."""
    return Position((a.lat_deg + b.lat_deg) / 2, (a.lon_deg + b.lon_deg) / 2)


def latlon(place: Position) -> LatLon:
    """Rounded to 1e-7 degree, as a vehicle holds it."""
    return (round(place.lat_deg, 7), round(place.lon_deg, 7))


def _nobody() -> None:
    """Nobody listens yet."""
