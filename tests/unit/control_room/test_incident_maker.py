"""Invented calls: on streets inside the fence, plausible shares, numbers like a force's."""

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import shapely

from gcs.geo.earth import LocalFrame, distance_m
from gcs.geo.fence import distance_to_edge_m, inside, path_inside
from gcs.geo.town import Town
from gcs.model.mission import Grade, Incident
from gcs.model.scenario import ScenarioIncident
from gcs.sim.incident_kinds import GRADE_WEIGHTS, KINDS, OFFICERS
from gcs.sim.incident_maker import IncidentMaker, check_scenario
from tests.unit.control_room import rig
from tests.unit.geo.places import at

NOON = int(datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp() * 1000)
STEP_MS = 60_000


@pytest.fixture(scope="module")
def town() -> Town:
    return rig.town()


def made(town: Town, count: int, seed: int = 9) -> list[Incident]:
    maker = IncidentMaker(rig.site(), town, seed)
    return [maker.anywhere(NOON + i * STEP_MS) for i in range(count)]


def off_street_m(town: Town, incident: Incident) -> float:
    frame = LocalFrame(town.origin)
    point = shapely.Point(frame.to_local(incident.position))
    lines = [shapely.LineString([frame.to_local(p) for p in s.points]) for s in town.streets]
    return float(min(line.distance(point) for line in lines))


def test_calls_come_from_streets_inside_the_fence(town: Town) -> None:
    names = {s.name for s in town.streets}
    for incident in made(town, 60):
        assert inside(rig.FENCE, incident.position)
        assert distance_to_edge_m(rig.FENCE, incident.position) > 24.0
        for dock in rig.site().docks:
            assert path_inside(rig.FENCE, dock.position, incident.position)
        assert off_street_m(town, incident) < 0.5
        assert incident.place.split(" ", 1)[1] in names
        assert town.roof_height_m(incident.position) == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_the_near_one_is_a_short_straight_flight_away(town: Town, seed: int) -> None:
    site = rig.site()
    incident = IncidentMaker(site, town, seed).near_dock(NOON)
    assert incident.grade is Grade.IMMEDIATE
    assert off_street_m(town, incident) < 0.5
    assert any(
        100.0 <= distance_m(d.position, incident.position) <= 150.0
        and path_inside(site.fence, d.position, incident.position)
        for d in site.docks
    )


def test_grades_come_in_their_shares(town: Town) -> None:
    found = Counter(i.grade for i in made(town, 1500))
    for grade, share in GRADE_WEIGHTS.items():
        assert found[grade] / 1500 == pytest.approx(share, abs=0.04)
    assert len({i.category for i in made(town, 300)}) == len({k.category for k in KINDS})


def test_calls_do_not_pile_up_in_one_place(town: Town) -> None:
    incidents = made(town, 200)
    close = sum(distance_m(a.position, b.position) < 80.0 for a, b in pairwise(incidents))
    assert close <= 2


def test_words_are_complete_and_name_other_streets(town: Town) -> None:
    names = {s.name for s in town.streets}
    texts = [i.description for i in made(town, 400)]
    assert not any("{" in t or not t.endswith((".", "?")) for t in texts)
    assert sum(any(n in t for n in names) for t in texts) > 80


def test_officers_and_hazards_are_told_of_some_and_left_open_of_others(town: Town) -> None:
    calls = made(town, 60)
    assert {i.officers for i in calls} == set(OFFICERS)
    hazards = {k.category: k.hazards for k in KINDS}
    assert all(i.hazards == hazards[i.category] for i in calls)
    assert any(i.hazards for i in calls) and not all(i.hazards for i in calls)


def test_texts_name_nobody_and_no_likeness() -> None:
    """The words of training calls are chosen once, here is what they must never hold."""
    never = re.compile(
        r"\b(man|woman|boy|girl|male|female|he|she|his|her|black|white|asian|race|ethnic"
        r"|muslim|jew\w*|christian|religio\w*|gay|disab\w*|gypsy|foreign\w*|migrant|hood\w*"
        r"|youths?|teen\w*|aged|mr|mrs|ms)\b",
        re.IGNORECASE,
    )
    for kind in KINDS:
        for text in (kind.category, kind.hazards, *kind.descriptions):
            assert not never.search(text.replace("white van", "van")), text


def test_the_same_seed_gives_the_same_calls(town: Town) -> None:
    assert made(town, 20, seed=3) == made(town, 20, seed=3)
    assert made(town, 20, seed=3) != made(town, 20, seed=4)


def test_numbers_rise_through_the_day_and_restart_with_it(town: Town) -> None:
    maker = IncidentMaker(rig.site(), town, 1)
    before = [maker.anywhere(NOON + i) for i in range(3)]
    assert [i.number for i in before] == [2881, 2882, 2883]
    assert before[0].key == "MPS-20261122-2881"
    midnight = NOON + 12 * 3600 * 1000
    after = maker.anywhere(midnight)
    assert (after.number, after.key) == (1, "MPS-20261123-1")


def test_a_restarted_room_gives_no_number_twice(town: Town) -> None:
    first = IncidentMaker(rig.site(), town, 1)
    used = {first.anywhere(NOON + i * 60_000).key for i in range(20)}
    second = IncidentMaker(rig.site(), town, 1)
    assert second.anywhere(NOON + 20 * 60_000).key not in used


def test_gaps_have_the_mean_of_the_rate_and_bounds(town: Town) -> None:
    maker = IncidentMaker(rig.site(), town, 5)
    gaps = [maker.gap_s(60.0) for _ in range(4000)]
    assert sum(gaps) / len(gaps) == pytest.approx(60.0, rel=0.06)
    assert min(gaps) >= 6.0
    assert max(gaps) <= 240.0


def test_a_listed_call_keeps_its_words_and_gets_a_place(town: Town) -> None:
    maker = IncidentMaker(rig.site(), town, 5)
    fixed = at(-200.0, -100.0)
    entry = ScenarioIncident(
        3.0, Grade.EXTENDED, "Noise", "Loud fan on a roof.", fixed, officers="one", hazards="height"
    )
    given = maker.listed(entry, NOON)
    assert (given.officers, given.hazards) == ("one", "height")
    assert (given.grade, given.category, given.description) == (
        Grade.EXTENDED,
        "Noise",
        "Loud fan on a roof.",
    )
    assert given.position == fixed
    assert given.place == town.street_at(fixed)
    chosen = maker.listed(ScenarioIncident(3.0, Grade.EXTENDED, "Noise", "x"), NOON)
    assert inside(rig.FENCE, chosen.position)
    assert chosen.place


def test_a_listed_call_outside_the_fence_is_refused_by_number() -> None:
    near = ScenarioIncident(0.0, Grade.EXTENDED, "Noise", "x", at(0.0, 0.0))
    far = ScenarioIncident(0.0, Grade.EXTENDED, "Noise", "x", at(0.0, 5000.0))
    check_scenario(rig.site(), (near,))
    with pytest.raises(ValueError, match=r"incidents\[1\]\.position lies outside the fence"):
        check_scenario(rig.site(), (near, far))


def test_a_fence_without_streets_is_told(town: Town) -> None:
    with pytest.raises(ValueError, match="fence f1: no street inside it can be flown to"):
        IncidentMaker(rig.site(), rig.without_streets(town), 1)
