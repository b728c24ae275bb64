"""A frame's own metadata in words and on the ground."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.geo.earth import LocalFrame, bearing_deg, distance_m, offset
from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.model.site import FixedCamera
from tests.support.fake_wall import looking
from ui.map.footprint import CONE_M, FAR_M, cone, footprint
from ui.models.hud import hud_words, look_azimuth_deg, zoom_of

HERE = Position(51.5262, -0.1068)


def test_the_line_of_a_drone() -> None:
    seen = looking(HERE, 214.0, 72.0, -38.0)
    scene = offset(HERE, 200.0, 41.0)
    assert hud_words(seen, scene, 70.0, False) == "72 m AGL · 214° · gimbal −38° · scene 41 m"
    assert hud_words(seen, None, 70.0, False).endswith("· range 117 m")


def test_zoom_is_told_when_it_is_used() -> None:
    seen = looking(HERE, 0.0, 72.0, -38.0, fov_deg=38.6)
    assert zoom_of(seen, 70.0) == pytest.approx(2.0, abs=0.01)
    assert hud_words(seen, None, 70.0, False).endswith("zoom 2.0×")


def test_what_the_stream_does_not_tell_is_left_out() -> None:
    assert hud_words(SensorMetadata(1), HERE, 70.0, False) == ""
    assert look_azimuth_deg(SensorMetadata(1)) is None
    assert look_azimuth_deg(SensorMetadata(1, heading_deg=350.0, relative_azimuth_deg=20.0)) == 10.0


def test_the_direction_is_that_of_the_frames_centre() -> None:
    seen = replace(looking(HERE, 90.0, 60.0, -45.0), heading_deg=10.0)
    assert look_azimuth_deg(seen) == pytest.approx(90.0, abs=0.1)


def test_straight_down_the_footprint_is_the_fields_rectangle() -> None:
    seen = replace(looking(HERE, 0.0, 100.0, -89.99), frame_centre=HERE, horizontal_fov_deg=90.0,
                   vertical_fov_deg=60.0)  # fmt: skip
    ring = footprint(seen)
    assert ring is not None
    frame = LocalFrame(HERE)
    wanted = [(-100.0, 57.7), (100.0, 57.7), (100.0, -57.7), (-100.0, -57.7)]
    for place, (east, north) in zip(ring, wanted, strict=True):
        assert frame.to_local(place) == pytest.approx((east, north), abs=0.5)


def test_the_footprint_lies_round_the_frames_centre() -> None:
    seen = looking(HERE, 214.0, 72.0, -38.0, fov_deg=40.0)
    ring = footprint(seen)
    assert ring is not None and seen.frame_centre is not None
    far, near = ring[:2], ring[2:]
    centre = distance_m(HERE, seen.frame_centre)
    assert all(distance_m(HERE, place) > centre for place in far)
    assert all(distance_m(HERE, place) < centre for place in near)
    middle = (bearing_deg(HERE, ring[0]) + bearing_deg(HERE, ring[1])) / 2
    assert middle == pytest.approx(214.0, abs=0.2)
    assert bearing_deg(HERE, ring[0]) < bearing_deg(HERE, ring[1])


def test_what_lies_beyond_the_horizon_is_cut_off() -> None:
    ring = footprint(looking(HERE, 20.0, 72.0, -8.0))
    assert ring is not None
    assert [round(distance_m(HERE, place)) for place in ring[:2]] == [FAR_M, FAR_M]
    assert all(distance_m(HERE, place) < FAR_M for place in ring[2:])


@pytest.mark.parametrize("missing", ["position", "horizontal_fov_deg", "altitude_amsl_m"])
def test_without_what_it_needs_there_is_no_footprint(missing: str) -> None:
    seen = looking(HERE, 20.0, 72.0, -38.0)
    less: dict[str, Any] = {missing: None}
    assert footprint(seen) is not None and footprint(replace(seen, **less)) is None


def test_a_fixed_cameras_cone_is_near() -> None:
    ring = cone(FixedCamera("CAM-1", "Cam", HERE, 5.0, 197.0, -13.0, 42.0))
    assert max(distance_m(HERE, place) for place in ring) == pytest.approx(CONE_M, abs=0.1)
    assert (bearing_deg(HERE, ring[0]) + bearing_deg(HERE, ring[1])) / 2 == pytest.approx(
        197, abs=1
    )
