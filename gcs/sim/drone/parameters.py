"""The parameters a vehicle knows, by ArduCopter 4.7's names. Values are kept as floats.

Integers are cast to float on the wire, as ArduPilot does. Old names (RTL_ALT, SYSID_MYGCS)
are not known. Changing one has its effect wherever it is read next: nothing is copied.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gcs.sim.drone.battery import CAPACITY_MAH

INT8, INT16, INT32, REAL32 = 2, 4, 6, 9  # MAV_PARAM_TYPE

_DEFAULTS: tuple[tuple[str, float, int], ...] = (
    ("ARMING_SKIPCHK", 0, INT32),
    ("BATT_CAPACITY", CAPACITY_MAH, INT32),
    ("BATT_CRT_MAH", 450, REAL32),
    ("BATT_FS_CRT_ACT", 1, INT8),
    ("BATT_FS_LOW_ACT", 2, INT8),
    ("BATT_LOW_MAH", 1800, REAL32),
    ("BATT_LOW_TIMER", 10, INT8),
    ("BATT_LOW_VOLT", 0, REAL32),
    ("CIRCLE_RADIUS_M", 10, REAL32),
    ("CIRCLE_RATE", 20, REAL32),
    ("DISARM_DELAY", 10, INT8),
    ("FENCE_ACTION", 1, INT8),
    ("FENCE_ALT_MAX", 100, REAL32),
    ("FENCE_ENABLE", 0, INT8),
    ("FENCE_MARGIN", 2, REAL32),
    ("FENCE_OPTIONS", 1, INT16),
    ("FENCE_TOTAL", 0, INT8),
    ("FENCE_TYPE", 5, INT8),
    ("FRAME_CLASS", 1, INT8),
    ("FRAME_TYPE", 1, INT8),
    ("FS_EKF_ACTION", 1, INT8),
    ("FS_GCS_ENABLE", 0, INT8),
    ("FS_GCS_TIMEOUT", 5, REAL32),
    ("FS_OPTIONS", 16, INT32),
    ("LAND_ALT_LOW_M", 10, REAL32),
    ("LAND_SPD_HIGH_MS", 0, REAL32),
    ("LAND_SPD_MS", 0.5, REAL32),
    ("MAV_GCS_SYSID", 255, INT16),
    ("MAV_GCS_SYSID_HI", 0, INT16),
    ("MAV_OPTIONS", 0, INT16),
    ("MAV_SYSID", 1, INT16),
    ("MIS_RESTART", 0, INT8),
    ("MIS_TOTAL", 0, INT16),
    ("RALLY_INCL_HOME", 1, INT8),
    ("RALLY_LIMIT_KM", 0.3, REAL32),
    ("RALLY_TOTAL", 0, INT8),
    ("RTL_ALT_M", 15, REAL32),
    ("RTL_LOIT_TIME", 5000, INT32),
    ("RTL_SPEED_MS", 0, REAL32),
    ("WP_ACC", 2.5, REAL32),
    ("WP_ACC_Z", 1, REAL32),
    ("WP_SPD", 10, REAL32),
    ("WP_SPD_DN", 1.5, REAL32),
    ("WP_SPD_UP", 2.5, REAL32),
)
_READ_ONLY = frozenset({"FENCE_TOTAL", "MIS_TOTAL", "RALLY_TOTAL"})


@dataclass(slots=True)
class Parameter:
    """One parameter. `type` is a MAV_PARAM_TYPE."""

    name: str
    value: float
    type: int
    index: int


class Parameters:
    """All of a vehicle's parameters, in the order of their names."""

    def __init__(self, overrides: dict[str, float]) -> None:
        self._all = {
            name: Parameter(name, float(value), kind, index)
            for index, (name, value, kind) in enumerate(_DEFAULTS)
        }
        for name, value in overrides.items():
            self._all[name].value = value

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._all.values())

    def __getitem__(self, name: str) -> float:
        return self._all[name].value

    def find(self, name: str) -> Parameter | None:
        """The parameter, or None if this vehicle has none of that name."""
        return self._all.get(name)

    def at(self, index: int) -> Parameter | None:
        """The parameter at a place in the list, or None."""
        return next((p for p in self._all.values() if p.index == index), None)

    def read_only(self, name: str) -> bool:
        """Only the vehicle itself changes it."""
        return name in _READ_ONLY

    def set(self, name: str, value: float) -> Parameter:
        """Change a value; an integer parameter takes the nearest whole number."""
        parameter = self._all[name]
        parameter.value = value if parameter.type == REAL32 else float(round(value))
        return parameter
