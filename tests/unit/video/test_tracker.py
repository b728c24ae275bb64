"""Boxes that move along: measured against where the drawn people truly are."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import product

import av
import numpy as np
import pytest

from gcs.model.alert import Alert, AlertStatus, AlertType, Box, BoxKind, ImageRef
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock
from gcs.video.frame import AlertBox
from gcs.video.tracker import Tracker
from tests.support.figures import Figure, Street, View, overlap

RED, BLUE, DARK = (40, 40, 200), (180, 70, 30), (40, 40, 40)
ORDINARY = {(20.0, True, BLUE), (20.0, False, RED), (90.0, True, RED), (90.0, False, BLUE)}
T0 = 1_790_000_000_000_000
IMAGE = ImageRef("image-1", "0" * 64)


def alert(box: Box, at_s: float, uncertainty_ms: float = 0.0, name: str = "A-1") -> Alert:
    return Alert(
        schema=1,
        id=name,
        status=AlertStatus.EXERCISE,
        type=AlertType.ALERT,
        deployment="EX-1",
        feed="ISL-01",
        position=Position(51.5, -0.1),
        capture_utc_us=T0 + round(at_s * 1e6),
        capture_source="ST 0601",
        uncertainty_ms=uncertainty_ms,
        box=box,
        frame_width=640,
        frame_height=360,
        box_kind=BoxKind.PERSON,
        probe=IMAGE,
        still=IMAGE,
        candidate="C-1",
        candidate_image=IMAGE,
        candidate_image_utc_ms=0,
        category="exercise",
        legal_basis="exercise",
        predefined_response="none",
        score=0.7,
        threshold=0.62,
        algorithm="none",
        algorithm_version="1",
        probe_face_px=12.0,
        probe_blur=0.1,
        probe_angle_deg=10.0,
        sent_utc_ms=T0 // 1000,
        expires_utc_ms=T0 // 1000 + 600_000,
    )


@dataclass
class Run:
    """Feeds a street to a tracker; `told_s` is when the alert of `taken_s` comes in."""

    street: Street
    who: Figure
    fps: float = 15.0
    view: Callable[[float], View] = lambda _: View()
    tracker: Tracker = field(default_factory=lambda: Tracker(ManualClock(utc_ms=T0 // 1000)))
    number: int = 0

    @property
    def now_s(self) -> float:
        return self.number / self.fps

    def frame(self) -> tuple[AlertBox, ...]:
        self.number += 1
        at_s = self.now_s
        image = self.street.frame(at_s, self.view(at_s))
        return self.tracker.add(image, T0 + round(at_s * 1e6))

    def truth(self, at_s: float | None = None) -> Box | None:
        at_s = self.now_s if at_s is None else at_s
        return self.street.box(self.who, at_s, self.view(at_s))

    def alert(self, frames_ago: int = 0) -> Alert:
        at_s = (self.number - frames_ago) / self.fps
        box = self.truth(at_s)
        assert box is not None
        return alert(box, at_s)

    def follow(self, frames: int) -> list[float | None]:
        """Overlap of the box with the truth at each frame; None where there is no box."""
        out: list[float | None] = []
        for _ in range(frames):
            boxes, truth = self.frame(), self.truth()
            out.append(overlap(boxes[0].box, truth) if boxes and truth else None)
        return out


def walker(height: float, **more: float) -> Figure:
    place = {"x": 200.0, "y": 200.0, "vx": height, "vy": 0.1 * height, **more}
    return Figure(place["x"], place["y"], place["vx"], place["vy"], height, RED, DARK)


def follow_from_now(run: Run, frames: int) -> list[float | None]:
    for _ in range(3):
        run.frame()
    run.tracker.follow((run.alert(),))
    return run.follow(frames)


CAMERAS: dict[str, Callable[[float], View]] = {
    "still": lambda _: View(),
    "flying": lambda t: View(20 + 60 * t, 20 * t),
    "turning": lambda t: View(60 + 80 * float(np.sin(2 * t)), 30),
    "zooming": lambda t: View(40 * t, 20 * t, 1 + 0.15 * t),
}


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize(("height", "fps"), [(13, 15), (13, 5), (20, 15), (40, 15), (40, 5)])
def test_the_box_stays_on_the_person(camera: str, height: float, fps: float) -> None:
    person = walker(height)
    run = Run(Street(person), person, fps, CAMERAS[camera])
    overlaps = follow_from_now(run, round(3 * fps))
    assert None not in overlaps
    known = [value for value in overlaps if value is not None]
    assert np.mean(known) > 0.8 and min(known) > 0.5


def test_an_alert_that_comes_late_is_found_in_its_own_picture() -> None:
    person = walker(40.0)
    run = Run(Street(person), person)
    for _ in range(30):
        run.frame()
    run.tracker.follow((run.alert(frames_ago=20),))
    overlaps = run.follow(20)
    # It takes a few pictures to catch up, and no box is shown on the way.
    assert overlaps[0] is None
    first = next(n for n, value in enumerate(overlaps) if value is not None)
    assert first <= 8
    assert all(value is not None and value > 0.7 for value in overlaps[first:])


def test_an_alert_older_than_what_is_kept_gets_no_box() -> None:
    person = walker(20.0)
    run = Run(Street(person), person)
    for _ in range(70):
        run.frame()
    run.tracker.follow((run.alert(frames_ago=60),))
    assert run.follow(10) == [None] * 10


def test_a_time_between_pictures_counts_only_within_one_interval_and_its_uncertainty() -> None:
    person = walker(40.0)
    for off_s, certain_ms, expected in ((0.06, 0.0, True), (0.3, 0.0, False), (0.3, 250.0, True)):
        run = Run(Street(person), person)
        run.frame()
        box = run.truth()
        assert box is not None
        run.frame()
        # Before the first picture kept: the nearest one is `off_s` away.
        run.tracker.follow((alert(box, 1 / 15 - off_s, certain_ms),))
        assert bool(run.frame()) is expected


def test_a_time_that_names_no_picture_gets_no_box() -> None:
    person = walker(40.0)
    for certain_ms, expected in ((500.0, True), (600.0, False), (10_000.0, False)):
        run = Run(Street(person), person)
        for _ in range(5):
            run.frame()
        told = run.alert()
        run.tracker.follow((replace(told, uncertainty_ms=certain_ms),))
        assert bool(run.frame()) is expected


def test_an_update_moves_the_box_to_where_it_says_also_at_the_same_time() -> None:
    person = walker(40.0)
    other = Figure(420.0, 200.0, 20.0, 0.0, 40.0, BLUE, DARK)
    run = Run(Street(person, other), person)
    for _ in range(3):
        run.frame()
    first = run.alert()
    run.tracker.follow((first,))
    assert run.frame()
    place = run.street.box(other, 3 / 15, View())
    assert place is not None
    run.tracker.follow((replace(first, box=place),))
    boxes = run.frame()
    now = run.street.box(other, run.now_s, View())
    assert now is not None
    assert [overlap(box.box, now) > 0.5 for box in boxes] == [True]


def test_an_update_ahead_of_the_pictures_ends_the_old_box_at_once() -> None:
    person = walker(40.0)
    run = Run(Street(person), person)
    for _ in range(3):
        run.frame()
    first = run.alert()
    run.tracker.follow((first,))
    assert run.frame()
    later = replace(first, capture_utc_us=first.capture_utc_us + 1_000_000)
    run.tracker.follow((later,))
    assert run.frame() == ()


def test_an_alert_ahead_of_the_pictures_waits_for_its_own() -> None:
    person = walker(40.0)
    run = Run(Street(person), person)
    for _ in range(3):
        run.frame()
    coming = run.truth(5 / 15)
    assert coming is not None
    run.tracker.follow((alert(coming, 5 / 15),))
    assert run.frame() == ()
    assert len(run.frame()) == 1


@pytest.mark.parametrize(
    ("height", "in_front", "colour"),
    [
        pytest.param(h, f, c, marks=() if (h, f, c) in ORDINARY else pytest.mark.slow)
        for h, f, c in product((20.0, 40.0, 90.0), (True, False), (BLUE, RED))
    ],
)
def test_two_who_cross_are_never_mixed_up(
    height: float, in_front: bool, colour: tuple[int, int, int]
) -> None:
    person = walker(height, x=120.0)
    other = Figure(120 + 4 * height, 200 + 0.3 * height, -height, 0, height, colour, DARK)
    order = (person, other) if in_front else (other, person)
    run = Run(Street(*order), person)
    for _ in range(3):
        run.frame()
    run.tracker.follow((run.alert(),))
    for _ in range(60):
        boxes, truth = run.frame(), run.truth()
        stranger = run.street.box(other, run.now_s, View())
        if boxes and truth and stranger:
            assert overlap(boxes[0].box, truth) >= overlap(boxes[0].box, stranger)
            assert overlap(boxes[0].box, truth) > 0.3


def test_a_person_behind_a_post_is_let_go_and_not_found_again() -> None:
    person = walker(40.0)
    run = Run(Street(person), person)
    run.street.post = 270
    overlaps = follow_from_now(run, 60)
    gone = overlaps.index(None)
    assert 15 < gone < 40
    assert all(value is None for value in overlaps[gone:])
    assert all(value is not None and value > 0.4 for value in overlaps[:gone])


def test_a_person_who_leaves_the_picture_is_let_go() -> None:
    person = walker(40.0, x=590.0)
    run = Run(Street(person), person)
    overlaps = follow_from_now(run, 30)
    assert overlaps[0] is not None and overlaps[-1] is None


def test_a_box_on_nothing_is_not_followed() -> None:
    tracker = Tracker(ManualClock(utc_ms=T0 // 1000))
    flat = av.VideoFrame.from_ndarray(np.full((540, 640), 128, np.uint8), format="yuv420p")
    for number in range(3):
        tracker.add(flat, T0 + number * 66_667)
    tracker.follow((alert(Box(0.4, 0.4, 0.1, 0.2), 0.066667),))
    assert tracker.add(flat, T0 + 3 * 66_667) == ()


def test_the_box_ends_with_the_decision_at_expiry_and_with_an_interruption() -> None:
    person = walker(40.0)
    clock = ManualClock(utc_ms=T0 // 1000)
    endings: dict[str, Callable[[Run], None]] = {
        "decision": lambda run: run.tracker.follow(()),
        "expiry": lambda run: clock.advance(601),
        "interruption": lambda run: run.tracker.reset(),
        "gap": lambda run: setattr(run, "number", run.number + 15),
    }
    for name, end in endings.items():
        run = Run(Street(person), person, tracker=Tracker(clock))
        overlaps = follow_from_now(run, 3)
        assert overlaps[-1] is not None, name
        end(run)
        assert run.follow(5) == [None] * 5, name
        clock = ManualClock(utc_ms=T0 // 1000)


def test_pictures_without_a_time_get_no_box() -> None:
    person = walker(40.0)
    run = Run(Street(person), person)
    follow_from_now(run, 2)
    assert run.tracker.add(run.street.frame(1.0), None) == ()


def test_a_large_picture_is_followed_at_a_smaller_size() -> None:
    person = Figure(400, 500, 80, 0, 90, RED, DARK)
    run = Run(Street(person, size=(1280, 720)), person)
    overlaps = follow_from_now(run, 15)
    assert all(value is not None and value > 0.7 for value in overlaps)
