"""How a picture may look, what is said of its age and what is said where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from gcs.model.alert import AlertState
from gcs.model.feed import FeedHealth, RelayHello
from gcs.model.telemetry import Phase
from gcs.video.frame import FeedState, FeedStatus, Frame
from tests.support.alerts import alert_record
from tests.unit.ui.shift import OTHER, Shift
from ui.models.feeds import FeedText, feed_text
from ui.models.picture import (
    Look,
    Moment,
    PictureText,
    age_chip,
    match_words,
    moment,
    open_matches,
    picture_text,
    short_chip,
    unboxed_words,
)
from ui.text import Tone

LIVE = FeedStatus(FeedState.LIVE, "", 15.0, 0.05, 640, 360)
NOW = Moment(0.05, 0.09, 30.0)
SHOWN = PictureText(Look.LIVE)


def told(shift: Shift, feed: str = "ISL-02") -> FeedText:
    made = feed_text(shift.state, feed)
    assert made is not None
    return made


def flying(shift: Shift) -> FeedText:
    shift.fly("ISL-02", Phase.EN_ROUTE, shift.site.docks[0].position)
    shift.batch()
    return told(shift)


def relay_heard(shift: Shift, *feeds: FeedHealth) -> None:
    shift.state.apply_relay(RelayHello("r", shift.clock.utc_ms(), feeds))


# -- who carries the camera ----------------------------------------------------------------
def test_a_flying_drones_words(shift: Shift) -> None:
    shift.owned("ISL-02", OTHER)
    words = flying(shift)
    assert (words.name.text, words.holder.text) == ("ISL-02", "Pilot B")
    assert [span.text for span in words.foot][:3] == ["en route", "72 m", "54 %"]
    assert not words.docked


def test_a_docked_drone_and_a_fixed_camera(shift: Shift) -> None:
    docked = told(shift, "ISL-01")
    assert docked.docked and [span.text for span in docked.foot] == ["D1 ready", "96 %"]
    camera = told(shift, "CAM-1")
    assert camera.name.text == "Cam Pinbrook"
    assert [span.text for span in camera.foot] == ["fixed camera"]
    assert feed_text(shift.state, "nobody") is None


# -- age -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ms", "words", "tone"),
    [
        (92, "92 ms", Tone.TEXT),
        (249, "249 ms", Tone.TEXT),
        (250, "250 ms old", Tone.CAUTION),
        (499, "499 ms old", Tone.CAUTION),
        (500, "500 ms old", Tone.WARNING),
        (1400, "1.4 s old", Tone.WARNING),
        (-20, "0 ms", Tone.TEXT),
    ],
)
def test_the_age_chip(shift: Shift, ms: float, words: str, tone: Tone) -> None:
    chip = age_chip(flying(shift), LIVE, SHOWN, ms / 1000)
    assert (chip.text, chip.tone) == (words, tone)


def test_an_age_that_the_stream_does_not_tell_is_not_made_up(shift: Shift) -> None:
    chip = age_chip(flying(shift), LIVE, SHOWN, None)
    assert (chip.text, chip.tone) == ("age not known", Tone.CAUTION)


def test_a_docked_drone_tells_its_measured_rate_unless_it_is_late(shift: Shift) -> None:
    docked = told(shift, "ISL-01")
    status = replace(LIVE, fps=5.0)
    assert age_chip(docked, status, SHOWN, 0.3).text == "dock · 5 fps"
    assert age_chip(docked, status, SHOWN, 0.7).text == "700 ms old"
    slower = picture_text(shift.state, docked, replace(LIVE, fps=2.8), NOW)
    assert age_chip(docked, replace(LIVE, fps=2.8), slower, 0.1).text == "dock · 3 of 5 fps"


def test_a_docked_camera_that_sends_few_pictures_is_not_late_between_them(shift: Shift) -> None:
    docked = told(shift, "ISL-01")
    few = replace(LIVE, fps=1.0)
    assert age_chip(docked, few, SHOWN, 1.2).tone is Tone.QUIET
    assert age_chip(docked, few, SHOWN, 1.6).tone is Tone.WARNING
    assert age_chip(flying(shift), few, SHOWN, 1.2).tone is Tone.WARNING


def test_the_smallest_tiles_keep_the_figure(shift: Shift) -> None:
    late = age_chip(flying(shift), LIVE, SHOWN, 0.7)
    assert (short_chip(late).text, short_chip(late).tone) == ("700 ms", Tone.WARNING)
    docked = age_chip(told(shift, "ISL-01"), replace(LIVE, fps=5.0), SHOWN, 0.1)
    assert short_chip(docked).text == "5 fps"


def test_a_rate_lower_than_asked_is_said(shift: Shift) -> None:
    words = flying(shift)
    assert picture_text(shift.state, words, replace(LIVE, fps=9.2), NOW).rate == "9 of 15 fps"
    assert picture_text(shift.state, words, replace(LIVE, fps=14.4), NOW).rate == ""


# -- never live when it is not -------------------------------------------------------------
def test_live_is_only_what_comes_now(shift: Shift) -> None:
    words = flying(shift)
    assert picture_text(shift.state, words, LIVE, NOW).look is Look.LIVE
    standing = picture_text(shift.state, words, LIVE, replace(NOW, frame_s=2.0))
    assert (standing.look, standing.headline) == (Look.GREY, "no picture for 2 s")


@pytest.mark.parametrize("state", [s for s in FeedState if s is not FeedState.LIVE])
def test_no_other_state_looks_live_even_with_a_new_frame(shift: Shift, state: FeedState) -> None:
    text = picture_text(shift.state, flying(shift), FeedStatus(state, age_s=0.1), NOW)
    assert text.look is Look.GREY and text.headline and text.doing
    chip = age_chip(told(shift), LIVE, text, 0.1)
    assert (chip.text, chip.tone) == ("not live", Tone.CAUTION)


def test_a_silent_vehicle_is_said_then_the_picture_goes(shift: Shift) -> None:
    words = flying(shift)
    shift.silent.add("ISL-02")
    shift.later(14.0)
    relay_heard(shift)
    words = told(shift)
    dead = FeedStatus(FeedState.DEAD, "ISL-02: nothing comes.", 0.0, 14.0)
    text = picture_text(shift.state, words, dead, Moment(14.0, 14.1, 60.0))
    assert (text.look, text.headline) == (Look.GREY, "no picture for 14 s")
    assert (text.doing, text.sentence) == ("vehicle silent, retrying", "ISL-02: nothing comes.")
    gone = picture_text(shift.state, words, replace(dead, age_s=61.0), Moment(61.0, 61.1, 90.0))
    assert (gone.look, gone.headline) == (Look.GONE, "no picture for 61 s")


def test_an_old_picture_that_is_sent_again_does_not_make_the_silence_short(shift: Shift) -> None:
    stale = FeedStatus(FeedState.STALE, "", 0.0, 0.2)
    text = picture_text(shift.state, flying(shift), stale, Moment(0.2, 6.3, 60.0))
    assert (text.look, text.headline) == (Look.GREY, "no picture for 6 s")


def test_what_is_being_done_names_what_is_silent(shift: Shift) -> None:
    words = flying(shift)
    dead = FeedStatus(FeedState.DEAD, "", 0.0, 5.0)
    past = Moment(5.0, 5.1, 60.0)
    assert picture_text(shift.state, words, dead, past).doing == "relay not heard, retrying"
    relay_heard(shift, FeedHealth("ISL-02", 5.0, 9, 0, 1, 0, "ISL-02 sends nothing."))
    text = picture_text(shift.state, words, dead, past)
    assert (text.doing, text.sentence) == ("no stream, retrying", "ISL-02 sends nothing.")


def test_a_frozen_picture_says_since_when_its_time_stands(shift: Shift) -> None:
    relay_heard(shift)
    frozen = FeedStatus(FeedState.FROZEN, "", 15.0, 0.05)
    text = picture_text(shift.state, flying(shift), frozen, Moment(0.05, 7.3, 60.0))
    assert (text.look, text.headline) == (Look.GREY, "picture frozen for 7 s")


def test_a_feed_just_asked_for_says_nothing_for_a_moment(shift: Shift) -> None:
    connecting = FeedStatus(FeedState.CONNECTING)
    words = flying(shift)
    early = picture_text(shift.state, words, connecting, Moment(None, None, 0.4))
    assert (early.look, early.headline) == (Look.GONE, "")
    relay_heard(shift)
    later = picture_text(shift.state, words, connecting, Moment(None, None, 1.5))
    assert (later.headline, later.doing) == ("no picture yet", "connecting")


def test_ages_count_from_the_capture_and_from_the_coming(shift: Shift) -> None:
    frame = Frame(
        "ISL-02", 1, (shift.clock.utc_ms() - 90) * 1000, shift.clock.monotonic(),
        np.zeros((9, 16, 4), np.uint8),
    )  # fmt: skip
    shift.clock.advance(0.5)
    now = moment(shift.state, frame, shift.clock.monotonic() - 3)
    assert now.frame_s == pytest.approx(0.5)
    assert now.capture_s == pytest.approx(0.59, abs=0.002)
    assert now.waited_s == pytest.approx(3)
    assert moment(shift.state, replace(frame, capture_utc_us=None), 0.0).capture_s is None


# -- possible matches ----------------------------------------------------------------------
def test_only_open_alerts_of_the_feed_are_on_it(shift: Shift) -> None:
    now = shift.clock.utc_ms()
    shift.state.apply_alert(alert_record("A1", "CAM-1", now - 9000))
    shift.state.apply_alert(alert_record("A2", "CAM-1", now - 7000, AlertState.JUDGED))
    shift.state.apply_alert(alert_record("A3", "CAM-1", now - 5000, AlertState.DECIDED))
    shift.state.apply_alert(alert_record("A4", "CAM-2", now - 5000))
    assert [r.alert.id for r in open_matches(shift.state, "CAM-1")] == ["A2", "A1"]
    shift.clock.advance(200.0)
    assert open_matches(shift.state, "CAM-1") == ()


def test_the_words_of_a_match(shift: Shift) -> None:
    now = shift.clock.utc_ms()
    one, two = alert_record("A1", "CAM-1", now - 12_000), alert_record("A2", "CAM-1", now - 20_000)
    assert match_words(one, now) == "possible match 0:12"
    assert unboxed_words((one,), now) == "possible match 0:12 · see still"
    assert unboxed_words((one, two), now) == "possible match 0:12 +1 · see still"
    assert unboxed_words((), now) == ""
