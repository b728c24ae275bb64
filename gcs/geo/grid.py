"""British National Grid references, good to about 5 m: what a radio message names a place by.

The formulas are Ordnance Survey's guide to coordinate systems in Great Britain, annexes B and C,
with its seven-parameter shift; a survey would need the OSTN15 grid instead.
"""

import math
import re

from gcs.model.place import Position

_A, _B = 6_377_563.396, 6_356_256.909  # Airy 1830
_E2 = 1 - (_B / _A) ** 2
_N = (_A - _B) / (_A + _B)
_F0 = 0.9996012717
_LAT0, _LON0 = math.radians(49), math.radians(-2)
_N0, _E0 = -100_000.0, 400_000.0
_WGS_A, _WGS_B = 6_378_137.0, 6_356_752.3141
_WGS_E2 = 1 - (_WGS_B / _WGS_A) ** 2
# From OSGB36 to WGS84: metres, parts per million, seconds of arc.
_SHIFT = (446.448, -125.157, 542.060)
_SCALE = -20.4894e-6
_TURN = tuple(math.radians(s / 3600) for s in (0.1502, 0.2470, 0.8421))
_REFERENCE = re.compile(r"^\s*([A-HJ-Z])([A-HJ-Z])((?:\s*\d)*)\s*$", re.IGNORECASE)
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_SQUARE_M = 100_000


class NotAGridReference(ValueError):
    """`str()` says what is wrong with it."""


def from_grid(text: str) -> Position:
    """The south-west corner of `TQ 31234 82345` (6, 8 or 10 digits). Raises NotAGridReference."""
    found = _REFERENCE.match(text)
    if found is None:
        raise NotAGridReference("it is not two letters and digits")
    digits = "".join(found[3].split())
    if len(digits) not in (6, 8, 10):
        raise NotAGridReference(f"it has {len(digits)} digits, needs 6, 8 or 10")
    half = len(digits) // 2
    step = 10 ** (5 - half)
    first, second = (_LETTERS.index(letter) for letter in found[1].upper() + found[2].upper())
    east = ((first - 2) % 5) * 5 + second % 5
    north = (19 - first // 5 * 5) - second // 5
    if not (0 <= east <= 6 and 0 <= north <= 12):
        raise NotAGridReference("its square is not in Great Britain")
    return from_metres(
        east * _SQUARE_M + int(digits[:half]) * step,
        north * _SQUARE_M + int(digits[half:]) * step,
    )


def from_metres(east_m: float, north_m: float) -> Position:
    """The place of an easting and a northing."""
    return _to_wgs84(*_to_airy(east_m, north_m))


def _arc(lat: float) -> float:
    """Metres of the meridian from the true origin."""
    minus, plus = lat - _LAT0, lat + _LAT0
    n2, n3 = _N * _N, _N**3
    return (
        _B
        * _F0
        * (
            (1 + _N + 1.25 * n2 + 1.25 * n3) * minus
            - (3 * _N + 3 * n2 + 2.625 * n3) * math.sin(minus) * math.cos(plus)
            + (1.875 * n2 + 1.875 * n3) * math.sin(2 * minus) * math.cos(2 * plus)
            - 35 / 24 * n3 * math.sin(3 * minus) * math.cos(3 * plus)
        )
    )


def _to_airy(east_m: float, north_m: float) -> tuple[float, float]:
    """Latitude and longitude on Airy's ellipsoid, radians."""
    lat = _LAT0 + (north_m - _N0) / (_A * _F0)
    for _ in range(8):
        lat += (north_m - _N0 - _arc(lat)) / (_A * _F0)
    sine, tangent, secant = math.sin(lat), math.tan(lat), 1 / math.cos(lat)
    nu = _A * _F0 / math.sqrt(1 - _E2 * sine * sine)
    rho = _A * _F0 * (1 - _E2) / (1 - _E2 * sine * sine) ** 1.5
    eta2, t2 = nu / rho - 1, tangent * tangent
    d = east_m - _E0
    lat -= tangent / (2 * rho * nu) * d**2
    lat += tangent / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * d**4
    lat -= tangent / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2) * d**6
    lon = _LON0 + secant / nu * d
    lon -= secant / (6 * nu**3) * (nu / rho + 2 * t2) * d**3
    lon += secant / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2) * d**5
    return lat, lon


def _to_wgs84(lat: float, lon: float) -> Position:
    nu = _A / math.sqrt(1 - _E2 * math.sin(lat) ** 2)
    x = nu * math.cos(lat) * math.cos(lon)
    y = nu * math.cos(lat) * math.sin(lon)
    z = nu * (1 - _E2) * math.sin(lat)
    rx, ry, rz = _TURN
    size = 1 + _SCALE
    wx = _SHIFT[0] + x * size - y * rz + z * ry
    wy = _SHIFT[1] + x * rz + y * size - z * rx
    wz = _SHIFT[2] - x * ry + y * rx + z * size
    flat = math.hypot(wx, wy)
    made = math.atan2(wz, flat * (1 - _WGS_E2))
    for _ in range(8):
        bend = _WGS_A / math.sqrt(1 - _WGS_E2 * math.sin(made) ** 2)
        made = math.atan2(wz + _WGS_E2 * bend * math.sin(made), flat)
    return Position(math.degrees(made), math.degrees(math.atan2(wy, wx)))
