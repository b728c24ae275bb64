"""The short way of a plain state has the effects of the long one, whatever comes."""

import random
from typing import Any

import pytest

from gcs.link import sorter
from gcs.link.mavlink import dialect
from gcs.link.newest import MOST
from gcs.link.reports import Attitude, Heartbeat, Motion, SystemStatus
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Peer, heartbeat

KINDS = (Heartbeat, Motion, Attitude, SystemStatus)


def position(boot_ms: int, lat: float) -> Any:
    e7 = round(lat * 1e7)
    return dialect.MAVLink_global_position_int_message(
        boot_ms, e7, -1_068_000, 50_000, 30_000, 10, 20, 0, 9000
    )


def attitude(boot_ms: int, roll: float) -> Any:
    return dialect.MAVLink_attitude_message(boot_ms, roll, 0.1, 0.2, 0.0, 0.0, 0.0)


def story(seed: int) -> list[Any]:
    """Heartbeats, states late and early, absurd ones, a reboot."""
    draw, at_ms = random.Random(seed), 100_000
    found: list[Any] = [heartbeat()]
    for _ in range(300):
        at_ms += draw.randrange(0, 80)
        late = draw.choice((0, 0, 0, 0, 40, 400, 5000))
        found.append(
            draw.choice(
                (
                    heartbeat(),
                    position(max(0, at_ms - late), draw.choice((51.5, 51.6, 91.0))),
                    dialect.MAVLink_vfr_hud_message(0.4, 0.4, 90, 40, 90.0, 0.0),
                    attitude(max(0, at_ms - late), draw.choice((0.1, 0.2, float("nan")))),
                    dialect.MAVLink_sys_status_message(
                        0, 0, 0, 0, 22_000, 100, 80, 0, 0, 0, 0, 0, 0
                    ),
                )
            )
        )
        if draw.random() < 0.01:
            at_ms = 500
    return found


def outcome(messages: list[Any]) -> list[object]:
    """All that can be seen of the vehicle, after every tenth message."""
    clock = ManualClock()
    peer = Peer(clock)
    seen: list[object] = []
    for number, message in enumerate(messages):
        clock.advance(0.02)
        peer.says(message)
        if number % 10 == 0:
            vehicle = peer.vehicle
            seen.append([(vehicle.value(k), vehicle.age_s(k), vehicle.count(k)) for k in KINDS])
            seen.append((vehicle.loss, vehicle.last_packet_s, vehicle.fresh_starts))
            seen.append([(k.packet_s, k.boot_ms, k.boot_s) for k in vehicle.links])
            seen.append(peer.network.counters)
    return [repr(part) for part in seen]


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_end_at_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = story(seed)
    short = outcome(messages)
    monkeypatch.setattr(sorter, "plain", lambda own, data, source, now_s: False)
    assert outcome(messages) == short


@pytest.mark.parametrize("short", [True, False])
def test_what_nobody_reads_does_not_pile_up(short: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not short:
        monkeypatch.setattr(sorter, "plain", lambda own, data, source, now_s: False)
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    for number in range(100):
        clock.advance(0.02)
        peer.says(attitude(1000 + number, number / 100))
    lane = peer.vehicle.lanes[dialect.MAVLINK_MSG_ID_ATTITUDE]
    assert len(lane.kept) == MOST
    found = peer.vehicle.value(Attitude)
    assert found is not None and found.roll_deg == pytest.approx(56.72, abs=0.01)
    assert peer.vehicle.count(Attitude) == 100
