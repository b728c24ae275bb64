"""A place as it is typed: latitude and longitude, or a British grid reference. Pure."""

import re

from gcs.geo.grid import NotAGridReference, from_grid
from gcs.model.place import Position

HOW = "write it as 51.52450, -0.10890 or as a grid reference such as TQ 31234 82345."
_NUMBERS = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*°?\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*°?\s*$")
_LETTERS = re.compile(r"^\s*[A-Za-z]{2}")


def parse_place(text: str) -> Position:
    """The place. Raises ValueError with one sentence."""
    plain = text.replace("\u2212", "-")
    if _LETTERS.match(plain):
        try:
            return from_grid(plain)
        except NotAGridReference as error:
            raise ValueError(f"{text.strip()}: {error}; {HOW}") from None
    found = _NUMBERS.match(plain)
    if found is None:
        raise ValueError(f"{text.strip() or 'Nothing'} is no place: {HOW}")
    return Position(float(found[1]), float(found[2]))


def place_text(place: Position) -> str:
    """As it stands in the field: all that a vehicle holds of it."""
    return f"{place.lat_deg:.7f}, {place.lon_deg:.7f}"
