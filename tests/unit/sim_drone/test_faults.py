"""Faults that a test or a scenario sets while the drone runs, and bytes nobody should send."""

import random
from typing import Any

import pytest

from gcs.link.mavlink import dialect
from tests.unit.sim_drone.rig import ACCEPTED, DENIED, FAILED, GUIDED, LOITER, RTL, Rig

ARM = dialect.MAV_CMD_COMPONENT_ARM_DISARM


def test_a_silent_drone_neither_speaks_nor_hears_but_lives_on() -> None:
    rig = Rig()
    rig.drone.pilot.params.set("FS_GCS_ENABLE", 1.0)
    rig.beating = True
    rig.fly_to(30.0)
    rig.drone.faults.silent = True
    heard = len(rig.gcs.heard)
    assert rig.until(lambda: rig.mode == RTL) == pytest.approx(4.9, abs=1.0)
    assert len(rig.gcs.heard) == heard
    rig.drone.faults.silent = False
    rig.run(2.0)
    assert "GCS Failsafe Cleared" in rig.gcs.texts()


def test_loss_drops_about_the_given_share_and_is_seeded() -> None:
    counts = []
    for _ in range(2):
        rig = Rig()
        rig.gcs.interval(33, 10.0)
        rig.drone.faults.drop_fraction = 0.3
        rig.run(60.0)
        counts.append(len(rig.gcs.all("GLOBAL_POSITION_INT")))
    assert counts[0] == pytest.approx(420, abs=60)
    assert counts[0] == counts[1]


def test_delay_holds_each_way_back_and_keeps_the_order() -> None:
    rig = Rig()
    rig.drone.faults.delay_s = 0.2
    rig.gcs.post(512, 1)
    took = rig.until(lambda: bool(rig.gcs.all("COMMAND_ACK")))
    assert took == pytest.approx(0.4, abs=0.05)


def test_never_ack_acts_without_answering() -> None:
    rig = Rig()
    rig.drone.faults.never_ack = True
    rig.gcs.post(176, 1, GUIDED)
    rig.run(1.0)
    assert rig.mode == GUIDED
    assert not rig.gcs.all("COMMAND_ACK")


def test_ack_without_effect_accepts_and_does_nothing() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.drone.faults.ack_without_effect = True
    assert rig.gcs.mode(RTL) == ACCEPTED
    assert rig.gcs.reposition(rig.place(0, 50), 30.0) == ACCEPTED
    rig.run(10.0)
    assert rig.mode == GUIDED
    assert rig.away_m < 1.0
    assert rig.gcs.interval(33, 10.0) == ACCEPTED  # telemetry is not touched
    rig.run(1.0)
    assert rig.gcs.all("GLOBAL_POSITION_INT")


def test_refuse_denies_flight_and_nothing_else() -> None:
    rig = Rig()
    rig.drone.faults.refuse = True
    assert rig.gcs.mode(LOITER) == DENIED
    assert rig.gcs.arm() == DENIED
    assert rig.gcs.interval(33, 10.0) == ACCEPTED
    rig.drone.faults.refuse = False
    assert rig.gcs.mode(LOITER) == ACCEPTED


def test_drain_empties_the_battery_faster() -> None:
    used = []
    for drain in (1.0, 5.0):
        rig = Rig()
        rig.fly_to(30.0)
        rig.drone.faults.battery_drain = drain
        before = rig.drone.pilot.battery.fraction
        rig.run(30.0)
        used.append(before - rig.drone.pilot.battery.fraction)
    assert used[1] == pytest.approx(5.0 * used[0], rel=0.01)


def test_noise_on_the_wire_is_ignored() -> None:
    rig = Rig()
    draw = random.Random(4)
    for size in (0, 1, 7, 50, 300):
        rig.drone.receive(draw.randbytes(size), ("127.0.0.1", 20000))
    rig.run(2.0)  # the rig would fail if the stranger were answered
    assert rig.gcs.command(512, 1) == ACCEPTED


def test_a_torn_packet_costs_the_next_few_and_no_more() -> None:
    rig = Rig()
    rig.drone.receive(b"\xfd" * 40, rig.gcs.address)  # claims a long packet that never comes
    for _ in range(10):
        rig.gcs.post(512, 1)
    assert len(rig.gcs.all("SYS_STATUS")) >= 3


def extreme(kind: str, draw: random.Random) -> Any:
    """A value at or beyond the edge of a field's type."""
    if kind in ("float", "double"):
        return draw.choice([0.0, -1.0, 1e38, -1e38, float("nan"), float("inf")])
    if kind == "char":
        return b"\xff\x00A"
    bits = int("".join(c for c in kind if c.isdigit()))
    signed = not kind.startswith("u")
    top = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    return draw.choice([0, 1, top, -(2 ** (bits - 1)) if signed else 0])


def test_no_message_with_extreme_values_stops_it_or_its_motors() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    draw = random.Random(5)
    packed = 0
    for _ in range(3):
        for kind in dialect.mavlink_map.values():
            fields = [_field(kind, i, draw) for i in range(len(kind.fieldnames))]
            try:
                packet = rig.gcs.framer.pack(kind(*fields))
            except Exception:
                continue  # the library itself cannot write it
            if kind.msgname == "COMMAND_LONG" or kind.msgname == "COMMAND_INT":
                continue
            packed += 1
            rig.drone.receive(packet, rig.gcs.address)
            rig.drone.take_outbox()
    assert packed > 300
    rig.run(1.0)
    assert rig.drone.pilot.armed
    assert rig.up_m > 25.0


def _field(kind: Any, index: int, draw: random.Random) -> Any:
    name = kind.fieldnames[index]
    if name == "target_system" or name == "target_component":
        return 1
    order = kind.ordered_fieldnames.index(name)
    length = kind.array_lengths[order]
    ctype = kind.fieldtypes[index]
    if ctype == "char":
        return extreme(ctype, draw)
    return [extreme(ctype, draw)] * length if length else extreme(ctype, draw)


@pytest.mark.parametrize("value", [0.0, 1.0, float("nan"), float("inf"), -1e30, 1e30])
def test_no_command_with_extreme_values_stops_it_or_its_motors(value: float) -> None:
    rig = Rig()
    rig.fly_to(30.0)
    for command in range(33000):
        if command not in dialect.enums["MAV_CMD"]:
            continue
        rig.gcs.post(command, *[value] * 7)
    rig.run(1.0)
    assert rig.drone.pilot.armed
    assert rig.up_m > 20.0
    assert rig.gcs.disarm(21196.0) == FAILED
