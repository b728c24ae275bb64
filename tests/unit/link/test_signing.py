"""Signing: what is taken, what is dropped and why, whose time counts, and that no key shows."""

import copy
import logging
import pickle

import msgspec
import pytest

from gcs.link.mavlink import Framer, dialect
from gcs.link.signing import Fault, SigningKey, TimeStamps, VehicleSigning
from gcs.model.vehicle import SigningState
from gcs.runtime.clock import ManualClock

SECRET = bytes(range(100, 132))
OTHER = bytes(32)
MINUTE = 6_000_000


def beat() -> object:
    return dialect.MAVLink_heartbeat_message(2, 3, 81, 4, 3, 3)


def signer(secret: bytes, clock: ManualClock, ahead_ticks: int = 0) -> Framer:
    """The vehicle's end, by pymavlink's own signing."""
    framer = Framer(1, 1)
    signing = framer._mav.signing
    signing.secret_key, signing.sign_outgoing, signing.link_id = secret, True, 3
    signing.timestamp = (clock.utc_ms() - 1_420_070_400_000) * 100 + ahead_ticks
    return framer


def station(clock: ManualClock, stamps: TimeStamps | None = None) -> VehicleSigning:
    return VehicleSigning("ISL-01", SigningKey(SECRET), clock, stamps)


def stamp_of(packet: bytes) -> int:
    return int.from_bytes(packet[-12:-6], "little")


def test_what_we_sign_is_taken_by_pymavlink_with_the_key_and_by_nobody_else() -> None:
    clock = ManualClock()
    ours, vehicle, stranger = Framer(255, 190), signer(SECRET, clock), signer(OTHER, clock)
    station(clock).attach(ours._mav)
    for end in (vehicle, stranger):
        end._mav.signing.allow_unsigned_callback = None
    packet = ours.pack(beat())
    assert packet[2] & 1 and len(packet) == 12 + 9 + 13
    assert len(vehicle.parse_datagram(packet)) == 1
    assert vehicle.parse_datagram(packet) == [], "a repeated packet is a replay"
    assert stranger.parse_datagram(ours.pack(beat())) == []


def test_good_unsigned_wrong_and_replayed() -> None:
    clock = ManualClock()
    ours, vehicle = station(clock), signer(SECRET, clock)
    first = vehicle.pack(beat())
    assert ours.check(first) == ""
    assert ours.state is SigningState.GOOD
    assert ours.check(Framer(1, 1).pack(beat())) == "unsigned"
    assert ours.check(signer(OTHER, clock).pack(beat())) == "wrong signature"
    assert ours.check(first) == "replayed"
    torn = bytearray(vehicle.pack(beat()))
    torn[12] ^= 1
    assert ours.check(bytes(torn)) == "wrong signature"
    assert ours.check(b"") == ours.check(b"\xfd") == "unsigned"
    assert ours.dropped == {
        Fault.UNSIGNED: 3,
        Fault.WRONG: 2,
        Fault.REPLAYED: 1,
        Fault.NO_KEY: 0,
    }
    assert ours.dropped_total == 6
    assert ours.state is SigningState.GOOD, "an injector does not make the vehicle a bad one"


@pytest.mark.parametrize(
    ("secret", "state", "words"),
    [
        (OTHER, SigningState.REFUSED, "ISL-01 does not take our key: it signs with another one"),
        (None, SigningState.UNSIGNED, "ISL-01 does not sign"),
    ],
)
def test_a_vehicle_with_another_key_or_none_is_told(
    secret: bytes | None, state: SigningState, words: str
) -> None:
    clock = ManualClock()
    ours = station(clock)
    assert (ours.state, ours.trouble()) == (SigningState.OFF, "")
    framer = Framer(1, 1) if secret is None else signer(secret, clock)
    ours.check(framer.pack(beat()))
    assert ours.state is state
    assert words in ours.trouble()


def test_without_a_key_nothing_is_taken_and_nothing_is_signed() -> None:
    clock = ManualClock()
    ours = VehicleSigning("ISL-01", None, clock)
    assert ours.check(signer(SECRET, clock).pack(beat())) == "no key"
    framer = Framer(255, 190)
    ours.attach(framer._mav)
    assert not framer.pack(beat())[2] & 1
    assert ours.state is SigningState.NO_KEY
    assert ours.trouble() == "ISL-01 is to be signed and its key is not found here"


def test_a_vehicle_that_is_heard_and_never_answers_does_not_take_what_we_sign() -> None:
    clock = ManualClock()
    ours = station(clock)
    ours.check(signer(SECRET, clock).pack(beat()))
    assert ours.trouble(uplink_age_s=None, heard_s=5.0) == ""
    assert "does not take our key or our time" in ours.trouble(None, heard_s=16.0)
    assert ours.trouble(uplink_age_s=2.0, heard_s=16.0) == ""


def test_the_vehicles_time_is_taken_over_when_it_is_ahead() -> None:
    clock = ManualClock()
    ours, vehicle = station(clock), signer(SECRET, clock, ahead_ticks=5 * MINUTE)
    framer = Framer(255, 190)
    ours.attach(framer._mav)
    early = stamp_of(framer.pack(beat()))
    heard = vehicle.pack(beat())
    assert ours.check(heard) == ""
    assert stamp_of(framer.pack(beat())) > stamp_of(heard) > early


def test_a_forged_time_moves_nothing() -> None:
    clock = ManualClock()
    ours = station(clock)
    ours.check(signer(OTHER, clock, ahead_ticks=500 * MINUTE).pack(beat()))
    before = ours.next_stamp()
    assert ours.stamps.heard == 0
    assert before < signer(SECRET, clock, MINUTE)._mav.signing.timestamp


def test_stamps_never_repeat_even_if_the_clock_goes_backwards() -> None:
    clock = ManualClock()
    ours = station(clock)
    stamps = [ours.next_stamp() for _ in range(5)]
    late = VehicleSigning("ISL-01", SigningKey(SECRET), ManualClock(utc_ms=1_500_000_000_000))
    late.stamps.sent = stamps[-1]
    stamps += [late.next_stamp() for _ in range(5)]
    assert stamps == sorted(set(stamps))


def test_a_new_stream_may_be_a_minute_old_and_no_older() -> None:
    clock = ManualClock()
    ours, vehicle = station(clock), signer(SECRET, clock)
    assert ours.check(vehicle.pack(beat())) == ""
    for link, behind, verdict in ((4, MINUTE - 100, ""), (5, MINUTE + 100, "replayed")):
        other = signer(SECRET, clock, -behind)
        other._mav.signing.link_id = link
        assert ours.check(other.pack(beat())) == verdict


def test_no_key_in_reprs_logs_or_messages(caplog: pytest.LogCaptureFixture) -> None:
    key = SigningKey(SECRET)
    ours = VehicleSigning("ISL-01", key, ManualClock())
    framer = Framer(255, 190)
    ours.attach(framer._mav)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("gcs").info("%r %s %r", key, ours, framer._mav.signing)
    shown = caplog.text + repr(vars(ours)) + key.fingerprint
    assert SECRET.hex() not in shown and repr(SECRET)[2:-1] not in shown
    for encode in (msgspec.json.encode, pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            encode(key)
    with pytest.raises(ValueError, match="has 32 bytes, this one 3"):
        SigningKey(b"abc")
    assert key.fingerprint != SigningKey(OTHER).fingerprint
