"""Signing as ArduPilot does it: set up while disarmed, kept over a boot, everything else dropped
in silence. Its clock begins 60 s ahead of the time stamp it was given, and again at each boot.
"""

from collections.abc import Callable
from typing import Any

from gcs.link.mavlink import Framer
from gcs.link.signing import KEY_BYTES, TICKS_PER_S, SigningKey

AHEAD_TICKS = 60 * TICKS_PER_S
REFUSED_TEXT = "ERROR: Won't setup signing when armed"
_SIGNED = 0x01
_SHORTEST = 12 + 13  # a signed packet without payload


class BoardSigning:
    """What the vehicle's computer keeps. `now_ticks`: GNSS time in signing's own count."""

    def __init__(self, now_ticks: Callable[[], int]) -> None:
        self.dropped = 0
        self._now_ticks = now_ticks
        self._key: SigningKey | None = None
        self._stamp = 0
        self._streams: dict[tuple[int, int, int], int] = {}

    @property
    def key(self) -> SigningKey | None:
        """None: nothing is signed and everything taken."""
        return self._key

    def set_up(self, secret: bytes, stamp: int) -> None:
        """SETUP_SIGNING to a disarmed vehicle; all zeros switch signing off."""
        self._key = SigningKey(secret[:KEY_BYTES]) if any(secret) or stamp else None
        self._stamp = stamp
        self.boot()

    def boot(self) -> None:
        """Also at each start of the computer: no packet of before is taken again."""
        self._stamp += AHEAD_TICKS if self._key else 0
        self._streams.clear()

    def next_stamp(self) -> int:
        """For the next packet it sends."""
        self._stamp = max(self._stamp + 1, self._now_ticks())
        return self._stamp

    def takes(self, packet: bytes) -> bool:
        """Whether a packet that came in is heard at all."""
        if self._key is None or self._is_good(self._key, packet):
            return True
        self.dropped += 1
        return False

    def _is_good(self, key: SigningKey, packet: bytes) -> bool:
        if packet[0] != 0xFD or not packet[2] & _SIGNED or len(packet) < _SHORTEST:
            return False
        if key.signature(packet[:-6]) != packet[-6:]:
            return False
        stream, stamp = (
            (packet[5], packet[6], packet[-13]),
            int.from_bytes(packet[-12:-6], "little"),
        )
        last = self._streams.get(stream)
        if stamp <= last if last is not None else stamp + AHEAD_TICKS < self._stamp:
            return False
        self._streams[stream] = stamp
        self._stamp = max(self._stamp, stamp)
        return True

    def sign(self, packer: Framer, link_id: int) -> None:
        """From now on what `packer` packs is signed while there is a key."""
        packer.mav.signing = _Outgoing(self, link_id)


class _Outgoing:
    """What pymavlink looks at when it packs."""

    def __init__(self, board: BoardSigning, link_id: int) -> None:
        self._board = board
        self.link_id = link_id

    @property
    def sign_outgoing(self) -> bool:
        return self._board.key is not None

    @property
    def secret_key(self) -> bytes | None:
        return None if self._board.key is None else self._board.key.secret

    @property
    def timestamp(self) -> int:
        return self._board.next_stamp()

    @timestamp.setter
    def timestamp(self, value: Any) -> None:
        """pymavlink counts on; the board has counted already."""
