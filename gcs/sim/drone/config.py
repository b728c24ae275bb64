"""What one simulated drone is, and the one check that keeps it on this machine."""

import ipaddress
from dataclasses import dataclass, field

from gcs.model.place import Position
from gcs.model.site import Fence as SiteFence

Address = tuple[str, int]

_LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@dataclass(frozen=True, slots=True)
class DroneConfig:
    """One vehicle. `home_amsl_m` is its pad's height above the sea; the street lies
    `roof_height_m` below the pad. `parameters` replace defaults by name.
    `video_uri`: where its camera says that it sends MPEG-TS, empty = it does not say.
    """

    id: str
    system_id: int
    home: Position
    home_amsl_m: float = 48.0
    roof_height_m: float = 18.0
    booted_s_ago: float = 3600.0
    battery_fraction: float = 1.0
    fence: SiteFence | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    heading_deg: float = 0.0
    video_uri: str = ""


def is_loopback(host: str) -> bool:
    """The host is an address in 127.0.0.0/8, written as numbers."""
    try:
        return ipaddress.ip_address(host) in _LOOPBACK
    except ValueError:
        return False


def require_loopback(drone: str, address: Address) -> Address:
    """The address, if it is on this machine. Raises ValueError otherwise."""
    if not is_loopback(address[0]):
        raise ValueError(
            f"drone {drone}: a simulated drone speaks to 127.0.0.0/8 only, "
            f"not to {address[0]}:{address[1]}"
        )
    return address
