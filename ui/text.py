"""Every number, time and age as the operator reads it. Pure: no Qt, no clock, no state.

A view never formats by itself; what is not known is `–`, never a zero.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from gcs.fleet.state import Freshness, freshness

UNKNOWN = "–"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:s|ms|m|min|h|km|m/s|%)(?:\W|$))")
MINUTE = 60
HOUR = 3600
DAY = 86400
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
COMPASS_WORDS = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


class Tone(StrEnum):
    """What a text means. CAUTION and WARNING are drawn with a shape as well as a colour."""

    TEXT = "text"
    QUIET = "quiet"
    OFF = "off"
    ACCENT = "accent"
    CAUTION = "caution"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one meaning."""

    text: str
    tone: Tone = Tone.TEXT
    bold: bool = False


def plain(spans: tuple[Span, ...]) -> str:
    """The spans as one string, for tool tips and screen readers."""
    return "".join(s.text for s in spans)


def clock_time(utc_ms: int, zone: tzinfo | None = None) -> str:
    """`14:32:07` in `zone`, by default the desk's own."""
    return _moment(utc_ms, zone).strftime("%H:%M:%S")


def short_time(utc_ms: int, zone: tzinfo | None = None) -> str:
    """`14:32`."""
    return _moment(utc_ms, zone).strftime("%H:%M")


def utc_time(utc_ms: int) -> str:
    """`13:32 UTC`."""
    return _moment(utc_ms, UTC).strftime("%H:%M UTC")


def _moment(utc_ms: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(zone)


def duration(seconds: float | None) -> str:
    """`9:40`, `1:02:10`, `2 d 3 h`; a negative one carries a real minus sign."""
    if seconds is None:
        return UNKNOWN
    whole = int(abs(seconds))
    sign = "−" if seconds <= -1 else ""
    if whole >= DAY:
        return f"{sign}{whole // DAY} d {whole % DAY // HOUR} h"
    if whole >= HOUR:
        return f"{sign}{whole // HOUR}:{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"
    return f"{sign}{whole // MINUTE}:{whole % MINUTE:02d}"


def target_words(seconds: int | None) -> str:
    """A grade's target: `15 min`, `1 h`, `48 h`, `no target`."""
    if seconds is None:
        return "no target"
    return f"{seconds // HOUR} h" if seconds >= HOUR else f"{seconds // MINUTE} min"


def age(seconds: float | None) -> str:
    """`14 s`, `2 min`, `3 h`; `never` when there is none."""
    if seconds is None:
        return "never"
    whole = int(seconds)
    if whole < 2 * MINUTE:
        return f"{whole} s"
    return f"{whole // MINUTE} min" if whole < 2 * HOUR else f"{whole // HOUR} h"


def aged(value: str, age_s: float | None) -> Span:
    """A value by its age: normal under 3 s, greyed with the age, gone over 60 s."""
    fresh = freshness(age_s)
    if fresh is Freshness.GONE or value == UNKNOWN:
        return Span(UNKNOWN, Tone.OFF)
    if fresh is Freshness.STALE:
        return Span(f"{value} ({age(age_s)} old)", Tone.QUIET)
    return Span(value)


def metres(value: float | None) -> str:
    """`72 m`; over 1 km `1.2 km`."""
    if value is None:
        return UNKNOWN
    return f"{value:.0f} m".replace("-", "−") if abs(value) < 1000 else f"{value / 1000:.1f} km"


def speed(value: float | None) -> str:
    """`0.3 m/s`."""
    return UNKNOWN if value is None else f"{value:.1f} m/s"


def heading(value: float | None) -> str:
    """`214°`."""
    return UNKNOWN if value is None else f"{round(value) % 360:03d}°"


def percent(value: float | None) -> str:
    """`54 %`."""
    return UNKNOWN if value is None else f"{value:.0f} %"


def millis(value: float | None) -> str:
    """`12 ms`."""
    return UNKNOWN if value is None else f"{value:.0f} ms"


def seconds_words(value: float | None) -> str:
    """`0.4 s`, from 10 s on `71 s`."""
    if value is None:
        return UNKNOWN
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def wind(speed_mps: float | None, from_deg: float | None) -> str:
    """`5 m/s SW`: where it comes from."""
    if speed_mps is None:
        return UNKNOWN
    return f"{speed_mps:.0f} m/s" + ("" if from_deg is None else f" {compass(from_deg)}")


def compass(bearing_deg: float) -> str:
    """One of eight points: `SW`."""
    return COMPASS[round(bearing_deg / 45) % 8]


def compass_word(bearing_deg: float) -> str:
    """One of eight directions: `south-west`."""
    return COMPASS_WORDS[round(bearing_deg / 45) % 8]


def place(lat_deg: float, lon_deg: float) -> str:
    """`51.52450, −0.10890`."""
    return f"{lat_deg:.5f}, {lon_deg:.5f}".replace("-", "−")


def count_of(number: int, one: str, many: str) -> str:
    """`1 drone`, `3 drones`."""
    return f"{number} {one if number == 1 else many}"


def unbroken(text: str) -> str:
    """Figures kept with their units where a line may break."""
    return _BEFORE_UNIT.sub("\u00a0", text)


def sentence(text: str) -> str:
    """`text` with a capital and a full stop, figures kept with their units, for others' words."""
    clean = unbroken(text.strip())
    if not clean:
        return ""
    clean = clean[0].upper() + clean[1:]
    return clean if clean[-1] in ".!?" else clean + "."
