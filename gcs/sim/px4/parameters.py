"""PX4's parameters, those that are asked for here, and their coding: integers as bits."""

import struct

from gcs.link.mavlink import dialect

INT32 = dialect.MAV_PARAM_TYPE_INT32
REAL32 = dialect.MAV_PARAM_TYPE_REAL32

_DEFAULTS: dict[str, int | float] = {
    "COM_DISARM_LAND": 2.0,
    "COM_DISARM_PRFLT": 10.0,
    "COM_DL_LOSS_T": 10,
    "COM_LOW_BAT_ACT": 0,
    "GF_ACTION": 2,
    "GF_MAX_VER_DIST": 0.0,
    "MAV_SYS_ID": 1,
    "MPC_LAND_SPEED": 0.7,
    "MPC_XY_CRUISE": 5.0,
    "MPC_Z_VEL_MAX_UP": 3.0,
    "NAV_DLL_ACT": 0,
    "RTL_RETURN_ALT": 60.0,
}


class Parameters:
    """Values by name; the type of each is that of its default."""

    def __init__(self, replaced: dict[str, float]) -> None:
        self._values = dict(_DEFAULTS)
        for name, value in replaced.items():
            if name in self._values:
                self.set(name, value)

    def __getitem__(self, name: str) -> float:
        return float(self._values[name])

    def __contains__(self, name: str) -> bool:
        return name in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of their indices."""
        return tuple(sorted(self._values))

    def set(self, name: str, value: float) -> None:
        """Set a value; an integer stays one."""
        whole = isinstance(self._values[name], int)
        self._values[name] = int(value) if whole else float(value)

    def coded(self, name: str) -> tuple[float, int]:
        """(the float on the wire, its type): an integer's bits are copied into the float."""
        value = self._values[name]
        if isinstance(value, int):
            return float(struct.unpack("<f", struct.pack("<i", value))[0]), INT32
        return value, REAL32

    def set_coded(self, name: str, coded: float) -> None:
        """As `set`, from the wire."""
        if isinstance(self._values[name], int):
            self.set(name, struct.unpack("<i", struct.pack("<f", coded))[0])
        else:
            self.set(name, coded)
