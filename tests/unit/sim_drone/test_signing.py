"""A drone that is set up to sign: what it takes, what it drops, what a boot does to its clock."""

from typing import Any

from gcs.link.mavlink import Framer, dialect
from gcs.link.signing import KEY_BYTES, TICKS_PER_S, SigningKey, VehicleSigning, ticks
from gcs.runtime.clock import ManualClock
from gcs.sim.drone.signing import REFUSED_TEXT
from tests.unit.sim_drone.rig import ACCEPTED, GUIDED, Peer, Rig

SECRET = bytes(range(1, KEY_BYTES + 1))
PARAM = "RTL_ALT_M"


def set_up(peer: Peer, secret: bytes = SECRET, stamp: int | None = None) -> None:
    given = ticks(ManualClock().utc_ms()) if stamp is None else stamp
    peer.send(dialect.MAVLink_setup_signing_message(1, 1, secret, given))


class Signed(Framer):
    """Packs with signatures; reads whatever comes, signed or not."""

    def __init__(self, signing: VehicleSigning) -> None:
        super().__init__(255, 190)
        self._packer = Framer(255, 190)
        signing.attach(self._packer.mav)

    def pack(self, message: Any) -> bytes:
        return self._packer.pack(message)


def signs(peer: Peer, secret: bytes = SECRET) -> VehicleSigning:
    """The station signs from now on."""
    signing = VehicleSigning("ISL-01", SigningKey(secret), ManualClock())
    peer.framer = Signed(signing)
    return signing


def asks(peer: Peer) -> int:
    """How many answers a question brings."""
    before = len(peer.all("PARAM_VALUE"))
    peer.send(dialect.MAVLink_param_request_read_message(1, 1, PARAM.encode(), -1))
    return len(peer.all("PARAM_VALUE")) - before


def has_key(rig: Rig) -> bool:
    return rig.drone.signing.key is not None


def test_once_set_up_it_signs_and_hears_signed_packets_alone() -> None:
    rig = Rig()
    assert asks(rig.gcs) == 1
    assert not rig.gcs.last("PARAM_VALUE").get_msgbuf()[2] & 1
    set_up(rig.gcs)
    assert asks(rig.gcs) == 0, "an unsigned packet is dropped without a word"
    ours = signs(rig.gcs)
    rig.run(2.0)
    beat = bytes(rig.gcs.last("HEARTBEAT").get_msgbuf())
    assert ours.check(beat) == "", "the vehicle's own packets are signed with the key"
    assert int.from_bytes(beat[-12:-6], "little") > ticks(ManualClock().utc_ms()) + 59 * TICKS_PER_S
    assert asks(rig.gcs) == 1
    stranger = rig.peer(("127.0.0.1", 14777), 255)
    signs(stranger, bytes(KEY_BYTES))
    assert asks(stranger) == 0
    assert rig.drone.signing.dropped == 2


def test_armed_it_refuses_and_zeros_switch_it_off() -> None:
    rig = Rig()
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    assert rig.gcs.arm() == ACCEPTED
    set_up(rig.gcs)
    assert REFUSED_TEXT in rig.gcs.texts()
    assert not has_key(rig)
    assert rig.gcs.disarm() == ACCEPTED
    set_up(rig.gcs)
    assert has_key(rig)
    signs(rig.gcs)
    set_up(rig.gcs, bytes(KEY_BYTES), 0)
    assert not has_key(rig)
    rig.gcs.framer = Framer(255, 190)
    assert asks(rig.gcs) == 1


def test_a_replay_is_dropped_and_a_boot_puts_the_clock_a_minute_ahead() -> None:
    rig = Rig()
    set_up(rig.gcs)
    ours = signs(rig.gcs)
    question = dialect.MAVLink_param_request_read_message(1, 1, PARAM.encode(), -1)
    packet = rig.gcs.framer.pack(question)
    for _ in range(2):
        rig.drone.receive(packet, rig.gcs.address)
    rig.deliver()
    assert len(rig.gcs.all("PARAM_VALUE")) == 1
    rig.drone.signing.boot()
    assert rig.drone.signing.key is not None, "the key survives a boot"
    assert asks(rig.gcs) == 0, "its clock is ahead of ours now"
    rig.run(2.0)
    ours.check(bytes(rig.gcs.last("HEARTBEAT").get_msgbuf()))
    assert asks(rig.gcs) == 1, "we took over its time"
