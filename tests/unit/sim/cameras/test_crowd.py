"""People and vehicles are where the seed and the time put them."""

import numpy as np
import pytest

from gcs.sim.cameras.renderer import Town3D
from tests.unit.sim.cameras import places

T0 = 1.79e9


@pytest.fixture(scope="module")
def whole() -> Town3D:
    return places.town_3d()


def test_the_same_seed_and_time_give_the_same_crowd(whole: Town3D) -> None:
    again, other = places.town_3d(5), places.town_3d(6)
    walkers = np.arange(len(whole.crowd))
    first = whole.crowd.at(walkers, T0 + 3.0)
    second = again.crowd.at(walkers, T0 + 3.0)
    assert np.array_equal(first.place, second.place) and np.array_equal(first.gait, second.gait)
    assert whole.crowd.looks[3] == again.crowd.looks[3]
    assert len(other.crowd) != len(whole.crowd) or not np.allclose(
        first.place, other.crowd.at(walkers, T0 + 3.0).place
    )


def test_nobody_jumps_and_everybody_faces_where_they_walk(whole: Town3D) -> None:
    walkers = np.arange(len(whole.crowd))
    before = whole.crowd.at(walkers, T0)
    after = whole.crowd.at(walkers, T0 + 0.2)
    step = after.place - before.place
    assert float(np.hypot(*step.T).max()) < 0.2 * 1.7 + 1e-6
    heading = np.arctan2(step[:, 0], step[:, 1])
    straight = np.hypot(*step.T) > 0.15
    turned = np.cos(heading[straight] - before.heading[straight])
    assert np.median(turned) > 0.999


def test_people_keep_to_the_pavements_and_cross(whole: Town3D) -> None:
    walkers = np.arange(len(whole.crowd))
    over_time = np.stack([whole.crowd.places(walkers, T0 + t) for t in np.arange(0.0, 300.0, 1.0)])
    # Both kinds of streets lie on multiples of 100 m; this is how far off the nearest line is.
    off = np.abs(over_time - places.BLOCK_M * np.round(over_time / places.BLOCK_M)).min(axis=2)
    assert off.max() < 8.0, "nobody leaves the street"
    assert np.mean(off > 5.0) > 0.7, "most are on pavements most of the time"
    crossed = (off < 1.0).any(axis=0)
    assert crossed.mean() > 0.5


def test_some_are_always_in_front_of_a_fixed_camera(whole: Town3D) -> None:
    mine = np.array([n for n, name in enumerate(whole.crowd.ids) if name.startswith("CAM-1")])
    assert len(mine) >= 5
    for t in range(0, 600, 20):
        ahead = whole.crowd.places(mine, T0 + t) - places.CAMERA_AT
        assert np.count_nonzero((ahead[:, 0] > 6.0) & (ahead[:, 0] < 36.0)) == len(mine)


def test_vehicles_keep_left_and_apart(whole: Town3D) -> None:
    traffic = whole.traffic
    every = traffic.near(150.0, 150.0, 1000.0)
    assert len(every) > 10
    for t in (0.0, 7.0, 31.0):
        now, later = traffic.at(every, T0 + t), traffic.at(every, T0 + t + 0.3)
        step = later.place[:, :2] - now.place[:, :2]
        places_now = now.place[:, :2]
        off = places_now - places.BLOCK_M * np.round(places_now / places.BLOCK_M)
        east_west = np.abs(off[:, 1]) < np.abs(off[:, 0])
        # Along a street, away from the corners: the kerb, not the middle, is to the left.
        along = np.where(east_west, np.abs(off[:, 0]), np.abs(off[:, 1])) > 20.0
        across = np.where(
            east_west, off[:, 1] * np.sign(step[:, 0]), -off[:, 0] * np.sign(step[:, 1])
        )
        assert (across[along] > 0.5).all()
        gaps = np.hypot(*(places_now[:, None] - places_now[None]).transpose(2, 0, 1))
        assert gaps[~np.eye(len(every), dtype=bool)].min() > 2.0
