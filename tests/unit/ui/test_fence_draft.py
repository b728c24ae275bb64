"""Drawing a geofence: every act, undone and done again, and what can never be drawn."""

import pytest

from gcs.geo.earth import distance_m, offset
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from ui.models.draft import Spot
from ui.models.fence_draft import EDGE, FenceDraft

HOME = Position(51.53, -0.1)
RING = tuple(offset(HOME, bearing, 1000) for bearing in (315, 45, 135, 225))
PLAN = FencePlan("Islington", (FenceShape(True, RING),), 100.0, version=3)


@pytest.fixture
def draft() -> FenceDraft:
    return FenceDraft(PLAN)


def test_a_draft_begins_as_the_fence_on_record_and_is_sent_under_its_version(
    draft: FenceDraft,
) -> None:
    draft.add_circle(False, HOME, 80.0)
    draft.add_rally(offset(HOME, 0, 300))
    assert draft.differs
    sent = draft.plan()
    assert (sent.name, sent.version) == ("Islington", 3)
    assert sent.shapes[1] == FenceShape(False, (), HOME, 80.0)
    assert len(sent.rally) == 1
    assert draft.names() == (
        "Keep in 1 · 4 corners",
        "Keep out 1 · circle, radius 80 m",
        "Rally 1 · 50 m above the dock",
    )


def test_every_step_is_taken_back_and_done_again(draft: FenceDraft) -> None:
    draft.add_area(False, HOME, 50.0)
    drawn = draft.content
    draft.move(Spot(1, 0), offset(HOME, 0, 200))
    moved = draft.content
    draft.undo()
    assert draft.content == drawn
    draft.undo()
    assert not draft.differs and not draft.can_undo
    draft.redo()
    draft.redo()
    assert draft.content == moved and not draft.can_redo
    draft.undo()
    draft.set_ceiling(90.0)
    assert not draft.can_redo
    draft.redo()
    assert draft.told == "Nothing to redo."


def test_a_corner_is_inserted_on_its_edge_and_deleted_down_to_three(draft: FenceDraft) -> None:
    draft.insert(Spot(0, 3))
    shape = draft.shape(0)
    assert shape is not None and len(shape.points) == 5
    west = Position(
        (RING[3].lat_deg + RING[0].lat_deg) / 2, (RING[3].lon_deg + RING[0].lon_deg) / 2
    )
    assert distance_m(shape.points[4], west) < 0.1
    assert draft.spot == Spot(0, 4)
    for _ in range(2):
        draft.delete(Spot(0, 4 if draft.spot == Spot(0, 4) else 0))
    before = draft.content
    draft.delete(Spot(0, 0))
    assert draft.content == before
    assert "three corners" in draft.told


def test_the_arrows_move_a_point_and_a_run_of_them_is_one_step(draft: FenceDraft) -> None:
    draft.select(Spot(0, 1))
    for _ in range(5):
        draft.nudge(0.0, 1.0)
    draft.nudge(10.0, 0.0)
    moved = draft.place(Spot(0, 1))
    assert distance_m(RING[1], moved) == pytest.approx(11.2, abs=0.1)
    draft.undo()
    assert draft.place(Spot(0, 1)) == RING[1]
    assert not draft.can_undo


def test_a_circle_is_moved_by_its_middle_and_sized_by_its_edge(draft: FenceDraft) -> None:
    draft.add_circle(True, HOME, 100.0)
    edge = draft.place(Spot(1, EDGE))
    assert distance_m(HOME, edge) == pytest.approx(100.0, abs=0.1)
    draft.move(Spot(1, EDGE), offset(HOME, 30, 140))
    shape = draft.shape(1)
    assert shape is not None and shape.radius_m == pytest.approx(140.0, abs=0.2)
    there = offset(HOME, 180, 50)
    draft.move(Spot(1, 0), there)
    shape = draft.shape(1)
    assert shape is not None and shape.centre == there
    draft.select(Spot(1, EDGE))
    draft.nudge(0.0, 10.0)
    shape = draft.shape(1)
    assert shape is not None and shape.radius_m == pytest.approx(150.0, abs=0.2)
    draft.set_radius(1, 1.0)
    shape = draft.shape(1)
    assert shape is not None and shape.radius_m == 5.0


def test_tab_goes_round_every_point_of_every_figure(draft: FenceDraft) -> None:
    draft.add_circle(False, HOME, 50.0)
    draft.add_rally(HOME)
    draft.select(None)
    seen = []
    for _ in range(8):
        draft.step(1)
        seen.append(draft.spot)
    assert seen[:7] == draft.spots() and seen[7] == Spot(0, 0)
    draft.step(-1)
    assert draft.spot == Spot(2)
    assert [draft.spot_words(spot) for spot in draft.spots()[3:]] == [
        "corner 4 of 4",
        "middle",
        "radius",
        "rally point",
    ]


def test_a_fence_with_nothing_to_stay_in_is_told_not_sent(draft: FenceDraft) -> None:
    draft.delete_figure(0)
    with pytest.raises(ValueError, match="no shape to stay inside of"):
        draft.plan()
    assert draft.can_undo


def test_a_newer_fence_leaves_the_draft_until_the_person_says_so(draft: FenceDraft) -> None:
    draft.add_rally(HOME)
    newer = FencePlan("Islington", (FenceShape(True, RING[:3]),), 100.0, version=4)
    drawn = draft.content
    draft.replaces(newer)
    assert draft.content == drawn and draft.plan().version == 4
    draft.begin(newer)
    assert not draft.differs and not draft.can_undo


def test_what_the_map_is_told(draft: FenceDraft) -> None:
    draft.add_area(False, HOME, 50.0)
    draft.add_rally(HOME)
    draft.set_height(2, 60.0)
    assert draft.rally(2) == RallyPoint(HOME, 60.0)
    sketch = draft.sketch()
    assert [(f.kind, f.out, len(f.points)) for f in sketch.figures] == [
        ("area", False, 4),
        ("area", True, 4),
        ("rally", False, 1),
    ]
    assert (sketch.figure, sketch.point, sketch.adds) == (2, 0, False)
    assert sketch.figures[2].label == "Rally 1 · 60 m"
