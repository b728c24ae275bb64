"""Wire units end here: SI values out, absurd ones refused."""

import math
from typing import Any

import pytest

from gcs.link.decode import DECODERS, BadValue, decode
from gcs.link.mavlink import Framer, dialect
from gcs.link.reports import (
    Attitude,
    Battery,
    Gnss,
    Heartbeat,
    Motion,
    SystemStatus,
    Text,
    Wind,
)
from gcs.model.place import Position
from tests.unit.link.peer import heartbeat, motion, text


def over_the_wire(message: Any) -> Any:
    """As it arrives: packed and parsed."""
    return Framer(255, 190).parse_datagram(Framer(1, 1).pack(message))[0]


def test_a_position_becomes_metres_and_degrees() -> None:
    found = decode(over_the_wire(motion(up_m=42.5, speed_mps=3.0)))
    assert found == Motion(Position(51.5262, -0.1068), 50.0, 42.5, 3.0, 1.5, 90.0, north_mps=3.0)
    unknown = decode(over_the_wire(motion(hdg=0xFFFF)))
    assert isinstance(unknown, Motion) and unknown.heading_deg is None


def test_a_heartbeat_says_armed_and_critical() -> None:
    assert decode(heartbeat(6, True, 5)) == Heartbeat(3, 6, True, True)
    assert decode(heartbeat()) == Heartbeat(3, 4, False, False)


def test_battery_and_status_know_what_they_do_not_know() -> None:
    cells = [4050] * 6 + [0xFFFF] * 4
    found = decode(
        over_the_wire(
            dialect.MAVLink_battery_status_message(0, 0, 3, 0, cells, 1250, 300, -1, 88, 900)
        )
    )
    assert isinstance(found, Battery)
    assert found.voltage_v == pytest.approx(24.3)
    assert (found.percent, found.current_a, found.consumed_mah) == (88.0, 12.5, 300.0)
    assert found.remaining_s == 900.0
    blank = decode(
        over_the_wire(
            dialect.MAVLink_battery_status_message(0, 0, 3, 0, [0xFFFF] * 10, -1, -1, -1, -1, 0)
        )
    )
    assert blank == Battery(None, None, None, None, None)
    fence, prearm = 0x100000, 0x10000000
    status = decode(
        over_the_wire(
            dialect.MAVLink_sys_status_message(0, fence, prearm, 0, 0xFFFF, -1, -1, *[0] * 6)
        )
    )
    assert status == SystemStatus(True, True, None, None)


def test_other_groups() -> None:
    tilted = decode(
        over_the_wire(dialect.MAVLink_attitude_message(0, math.pi / 6, -math.pi / 4, 0, 0, 0, 0))
    )
    assert isinstance(tilted, Attitude)
    assert (tilted.roll_deg, tilted.pitch_deg) == pytest.approx((30.0, -45.0))
    assert decode(over_the_wire(dialect.MAVLink_wind_message(-90.0, 4.0, 0.0))) == Wind(4.0, 270.0)
    gps = dialect.MAVLink_gps_raw_int_message(0, 3, 0, 0, 0, 0, 0, 0, 0, 255)
    assert decode(over_the_wire(gps)) == Gnss(True, None)
    assert decode(over_the_wire(text("Low\x07 battery"))) == Text(4, "Low battery", 0, 0)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (motion(lat=91.0), "lat"),
        (motion(lat=0.0, lon=0.0), "none is known"),
        (motion(up_m=9000.0), "relative_alt"),
        (motion(hdg=36001), "hdg"),
        (dialect.MAVLink_attitude_message(0, math.nan, 0, 0, 0, 0, 0), "roll"),
        (dialect.MAVLink_attitude_message(0, 0, math.inf, 0, 0, 0, 0), "pitch"),
        (dialect.MAVLink_wind_message(0.0, math.nan, 0.0), "WIND.speed"),
        (dialect.MAVLink_param_value_message(b"RTL_ALT_M", math.nan, 9, 1, 0), "PARAM_VALUE"),
    ],
)
def test_what_no_vehicle_can_mean_is_refused_by_name(message: Any, field: str) -> None:
    with pytest.raises(BadValue, match=field):
        decode(over_the_wire(message))


def test_types_are_known_used_or_unknown() -> None:
    assert decode(over_the_wire(dialect.MAVLink_meminfo_message(0, 0))) is None
    assert "RADIO_STATUS" not in DECODERS
