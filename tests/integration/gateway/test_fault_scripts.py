"""What receipts and published state say of a vehicle that misbehaves, one fault after another.

One flight is shared: each test finds the drone in the air, healthy and in GUIDED, and leaves
its faults to the next one's `calm`.
"""

import itertools
from collections.abc import AsyncIterator
from dataclasses import fields

import pytest
import pytest_asyncio

from gcs.geo.earth import distance_m
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.event import EventKind
from gcs.model.telemetry import AIRBORNE, DroneTelemetry, Phase
from gcs.sim.drone.faults import Faults, FaultScript
from gcs.sim.drone.modes import Mode
from tests.integration.gateway.rig import Desk, Rig, near, rig
from tests.support.nats import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
DRONE = "ISL-01"
UP_M = 8.0
S = ReceiptState


class Flight:
    """The shift, its pilot, and the drone that is in the air."""

    def __init__(self, shift: Rig, desk: Desk) -> None:
        self.shift, self.desk = shift, desk
        self.drone = shift.fleet.drone(DRONE)

    @property
    def faults(self) -> Faults:
        return self.drone.faults

    @property
    def shown(self) -> DroneTelemetry:
        found = self.shift.telemetry(DRONE)
        assert found is not None
        return found

    async def calm(self) -> None:
        """No fault is left; it hangs in the air in GUIDED and is heard well."""
        for entry in fields(Faults):
            setattr(self.faults, entry.name, getattr(Faults(), entry.name))
        await until(lambda: self.drone.under_way == 0, 3.0, "what was delayed has arrived")
        pilot = self.drone.pilot
        assert pilot.armed and not pilot.landed
        pilot.change_mode(Mode.GUIDED)

        def well() -> bool:
            shown = self.shown
            heard = (shown.heartbeat_age_s or 0.0) < 1.5 and (shown.position_age_s or 9.0) < 0.5
            still = (shown.ground_speed_mps or 0.0) < 0.5
            return shown.mode_name == "GUIDED" and shown.airborne and heard and still

        await until(well, 25.0, "well again")

    async def order(self, kind: CommandKind, metres: float = 0.0, valid_s: float = 20.0) -> Command:
        """Send an order; it is on its way."""
        epoch = self.shift.controls[DRONE].epoch
        target = near(self.shift.site, DRONE, metres) if metres else None
        height = UP_M if metres else None
        found = self.desk.order(kind, DRONE, epoch, target, height, valid_s=valid_s)
        first = await self.desk.send(found)
        assert first.state is S.SENT, (first.text, first.reasons)
        return found

    def states(self, command: Command) -> list[ReceiptState]:
        return [r.state for r in self.shift.receipts(command)]

    def acks(self) -> int:
        """COMMAND_ACKs that the drone has sent so far."""
        return self.drone.acks_sent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def flight(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Flight]:
    async with rig(tmp_path_factory.mktemp("faults")) as shift:
        desk = await shift.desk("pilot-a", "desk-1")
        shift.fleet.drone(DRONE).pilot.params.set("WP_SPD_UP", 5.0)
        await shift.launch(desk, DRONE, 12.0, UP_M)
        yield Flight(shift, desk)


# -- answers -------------------------------------------------------------------------------------
async def test_what_acts_and_never_answers_is_observed(flight: Flight) -> None:
    await flight.calm()
    flight.faults.never_ack = True
    hold = await flight.order(CommandKind.HOLD)
    assert (await flight.shift.final(hold)).state is S.OBSERVED
    assert S.ACKED not in flight.states(hold)
    assert flight.shown.mode_name == "BRAKE"


async def test_an_answer_after_the_effect_is_told_and_observed(flight: Flight) -> None:
    await flight.calm()
    flight.faults.ack_late_s = 0.4
    hold = await flight.order(CommandKind.HOLD)
    assert (await flight.shift.final(hold)).state is S.OBSERVED
    assert flight.states(hold)[-2:] == [S.ACKED, S.OBSERVED]


async def test_an_answer_before_the_effect_is_not_yet_the_effect(flight: Flight) -> None:
    await flight.calm()
    flight.faults.act_late_s = 1.5
    hold = await flight.order(CommandKind.HOLD)
    receipt = await flight.shift.final(hold)
    assert receipt.state is S.OBSERVED and receipt.elapsed_ms >= 1400
    assert flight.states(hold)[-2:] == [S.ACKED, S.OBSERVED]
    assert flight.shift.receipts(hold)[-2].elapsed_ms < receipt.elapsed_ms - 500


@pytest.mark.slow
async def test_an_answer_that_comes_late_revives_no_receipt(flight: Flight) -> None:
    await flight.calm()
    flight.faults.ack_late_s = 6.0
    flight.faults.ack_without_effect = True
    back = await flight.order(CommandKind.RETURN)
    receipt = await flight.shift.final(back)
    assert receipt.state is S.FAILED and "no answer" in receipt.text
    before, told = flight.acks(), flight.states(back)
    await until(lambda: flight.acks() >= before + 2, 10.0, "late answers")
    await flight.calm()
    assert flight.states(back) == told
    assert flight.shown.phase is not Phase.RETURNING


async def test_two_answers_make_one_receipt(flight: Flight) -> None:
    await flight.calm()
    flight.faults.ack_times = 2
    hold = await flight.order(CommandKind.HOLD)
    assert (await flight.shift.final(hold)).state is S.OBSERVED
    go = await flight.order(CommandKind.GO_TO, 14.0)
    assert (await flight.shift.final(go)).state is S.OBSERVED
    for command in (hold, go):
        states = flight.states(command)
        assert (states.count(S.ACKED), sum(s is S.OBSERVED for s in states)) == (1, 1)


async def test_a_refusal_fails_with_the_vehicles_own_reason(flight: Flight) -> None:
    await flight.calm()
    flight.faults.refuse = True
    flight.faults.refuse_text = "Mode change to BRAKE failed: requires position"
    hold = await flight.order(CommandKind.HOLD)
    receipt = await flight.shift.final(hold)
    assert receipt.state is S.FAILED and "denied" in receipt.text
    assert receipt.reasons == (flight.faults.refuse_text,)
    assert flight.shown.mode_name == "GUIDED"


async def test_an_answer_without_the_effect_is_not_observed(flight: Flight) -> None:
    await flight.calm()
    flight.faults.ack_without_effect = True
    back = await flight.order(CommandKind.RETURN)
    receipt = await flight.shift.final(back)
    assert receipt.state is S.NOT_OBSERVED
    assert flight.states(back)[-2:] == [S.ACKED, S.NOT_OBSERVED]
    assert flight.shown.phase is not Phase.RETURNING


# -- the radio -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value"),
    [("drop_fraction", 0.3), pytest.param("delay_s", 0.8, marks=pytest.mark.slow)],
)
async def test_orders_come_through_a_bad_radio(flight: Flight, field: str, value: float) -> None:
    await flight.calm()
    flight.drone.play(FaultScript.of([(0.0, field, value)]))
    await until(lambda: getattr(flight.faults, field) == value, 2.0, "the fault")
    hold = await flight.order(CommandKind.HOLD)
    receipt = await flight.shift.final(hold)
    assert receipt.state is S.OBSERVED, (receipt.text, receipt.reasons)
    assert sum(r.final for r in flight.shift.receipts(hold)) == 1
    assert flight.drone.pilot.mode is Mode.BRAKE


@pytest.mark.slow
async def test_an_older_position_never_replaces_a_newer_one(flight: Flight) -> None:
    await flight.calm()
    flight.faults.reorder_fraction = 0.4
    flight.faults.reorder_s = 0.35
    begun = len(flight.shift.batches)
    go = await flight.order(CommandKind.GO_TO, 110.0)
    receipt = await flight.shift.final(go, 40.0)
    assert receipt.state is S.OBSERVED, (receipt.text, receipt.reasons)
    home = near(flight.shift.site, DRONE, 0.0)
    away = [
        distance_m(home, d.position)
        for b in flight.shift.batches[begun:]
        for d in b.drones
        if d.position is not None
    ]
    assert max(away) > 105.0
    backward = [a - b for a, b in itertools.pairwise(away) if b < 100.0]
    assert max(backward) < 0.3  # noise alone: at 10 m/s one message late would be metres


# -- the computer --------------------------------------------------------------------------------
@pytest.mark.slow
async def test_a_boot_in_flight_is_told_and_rates_are_asked_for_again(flight: Flight) -> None:
    await flight.calm()
    shift, begun = flight.shift, len(flight.shift.batches)
    events = len(shift.events)
    flight.faults.reboot_s = 1.5
    await until(lambda: (flight.shown.position_age_s or 0.0) > 1.0, 5.0, "silence")
    await until(lambda: flight.shown.mode_name == "BRAKE", 10.0, "heard again")
    await until(lambda: (flight.shown.position_age_s or 9.0) < 0.3, 10.0, "its position again")
    phases = {d.phase for b in shift.batches[begun:] for d in b.drones}
    assert phases <= AIRBORNE, phases
    assert all(d.armed for b in shift.batches[begun:] for d in b.drones)
    fence = flight.drone.pilot.fence
    await until(lambda: flight.shown.fence_active == fence.enabled, 5.0, "the fence as it is")
    told = [e.text for e in shift.events[events:] if e.kind is EventKind.LINK]
    assert any("rebooted" in text for text in told), told
    hold = await flight.order(CommandKind.GO_TO, 32.0)
    assert (await shift.final(hold)).state is S.OBSERVED


@pytest.mark.parametrize("jump_s", [pytest.param(7200.0, marks=pytest.mark.slow), -600.0])
async def test_a_clock_that_jumps_leaves_ages_and_state_right(
    flight: Flight, jump_s: float
) -> None:
    await flight.calm()
    shift, begun = flight.shift, len(flight.shift.batches)
    flight.faults.clock_s = jump_s
    go = await flight.order(CommandKind.GO_TO, 60.0 if jump_s > 0 else 18.0)
    assert (await shift.final(go, 30.0)).state is S.OBSERVED
    shown = [d for b in shift.batches[begun:] for d in b.drones]
    assert all((d.position_age_s or 0.0) < 2.0 for d in shown)
    assert {d.phase for d in shown} <= AIRBORNE
    assert (
        distance_m(
            flight.shown.position or near(shift.site, DRONE, 0.0),
            go.target or near(shift.site, DRONE, 0.0),
        )
        < 3.0
    )


@pytest.mark.slow
async def test_a_changed_system_id_is_another_vehicle(flight: Flight) -> None:
    await flight.calm()
    before = flight.shift.gateway.report().foreign_packets
    flight.faults.system_id = 77
    await until(lambda: flight.shown.phase is Phase.SILENT, 15.0, "silent")
    assert flight.shift.gateway.report().foreign_packets > before
    epoch = flight.shift.controls[DRONE].epoch
    go = flight.desk.order(
        CommandKind.GO_TO, DRONE, epoch, near(flight.shift.site, DRONE, 40.0), UP_M
    )
    receipt = await flight.desk.send(go)
    assert receipt.state is S.REFUSED, receipt.text
    flight.faults.system_id = 0
    await until(lambda: flight.shown.airborne, 10.0, "heard again")
