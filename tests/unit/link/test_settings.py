"""Safety settings of both autopilots: numbers off the wire, verdicts, sentences."""

import struct

import pytest

from gcs.link.ardupilot import ArduCopter
from gcs.link.autopilot import Autopilot
from gcs.link.decode import decode
from gcs.link.mavlink import Framer, dialect
from gcs.link.parameters import SafetySettings, Told, settings_of, value_of
from gcs.link.px4 import Px4
from gcs.link.reports import Parameter
from gcs.link.settings import Rules, fence_gap, judged
from gcs.model.vehicle import Setting, SettingVerdict

RULES = Rules(gcs_system_id=255, min_return_height_m=40.0, ceiling_m=100.0)
GOOD, CAUTION = SettingVerdict.GOOD, SettingVerdict.CAUTION
WARNING, UNKNOWN = SettingVerdict.WARNING, SettingVerdict.UNKNOWN
ARDU: dict[str, tuple[str, float]] = {
    "gcs_loss_action": ("FS_GCS_ENABLE", 1),
    "gcs_loss_s": ("FS_GCS_TIMEOUT", 5),
    "gcs_loss_exceptions": ("FS_OPTIONS", 0),
    "return_height_m": ("RTL_ALT_M", 40),
    "gcs_system_id": ("MAV_GCS_SYSID", 255),
    "gcs_system_id_hi": ("MAV_GCS_SYSID_HI", 0),
    "options": ("MAV_OPTIONS", 1),
    "battery_low_action": ("BATT_FS_LOW_ACT", 2),
    "battery_critical_action": ("BATT_FS_CRT_ACT", 1),
    "fence_action": ("FENCE_ACTION", 1),
    "fence_type": ("FENCE_TYPE", 7),
    "fence_ceiling_m": ("FENCE_ALT_MAX", 100),
}
PX4: dict[str, tuple[str, float]] = {
    "gcs_loss_action": ("NAV_DLL_ACT", 2),
    "gcs_loss_s": ("COM_DL_LOSS_T", 10),
    "gcs_loss_exceptions": ("COM_DLL_EXCEPT", 0),
    "return_height_m": ("RTL_RETURN_ALT", 60),
    "battery_low_action": ("COM_LOW_BAT_ACT", 3),
    "fence_action": ("GF_ACTION", 2),
    "fence_ceiling_m": ("GF_MAX_VER_DIST", 100),
}


def judge(
    pilot: Autopilot, good: dict[str, tuple[str, float]], **changes: tuple[str, float]
) -> dict[str, Setting]:
    values = good | changes
    told = {key: Told(name, float(value)) for key, (name, value) in values.items()}
    return {s.key: s for s in judged(told, pilot.safety_parameters, RULES)}


@pytest.mark.parametrize(("pilot", "good"), [(ArduCopter(), ARDU), (Px4(), PX4)])
def test_good_settings_are_all_good_and_none_is_forgotten(
    pilot: Autopilot, good: dict[str, tuple[str, float]]
) -> None:
    found = judge(pilot, good)
    assert {s.verdict for s in found.values()} == {GOOD}
    assert set(found) == set(good) - {"gcs_system_id_hi"}
    assert {p.key for p in pilot.safety_parameters} == set(good)
    named = {n for p in pilot.safety_parameters for n, _ in p.names}
    assert {name for name, _ in good.values()} <= named


@pytest.mark.parametrize(
    ("key", "name", "value", "verdict", "words"),
    [
        ("gcs_loss_action", "FS_GCS_ENABLE", 0, WARNING, "the GCS-loss action is off"),
        ("gcs_loss_action", "FS_GCS_ENABLE", 5, CAUTION, "not at its dock"),
        ("gcs_loss_action", "FS_GCS_ENABLE", 99, CAUTION, "not known here"),
        ("gcs_loss_s", "FS_GCS_TIMEOUT", 120, CAUTION, "flies on for 120 s"),
        ("gcs_loss_exceptions", "FS_OPTIONS", 16, CAUTION, "holds (BRAKE)"),
        (
            "gcs_loss_exceptions",
            "FS_OPTIONS",
            18,
            CAUTION,
            "on a plan flies on; a drone that holds",
        ),
        ("return_height_m", "RTL_ALT_M", 15, WARNING, "at least 40 m"),
        ("return_height_m", "RTL_ALT", 110, WARNING, "above the fence's ceiling, 100 m"),
        ("gcs_system_id", "SYSID_MYGCS", 254, WARNING, "answers none of its commands"),
        ("options", "MAV_OPTIONS", 0, CAUTION, "any ground station may command it"),
        ("battery_low_action", "BATT_FS_LOW_ACT", 0, WARNING, "nothing is done"),
        ("battery_critical_action", "BATT_FS_CRT_ACT", 5, WARNING, "stop the motors in the air"),
        ("fence_action", "FENCE_ACTION", 0, WARNING, "nothing is done at the fence"),
        ("fence_type", "FENCE_TYPE", 1, WARNING, "its lines of the fence do not act"),
        ("fence_type", "FENCE_TYPE", 4, WARNING, "its ceiling of the fence do not act"),
        ("fence_ceiling_m", "FENCE_ALT_MAX", 120, CAUTION, "above the site's ceiling, 100 m"),
        ("fence_ceiling_m", "FENCE_ALT_MAX", 30, WARNING, "below its return height, 40 m"),
    ],
)
def test_arducopter(key: str, name: str, value: float, verdict: SettingVerdict, words: str) -> None:
    found = judge(ArduCopter(), ARDU, **{key: (name, value)})
    assert found[key].verdict is verdict
    assert found[key].name == name
    assert words in found[key].text
    above_all = {"fence_ceiling_m"} if value > RULES.ceiling_m else set()
    assert {s.verdict for k, s in found.items() if k not in {key, *above_all}} == {GOOD}


@pytest.mark.parametrize(
    ("key", "name", "value", "verdict", "words"),
    [
        ("gcs_loss_action", "NAV_DLL_ACT", 0, WARNING, "the GCS-loss action is off"),
        ("gcs_loss_action", "NAV_DLL_ACT", 1, CAUTION, "stays in the air"),
        ("gcs_loss_action", "NAV_DLL_ACT", 6, WARNING, "stop the motors in the air"),
        ("gcs_loss_s", "COM_DL_LOSS_T", 60, CAUTION, "flies on for 60 s"),
        ("gcs_loss_exceptions", "COM_DLL_EXCEPT", 2, CAUTION, "holds or goes to a place"),
        ("return_height_m", "RTL_RETURN_ALT", 30, WARNING, "at least 40 m"),
        ("battery_low_action", "COM_LOW_BAT_ACT", 0, WARNING, "nothing is done"),
        ("fence_action", "GF_ACTION", 1, WARNING, "nothing is done at the fence"),
        ("fence_action", "GF_ACTION", 4, WARNING, "stop the motors"),
        ("fence_ceiling_m", "GF_MAX_VER_DIST", 0, CAUTION, "no ceiling acts on board"),
    ],
)
def test_px4(key: str, name: str, value: float, verdict: SettingVerdict, words: str) -> None:
    found = judge(Px4(), PX4, **{key: (name, value)})
    assert found[key].verdict is verdict
    assert words in found[key].text
    assert {s.verdict for k, s in found.items() if k != key} == {GOOD}


def test_a_range_of_ground_stations_and_enforcement_off() -> None:
    ranged = judge(
        ArduCopter(),
        ARDU,
        gcs_system_id=("MAV_GCS_SYSID", 250),
        gcs_system_id_hi=("MAV_GCS_SYSID_HI", 255),
    )
    assert ranged["gcs_system_id"].verdict is GOOD
    assert ranged["gcs_system_id"].value_text == "250 to 255"
    off = judge(ArduCopter(), ARDU, gcs_system_id=("MAV_GCS_SYSID", 9), options=("MAV_OPTIONS", 0))
    assert "its loss is not noticed" in off["gcs_system_id"].text


def test_what_is_not_told_is_unknown_and_what_need_not_be_is_left_out() -> None:
    found = judge(ArduCopter(), {})
    assert {s.verdict for s in found.values()} == {UNKNOWN}
    assert "gcs_loss_action" in found and "fence_type" not in found
    assert found["return_height_m"].text == "the vehicle does not tell RTL_ALT_M"


def over_the_wire(name: str, value: float, kind: int) -> Parameter:
    message = dialect.MAVLink_param_value_message(name.encode(), value, kind, 10, 0)
    framer = Framer(1, 1)
    (received,) = framer.parse_datagram(framer.pack(message))
    report = decode(received)
    assert isinstance(report, Parameter)
    return report


@pytest.mark.parametrize("number", [0, 1, 2, 3, 255, -1, -2, 2**31 - 1, -(2**31)])
def test_integers_copied_as_bits_come_back_whole(number: int) -> None:
    (bits,) = struct.unpack("<f", struct.pack("<i", number))
    report = over_the_wire("NAV_DLL_ACT", bits, dialect.MAV_PARAM_TYPE_INT32)
    assert value_of(report, as_bits=True) == number


def test_cast_integers_and_floats_are_what_they_are() -> None:
    cast = over_the_wire("FS_GCS_ENABLE", 2.0, dialect.MAV_PARAM_TYPE_INT8)
    assert value_of(cast, as_bits=False) == 2.0
    assert value_of(over_the_wire("RTL_ALT_M", 40.0, dialect.MAV_PARAM_TYPE_REAL32), True) == 40.0
    nan = over_the_wire("FS_GCS_ENABLE", float("nan"), dialect.MAV_PARAM_TYPE_INT8)
    assert value_of(nan, as_bits=False) is None


def test_names_and_enforcement() -> None:
    values = settings_of({"gcs_loss_action": Told("NAV_DLL_ACT", 2.0)}, Px4().safety_parameters)
    assert values.name("gcs_loss_action") == "NAV_DLL_ACT"
    assert values.name("return_height_m") == "RTL_RETURN_ALT"
    assert values.heeds(255) is None and not values.enforced
    assert SafetySettings(gcs_system_id=254.0).heeds(255) is False


@pytest.mark.parametrize(
    ("name", "key", "value", "words"),
    [
        ("FENCE_TYPE", "fence_type", 1, "its lines do not act on board (FENCE_TYPE is 1)"),
        ("FENCE_TYPE", "fence_type", 7, ""),
        ("FENCE_ACTION", "fence_action", 0, "nothing is done at the fence (FENCE_ACTION is 0)"),
        ("GF_ACTION", "fence_action", 1, "nothing is done at the fence (GF_ACTION is 1)"),
        ("GF_ACTION", "fence_action", 4, "it would stop the motors in the air (GF_ACTION is 4)"),
        ("GF_ACTION", "fence_action", 2, ""),
    ],
)
def test_settings_that_take_a_fences_force(name: str, key: str, value: int, words: str) -> None:
    assert fence_gap(settings_of({key: Told(name, float(value))})) == words


def test_settings_that_are_not_known_say_nothing_against_a_fence() -> None:
    assert fence_gap(None) == fence_gap(SafetySettings()) == ""
