"""How the lines of a brief are worded: rows of a label and what is known, times, places."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from gcs.gateway.brief_facts import Facts
from gcs.gateway.steady import Steady
from gcs.model.brief import BriefItem, Line, digest_of
from gcs.model.place import Position

LONGEST = 1200
_CUT = " … (cut here)"

Maker = Callable[[Facts, Steady], BriefItem]
Row = tuple[str, str]


def item(key: str, title: str, told: Sequence[Row], *matters: object) -> BriefItem:
    """A line that has to be read; `matters` is what its digest is over."""
    return BriefItem(Line(key, digest_of(key, *matters)), title, rows(told))


def rows(told: Sequence[Row]) -> str:
    """`Label: what is known`, one a line of text, whatever line breaks stand in what was told;
    what is too long says that it is cut."""
    text = "\n".join(f"{label}: {' '.join(words.split())}" for label, words in told)
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT


def utc(utc_ms: int, *, seconds: bool = False) -> str:
    """`14:02 UTC`."""
    form = "%H:%M:%S UTC" if seconds else "%H:%M UTC"
    return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime(form)


def lasts(seconds: float) -> str:
    """`45 s`, `6 min 20 s`, `2 h 10 min`."""
    whole = round(abs(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        rest = f" {whole % 60} s" if whole % 60 else ""
        return f"{whole // 60} min{rest}"
    rest = f" {whole % 3600 // 60} min" if whole % 3600 >= 60 else ""
    return f"{whole // 3600} h{rest}"


def place(position: Position) -> str:
    """`51.52620 N, 0.10680 W`."""
    lat, lon = position.lat_deg, position.lon_deg
    return f"{abs(lat):.5f} {'N' if lat >= 0 else 'S'}, {abs(lon):.5f} {'E' if lon >= 0 else 'W'}"


def ago(age_s: float | None) -> str:
    """`2 s ago`, or that it never was."""
    return "never" if age_s is None else f"{lasts(age_s)} ago"


def number(value: float | None, unit: str, digits: int = 0) -> str:
    """A value with its unit, or that it is not told."""
    return "not told" if value is None else f"{value:.{digits}f} {unit}"
