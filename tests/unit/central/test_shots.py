"""Whom the simulated service says to have matched."""

import random

import pytest

from gcs.model.alert import Box
from gcs.sim.central_shots import Chooser
from tests.support.pictures import HEIGHT, Person, Taken, moved, taken

TALL = 0.2


def person(number: int = 1, left: float = 0.4, height: float = TALL, top: float = 0.4) -> Person:
    return Person(f"p{number}", Box(left, top, 0.05, height))


def chooser(*fixed: str) -> Chooser:
    return Chooser(fixed, random.Random(1))


def twice(look: Chooser, first: Taken, second: Taken) -> str | None:
    """Who is taken on the second of two looks."""
    assert look.look([first]) is None
    found = look.look([second])
    return found[1].id if found else None


def test_somebody_who_stays_is_taken_on_the_second_look() -> None:
    who = person()
    assert twice(chooser(), taken("F", 1000, who), taken("F", 1100, who)) == "p1"


@pytest.mark.parametrize(
    ("who", "fits"),
    [
        (person(height=24 / HEIGHT), True),
        (person(height=23.5 / HEIGHT), False),
        (person(left=0.0), False),
        (person(left=0.95), False),
        (person(top=0.79), False),
    ],
)
def test_only_who_is_large_enough_and_whole_in_the_frame(who: Person, fits: bool) -> None:
    found = twice(chooser(), taken("F", 1000, who), taken("F", 1100, who))
    assert (found is not None) == fits


@pytest.mark.parametrize(("left", "stays"), [(0.013, True), (0.014, False), (-0.02, False)])
def test_who_is_about_to_leave_is_not_taken(left: float, stays: bool) -> None:
    """At 0.4 plus so much each tenth of a second, for two seconds more."""
    who = person(left=0.66 if left > 0 else 0.38)
    found = twice(chooser(), taken("F", 1000, who), taken("F", 1100, moved(who, left)))
    assert (found is not None) == stays


def test_two_looks_far_apart_tell_nothing_of_movement() -> None:
    who = person()
    assert twice(chooser(), taken("F", 1000, who), taken("F", 2500, who)) == "p1"
    assert twice(chooser(), taken("F", 1000, who), taken("F", 2501, who)) is None


def test_the_same_picture_again_tells_nothing_of_movement() -> None:
    who, look = person(), chooser()
    for _ in range(3):
        assert look.look([taken("F", 1000, who)]) is None
    assert look.look([taken("F", 1100, who)]) is not None


def test_fixed_cameras_come_first_and_faces_change() -> None:
    look = chooser("CAM-1")

    def shots(utc_ms: int) -> list[Taken]:
        return [
            taken("ISL-01", utc_ms, person(9)),
            taken("CAM-1", utc_ms, person(1), person(2, left=0.6)),
        ]

    look.look(shots(0))
    found = [look.look(shots(100 * n)) for n in range(1, 4)]
    assert [shot.feed for shot, _ in filter(None, found)] == ["CAM-1"] * 3
    assert {who.id for _, who in filter(None, found[:2])} == {"p1", "p2"}


def test_a_face_is_rather_taken_than_a_back() -> None:
    look = chooser("CAM-1")
    facing = Person("p2", Box(0.6, 0.4, 0.05, 0.2), Box(0.61, 0.4, 0.02, 0.03))
    look.look([taken("CAM-1", 0, person(), facing)])
    for utc_ms in (100, 200):
        found = look.look([taken("CAM-1", utc_ms, person(), facing)])
        assert found is not None
        assert found[1] is facing


def test_a_drone_will_do_where_no_camera_sees_anybody() -> None:
    look = chooser("CAM-1")
    who = person()
    for utc_ms in (0, 100):
        found = look.look([taken("CAM-1", utc_ms), taken("ISL-01", utc_ms, who)])
    assert found is not None
    assert found[0].feed == "ISL-01"
