"""Hostile packets from a seed: what a broken, lying or strange sender may put on the wire.

Every packet says what kind it is and whether it is sound (framed and summed as the protocol
wants). The same seed gives the same packets.
"""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastcrc import crc16

from gcs.link.mavlink import dialect

Address = tuple[str, int]

GARBAGE_ONLY = 4  # after its first words this system says nothing sound any more
SYSTEMS = (1, 2, 3, GARBAGE_ONLY)
STRANGERS = (0, 9, 77, 255)
BOX_LAT, BOX_LON = (51.50, 51.60), (-0.20, -0.10)

HEARTBEAT, GLOBAL_POSITION, ATTITUDE, STATUSTEXT, TIMESYNC = 0, 33, 30, 253, 111
_LENGTHS = {n: m.unpacker.size for n, m in dialect.mavlink_map.items()}
_EXTRAS = {n: m.crc_extra for n, m in dialect.mavlink_map.items()}
_ALL = tuple(sorted(_LENGTHS))
_V1 = tuple(n for n in _ALL if n < 256)
# Types that end in what a desk is shown: met more often than one in three hundred.
_SHOWN = tuple(
    n
    for n, m in dialect.mavlink_map.items()
    if m.msgname
    in {
        "HEARTBEAT",
        "GLOBAL_POSITION_INT",
        "ATTITUDE",
        "SYS_STATUS",
        "BATTERY_STATUS",
        "GPS_RAW_INT",
        "EXTENDED_SYS_STATE",
        "FENCE_STATUS",
        "WIND",
        "HOME_POSITION",
        "GIMBAL_DEVICE_ATTITUDE_STATUS",
        "CAMERA_SETTINGS",
        "STATUSTEXT",
        "COMMAND_ACK",
        "PARAM_VALUE",
        "TIMESYNC",
        "AUTOPILOT_VERSION",
        "MISSION_CURRENT",
        "ADSB_VEHICLE",
        "VIDEO_STREAM_INFORMATION",
        "GIMBAL_MANAGER_STATUS",
    }
)
_ABSURD_32 = tuple(
    struct.pack("<f", v)
    for v in (float("nan"), float("inf"), float("-inf"), 1e38, -1e38, 1e-45, 91.0, -1.0, 361.0)
) + tuple(struct.pack("<i", v) for v in (910_000_001, -(2**31), 2**31 - 1, 1_800_000_001, -1, 0))


def address(system: int) -> Address:
    """Where a system's own packets come from."""
    return ("127.0.0.1", 15_000 + system)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One datagram. `sound`: a receiver may believe it."""

    data: bytes
    source: Address
    kind: str
    system: int
    sound: bool = False


def frame(
    message: int,
    payload: bytes,
    system: int,
    sequence: int = 0,
    component: int = 1,
    *,
    signed: bytes = b"",
    version: int = 2,
) -> bytes:
    """A packet with the right checksum, whatever its payload."""
    if version == 1:
        head = bytes((len(payload), sequence, system, component, message))
        body, magic = head + payload, b"\xfe"
    else:
        flags = 1 if signed else 0
        head = bytes((len(payload), flags, 0, sequence, system, component))
        body, magic = head + message.to_bytes(3, "little") + payload, b"\xfd"
    total = crc16.mcrf4xx(body + bytes((_EXTRAS.get(message, 0),)))
    return magic + body + total.to_bytes(2, "little") + signed


class Fuzz:
    """The packets of one seed. `positions`: every place soundly sent, by system, 1e-7 degree."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._sequences = dict.fromkeys(range(256), 0)
        self._kinds = tuple(_KINDS)
        self._weights = tuple(_KINDS[k][1] for k in self._kinds)
        self.positions: dict[int, set[tuple[int, int]]] = {}

    def settle(self) -> list[Hostile]:
        """The first words of every system: heard, and where it is."""
        found = []
        for system in SYSTEMS:
            found += [self._honest(system, HEARTBEAT), self._honest(system, GLOBAL_POSITION)]
        return found

    def packets(self, count: int) -> Iterator[Hostile]:
        """So many packets."""
        for _ in range(count):
            (kind,) = self._random.choices(self._kinds, self._weights)
            yield _KINDS[kind][0](self)

    # -- sound packets -------------------------------------------------------------------------
    def honest(self) -> Hostile:
        """What a healthy vehicle says."""
        kind = self._random.choice((HEARTBEAT, GLOBAL_POSITION, GLOBAL_POSITION, ATTITUDE))
        return self._honest(self._system(), kind)

    def _honest(self, system: int, message: int) -> Hostile:
        payload = {
            HEARTBEAT: lambda: struct.pack("<IBBBBB", 4, 2, 3, 209, 4, 3),
            GLOBAL_POSITION: lambda: self._position(system),
            ATTITUDE: lambda: struct.pack("<I6f", 1, 0.1, -0.1, 1.0, 0.0, 0.0, 0.0),
        }[message]()
        return self._sent(message, payload, system, "honest")

    def _position(self, system: int) -> bytes:
        lat = round(self._random.uniform(*BOX_LAT) * 1e7)
        lon = round(self._random.uniform(*BOX_LON) * 1e7)
        moment = self._random.choice((1, 5_000, 2**32 - 1))  # time runs backwards as it likes
        return struct.pack("<IiiiihhhH", moment, lat, lon, 50_000, 30_000, 100, 50, 0, 9000)

    def any_type(self) -> Hostile:
        """Any type of the dialect, its fields at random."""
        message = self._random.choice(_ALL)
        return self._sent(message, self._payload(message), self._system(), "any type")

    def shown_type(self) -> Hostile:
        """A type that a desk is shown something of, its fields at random."""
        message = self._random.choice(_SHOWN)
        return self._sent(message, self._payload(message), self._system(), "shown type")

    def absurd(self) -> Hostile:
        """A type that is shown, with NaN, infinities, latitude 91 and the like in it."""
        message = self._random.choice(_SHOWN)
        payload = bytearray(self._payload(message))
        for at in range(0, len(payload) - 3, 4):
            if self._random.random() < 0.6:
                payload[at : at + 4] = self._random.choice(_ABSURD_32)
        return self._sent(message, bytes(payload), self._system(), "absurd")

    def old_protocol(self) -> Hostile:
        """MAVLink 1."""
        message = self._random.choice(_V1)
        system = self._system()
        payload = self._payload(message)
        data = frame(message, payload, system, self._next(system), version=1)
        self._note(message, payload, system)
        return Hostile(data, address(system), "MAVLink 1", system, True)

    def component(self) -> Hostile:
        """Another component of the vehicle."""
        message, system = self._random.choice(_SHOWN), self._system()
        number = self._random.choice((0, 25, 100, 154, 191, 255))
        data = frame(message, self._payload(message), system, self._next(system), number)
        return Hostile(data, address(system), "component", system, True)

    def two_in_one(self) -> Hostile:
        """Several packets in one datagram, junk between them."""
        system = self._system()
        parts = [self._honest(system, GLOBAL_POSITION).data for _ in range(3)]
        data = self._random.randbytes(self._random.randrange(6)).join(parts)
        return Hostile(data, address(system), "several in one", system, True)

    def signed(self) -> Hostile:
        """A signature of nobody's."""
        message, system = self._random.choice(_SHOWN), self._system()
        payload = self._payload(message)
        mark = self._random.randbytes(13)
        data = frame(message, payload, system, self._next(system), signed=mark)
        self._note(message, payload, system)
        return Hostile(data, address(system), "signed", system, True)

    # -- somebody else's -----------------------------------------------------------------------
    def stranger(self) -> Hostile:
        """A system that is not ours."""
        message, system = self._random.choice(_SHOWN), self._random.choice(STRANGERS)
        data = frame(message, self._payload(message), system, self._next(system))
        return Hostile(data, address(system), "stranger", system)

    def impostor(self) -> Hostile:
        """One of our systems, heard from its own place, from elsewhere as well."""
        message, system = self._random.choice(_SHOWN), self._system()
        data = frame(message, self._payload(message), system, self._random.randrange(256))
        source = ("127.0.0.1", self._random.randrange(20_000, 60_000))
        return Hostile(data, source, "impostor", system)

    # -- no packets at all ---------------------------------------------------------------------
    def noise(self) -> Hostile:
        """Random bytes, some beginning like a packet."""
        data = self._random.randbytes(self._random.choice((0, 1, 2, 9, 12, 40, 280, 1400)))
        if data and self._random.random() < 0.5:
            data = self._random.choice((b"\xfd", b"\xfe")) + data[1:]
        return self._garbage(data, "noise")

    def flipped(self) -> Hostile:
        """A sound packet with a few bits turned: fewer than the checksum can miss."""
        good, system = self._spoilable()
        data = bytearray(good)
        for _ in range(self._random.choice((1, 2, 3))):
            at = self._random.randrange(len(data) * 8)
            data[at // 8] ^= 1 << at % 8
        if bytes(data) == good:
            data[-1] ^= 1
        return self._garbage(bytes(data), "flipped bits", system)

    def cut(self) -> Hostile:
        """A packet that ends too early."""
        good, system = self._spoilable()
        return self._garbage(good[: self._random.randrange(len(good))], "cut", system)

    def wrong_sum(self) -> Hostile:
        """A packet whose checksum is another's."""
        good, system = self._spoilable()
        spoilt = good[:-2] + bytes((good[-2] ^ self._random.randrange(1, 256), good[-1]))
        return self._garbage(spoilt, "wrong checksum", system)

    def oversized(self) -> Hostile:
        """A header that promises more than any packet has, or a datagram longer than any."""
        good, system = self._spoilable()
        data = good[:1] + b"\xff" + good[2:] + bytes(self._random.randrange(2000))
        return self._garbage(data, "oversized", system)

    # -- parts ---------------------------------------------------------------------------------
    def _system(self) -> int:
        return self._random.choice(SYSTEMS[:-1])

    def _next(self, system: int) -> int:
        number = self._sequences[system]
        self._sequences[system] = (number + 1) % 256
        return number

    def _payload(self, message: int) -> bytes:
        """Random fields; now and then shorter than the type (trailing zeros left out) or longer."""
        length = _LENGTHS[message]
        choice = self._random.random()
        if choice < 0.2:
            length = self._random.randint(1, length)
        elif choice < 0.25:
            length = 255
        return self._random.randbytes(length)

    def _sent(self, message: int, payload: bytes, system: int, kind: str) -> Hostile:
        self._note(message, payload, system)
        data = frame(message, payload, system, self._next(system))
        return Hostile(data, address(system), kind, system, True)

    def _note(self, message: int, payload: bytes, system: int) -> None:
        if message == GLOBAL_POSITION:
            lat, lon = struct.unpack("<ii", (payload + bytes(12))[4:12])
            self.positions.setdefault(system, set()).add((lat, lon))

    def _spoilable(self) -> tuple[bytes, int]:
        """A packet to be spoilt; never the GARBAGE_ONLY system's sound one."""
        system = self._random.choice(SYSTEMS)
        message = self._random.choice((HEARTBEAT, ATTITUDE, GLOBAL_POSITION))
        payload = self._random.randbytes(_LENGTHS[message])
        return frame(message, payload, system, self._random.randrange(256)), system

    def _garbage(self, data: bytes, kind: str, system: int = GARBAGE_ONLY) -> Hostile:
        return Hostile(data, address(system), kind, system)


_KINDS: dict[str, tuple[Callable[[Fuzz], Hostile], float]] = {
    "honest": (Fuzz.honest, 15.0),
    "any type": (Fuzz.any_type, 12.0),
    "shown type": (Fuzz.shown_type, 12.0),
    "absurd": (Fuzz.absurd, 12.0),
    "MAVLink 1": (Fuzz.old_protocol, 4.0),
    "component": (Fuzz.component, 5.0),
    "several in one": (Fuzz.two_in_one, 3.0),
    "signed": (Fuzz.signed, 4.0),
    "stranger": (Fuzz.stranger, 3.0),
    "impostor": (Fuzz.impostor, 3.0),
    "noise": (Fuzz.noise, 7.0),
    "flipped bits": (Fuzz.flipped, 8.0),
    "cut": (Fuzz.cut, 6.0),
    "wrong checksum": (Fuzz.wrong_sum, 4.0),
    "oversized": (Fuzz.oversized, 2.0),
}
