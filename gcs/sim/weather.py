"""The wind over the training site: a steady part and seeded gusts, a pure function of time.

It knows no drone and draws nothing; the same seed and time give the same wind.
"""

import math
import random
from dataclasses import dataclass

_GUST_FRACTION = 0.30  # largest gust against the steady wind, usual over a city
_PERIODS_S = (3.7, 8.3, 17.9, 41.0)
_SHARES = (0.15, 0.25, 0.30, 0.30)


@dataclass(frozen=True, slots=True)
class Wind:
    """Where the air moves, metres a second east and north: the steady part and the gust."""

    mean_east_mps: float = 0.0
    mean_north_mps: float = 0.0
    gust_east_mps: float = 0.0
    gust_north_mps: float = 0.0

    @property
    def east_mps(self) -> float:
        """Steady part and gust together."""
        return self.mean_east_mps + self.gust_east_mps

    @property
    def north_mps(self) -> float:
        """Steady part and gust together."""
        return self.mean_north_mps + self.gust_north_mps


class Weather:
    """One site's wind. `from_deg` is where it comes from, clockwise from true north."""

    def __init__(self, speed_mps: float, from_deg: float, seed: int = 1) -> None:
        draw = random.Random(seed)
        self._along = tuple(draw.uniform(0.0, math.tau) for _ in _PERIODS_S)
        self._across = tuple(draw.uniform(0.0, math.tau) for _ in _PERIODS_S)
        self.set_wind(speed_mps, from_deg)

    def set_wind(self, speed_mps: float, from_deg: float) -> None:
        """Change the wind from now on. Raises ValueError outside 0 to 40 m/s."""
        if not 0.0 <= speed_mps <= 40.0 or not math.isfinite(from_deg):
            raise ValueError(f"wind of {speed_mps} m/s from {from_deg} degrees, expected 0 to 40")
        self._speed_mps = speed_mps
        towards = math.radians(from_deg + 180.0)
        self._east, self._north = math.sin(towards), math.cos(towards)

    def at(self, time_s: float) -> Wind:
        """The wind at a time; callers far apart shift the time so that gusts differ."""
        along = self._speed_mps * _GUST_FRACTION * _waves(time_s, self._along)
        across = self._speed_mps * _GUST_FRACTION * 0.6 * _waves(time_s, self._across)
        return Wind(
            self._speed_mps * self._east,
            self._speed_mps * self._north,
            along * self._east + across * self._north,
            along * self._north - across * self._east,
        )


def _waves(time_s: float, phases: tuple[float, ...]) -> float:
    return sum(
        share * math.sin(math.tau * time_s / period + phase)
        for share, period, phase in zip(_SHARES, _PERIODS_S, phases, strict=True)
    )
