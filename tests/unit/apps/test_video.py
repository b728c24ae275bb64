"""What the cameras of a shift send, by the size of the machine."""

from dataclasses import replace

from gcs.apps.shift import CORES_FOR_HD, load_site, video_for
from gcs.model.site import Video

SITE = replace(load_site("islington", None), video=Video())


def test_a_small_machine_sends_small_pictures() -> None:
    assert video_for(SITE, 2) == Video(640, 360, 15.0, 5.0)


def test_a_large_machine_sends_720p_at_30() -> None:
    video = video_for(SITE, CORES_FOR_HD)
    assert (video.width, video.height, video.fps, video.docked_fps) == (1280, 720, 30.0, 5.0)


def test_what_the_site_file_says_stands() -> None:
    chosen = replace(SITE, video=Video(320, 180, 10.0))
    assert video_for(chosen, 64) == chosen.video
