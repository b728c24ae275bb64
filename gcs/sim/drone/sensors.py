"""What the sensors add to the truth: small, slow, seeded errors. Never a jump."""

import random

_POSITION_SIGMA_M = 0.08
_HEIGHT_SIGMA_M = 0.10
_ANGLE_SIGMA_RAD = 0.0015
_KEEP = 0.97  # how much of an error is still there a step later
_STEP_S = 0.1


class Sensors:
    """Errors of position, height and attitude, drawn anew ten times a second."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._next_s = 0.0
        self.east_m = self.north_m = self.up_m = 0.0
        self.roll_rad = self.pitch_rad = 0.0
        self.satellites = 17

    def step(self, now_s: float) -> None:
        """Draw the errors for this time."""
        if now_s < self._next_s:
            return
        self._next_s = now_s + _STEP_S
        self.east_m = self._wander(self.east_m, _POSITION_SIGMA_M)
        self.north_m = self._wander(self.north_m, _POSITION_SIGMA_M)
        self.up_m = self._wander(self.up_m, _HEIGHT_SIGMA_M)
        self.roll_rad = self._wander(self.roll_rad, _ANGLE_SIGMA_RAD)
        self.pitch_rad = self._wander(self.pitch_rad, _ANGLE_SIGMA_RAD)
        if self._draw.random() < 0.01:
            self.satellites = self._draw.randint(15, 19)

    def _wander(self, value: float, sigma: float) -> float:
        return value * _KEEP + self._draw.gauss(0.0, sigma * (1.0 - _KEEP**2) ** 0.5)
