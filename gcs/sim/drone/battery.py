"""The battery: what flying costs, what the dock gives back, and what it shows of itself.

A six-cell lithium pack that hovers for about 27 minutes. Energy is kept in watt-hours; the
autopilot's limits are in mAh, so both are given.
"""

from dataclasses import dataclass

HOVER_ENDURANCE_S = 27 * 60.0
CAPACITY_MAH = 9000.0
CELLS = 6
_NOMINAL_V = 22.2
_CAPACITY_WH = CAPACITY_MAH / 1000.0 * _NOMINAL_V
HOVER_W = _CAPACITY_WH * 3600.0 / HOVER_ENDURANCE_S
_IDLE_W = 60.0  # armed on the ground
_CLIMB_J_PER_M = 95.0  # weight over efficiency
_DESCENT_J_PER_M = 30.0  # what sinking saves
_DRAG_W_PER_MPS3 = 0.06
_CHARGE_W = 240.0
_RESISTANCE_OHM = 0.03
_SMOOTH_S = 15.0  # over which the draw is averaged for the time that remains


@dataclass(frozen=True, slots=True)
class Load:
    """What the battery must carry in a step."""

    armed: bool
    flying: bool
    airspeed_mps: float = 0.0
    climb_mps: float = 0.0
    in_dock: bool = False


def power_w(load: Load) -> float:
    """Watts drawn; negative while the dock charges."""
    if not load.flying:
        if load.armed:
            return _IDLE_W
        return -_CHARGE_W if load.in_dock else _IDLE_W / 4.0
    per_m = _CLIMB_J_PER_M if load.climb_mps > 0 else _DESCENT_J_PER_M
    return HOVER_W + per_m * load.climb_mps + _DRAG_W_PER_MPS3 * load.airspeed_mps**3


class Battery:
    """Charge, voltage and current. `fraction` is the charge it starts with, 0 to 1."""

    def __init__(self, fraction: float = 1.0) -> None:
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"battery fraction is {fraction}, expected 0 to 1")
        self._wh = _CAPACITY_WH * fraction
        self._power_w = 0.0
        self._smooth_w = HOVER_W

    @property
    def fraction(self) -> float:
        """Charge left, 0 to 1."""
        return self._wh / _CAPACITY_WH

    @property
    def full_j(self) -> float:
        """Energy of a full pack."""
        return _CAPACITY_WH * 3600.0

    @property
    def remaining_mah(self) -> float:
        """Charge left."""
        return self.fraction * CAPACITY_MAH

    @property
    def consumed_mah(self) -> float:
        """Charge taken out of a full pack."""
        return CAPACITY_MAH - self.remaining_mah

    @property
    def charging(self) -> bool:
        """The dock is filling it."""
        return self._power_w < 0.0

    @property
    def current_a(self) -> float:
        """Amperes drawn; negative while charging."""
        return self._power_w / _NOMINAL_V

    @property
    def voltage_v(self) -> float:
        """At the terminals: open-circuit voltage by charge, less what the current costs."""
        full = self.fraction
        knee = -1.8 * max(0.0, 0.15 - full) / 0.15  # the last sixth falls off quickly
        return 21.6 + 3.4 * full + knee - _RESISTANCE_OHM * self.current_a

    @property
    def remaining_s(self) -> float:
        """Seconds of flight left at the draw of late; in the dock, at a hover."""
        return self._wh * 3600.0 / max(self._smooth_w, HOVER_W * 0.5)

    def step(self, dt: float, load: Load, drain: float = 1.0) -> None:
        """Carry `load` for `dt` seconds; `drain` multiplies what flying costs."""
        watts = power_w(load)
        if watts > 0.0:
            watts *= drain
        elif self._wh >= _CAPACITY_WH:
            watts = 0.0
        self._power_w = watts
        self._wh = min(_CAPACITY_WH, max(0.0, self._wh - watts * dt / 3600.0))
        towards = watts if load.flying else HOVER_W
        self._smooth_w += (towards - self._smooth_w) * min(1.0, dt / _SMOOTH_S)
