"""True boxes against the pixels: everybody is painted in a colour that nothing else has."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from gcs.sim.cameras import figures, sketch
from gcs.sim.cameras.crowd import People
from gcs.sim.cameras.looks import Looks
from gcs.sim.cameras.renderer import Town3D
from gcs.sim.cameras.shot import TruePerson
from gcs.sim.cameras.view import View
from tests.unit.sim.cameras import places

T0 = 1.79e9
_LOUD = (255, 0, 255)
STREET = View((150.0, 101.0, 5.0), 90.0, -13.0, 42.0, 640, 360, 2)
ABOVE = View((110.0, 85.0, 40.0), 20.0, -60.0, 70.0, 640, 360, 2)


def _loud(looks: Looks) -> Looks:
    return replace(looks, skin=_LOUD, hair=_LOUD, top=_LOUD, legs=_LOUD)


def _marked(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    blue, green, red = (image[:, :, c].astype(int) for c in range(3))
    found: npt.NDArray[np.bool_] = (blue - green > 40) & (red - green > 40)
    return found


@pytest.fixture
def loud() -> Town3D:
    whole = places.town_3d()
    crowd = whole.crowd
    for number in range(len(crowd)):
        crowd.looks._made[number] = _loud(crowd.looks[number])
    return whole


@pytest.mark.parametrize("heading", [0.0, 1.0, 2.2, 3.1, 4.5])
@pytest.mark.parametrize("view", [STREET, ABOVE, replace(ABOVE, pitch_deg=-90.0)])
def test_a_figures_box_holds_its_pixels_and_little_more(view: View, heading: float) -> None:
    middle = view.ground_at((320.0, 200.0))
    assert middle is not None
    people = People(
        np.array([0]), np.array([middle]), np.array([heading]), np.array([heading * 1.7])
    )
    looks = _loud(places.town_3d().crowd.looks[0])
    found = figures.figures(view, people, np.array([1.8]), np.array([1.1]))
    picture = np.zeros((720, 1280, 3), np.uint8)
    sketch.draw(picture, view, found, 0, replace(looks, height_m=1.8, build=1.1))
    rows, columns = np.nonzero(picture.any(axis=2))
    left, top, right, bottom = (found.box[0] * 2).tolist()
    assert left <= columns.min() and columns.max() + 1 <= right
    assert top <= rows.min() and rows.max() + 1 <= bottom
    slack = 0.12 * (bottom - top) + 6.0
    assert columns.min() - left < slack and right - columns.max() < slack
    assert rows.min() - top < slack and bottom - rows.max() < slack


def _covers(mask: npt.NDArray[np.bool_], person: TruePerson) -> int:
    height, width = mask.shape
    box = person.box
    rows = slice(int(box.top * height), int(np.ceil((box.top + box.height) * height)))
    columns = slice(int(box.left * width), int(np.ceil((box.left + box.width) * width)))
    return int(np.count_nonzero(mask[rows, columns]))


@pytest.mark.parametrize("view", [STREET, ABOVE])
def test_every_listed_person_is_there_to_be_seen(loud: Town3D, view: View) -> None:
    seen = 0
    for n in range(12):
        image, tell = places.renderer(loud).take(view, T0 + 2.3 * n)
        mask = _marked(image)
        for person in tell():
            seen += 1
            area = person.box.width * 640 * person.box.height * 360
            assert _covers(mask, person) > 0.12 * area, person.id
    assert seen > 12


def test_who_is_near_and_in_the_open_is_listed(loud: Town3D) -> None:
    """Large marked pixels outside every true box would be somebody left out."""
    for n in range(8):
        image, tell = places.renderer(loud).take(STREET, T0 + 3.1 * n)
        mask = _marked(image)
        mask[:, :12] = mask[:, -12:] = False  # who is half out of the picture is left out
        mask[-12:] = False
        total = np.count_nonzero(mask)
        for person in tell():
            box = person.box
            rows = slice(int(box.top * 360), int(np.ceil((box.top + box.height) * 360)))
            columns = slice(int(box.left * 640), int(np.ceil((box.left + box.width) * 640)))
            mask[rows, columns] = False
        assert np.count_nonzero(mask) <= 0.25 * total + 40


def test_nobody_behind_a_house_is_listed(loud: Town3D) -> None:
    """Eye low in the yard, the walls of all four houses around it."""
    view = View((150.0, 140.0, 2.0), 0.0, 0.0, 70.0, 640, 360, 2)
    picture = places.renderer(loud)
    behind = View((125.0, 110.5, 2.0), 0.0, 0.0, 70.0, 640, 360, 2)  # a wall fills the picture
    for n in range(6):
        assert not picture.take(behind, T0 + n)[1]()
        image, tell = places.renderer(loud).take(view, T0 + n)
        mask = _marked(image)
        assert all(_covers(mask, person) > 0 for person in tell())


def test_two_cameras_agree_where_a_person_is(loud: Town3D) -> None:
    other = replace(STREET, eye=(150.0, 99.0, 9.0), pitch_deg=-22.0)
    first = {p.id: p for p in places.renderer(loud).take(STREET, T0)[1]()}
    second = {p.id: p for p in places.renderer(loud).take(other, T0)[1]()}
    both = first.keys() & second.keys()
    assert both
    for name in both:
        feet = []
        for view, person in ((STREET, first[name]), (other, second[name])):
            box = person.box
            foot = ((box.left + box.width / 2) * 640, (box.top + box.height) * 360)
            feet.append(view.ground_at(foot))
        assert feet[0] is not None and feet[1] is not None
        assert np.hypot(feet[0][0] - feet[1][0], feet[0][1] - feet[1][1]) < 2.5


def test_a_face_lies_in_its_person(loud: Town3D) -> None:
    faces = 0
    for n in range(20):
        for person in places.renderer(loud).take(STREET, T0 + 1.7 * n)[1]():
            if person.face is not None:
                faces += 1
                assert person.face.top >= person.box.top - 1e-9
                assert person.face.height < 0.35 * person.box.height
    assert faces
