"""ArduCopter's flight modes that this vehicle has, and what each needs."""

from dataclasses import dataclass
from enum import IntEnum


class Mode(IntEnum):
    """custom_mode of the heartbeat."""

    STABILIZE = 0
    AUTO = 3
    GUIDED = 4
    LOITER = 5
    RTL = 6
    CIRCLE = 7
    LAND = 9
    BRAKE = 17


@dataclass(frozen=True, slots=True)
class ModeRules:
    """`automatic` sets the guided bit of base_mode; `armable`: motors may start in it."""

    needs_position: bool
    armable: bool
    automatic: bool


RULES: dict[Mode, ModeRules] = {
    Mode.STABILIZE: ModeRules(needs_position=False, armable=True, automatic=False),
    Mode.AUTO: ModeRules(needs_position=True, armable=False, automatic=True),
    Mode.GUIDED: ModeRules(needs_position=True, armable=True, automatic=True),
    Mode.LOITER: ModeRules(needs_position=True, armable=True, automatic=False),
    Mode.RTL: ModeRules(needs_position=True, armable=False, automatic=True),
    Mode.CIRCLE: ModeRules(needs_position=True, armable=False, automatic=True),
    Mode.LAND: ModeRules(needs_position=False, armable=False, automatic=False),
    Mode.BRAKE: ModeRules(needs_position=True, armable=False, automatic=False),
}
TAKE_OFF_MODES = frozenset({Mode.GUIDED, Mode.LOITER})
TAKES_SPEED = frozenset({Mode.AUTO, Mode.GUIDED, Mode.RTL})  # by DO_CHANGE_SPEED
DISARMS_AFTER_LANDING = frozenset({Mode.RTL, Mode.LAND})
