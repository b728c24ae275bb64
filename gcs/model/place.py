"""Places on the ground, WGS84."""

import msgspec


class Position(msgspec.Struct, frozen=True, gc=False):
    """A point, WGS84 degrees. A Struct, because a city's drones make thousands a second.

    Raises ValueError naming the field for what is no place on Earth.
    """

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        # Written out: NaN fails every comparison.
        if not -90.0 <= self.lat_deg <= 90.0:
            raise ValueError(_refusal("lat_deg", self.lat_deg, 90))
        if not -180.0 <= self.lon_deg <= 180.0:
            raise ValueError(_refusal("lon_deg", self.lon_deg, 180))


def _refusal(name: str, value: float, most: int) -> str:
    return f"{name} is {value}, expected a number from -{most} to {most}"
