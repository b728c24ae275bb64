"""Feeds: where a picture comes from, and what its stream tells of the moment it was taken."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.place import Position


class FeedKind(StrEnum):
    """Who carries the camera."""

    DRONE = "drone"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed as the relay takes it: MPEG-TS over UDP, sent to `udp_port` on loopback.

    `id` is the drone's or the camera's own id. Port 0: not configured, the drone itself tells.
    """

    id: str
    kind: FeedKind
    udp_port: int

    def __post_init__(self) -> None:
        check.token("feed.id", self.id)
        check.finite("feed.udp_port", self.udp_port, 0, 65535)


@dataclass(frozen=True, slots=True)
class SensorMetadata:
    """ST 0601 values that travel beside a frame. None = the stream does not tell.

    `capture_utc_us`: tag 2, microseconds since 1970. Angles in degrees: `heading_deg`,
    `pitch_deg`, `roll_deg` of the platform (tags 5, 90, 91); `relative_*` of the sensor to the
    platform (18 to 20, azimuth clockwise, elevation up positive). Heights above mean sea level.
    """

    capture_utc_us: int
    platform: str | None = None
    sensor: str | None = None
    mission: str | None = None
    heading_deg: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    position: Position | None = None
    altitude_amsl_m: float | None = None
    horizontal_fov_deg: float | None = None
    vertical_fov_deg: float | None = None
    relative_azimuth_deg: float | None = None
    relative_elevation_deg: float | None = None
    relative_roll_deg: float | None = None
    slant_range_m: float | None = None
    frame_centre: Position | None = None
    frame_centre_amsl_m: float | None = None


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed at the relay. `age_s`: since its last packet; None = none ever came.

    `trouble`: one sentence that names the feed, empty while its stream is good.
    """

    feed: str
    age_s: float | None
    packets: int
    bad_packets: int
    clients: int
    dropped: int
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RelayHello:
    """Once a second from the relay."""

    instance: str
    utc_ms: int
    feeds: tuple[FeedHealth, ...]


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """How a desk reaches the relay. The token goes in a header, never in the URL."""

    host: str
    port: int
    token: str

    def url(self, feed: str) -> str:
        """Where a feed's MPEG-TS is to be had over HTTP."""
        return f"http://{self.host}:{self.port}/feeds/{feed}.ts"

    def __repr__(self) -> str:
        return f"RelayAccess({self.host}:{self.port})"
