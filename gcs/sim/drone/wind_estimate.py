"""The wind as the vehicle learns it from flying: none before it has flown a while."""

from gcs.sim.weather import Wind

_KNOWN_AFTER_S = 5.0
_SMOOTH_S = 8.0


class WindEstimate:
    """East and north of where it blows to, in m/s."""

    def __init__(self) -> None:
        self._air_s = 0.0
        self.value: tuple[float, float] | None = None

    def step(self, dt: float, wind: Wind) -> None:
        """Fly in it for `dt` seconds."""
        self._air_s += dt
        if self._air_s < _KNOWN_AFTER_S:
            return
        east, north = self.value or (wind.east_mps, wind.north_mps)
        share = dt / _SMOOTH_S
        self.value = (
            east + share * (wind.east_mps - east),
            north + share * (wind.north_mps - north),
        )
