"""Every case of the corpus: nothing is raised, and the vehicle stays as it was."""

from pathlib import Path

import pytest

from gcs.link.camera_reports import GimbalManagerInformation
from gcs.link.mavlink import Framer
from gcs.link.reports import (
    Attitude,
    Battery,
    CameraSettings,
    GimbalAttitude,
    Heartbeat,
    Home,
    Motion,
    SystemStatus,
    Wind,
)
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import HOME, Peer, heartbeat, motion

KINDS = (
    Heartbeat,
    Motion,
    Attitude,
    SystemStatus,
    Wind,
    Home,
    GimbalAttitude,
    CameraSettings,
    GimbalManagerInformation,
)
LINES = (Path(__file__).parent / "corpus.txt").read_text(encoding="ascii").splitlines()
CASES = {line.split()[0]: bytes.fromhex(line.partition(" ")[2]) for line in LINES[1:]}
# What a packet says rightly beside its absurd fields may be taken.
MAY_TELL: dict[str, set[type]] = {
    "zoom-nan-and-beyond": {CameraSettings},
    "unknown-message-around-a-sound-packet": {Heartbeat},
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("endpoint", ["datagram", "after a sound one"])
def test_a_case_leaves_the_vehicle_as_it_was(name: str, endpoint: str) -> None:
    peer = Peer(ManualClock())
    peer.says(heartbeat(), motion())
    told = MAY_TELL.get(name, set())
    before = {kind: peer.vehicle.value(kind) for kind in KINDS if kind not in told}
    data = CASES[name] if endpoint == "datagram" else _beat() + CASES[name]
    peer.network.datagram(data, HOME)
    assert {kind: peer.vehicle.value(kind) for kind in before} == before
    battery = peer.vehicle.value(Battery)
    assert battery is None or battery.percent is None or 0.0 <= battery.percent <= 100.0
    peer.says(motion(lat=51.53))
    at = peer.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == pytest.approx(51.53), "the next is taken"


def _beat() -> bytes:
    return Framer(1, 1).pack(heartbeat())
