"""Test moves that carry who ordered them: desk, epoch and a counter in the target's last digits.

A target lies in a box of 10,000 by 10,000 ten-millionths of a degree at the drone's dock (111 m
north, 69 m east): north of its corner `desk * 1000 + counter`, east of it the epoch.
"""

from dataclasses import dataclass

from gcs.model.place import Position
from gcs.model.site import Site
from tests.support.flight_log import Accepted

_BOX_E7 = 10_000
COUNTERS = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """What a move's target tells of its order."""

    desk: int
    epoch: int
    counter: int


def corner_e7(site: Site, drone: str) -> tuple[int, int]:
    """The south-western corner of the drone's box: its dock's, rounded down."""
    at = site.dock_of(drone).position
    lat, lon = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
    return lat - lat % _BOX_E7, lon - lon % _BOX_E7


def target_of(site: Site, drone: str, mark: Mark) -> Position:
    """The place that carries the mark."""
    if not 0 < mark.desk < _BOX_E7 // COUNTERS or not 0 <= mark.epoch < _BOX_E7:
        raise ValueError(f"{mark} does not fit into a target")
    lat, lon = corner_e7(site, drone)
    north = mark.desk * COUNTERS + mark.counter % COUNTERS
    return Position((lat + north) / 1e7, (lon + mark.epoch) / 1e7)


def mark_of(site: Site, move: Accepted) -> Mark | None:
    """The mark of a move that a vehicle took; None where it is no test move."""
    lat, lon = corner_e7(site, move.drone)
    north, east = move.x_e7 - lat, move.y_e7 - lon
    if not COUNTERS <= north < _BOX_E7 or not 0 <= east < _BOX_E7:
        return None
    return Mark(north // COUNTERS, east, north % COUNTERS)


def marked_moves(site: Site, moves: list[Accepted]) -> list[tuple[float, Mark]]:
    """The test moves among them, with their times."""
    marks = [(move.at_s, mark_of(site, move)) for move in moves]
    return [(at_s, mark) for at_s, mark in marks if mark is not None]
