"""ADSB_VEHICLE: validity flags honoured, absurd values refused."""

from typing import Any

import pytest

from gcs.link.decode import BadValue, decode
from gcs.link.mavlink import dialect
from gcs.link.traffic_reports import HeardAircraft
from gcs.model.place import Position

COORDS, ALTITUDE, HEADING, VELOCITY, CALLSIGN, CLIMB = 1, 2, 4, 8, 16, 128
ALL = COORDS | ALTITUDE | HEADING | VELOCITY | CALLSIGN | CLIMB


def heard(flags: int = ALL, **changed: Any) -> Any:
    values: dict[str, Any] = {
        "ICAO_address": 0x406A10,
        "lat": 515_300_000,
        "lon": -1_000_000,
        "altitude_type": dialect.ADSB_ALTITUDE_TYPE_PRESSURE_QNH,
        "altitude": 215_000,
        "heading": 21_500,
        "hor_velocity": 5_500,
        "ver_velocity": -250,
        "callsign": b"HLE21\0\0\0",
        "emitter_type": dialect.ADSB_EMITTER_TYPE_ROTOCRAFT,
        "tslc": 2,
        "flags": flags,
        "squawk": 0,
    }
    message = dialect.MAVLink_adsb_vehicle_message(**{**values, **changed})
    sender = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
    return dialect.MAVLink(None).parse_buffer(message.pack(sender))[0]


def test_everything_that_is_vouched_for() -> None:
    assert decode(heard()) == HeardAircraft(
        icao=0x406A10,
        callsign="HLE21",
        category="helicopter",
        position=Position(51.53, -0.1),
        amsl_m=215.0,
        pressure=True,
        track_deg=215.0,
        speed_mps=55.0,
        climb_mps=-2.5,
        since_s=2.0,
    )


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        (ALTITUDE, "amsl_m"),
        (HEADING, "track_deg"),
        (VELOCITY, "speed_mps"),
        (CLIMB, "climb_mps"),
    ],
)
def test_what_is_not_vouched_for_is_not_known(flag: int, field: str) -> None:
    report = decode(heard(ALL & ~flag))
    assert getattr(report, field) is None
    others = {"amsl_m", "track_deg", "speed_mps", "climb_mps"} - {field}
    assert all(getattr(report, other) is not None for other in others)


def test_without_a_callsign_it_has_none() -> None:
    report = decode(heard(ALL & ~CALLSIGN))
    assert isinstance(report, HeardAircraft)
    assert report.callsign == ""


def test_a_geometric_height_is_no_pressure_altitude() -> None:
    report = decode(heard(altitude_type=dialect.ADSB_ALTITUDE_TYPE_GEOMETRIC))
    assert isinstance(report, HeardAircraft)
    assert not report.pressure


@pytest.mark.parametrize(
    "useless",
    [
        heard(ALL & ~COORDS),
        heard(tslc=61),
        heard(emitter_type=dialect.ADSB_EMITTER_TYPE_SERVICE_SURFACE),
        heard(emitter_type=dialect.ADSB_EMITTER_TYPE_POINT_OBSTACLE),
    ],
)
def test_no_place_too_old_or_not_flying_is_nothing(useless: Any) -> None:
    assert decode(useless) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lat", 910_000_000),
        ("lon", 1_810_000_000),
        ("altitude", 31_000_000),
        ("altitude", -600_000),
        ("heading", 36_001),
        ("hor_velocity", 60_100),
        ("ver_velocity", 20_100),
        ("ICAO_address", 0),
        ("ICAO_address", 0x1000000),
    ],
)
def test_absurd_values_are_refused(field: str, value: int) -> None:
    with pytest.raises(BadValue, match=r"ADSB_VEHICLE"):
        decode(heard(**{field: value}))


def test_a_hostile_callsign_keeps_only_what_a_callsign_holds() -> None:
    report = decode(heard(callsign=b"<b>\x1b[2J!"))
    assert isinstance(report, HeardAircraft)
    assert report.callsign == "b2J"
