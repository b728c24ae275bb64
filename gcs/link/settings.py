"""What a vehicle's safety settings mean: a verdict and a sentence for each. Pure, reads nothing.

By the parameter's own name, so that each autopilot's numbers stand in one table here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gcs.link.autopilot import SafetyParameter
from gcs.link.parameters import SafetySettings, Told, settings_of
from gcs.model.vehicle import Setting, SettingVerdict

_V = SettingVerdict
_Found = tuple[str, SettingVerdict, str]  # the value in words, the verdict, the sentence
STOPS = "it would stop the motors in the air"
_STAYS = "the drone stays in the air until its battery is low"
_IGNORED = "nothing is done at the fence"
_DRAINS = "nothing is done when the battery is low"

LABELS: dict[str, str] = {
    "gcs_loss_action": "When the station is lost",
    "gcs_loss_s": "Station counts as lost after",
    "gcs_loss_exceptions": "Not when the station is lost",
    "return_height_m": "Return height",
    "gcs_system_id": "Ground station heeded",
    "options": "Other ground stations",
    "battery_low_action": "When the battery is low",
    "battery_critical_action": "When the battery is critical",
    "fence_action": "At the fence",
    "fence_type": "Fences in force",
    "fence_ceiling_m": "Fence's ceiling on board",
}
# Where a vehicle does not have one of these, nothing is missing.
_OPTIONAL = frozenset(
    {"gcs_loss_s", "gcs_loss_exceptions", "fence_type", "fence_ceiling_m", "options"}
)
_WORDS = {
    "smart": "smart return, else return",
    "smart_land": "smart return, else land",
    "brake_land": "brake, else land",
    "mission_land": "the mission's landing, else return",
}


def _good(words: str) -> _Found:
    return words, _V.GOOD, ""


_ARDUPILOT_LOW: dict[int, _Found] = {
    0: ("a word only", _V.WARNING, _DRAINS),
    1: _good("land"),
    2: _good("return"),
    3: _good(_WORDS["smart"]),
    4: _good(_WORDS["smart_land"]),
    5: ("terminate", _V.WARNING, STOPS),
    6: _good(_WORDS["mission_land"]),
    7: _good(_WORDS["brake_land"]),
}
_ACTIONS: dict[str, dict[int, _Found]] = {
    "FS_GCS_ENABLE": {
        0: ("nothing", _V.WARNING, "the GCS-loss action is off: nobody brings the drone home"),
        1: _good("return"),
        2: ("return or go on with the plan", _V.CAUTION, "it does not return from a plan"),
        3: _good(_WORDS["smart"]),
        4: _good(_WORDS["smart_land"]),
        5: ("land", _V.CAUTION, "it lands where it is, not at its dock"),
        6: _good(_WORDS["mission_land"]),
        7: (_WORDS["brake_land"], _V.CAUTION, _STAYS),
    },
    "NAV_DLL_ACT": {
        0: ("nothing", _V.WARNING, "the GCS-loss action is off: nobody brings the drone home"),
        1: ("hold", _V.CAUTION, _STAYS),
        2: _good("return"),
        3: ("land", _V.CAUTION, "it lands where it is, not at its dock"),
        5: ("terminate", _V.WARNING, STOPS),
        6: ("lock down", _V.WARNING, STOPS),
    },
    "BATT_FS_LOW_ACT": _ARDUPILOT_LOW,
    "BATT_FS_CRT_ACT": _ARDUPILOT_LOW,
    "COM_LOW_BAT_ACT": {
        0: ("a word only", _V.WARNING, _DRAINS),
        1: _good("return"),
        2: _good("land"),
        3: _good("return, land when it is at its end"),
    },
    "FENCE_ACTION": {
        0: ("a word only", _V.WARNING, _IGNORED),
        1: _good("return, else land"),
        2: _good("land"),
        3: _good("smart return, else return"),
        4: _good(_WORDS["brake_land"]),
        5: _good(_WORDS["smart_land"]),
    },
    "GF_ACTION": {
        0: ("nothing", _V.WARNING, _IGNORED),
        1: ("a word only", _V.WARNING, _IGNORED),
        2: _good("hold"),
        3: _good("return"),
        4: ("terminate", _V.WARNING, STOPS),
        5: _good("land"),
    },
}
# Bits that leave modes out which drones are flown in here.
_EXCEPTIONS: dict[str, tuple[tuple[int, str], ...]] = {
    "FS_OPTIONS": (
        (1 << 1, "a drone on a plan flies on"),
        (1 << 4, "a drone that holds (BRAKE) or is flown by stick does not return"),
    ),
    "COM_DLL_EXCEPT": (
        (1 << 0, "a drone on a plan flies on"),
        (1 << 1, "a drone that holds or goes to a place does not return"),
    ),
}
_HOLD_LEFT_OUT = {"FS_OPTIONS": 1 << 4, "COM_DLL_EXCEPT": 1 << 1}
_LINES = 4  # FENCE_TYPE: polygons with circles
_HEIGHT_AND_LINES = 1 | _LINES
_LONG_S = 30.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the site asks of a vehicle. Heights above its dock's roof."""

    gcs_system_id: int
    min_return_height_m: float
    ceiling_m: float


def stays_held_when_lost(values: SafetySettings | None) -> bool:
    """Whether a vehicle that holds does not act when its ground station is lost."""
    if values is None or values.gcs_loss_exceptions is None:
        return False
    bit = _HOLD_LEFT_OUT.get(values.name("gcs_loss_exceptions"), 0)
    return bool(int(values.gcs_loss_exceptions) & bit)


def fence_gap(values: SafetySettings | None) -> str:
    """Why a fence that is on board and on would not hold the drone all the same; empty = it
    would, or its settings are not known."""
    if values is None:
        return ""
    kinds, action = values.fence_type, values.fence_action
    if kinds is not None and not int(kinds) & _LINES:
        return f"its lines do not act on board ({values.name('fence_type')} is {kinds:.0f})"
    if action is None:
        return ""
    name = values.name("fence_action")
    _, verdict, text = _ACTIONS.get(name, {}).get(int(action), _good(""))
    return f"{text} ({name} is {action:.0f})" if verdict is _V.WARNING else ""


def judged(
    told: Mapping[str, Told], wanted: tuple[SafetyParameter, ...], rules: Rules
) -> tuple[Setting, ...]:
    """Every setting that matters, those that the vehicle does not tell too."""
    values = settings_of(told, wanted)
    found = (_setting(p, told.get(p.key), values, rules) for p in wanted if p.key in LABELS)
    return tuple(s for s in found if s is not None)


def _setting(
    wanted: SafetyParameter, told: Told | None, all_of_them: SafetySettings, rules: Rules
) -> Setting | None:
    label = LABELS[wanted.key]
    if told is None:
        if wanted.key in _OPTIONAL:
            return None
        text = f"the vehicle does not tell {wanted.names[0][0]}"
        return Setting(wanted.key, wanted.names[0][0], label, "not told", _V.UNKNOWN, text)
    words, verdict, text = _JUDGES[wanted.key](told, all_of_them, rules)
    return Setting(wanted.key, told.name, label, words, verdict, text)


def _action(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    number = int(told.value)
    found = _ACTIONS.get(told.name, {}).get(number)
    return found or (f"{number}", _V.CAUTION, f"what {told.name} {number} does is not known here")


def _loss_time(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    words = f"{told.value:g} s"
    if told.value <= _LONG_S:
        return _good(words)
    return words, _V.CAUTION, f"it flies on for {words} without a station"


def _exceptions(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    left_out = [text for bit, text in _EXCEPTIONS.get(told.name, ()) if int(told.value) & bit]
    if not left_out:
        return _good("none")
    return f"{int(told.value)}", _V.CAUTION, "; ".join(left_out)


def _return_height(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    words = f"{told.value:.0f} m"
    if told.value < rules.min_return_height_m:
        return words, _V.WARNING, f"at least {rules.min_return_height_m:.0f} m is needed here"
    if told.value > rules.ceiling_m:
        return words, _V.WARNING, f"above the fence's ceiling, {rules.ceiling_m:.0f} m"
    return _good(words)


def _station(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    highest = max(told.value, values.gcs_system_id_hi or 0.0)
    words = f"{told.value:.0f}" if highest == told.value else f"{told.value:.0f} to {highest:.0f}"
    if values.heeds(rules.gcs_system_id):
        return _good(words)
    ours = f"this one is {rules.gcs_system_id}"
    if values.enforced:
        return words, _V.WARNING, f"{ours}: the vehicle answers none of its commands"
    return words, _V.WARNING, f"{ours}: its loss is not noticed by the vehicle"


def _others(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    if values.enforced:
        return _good("not answered")
    return (
        "may command",
        _V.CAUTION,
        f"any ground station may command it ({told.name} bit 0 is off)",
    )


def _fences(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    bits = int(told.value)
    if bits & _HEIGHT_AND_LINES == _HEIGHT_AND_LINES:
        return _good("lines and ceiling")
    missing = " and ".join(w for b, w in ((1, "its ceiling"), (4, "its lines")) if not bits & b)
    return f"{bits}", _V.WARNING, f"{missing} of the fence do not act ({told.name})"


def _ceiling(told: Told, values: SafetySettings, rules: Rules) -> _Found:
    words = f"{told.value:.0f} m"
    if told.value <= 0.0:
        return "none", _V.CAUTION, "no ceiling acts on board"
    if values.return_height_m is not None and told.value < values.return_height_m:
        return words, _V.WARNING, f"below its return height, {values.return_height_m:.0f} m"
    if told.value > rules.ceiling_m + 0.5:
        return words, _V.CAUTION, f"above the site's ceiling, {rules.ceiling_m:.0f} m"
    return _good(words)


_JUDGES: dict[str, Callable[[Told, SafetySettings, Rules], _Found]] = {
    "gcs_loss_action": _action,
    "gcs_loss_s": _loss_time,
    "gcs_loss_exceptions": _exceptions,
    "return_height_m": _return_height,
    "gcs_system_id": _station,
    "options": _others,
    "battery_low_action": _action,
    "battery_critical_action": _action,
    "fence_action": _action,
    "fence_type": _fences,
    "fence_ceiling_m": _ceiling,
}


def stops_motors(name: str, value: float) -> bool:
    """Whether this action of a parameter would stop the motors in the air."""
    return _ACTIONS.get(name, {}).get(int(value), ("", _V.GOOD, ""))[2] == STOPS
