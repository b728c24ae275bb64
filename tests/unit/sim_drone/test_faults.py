"""Faults that a test or a scenario sets while the drone runs, and bytes nobody should send."""

import random
from typing import Any

import pytest

from gcs.link.mavlink import dialect
from gcs.sim.drone.faults import Faults, FaultScript, ScriptRunner, Shown
from tests.unit.sim_drone.rig import ACCEPTED, BRAKE, DENIED, FAILED, GUIDED, LOITER, RTL, Rig

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


# -- faults of answers, computer and clock -------------------------------------------------------
def test_a_late_answer_comes_late_and_the_act_at_once() -> None:
    rig = Rig()
    rig.drone.faults.ack_late_s = 3.0
    rig.gcs.post(176, 1, GUIDED)
    rig.run(1.0)
    assert rig.mode == GUIDED
    assert 1.0 + rig.until(lambda: bool(rig.gcs.all("COMMAND_ACK"))) == pytest.approx(3.0, abs=0.05)
    assert rig.gcs.last("COMMAND_ACK").command == 176


def test_an_answer_may_come_twice() -> None:
    rig = Rig()
    rig.drone.faults.ack_times = 2
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    assert len(rig.gcs.all("COMMAND_ACK")) == 2


def test_a_refusal_may_be_told_in_words() -> None:
    rig = Rig()
    rig.drone.faults.refuse = True
    rig.drone.faults.refuse_text = "Arm: Throttle too high"
    assert rig.gcs.arm() == DENIED
    assert rig.gcs.texts()[-1] == "Arm: Throttle too high"


@pytest.mark.parametrize("show", [Shown.BEFORE, Shown.AFTER])
def test_what_was_asked_for_comes_before_or_after_its_answer(show: Shown) -> None:
    rig = Rig()
    rig.drone.faults.show = show
    for _ in range(3):
        at = len(rig.gcs.heard)
        assert rig.gcs.command(512, 1) == ACCEPTED
        kinds = [m.get_type() for _, m in rig.gcs.heard[at:]]
        assert kinds.index("SYS_STATUS") == (0 if show is Shown.BEFORE else 1)


def test_a_boot_in_the_air_forgets_the_streams_and_stops_no_motor() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.interval(33, 10.0)
    rig.drone.faults.reboot_s = 2.0
    rig.run(0.1)
    silent_from = len(rig.gcs.heard)
    rig.run(1.8)
    assert len(rig.gcs.heard) == silent_from
    assert rig.drone.faults.reboot_s == 0.0
    rig.run(10.0)
    assert rig.drone.pilot.armed and rig.up_m == pytest.approx(30.0, abs=0.5)
    assert rig.mode == BRAKE
    kinds = {m.get_type() for _, m in rig.gcs.heard[silent_from:]}
    assert kinds <= {"HEARTBEAT", "TIMESYNC", "STATUSTEXT"}
    assert rig.gcs.command(512, 33) == ACCEPTED
    assert rig.gcs.last("GLOBAL_POSITION_INT").time_boot_ms == pytest.approx(11_900, abs=100)


def test_a_boot_on_the_ground_runs_the_checks_anew() -> None:
    rig = Rig()
    rig.drone.faults.reboot_s = 1.0
    rig.run(2.0)
    assert rig.gcs.arm() == FAILED


def test_it_may_change_its_name_and_then_hears_to_the_new_one_alone() -> None:
    rig = Rig()
    rig.drone.faults.system_id = 77
    rig.run(2.0)
    assert rig.gcs.last("HEARTBEAT").get_srcSystem() == 77
    rig.gcs.post(512, 1)
    assert not rig.gcs.all("SYS_STATUS")
    assert rig.gcs.command(512, 1, target=77) == ACCEPTED
    rig.drone.faults.system_id = 0
    rig.run(1.5)
    assert rig.gcs.last("HEARTBEAT").get_srcSystem() == 1


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, -9000.0])
def test_a_clock_may_jump_either_way(jump_s: float) -> None:
    rig = Rig()
    rig.gcs.command(512, 2)
    before = rig.gcs.last("SYSTEM_TIME")
    rig.drone.faults.clock_s = jump_s
    rig.gcs.command(512, 2)
    after = rig.gcs.last("SYSTEM_TIME")
    moved = after.time_unix_usec - before.time_unix_usec
    assert moved == pytest.approx(max(jump_s * 1e6, -before.time_unix_usec), abs=1e3)
    boot = (before.time_boot_ms + round(jump_s * 1000)) % 2**32
    assert abs(after.time_boot_ms - boot) <= 1


def test_reordering_lets_later_ones_overtake_and_loses_none() -> None:
    rig = Rig()
    rig.gcs.interval(33, 10.0)
    rig.run(1.0)
    rig.drone.faults.reorder_fraction = 0.3
    at = len(rig.gcs.all("GLOBAL_POSITION_INT"))
    rig.run(30.0)
    rig.drone.faults.reorder_fraction = 0.0
    rig.run(1.0)
    stamps = [m.time_boot_ms for m in rig.gcs.all("GLOBAL_POSITION_INT")[at:]]
    assert stamps != sorted(stamps)
    assert len(set(stamps)) == len(stamps) == pytest.approx(310, abs=2)


def test_faults_compose() -> None:
    rig = Rig()
    rig.drone.faults.ack_late_s = 1.0
    rig.drone.faults.ack_times = 2
    rig.drone.faults.delay_s = 0.5
    rig.gcs.post(176, 1, GUIDED)
    took = rig.until(lambda: len(rig.gcs.all("COMMAND_ACK")) == 2)
    assert took == pytest.approx(2.0, abs=0.06)


# -- scripts -------------------------------------------------------------------------------------
def test_a_script_sets_faults_by_time() -> None:
    rig = Rig()
    rig.drone.play(FaultScript.of([(2.0, "silent", False), (1.0, "silent", True)]))
    seen = []
    for _ in range(30):
        rig.run(0.1)
        seen.append(rig.drone.faults.silent)
    assert seen[8:] == [False] * 1 + [True] * 10 + [False] * 11


def test_a_scripts_jitter_is_drawn_by_its_seed() -> None:
    def begun(seed: int) -> float:
        faults = Faults()
        script = FaultScript.of([(1.0, "drop_fraction", 0.3)], jitter_s=2.0, seed=seed)
        runner = ScriptRunner(script, faults, 100.0)
        for tick in range(400):
            runner.step(100.0 + tick * 0.01)
            if runner.over:
                assert faults.drop_fraction == 0.3
                return tick * 0.01
        raise AssertionError("the script never ended")

    assert begun(1) == begun(1)
    assert len({begun(seed) for seed in range(5)}) > 1
    assert all(1.0 <= begun(seed) <= 3.01 for seed in range(5))


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ((0.0, "no_such", True), "there is no fault 'no_such'"),
        ((-1.0, "silent", True), "silent at -1.0 s"),
        ((0.0, "show", "sideways"), "show cannot be 'sideways'"),
        ((0.0, "delay_s", "long"), "delay_s cannot be 'long'"),
    ],
)
def test_a_script_that_cannot_be_is_refused(step: tuple[float, str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        FaultScript.of([step])


def test_an_order_may_be_taken_at_once_and_done_late() -> None:
    rig = Rig()
    rig.drone.faults.act_late_s = 1.5
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    rig.run(1.4)
    assert rig.mode != GUIDED
    rig.run(0.2)
    assert rig.mode == GUIDED
