"""What the readers of fence files share: places, rings, and how keep-out is told."""

import re

from gcs.geo.earth import distance_m
from gcs.model.fence import FenceShape, RallyPoint
from gcs.model.place import Position

FoundShape = FenceShape | RallyPoint

SAME_PLACE_M = 0.02
LONGEST_NAME = 60
_KEEP_OUT = re.compile(r"keep[\s_-]*out|exclu|no[\s_-]*fly|\bnofly\b|\bavoid\b", re.IGNORECASE)
_KEEP_IN = re.compile(r"keep[\s_-]*in|inclu", re.IGNORECASE)
_RALLY = re.compile(r"\brally\b|\bsafe[\s_-]*point\b", re.IGNORECASE)


class BadFenceFile(ValueError):
    """A file that makes no fence; `str()` is one sentence naming file and feature."""


def says_keep_out(*words: str) -> bool | None:
    """Whether words tell keep-out or keep-in; None = neither."""
    said = " ".join(words)
    if _KEEP_OUT.search(said):
        return True
    return False if _KEEP_IN.search(said) else None


def says_rally(*words: str) -> bool:
    """Whether words tell a rally point."""
    return _RALLY.search(" ".join(words)) is not None


def called(file: str, number: int, name: str) -> str:
    """How a feature is called in an error."""
    clean = "".join(c for c in name if c.isprintable()).strip()[:LONGEST_NAME]
    return f"{file}: feature {number}" + (f" ({clean})" if clean else "")


def place(where: str, longitude: float, latitude: float) -> Position:
    """A place in degrees. Raises BadFenceFile; metres of a national grid are told as such."""
    if abs(longitude) > 180.0 or abs(latitude) > 90.0:
        raise BadFenceFile(
            f"{where}: {longitude:g}, {latitude:g} is no longitude and latitude in degrees; "
            "is the file in British National Grid?"
        )
    try:
        return Position(latitude, longitude)
    except ValueError as error:
        raise BadFenceFile(f"{where}: {error}") from None


def ring(where: str, places: list[Position]) -> tuple[Position, ...]:
    """A closed ring of a file as an open one. Raises BadFenceFile."""
    if len(places) < 4:
        raise BadFenceFile(f"{where}: its line has {len(places)} points, a closed one needs 4")
    if distance_m(places[0], places[-1]) > SAME_PLACE_M:
        raise BadFenceFile(f"{where}: its line is not closed: the last point is not the first")
    return tuple(places[:-1])


def circle(where: str, centre: Position, radius_m: float, *, keep_in: bool) -> FenceShape:
    """A circle. Raises BadFenceFile."""
    try:
        return FenceShape(keep_in, centre=centre, radius_m=radius_m)
    except ValueError as error:
        raise BadFenceFile(f"{where}: {error}") from None


def rally_point(where: str, position: Position, height_m: float) -> RallyPoint:
    """A rally point. Raises BadFenceFile."""
    try:
        return RallyPoint(position, height_m)
    except ValueError as error:
        raise BadFenceFile(f"{where}: {error}") from None


def polygons(
    outer: tuple[Position, ...], holes: list[tuple[Position, ...]], keep_out: bool
) -> list[FoundShape]:
    """A polygon with its holes: what is cut out of a keep-in is kept out of; a keep-out's holes
    are passed over, so that a doubt keeps a drone out."""
    found: list[FoundShape] = [FenceShape(not keep_out, points=outer)]
    if not keep_out:
        found += [FenceShape(keep_in=False, points=hole) for hole in holes]
    return found
