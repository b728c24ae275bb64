"""Drawn pictures with people in them, for tests of what is made of pictures."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gcs.model.alert import Box
from gcs.model.place import Position

WIDTH, HEIGHT = 640, 360
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Person:
    """Somebody in a picture."""

    id: str
    box: Box
    face: Box | None = None
    looks: int = 120


@dataclass(frozen=True, eq=False)
class Taken:
    """A picture and who is truly in it."""

    feed: str
    capture_utc_us: int
    position: Position
    image: Picture
    people: tuple[Person, ...]


def picture(*people: Person, seed: int = 1) -> Picture:
    """Noise, and each person a plain rectangle."""
    image = np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    for person in people:
        box = person.box
        top, left = round(box.top * HEIGHT), round(box.left * WIDTH)
        bottom, right = top + round(box.height * HEIGHT), left + round(box.width * WIDTH)
        image[top:bottom, left:right] = (person.looks, 60, 200)
    return image


def taken(feed: str, utc_ms: int, *people: Person) -> Taken:
    """A picture of a feed within the exercise's area."""
    place = Position(51.5261, -0.1072)
    return Taken(feed, utc_ms * 1000, place, picture(*people), people)


def moved(person: Person, left: float) -> Person:
    """The same person a little to the right."""
    return replace(person, box=replace(person.box, left=person.box.left + left))


def portrait(looks: int, width: int, height: int) -> Picture:
    """A plain face of one colour."""
    return np.full((height, width, 3), looks, np.uint8)
