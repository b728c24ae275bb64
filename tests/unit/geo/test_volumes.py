"""Authorised volumes: in time, in place, in height, and all along the way."""

import pytest

from gcs.geo.volumes import against_volumes, in_force
from gcs.model.place import Position
from gcs.model.site import AuthorisedVolume


def box(name: str, west: float, east: float, **more: float) -> AuthorisedVolume:
    corners = ((51.50, west), (51.50, east), (51.54, east), (51.54, west))
    polygon = tuple(Position(lat, lon) for lat, lon in corners)
    return AuthorisedVolume(name, "CAA 123", polygon, **more)  # type: ignore[arg-type]


WEST = box("west", -0.12, -0.10)
EAST = box("east", -0.1001, -0.08, ceiling_agl_m=60.0)
FAR = box("far", -0.095, -0.08)
START, TARGET = Position(51.52, -0.11), Position(51.52, -0.09)


@pytest.mark.parametrize(
    ("volumes", "agl_m", "words"),
    [
        ((), 500.0, None),
        ((WEST, EAST), 50.0, None),
        ((WEST, EAST), 60.0, None),
        ((WEST,), 50.0, "the target is outside every authorised volume in force"),
        ((WEST, EAST), 61.0, "61 m over the ground is not within volume east, 0 to 60 m"),
        ((box("f", -0.12, -0.08, floor_agl_m=70.0),), 50.0, "within volume f, 70 to 120 m"),
        ((WEST, FAR), 50.0, "the straight way to the target leaves the authorised volumes"),
        ((FAR, EAST), 50.0, "the straight way to the target leaves the authorised volumes"),
        ((box("t", -0.2, 0.0, end_utc_ms=1000),), 50.0, "no authorised volume is in force now"),
        ((box("t", -0.2, 0.0, start_utc_ms=1001),), 50.0, "no authorised volume is in force now"),
        ((box("t", -0.2, 0.0, start_utc_ms=1000, end_utc_ms=1001),), 50.0, None),
    ],
)
def test_each(volumes: tuple[AuthorisedVolume, ...], agl_m: float, words: str | None) -> None:
    found = against_volumes(volumes, START, TARGET, agl_m, utc_ms=1000)
    assert (found == []) if words is None else (len(found) == 1 and words in found[0])


def test_from_an_unknown_place_the_target_alone_is_looked_at() -> None:
    assert against_volumes((FAR,), None, Position(51.52, -0.085), 50.0, 0) == []


def test_in_force_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    volume = box("t", -0.12, -0.08, start_utc_ms=10, end_utc_ms=20)
    assert [t for t in (9, 10, 19, 20) if in_force((volume,), t)] == [10, 19]
