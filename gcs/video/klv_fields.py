"""How ST 0601 values lie in bytes: one table of the tags used here. No packets, no checksums.

Scalings: MISB ST 0601, UAS Datalink Local Set. A signed field's lowest value means "out of
range"; it is read as not known.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.model.feed import SensorMetadata
from gcs.model.place import Position

MOST_TEXT_BYTES = 127
# 2001 to 2286: what lies outside is no clock, whatever else it may be.
TIME_RANGE_US = (10**15, 10**16)


@dataclass(frozen=True, slots=True)
class Linear:
    """A number in `size` bytes, spread evenly over `low` to `high`."""

    size: int
    low: float
    high: float
    signed: bool = False

    @property
    def _steps(self) -> int:
        return (1 << (8 * self.size)) - (2 if self.signed else 1)

    def pack(self, value: float) -> bytes | None:
        """None when the value lies outside: better not told than told wrong."""
        if not self.low <= value <= self.high:
            return None
        if self.signed:
            scaled = round(value * self._steps / (self.high - self.low))
        else:
            scaled = round((value - self.low) * self._steps / (self.high - self.low))
        return scaled.to_bytes(self.size, "big", signed=self.signed)

    def unpack(self, raw: bytes) -> float | None:
        """None for the value that stands for "out of range". Raises ValueError."""
        if len(raw) != self.size:
            raise ValueError(f"has {len(raw)} bytes, expected {self.size}")
        number = int.from_bytes(raw, "big", signed=self.signed)
        if not self.signed:
            return self.low + number * (self.high - self.low) / self._steps
        if number == -(1 << (8 * self.size - 1)):
            return None
        return number * (self.high - self.low) / self._steps


class Text:
    """UTF-8, at most 127 bytes."""

    def pack(self, value: str) -> bytes | None:
        """Cut at a character's end; None for an empty one."""
        whole = value.encode()[:MOST_TEXT_BYTES].decode(errors="ignore")
        return whole.encode() or None

    def unpack(self, raw: bytes) -> str | None:
        """Raises ValueError."""
        if len(raw) > MOST_TEXT_BYTES:
            raise ValueError(f"has {len(raw)} bytes, at most {MOST_TEXT_BYTES} are taken")
        try:
            return raw.decode() or None
        except UnicodeDecodeError:
            raise ValueError("is no UTF-8 text") from None


class Time:
    """Microseconds since 1970 in eight bytes."""

    def pack(self, value: int) -> bytes | None:
        """Raises ValueError: a packet without its time is of no use."""
        if not TIME_RANGE_US[0] <= value <= TIME_RANGE_US[1]:
            raise ValueError(f"capture_utc_us is {value}, expected microseconds since 1970")
        return value.to_bytes(8, "big")

    def unpack(self, raw: bytes) -> int | None:
        """Raises ValueError."""
        if len(raw) != 8:
            raise ValueError(f"has {len(raw)} bytes, expected 8")
        value = int.from_bytes(raw, "big")
        if not TIME_RANGE_US[0] <= value <= TIME_RANGE_US[1]:
            raise ValueError(f"is {value}, no time of day")
        return value


Codec = Linear | Text | Time
Getter = Callable[[SensorMetadata], float | int | str | None]

_ALTITUDE = Linear(2, -900.0, 19_000.0)
_LATITUDE = Linear(4, -90.0, 90.0, signed=True)
_LONGITUDE = Linear(4, -180.0, 180.0, signed=True)
_VIEW = Linear(2, 0.0, 180.0)
_ROUND = Linear(4, 0.0, 360.0)


def _attribute(name: str) -> Getter:
    return lambda metadata: getattr(metadata, name)


def _turned(name: str) -> Getter:
    """An angle brought into 0 to 360, where the field is unsigned."""

    def get(metadata: SensorMetadata) -> float | None:
        value: float | None = getattr(metadata, name)
        return None if value is None else value % 360.0

    return get


def _lat(name: str) -> Getter:
    def get(metadata: SensorMetadata) -> float | None:
        place: Position | None = getattr(metadata, name)
        return None if place is None else place.lat_deg

    return get


def _lon(name: str) -> Getter:
    def get(metadata: SensorMetadata) -> float | None:
        place: Position | None = getattr(metadata, name)
        return None if place is None else place.lon_deg

    return get


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: what decoding calls it. `get`: where encoding takes it from."""

    name: str
    codec: Codec
    get: Getter


# In the order in which they are sent. Tags 1 (checksum) and 65 (version) are the packet's own.
TIME_TAG = 2
FIELDS: dict[int, Field] = {
    TIME_TAG: Field("capture_utc_us", Time(), _attribute("capture_utc_us")),
    3: Field("mission", Text(), _attribute("mission")),
    5: Field("heading_deg", Linear(2, 0.0, 360.0), _turned("heading_deg")),
    10: Field("platform", Text(), _attribute("platform")),
    11: Field("sensor", Text(), _attribute("sensor")),
    13: Field("lat_deg", _LATITUDE, _lat("position")),
    14: Field("lon_deg", _LONGITUDE, _lon("position")),
    15: Field("altitude_amsl_m", _ALTITUDE, _attribute("altitude_amsl_m")),
    16: Field("horizontal_fov_deg", _VIEW, _attribute("horizontal_fov_deg")),
    17: Field("vertical_fov_deg", _VIEW, _attribute("vertical_fov_deg")),
    18: Field("relative_azimuth_deg", _ROUND, _turned("relative_azimuth_deg")),
    19: Field(
        "relative_elevation_deg",
        Linear(4, -180.0, 180.0, signed=True),
        _attribute("relative_elevation_deg"),
    ),
    20: Field("relative_roll_deg", _ROUND, _turned("relative_roll_deg")),
    21: Field("slant_range_m", Linear(4, 0.0, 5_000_000.0), _attribute("slant_range_m")),
    23: Field("centre_lat_deg", _LATITUDE, _lat("frame_centre")),
    24: Field("centre_lon_deg", _LONGITUDE, _lon("frame_centre")),
    25: Field("frame_centre_amsl_m", _ALTITUDE, _attribute("frame_centre_amsl_m")),
    90: Field("pitch_deg", Linear(4, -90.0, 90.0, signed=True), _attribute("pitch_deg")),
    91: Field("roll_deg", Linear(4, -90.0, 90.0, signed=True), _attribute("roll_deg")),
}
