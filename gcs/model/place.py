"""Places on the ground, WGS84."""

from dataclasses import dataclass

from gcs.model import check


@dataclass(frozen=True, slots=True)
class Position:
    """A point, WGS84 degrees."""

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        check.finite("lat_deg", self.lat_deg, -90.0, 90.0)
        check.finite("lon_deg", self.lon_deg, -180.0, 180.0)
