"""Formats: every number, time and age as it is read on the screen."""

from datetime import UTC, timedelta, timezone

import pytest

from ui import text
from ui.text import Span, Tone

UTC_MS = 1_790_000_000_000  # 2026-09-21 14:13:20 UTC


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0, "0:00"),
        (9.99, "0:09"),
        (580, "9:40"),
        (3600, "1:00:00"),
        (3730, "1:02:10"),
        (183_600, "2 d 3 h"),
        (-80, "−1:20"),
        (-0.4, "0:00"),
    ],
)
def test_duration(seconds: float | None, shown: str) -> None:
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "never"), (14.9, "14 s"), (119, "119 s"), (120, "2 min"), (7300, "2 h")],
)
def test_age(seconds: float | None, shown: str) -> None:
    assert text.age(seconds) == shown


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (0.0, Span("72 m")),
        (2.9, Span("72 m")),
        (3.0, Span("72 m (3 s old)", Tone.QUIET)),
        (60.0, Span("72 m (60 s old)", Tone.QUIET)),
        (60.1, Span("–", Tone.OFF)),
        (None, Span("–", Tone.OFF)),
    ],
)
def test_a_number_ages(age_s: float | None, expected: Span) -> None:
    assert text.aged("72 m", age_s) == expected


def test_what_is_not_known_is_never_a_zero() -> None:
    for shown in (
        text.metres(None),
        text.speed(None),
        text.heading(None),
        text.percent(None),
        text.millis(None),
        text.wind(None, 200.0),
        text.seconds_words(None),
    ):
        assert shown == "–"


def test_units_stand_beside_their_figures() -> None:
    assert text.metres(71.6) == "72 m"
    assert text.metres(-3.0) == "−3 m"
    assert text.metres(1234.0) == "1.2 km"
    assert text.speed(0.34) == "0.3 m/s"
    assert text.percent(53.6) == "54 %"
    assert text.millis(11.7) == "12 ms"
    assert text.seconds_words(0.4) == "0.4 s"
    assert text.seconds_words(71.3) == "71 s"


def test_headings_have_three_figures_and_never_360() -> None:
    assert text.heading(4.2) == "004°"
    assert text.heading(359.7) == "000°"


@pytest.mark.parametrize(
    ("from_deg", "point"), [(0, "N"), (22, "N"), (23, "NE"), (240, "SW"), (359, "N")]
)
def test_wind_names_where_it_comes_from(from_deg: float, point: str) -> None:
    assert text.wind(5.0, from_deg) == f"5 m/s {point}"


def test_clocks_tell_local_time_and_utc() -> None:
    london = timezone(timedelta(hours=1))
    assert text.clock_time(UTC_MS, london) == "15:13:20"
    assert text.short_time(UTC_MS, UTC) == "14:13"
    assert text.utc_time(UTC_MS) == "14:13 UTC"


def test_targets_in_words() -> None:
    assert [text.target_words(s) for s in (900, 3600, 172_800, None)] == [
        "15 min",
        "1 h",
        "48 h",
        "no target",
    ]


def test_a_sentence_keeps_its_figures_with_their_units() -> None:
    assert text.sentence("no heartbeat for 14 s") == "No heartbeat for 14\u00a0s."
    assert text.sentence("Refused!") == "Refused!"
    assert text.sentence("  ") == ""


def test_places_carry_a_real_minus_sign() -> None:
    assert text.place(51.5245, -0.1089) == "51.52450, −0.10890"
