"""The town as one compact JSON document for the map page. Draws nothing, knows no Leaflet.

    {"version": 1,
     "label": "training streets",
     "origin": [lat_e6, lon_e6],     integers, 1e-6 degree
     "zoom": 15,                     the Web Mercator zoom whose tiles group the shapes
     "names": ["", "Harrow Lane", ...],
     "tiles": {"16371/10893": {"streets":   [[kind, width_dm, name, x0, y0, dx, dy, ...], ...],
                               "buildings": [[height_dm, x0, y0, dx, dy, ...], ...],
                               "parks":     [[name, x0, y0, dx, dy, ...], ...]}, ...}}

A tile key is "x/y" of the slippy-map grid at `zoom`. Coordinates are integer pairs (east,
north) in 1e-6 degree from `origin`; the first pair of a shape is absolute, each further one
relative to the one before: lon = (origin[1] + x) / 1e6, lat = (origin[0] + y) / 1e6.

Kinds of street: 0 major, 1 minor, 2 lane. `width_dm` is the whole width between buildings'
fronts (carriageway and pavements) in decimetres. `name` is an index into `names`, 0 = none.
Building and park rings do not repeat their first point.

A shape stands in every tile that its bounding box touches (a street's with half its width),
so any tile at `zoom` or deeper is drawn from the one group that contains it. At a smaller
zoom take all groups below the tile; a shape may then come twice, so fill opaque. Draw parks,
then streets (lanes, minor, major), then buildings: nothing overlaps but streets at junctions.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec

from gcs.geo.town import StreetKind, Town
from gcs.model.place import Position

VERSION = 1
TILE_ZOOM = 15

_KINDS = {StreetKind.MAJOR: 0, StreetKind.MINOR: 1, StreetKind.LANE: 2}
_DEG_M = 111_195.0

Group = dict[str, list[list[int]]]


def town_layers(town: Town) -> bytes:
    """The document, UTF-8."""
    return msgspec.json.encode(_Layers(town).document())


class _Layers:
    def __init__(self, town: Town) -> None:
        self._town = town
        self._origin = (_e6(town.origin.lat_deg), _e6(town.origin.lon_deg))
        self._names: dict[str, int] = {"": 0}
        self._tiles: dict[str, Group] = {}

    def document(self) -> dict[str, object]:
        for street in self._town.streets:
            head = [_KINDS[street.kind], round(street.width_m * 10), self._name(street.name)]
            self._add("streets", head, street.points, street.width_m / 2)
        for building in self._town.buildings:
            self._add("buildings", [round(building.height_m * 10)], building.outline, 0.0)
        for park in self._town.parks:
            self._add("parks", [self._name(park.name)], park.outline, 0.0)
        return {
            "version": VERSION,
            "label": self._town.label,
            "origin": list(self._origin),
            "zoom": TILE_ZOOM,
            "names": list(self._names),
            "tiles": self._tiles,
        }

    def _name(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _add(self, layer: str, head: list[int], ring: Sequence[Position], margin_m: float) -> None:
        shape = head + self._deltas(ring)
        for key in _tiles_of(ring, margin_m):
            group = self._tiles.setdefault(key, {"streets": [], "buildings": [], "parks": []})
            group[layer].append(shape)

    def _deltas(self, ring: Sequence[Position]) -> list[int]:
        lat0, lon0 = self._origin
        x, y = 0, 0
        out: list[int] = []
        for place in ring:
            east, north = _e6(place.lon_deg) - lon0, _e6(place.lat_deg) - lat0
            out += (east - x, north - y)
            x, y = east, north
        return out


def tile_of(lat_deg: float, lon_deg: float) -> tuple[int, int]:
    """Slippy-map tile (x, y) at TILE_ZOOM that holds a place."""
    tiles = 1 << TILE_ZOOM
    x = (lon_deg + 180.0) / 360.0 * tiles
    y = (1.0 - math.asinh(math.tan(math.radians(lat_deg))) / math.pi) / 2.0 * tiles
    return int(x), int(y)


def _tiles_of(ring: Sequence[Position], margin_m: float) -> Iterable[str]:
    north = margin_m / _DEG_M
    lats = [p.lat_deg for p in ring]
    lons = [p.lon_deg for p in ring]
    east = north / math.cos(math.radians(lats[0]))
    left, top = tile_of(max(lats) + north, min(lons) - east)
    right, bottom = tile_of(min(lats) - north, max(lons) + east)
    return (f"{x}/{y}" for x in range(left, right + 1) for y in range(top, bottom + 1))


def _e6(degrees: float) -> int:
    return round(degrees * 1e6)
