"""What one synthetic vehicle sends: 256 packets, packed once, numbered as on the wire.

The position tells which of the 256 a packet is, so that a batch can be traced to the packet
it shows; the circle flown is 4 m wide. Where a message tells the time since boot, that is put in
when it is sent.
"""

import math
from dataclasses import dataclass
from typing import Any

from fastcrc import crc16

from gcs.link.mavlink import dialect
from gcs.model.place import Position

RING = 256
_RADIUS_E7 = 180  # 2 m of latitude

Message = Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One message of the mix: a second's number of it at 50 messages a second."""

    name: str
    per_second: float
    fixed: bool = False  # the same number a second at every rate


MIX = (
    Kind("ATTITUDE", 17.0),
    Kind("GLOBAL_POSITION_INT", 17.0),
    Kind("VFR_HUD", 4.0),
    Kind("GPS_RAW_INT", 2.0),
    Kind("SYS_STATUS", 2.0),
    Kind("BATTERY_STATUS", 2.0),
    Kind("EXTENDED_SYS_STATE", 2.0),
    Kind("FENCE_STATUS", 1.0),
    Kind("WIND", 1.0),
    Kind("VIBRATION", 1.0),
    Kind("HEARTBEAT", 1.0, fixed=True),
)


def schedule(rate: float) -> list[str]:
    """Which message stands in each of the 256 places, every kind spread evenly."""
    fixed = sum(k.per_second for k in MIX if k.fixed)
    rest = sum(k.per_second for k in MIX if not k.fixed)
    share = {
        k.name: k.per_second / rate if k.fixed else (1.0 - fixed / rate) * k.per_second / rest
        for k in MIX
    }
    owed = dict.fromkeys(share, 0.0)
    places = []
    for _ in range(RING):
        for name, part in share.items():
            owed[name] += part
        chosen = max(owed, key=lambda n: owed[n])
        owed[chosen] -= 1.0
        places.append(chosen)
    return places


def offset_e7(place: int) -> tuple[int, int]:
    """Where on its circle the vehicle is at one of the 256 places; all are different."""
    turn = 2.0 * math.pi * place / RING
    return round(_RADIUS_E7 * math.cos(turn)), round(_RADIUS_E7 * math.sin(turn))


def place_of() -> dict[tuple[int, int], int]:
    """The way back from an offset to the place."""
    return {offset_e7(place): place for place in range(RING)}


def centre_e7(position: Position) -> tuple[int, int]:
    """A dock's position on the wire's grid."""
    return round(position.lat_deg * 1e7), round(position.lon_deg * 1e7)


def ring(system_id: int, centre: tuple[int, int], places: list[str], hold_mode: int) -> list[bytes]:
    """The 256 packets of one vehicle."""
    mav = dialect.MAVLink(None, srcSystem=system_id, srcComponent=1)
    packets = []
    for place, name in enumerate(places):
        mav.seq = place
        packets.append(bytes(_message(name, place, centre, hold_mode).pack(mav)))
    return packets


class Timed:
    """A packet whose first field is the time since boot in milliseconds."""

    NAMES = frozenset({"ATTITUDE", "GLOBAL_POSITION_INT"})

    def __init__(self, packet: bytes) -> None:
        self._head, self._rest = packet[1:10], packet[14:-2]
        number = int.from_bytes(packet[7:10], "little")
        self._extra = bytes((dialect.mavlink_map[number].crc_extra,))

    def at(self, boot_ms: int) -> bytes:
        """The packet as sent at this time."""
        body = b"".join((self._head, boot_ms.to_bytes(4, "little"), self._rest))
        return b"\xfd" + body + crc16.mcrf4xx(body + self._extra).to_bytes(2, "little")


def _message(name: str, place: int, centre: tuple[int, int], hold_mode: int) -> Message:
    north, east = offset_e7(place)
    swing = 0.05 * math.sin(2.0 * math.pi * place / 64.0)
    match name:
        case "HEARTBEAT":
            return dialect.MAVLink_heartbeat_message(2, 3, 81 | 128, hold_mode, 4, 3)
        case "ATTITUDE":
            return dialect.MAVLink_attitude_message(place, swing, -swing, 1.5, 0.0, 0.0, 0.0)
        case "GLOBAL_POSITION_INT":
            lat, lon = centre[0] + north, centre[1] + east
            return dialect.MAVLink_global_position_int_message(
                place, lat, lon, 90_000, 40_000, 30, 20, 0, 9000
            )
        case "VFR_HUD":
            return dialect.MAVLink_vfr_hud_message(0.4, 0.4, 90, 40, 90.0, 0.0)
        case "GPS_RAW_INT":
            return dialect.MAVLink_gps_raw_int_message(0, 4, *centre, 90_000, 80, 90, 36, 9000, 14)
        case "SYS_STATUS":
            all_well = 0xFFFFFFFF
            return dialect.MAVLink_sys_status_message(
                all_well, all_well, all_well, 300, 22_800, 1200, 86, 0, 0, 0, 0, 0, 0
            )
        case "BATTERY_STATUS":
            cells = [3800] * 6 + [0xFFFF] * 4
            return dialect.MAVLink_battery_status_message(
                0, 1, 1, 3000, cells, 1200, 900, -1, 86, 1080, 1
            )
        case "EXTENDED_SYS_STATE":
            return dialect.MAVLink_extended_sys_state_message(0, 2)
        case "FENCE_STATUS":
            return dialect.MAVLink_fence_status_message(0, 0, 0, 0)
        case "WIND":
            return dialect.MAVLink_wind_message(240.0, 4.0, 0.0)
    return dialect.MAVLink_vibration_message(0, 0.1, 0.1, 0.1, 0, 0, 0)
