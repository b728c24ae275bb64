"""What a dock's own weather station says."""

from dataclasses import dataclass

from gcs.model import check


@dataclass(frozen=True, slots=True)
class DockWeather:
    """Once a second. `gust_mps` is the strongest of the last 10 minutes."""

    dock: str
    wind_mps: float
    gust_mps: float
    from_deg: float
    utc_ms: int

    def __post_init__(self) -> None:
        check.token("dock", self.dock)
        check.finite("wind_mps", self.wind_mps, 0.0, 100.0)
        check.finite("gust_mps", self.gust_mps, 0.0, 100.0)
        check.finite("from_deg", self.from_deg, 0.0, 360.0)
