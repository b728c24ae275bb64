"""MAVLink 2 signing of one vehicle: what we send is signed, what is not rightly signed is dropped.

The key stays in here: it stands in no repr, no log, no error and no message. Time stamps count
10 µs since 2015 and never repeat; a vehicle's own clock may run ahead of ours (ArduPilot's by 60 s
after each boot), then its time is taken over. Who stores the last one is `time_stamps.py`.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gcs.model.vehicle import SigningState
from gcs.runtime.clock import Clock

KEY_BYTES = 32
TICKS_PER_S = 100_000
NEW_STREAM_S = 60  # how much older than the newest a stream not met before may begin
FRESH_S = 5.0
UNANSWERED_S = 15.0
_EPOCH_MS = 1_420_070_400_000  # 2015
_V2, _SIGNED, _MOST_TIME = 0xFD, 0x01, (1 << 48) - 1
_HEAD, _TAIL = 12, 13  # header and checksum; link id, time stamp, signature
_MOST_STREAMS = 16


def ticks(utc_ms: int) -> int:
    """A time in signing's own count."""
    return max(0, (utc_ms - _EPOCH_MS) * (TICKS_PER_S // 1000))


class SigningKey:
    """A key of 32 bytes that shows only its fingerprint. Raises ValueError for another length."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a signing key has {KEY_BYTES} bytes, this one {len(secret)}")
        self._secret = secret

    def __repr__(self) -> str:
        return f"SigningKey({self.fingerprint})"

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not passed on")

    @property
    def fingerprint(self) -> str:
        """To tell two keys apart by; the key cannot be had from it."""
        return hashlib.sha256(b"fingerprint" + self._secret).hexdigest()[:16]

    @property
    def secret(self) -> bytes:
        """For the wire and the key store alone."""
        return self._secret

    def signature(self, data: bytes) -> bytes:
        """The six bytes that prove `data`."""
        return hashlib.sha256(self._secret + data).digest()[:6]


class Fault(StrEnum):
    """Why a packet is dropped."""

    UNSIGNED = "unsigned"
    WRONG = "wrong signature"
    REPLAYED = "replayed"
    NO_KEY = "no key"


@dataclass(slots=True)
class TimeStamps:
    """The newest of a vehicle: what we sent, what we heard, and each of its streams' last."""

    sent: int = 0
    heard: int = 0
    streams: dict[str, int] = field(default_factory=dict)


class VehicleSigning:
    """Signs and checks for one vehicle. Without a key nothing is sent signed or taken.

    `stamps` are those of the last run: none of them is used again.
    """

    def __init__(
        self, name: str, key: SigningKey | None, clock: Clock, stamps: TimeStamps | None = None
    ) -> None:
        self.name = name
        self.stamps = stamps or TimeStamps()
        self.dropped: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self._key = key
        self._clock = clock
        self._good_s: float | None = None
        self._fault_s: dict[Fault, float] = {}

    def __repr__(self) -> str:
        return f"VehicleSigning({self.name}, {self._key!r})"

    # -- sending -------------------------------------------------------------------------------
    def attach(self, mav: Any) -> None:
        """From now on `mav` signs what it packs for this vehicle."""
        if self._key is not None:
            mav.signing = _Outgoing(self, self._key)

    def next_stamp(self) -> int:
        """For the next packet: later than all before, ours and the vehicle's."""
        newest = max(ticks(self._clock.utc_ms()), self.stamps.sent + 1, self.stamps.heard + 1)
        self.stamps.sent = min(newest, _MOST_TIME)
        return self.stamps.sent

    # -- receiving -----------------------------------------------------------------------------
    def check(self, packet: bytes) -> str:
        """Empty: it is rightly signed and new. Else why it is dropped."""
        fault = self._fault(packet)
        now_s = self._clock.monotonic()
        if fault is None:
            self._good_s = now_s
            return ""
        self.dropped[fault] += 1
        self._fault_s[fault] = now_s
        return fault.value

    def _fault(self, packet: bytes) -> Fault | None:
        if self._key is None:
            return Fault.NO_KEY
        if len(packet) < _HEAD + _TAIL or packet[0] != _V2 or not packet[2] & _SIGNED:
            return Fault.UNSIGNED
        if not hmac.compare_digest(self._key.signature(packet[:-6]), packet[-6:]):
            return Fault.WRONG
        stamp = int.from_bytes(packet[-12:-6], "little")
        stream = f"{packet[5]}.{packet[6]}.{packet[-13]}"
        if not self._is_new(stream, stamp):
            return Fault.REPLAYED
        self.stamps.streams[stream] = stamp
        self.stamps.heard = max(self.stamps.heard, stamp)
        return None

    def _is_new(self, stream: str, stamp: int) -> bool:
        last = self.stamps.streams.get(stream)
        if last is not None:
            return stamp > last
        if len(self.stamps.streams) >= _MOST_STREAMS:
            return False
        return stamp > self.stamps.heard - NEW_STREAM_S * TICKS_PER_S

    # -- how it stands -------------------------------------------------------------------------
    @property
    def dropped_total(self) -> int:
        """Packets that were not taken."""
        return sum(self.dropped.values())

    @property
    def state(self) -> SigningState:
        """By what came in the last seconds; rightly signed packets weigh most."""
        if self._key is None:
            return SigningState.NO_KEY
        if self._fresh(self._good_s):
            return SigningState.GOOD
        if self._fresh(self._fault_s.get(Fault.WRONG)) or self._fresh(
            self._fault_s.get(Fault.REPLAYED)
        ):
            return SigningState.REFUSED
        if self._fresh(self._fault_s.get(Fault.UNSIGNED)):
            return SigningState.UNSIGNED
        return SigningState.GOOD if self._good_s is not None else SigningState.OFF

    def trouble(self, uplink_age_s: float | None = None, heard_s: float = 0.0) -> str:
        """What is wrong, in one sentence; empty = nothing.

        `uplink_age_s`: since the vehicle last answered us, None = never; `heard_s`: for how long
        it has been heard. One that is rightly heard and never answers does not take what we sign.
        """
        if self.state is SigningState.REFUSED and not self._fresh(self._fault_s.get(Fault.WRONG)):
            return f"what {self.name} sends is a replay of older packets: it is not taken"
        said = _SENTENCES.get(self.state, "")
        if said:
            return said.format(name=self.name)
        mute = uplink_age_s is None and heard_s > UNANSWERED_S
        if self.state is SigningState.GOOD and mute:
            return f"{self.name} does not take our key or our time: it answers nothing we sign"
        return ""

    def _fresh(self, at_s: float | None) -> bool:
        return at_s is not None and self._clock.monotonic() - at_s <= FRESH_S


_SENTENCES: dict[SigningState, str] = {
    SigningState.NO_KEY: "{name} is to be signed and its key is not found here",
    SigningState.REFUSED: "{name} does not take our key: it signs with another one",
    SigningState.UNSIGNED: "{name} does not sign: our key is not installed in it",
}


class _Outgoing:
    """What pymavlink looks at when it packs: one for all links of a vehicle."""

    sign_outgoing = True
    link_id = 0

    def __init__(self, signing: VehicleSigning, key: SigningKey) -> None:
        self._signing = signing
        self._key = key

    @property
    def secret_key(self) -> bytes:
        """pymavlink hashes with it."""
        return self._key.secret

    @property
    def timestamp(self) -> int:
        """A new one each time that it is asked for."""
        return self._signing.next_stamp()

    @timestamp.setter
    def timestamp(self, value: int) -> None:
        """pymavlink counts on; the next one is ours to choose."""
