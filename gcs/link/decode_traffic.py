"""MAVLink message -> report: other aircraft, as the vehicle's receiver hears them."""

from typing import Any

from gcs.link.fields import BadValue, Decoder, number, position
from gcs.link.mavlink import dialect
from gcs.link.reports import Report
from gcs.link.traffic_reports import HeardAircraft

_NAME = "ADSB_VEHICLE"
_MOST_ICAO = 0xFFFFFF
FORGOTTEN_S = 60.0

_CATEGORIES: dict[int, str] = {
    dialect.ADSB_EMITTER_TYPE_LIGHT: "light aeroplane",
    dialect.ADSB_EMITTER_TYPE_SMALL: "small aeroplane",
    dialect.ADSB_EMITTER_TYPE_LARGE: "airliner",
    dialect.ADSB_EMITTER_TYPE_HIGH_VORTEX_LARGE: "airliner",
    dialect.ADSB_EMITTER_TYPE_HEAVY: "heavy airliner",
    dialect.ADSB_EMITTER_TYPE_HIGHLY_MANUV: "fast aeroplane",
    dialect.ADSB_EMITTER_TYPE_ROTOCRAFT: "helicopter",
    dialect.ADSB_EMITTER_TYPE_GLIDER: "glider",
    dialect.ADSB_EMITTER_TYPE_LIGHTER_AIR: "balloon or airship",
    dialect.ADSB_EMITTER_TYPE_PARACHUTE: "parachutist",
    dialect.ADSB_EMITTER_TYPE_ULTRA_LIGHT: "ultralight",
    dialect.ADSB_EMITTER_TYPE_UAV: "drone",
    dialect.ADSB_EMITTER_TYPE_SPACE: "spacecraft",
    dialect.ADSB_EMITTER_TYPE_EMERGENCY_SURFACE: "emergency vehicle",
    dialect.ADSB_EMITTER_TYPE_SERVICE_SURFACE: "ground vehicle",
    dialect.ADSB_EMITTER_TYPE_POINT_OBSTACLE: "obstacle",
}
_NOT_FLYING = frozenset(
    {
        dialect.ADSB_EMITTER_TYPE_EMERGENCY_SURFACE,
        dialect.ADSB_EMITTER_TYPE_SERVICE_SURFACE,
        dialect.ADSB_EMITTER_TYPE_POINT_OBSTACLE,
    }
)


def _aircraft(m: Any) -> Report | None:
    """None for one without a position, too old, or that does not fly."""
    flags = m.flags
    if not flags & dialect.ADSB_FLAGS_VALID_COORDS or m.tslc > FORGOTTEN_S:
        return None
    if m.emitter_type in _NOT_FLYING:
        return None
    icao = m.ICAO_address
    if not 1 <= icao <= _MOST_ICAO:
        raise BadValue(f"{_NAME}.ICAO_address is {icao}, expected 1 to {_MOST_ICAO}")
    amsl_m = track = speed = climb = None
    if flags & dialect.ADSB_FLAGS_VALID_ALTITUDE:
        amsl_m = number(f"{_NAME}.altitude", m.altitude / 1000.0, -500.0, 30_000.0)
    if flags & dialect.ADSB_FLAGS_VALID_HEADING:
        track = number(f"{_NAME}.heading", m.heading / 100.0, 0.0, 360.0) % 360.0
    if flags & dialect.ADSB_FLAGS_VALID_VELOCITY:
        speed = number(f"{_NAME}.hor_velocity", m.hor_velocity / 100.0, 0.0, 600.0)
    if flags & dialect.ADSB_FLAGS_VERTICAL_VELOCITY_VALID:
        climb = number(f"{_NAME}.ver_velocity", m.ver_velocity / 100.0, -200.0, 200.0)
    return HeardAircraft(
        icao=icao,
        callsign=_callsign(m.callsign) if flags & dialect.ADSB_FLAGS_VALID_CALLSIGN else "",
        category=_CATEGORIES.get(m.emitter_type, "aircraft"),
        position=position(_NAME, m.lat, m.lon),
        amsl_m=amsl_m,
        pressure=m.altitude_type == dialect.ADSB_ALTITUDE_TYPE_PRESSURE_QNH,
        track_deg=track,
        speed_mps=speed,
        climb_mps=climb,
        since_s=float(m.tslc),
    )


def _callsign(raw: str) -> str:
    text = raw.split("\0", 1)[0]
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c == "-"))[:9]


FROM_ANY_COMPONENT: frozenset[str] = frozenset({"ADSB_VEHICLE"})

DECODERS: dict[str, Decoder] = {"ADSB_VEHICLE": _aircraft}
