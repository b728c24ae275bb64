"""What a command may still do once something was waited for: control, time and vehicle change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway import auditor, launcher, ledger, orders
from gcs.gateway.camera_office import CameraOffice
from gcs.gateway.commands import CommandService
from gcs.gateway.drone import Drone
from gcs.gateway.launcher import Launcher
from gcs.gateway.ledger import Ledger
from gcs.gateway.mover import Mover
from gcs.gateway.payload import Payload
from gcs.gateway.phase import Stage as Errand
from gcs.gateway.phase import judge
from gcs.gateway.rate_hold import RateHold
from gcs.geo.earth import offset
from gcs.link import commands as link_commands
from gcs.link.mavlink import dialect
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlState, Handover, HandoverKind
from gcs.model.people import Holder
from gcs.model.telemetry import Phase
from tests.support.nats import until
from tests.support.people import signed_on
from tests.unit.gateway.stage import DRONE, A, B, Stage, stage
from tests.unit.link.peer import ack, heartbeat, motion

STABILIZE, GUIDED, RTL = 0, 4, 6
TAKE_OFF = dialect.MAV_CMD_NAV_TAKEOFF
REPOSITION = dialect.MAV_CMD_DO_REPOSITION


class WaitingGate(Launcher):
    """A launcher whose gate waits until the test opens it, as the keeper may be slow."""

    def __init__(self, parts: Stage, ledger: Ledger) -> None:
        nothing: Any = None
        super().__init__(
            nothing, nothing, parts.site, parts.arbiter, parts.commander, nothing, ledger
        )
        self.asked = asyncio.Event()
        self.opened = asyncio.Event()

    async def reasons_against(self, drone: Drone, command: Command, by: Holder) -> tuple[str, ...]:
        self.asked.set()
        await self.opened.wait()
        return ()


class Served:
    """A command service around one drone."""

    def __init__(self, parts: Stage) -> None:
        self.parts = parts
        directory = signed_on(parts.site.people)
        self.ledger = Ledger(directory, parts.events, parts.auditor, parts.clock)
        self.gate = WaitingGate(parts, self.ledger)
        self.payload = Payload(
            parts.commander,
            self.ledger,
            parts.arbiter.record,
            CameraOffice((parts.drone,), parts.clock),
            RateHold(parts.clock),
        )
        self.service = CommandService(
            {DRONE: parts.drone},
            parts.arbiter,
            directory,
            parts.qualified,
            self.gate,
            Mover(parts.site, parts.commander, self.ledger, parts.arbiter.record),
            (self.payload,),
            parts.activities,
            self.ledger,
            parts.auditor,
            parts.clock,
            lambda: parts.may_act,
        )
        self.count = 0

    def order(
        self,
        kind: CommandKind,
        by: Holder = A,
        epoch: int | None = None,
        valid_s: float = 10.0,
    ) -> Command:
        self.count += 1
        now = self.parts.clock.utc_ms()
        goes = kind in (CommandKind.LAUNCH, CommandKind.GO_TO)
        return Command(
            f"c{self.count}",
            kind,
            DRONE,
            by.person,
            by.desk,
            self.parts.record.epoch if epoch is None else epoch,
            now,
            now + round(valid_s * 1000),
            "MPS-20261122-1042" if kind is CommandKind.LAUNCH else None,
            offset(self.parts.drone.dock.position, 45.0, 60.0) if goes else None,
            20.0 if goes else None,
        )

    async def send(self, command: Command) -> Receipt:
        subject = f"gcs.islington.cmd.gw1.{command.person}.{command.desk}.{DRONE}"
        return await self.service.serve(subject, command)

    async def take(self, by: Holder = A) -> None:
        await self.parts.given(by)

    async def hand_over(self) -> None:
        """To Pilot B, whatever is being done."""
        await self.parts.given(B)

    def shows(self, mode: int, up_m: float = 0.0, armed: bool = False) -> None:
        state = dialect.MAV_LANDED_STATE_IN_AIR if up_m else dialect.MAV_LANDED_STATE_ON_GROUND
        self.parts.peer.says(
            heartbeat(mode, armed),
            motion(up_m=up_m),
            dialect.MAVLink_extended_sys_state_message(0, state),
        )
        self.parts.drone.phase = judge(self.parts.drone.shown())

    def sent(self, command: int) -> list[Any]:
        found = self.parts.peer.sent("COMMAND_LONG") + self.parts.peer.sent("COMMAND_INT")
        return [m for m in found if m.command == command]


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.05)
    monkeypatch.setattr(link_commands, "LATE_REASONS_S", 0.01)
    monkeypatch.setattr(orders, "LATE_EFFECT_S", 0.05)
    async with stage() as parts:
        found = Served(parts)
        found.shows(GUIDED)
        assert parts.drone.phase is Phase.DOCKED
        yield found


async def launching(served: Served) -> "asyncio.Task[Receipt]":
    """A launch that is being looked into."""
    task = asyncio.ensure_future(served.send(served.order(CommandKind.LAUNCH)))
    await served.gate.asked.wait()
    return task


@pytest.mark.parametrize("owned", [False, True])
@pytest.mark.parametrize("kind", [CommandKind.HOLD, CommandKind.RETURN, CommandKind.LAND])
async def test_a_hold_withdraws_a_launch_that_is_still_looked_into(
    served: Served, kind: CommandKind, owned: bool
) -> None:
    if owned:
        await served.take()
    task = await launching(served)
    held = await served.send(served.order(kind))
    assert "its launch is withdrawn" in held.text
    served.gate.opened.set()
    receipt = await task
    assert receipt.state is ReceiptState.REFUSED and "withdrawn" in receipt.text
    await served.parts.settle()
    assert not served.parts.peer.sent("COMMAND_LONG")


async def test_nobody_else_withdraws_a_launch(served: Served) -> None:
    task = await launching(served)
    assert "withdrawn" not in (await served.send(served.order(CommandKind.HOLD, B))).text
    elsewhere = Holder(A.person, A.name, "desk-7")
    assert "withdrawn" not in (await served.send(served.order(CommandKind.HOLD, elsewhere))).text
    served.gate.opened.set()
    assert (await task).state is ReceiptState.SENT


async def test_a_launch_does_not_begin_after_its_deadline(served: Served) -> None:
    task = await launching(served)
    served.parts.clock.advance(10.1)
    served.gate.opened.set()
    receipt = await task
    assert receipt.state is ReceiptState.REFUSED and "deadline" in receipt.text
    assert served.parts.record.holder is None
    assert not served.parts.peer.sent("COMMAND_LONG")


async def test_a_launch_does_not_begin_for_a_desk_that_died_meanwhile(served: Served) -> None:
    task = await launching(served)
    served.parts.clock.advance(5.1)
    served.gate.opened.set()
    receipt = await task
    assert receipt.state is ReceiptState.REFUSED and "not been heard" in receipt.text
    assert not served.parts.peer.sent("COMMAND_LONG")


async def test_a_second_launch_waits_for_no_first_one(served: Served) -> None:
    task = await launching(served)
    again = await served.send(served.order(CommandKind.LAUNCH))
    assert "busy with an earlier order" in again.text
    served.gate.opened.set()
    assert (await task).state is ReceiptState.SENT


async def test_a_launch_goes_no_further_when_control_changed_hands(served: Served) -> None:
    wire = served.parts.peer.wire

    def obey(message: Any) -> None:
        if message.get_type() != "COMMAND_LONG":
            return
        served.parts.peer.says(ack(message.command, 0))
        if message.command == TAKE_OFF:
            served.shows(GUIDED, up_m=5.0, armed=True)
        else:
            served.shows(GUIDED, armed=True)

    wire.answer = obey
    served.gate.opened.set()
    assert (await served.send(served.order(CommandKind.LAUNCH))).state is ReceiptState.SENT
    await until(lambda: served.parts.drone.stage is Errand.CLIMB and bool(served.sent(TAKE_OFF)))
    await served.parts.settle()
    await served.hand_over()
    served.shows(GUIDED, up_m=20.0, armed=True)
    await until(lambda: not served.parts.activities.active(DRONE))
    assert served.sent(TAKE_OFF) and not served.sent(REPOSITION)
    await served.parts.settle()
    told = [e.receipt for e in served.parts.streams.events if e.receipt]
    assert told[-1].state is ReceiptState.FAILED and "Pilot B" in told[-1].text


@pytest.mark.parametrize("speed_mps", [0.0, 5.0])
async def test_a_launch_is_observed_only_once_it_is_seen_on_its_way(
    served: Served, monkeypatch: pytest.MonkeyPatch, speed_mps: float
) -> None:
    monkeypatch.setattr(launcher, "SETS_OUT_S", 0.1)
    says = served.parts.peer.says

    def obey(message: Any) -> None:
        if not message.get_type().startswith("COMMAND"):
            return
        says(ack(message.command, 0))
        served.shows(GUIDED, up_m=20.0 if message.command == TAKE_OFF else 0.0, armed=True)
        if message.command == REPOSITION:
            served.shows(GUIDED, up_m=20.0, armed=True)
            says(motion(up_m=20.0, speed_mps=speed_mps))

    served.parts.peer.wire.answer = obey
    served.gate.opened.set()
    assert (await served.send(served.order(CommandKind.LAUNCH))).state is ReceiptState.SENT
    states = {0.0: ReceiptState.NOT_OBSERVED, 5.0: ReceiptState.OBSERVED}

    def told() -> list[Receipt]:
        return [e.receipt for e in served.parts.streams.events if e.receipt]

    await until(lambda: bool(told()) and told()[-1].final, 5.0, "the end")
    assert told()[-1].state is states[speed_mps], told()[-1].text


async def test_a_take_off_whose_ack_was_lost_goes_on(served: Served) -> None:
    """Its repeat is refused, because it flies."""
    refused = ack(TAKE_OFF, dialect.MAV_RESULT_FAILED)

    def obey(message: Any) -> None:
        if not message.get_type().startswith("COMMAND"):
            return
        if message.command != TAKE_OFF:
            served.parts.peer.says(ack(message.command, 0))
            served.shows(GUIDED, up_m=20.0 if served.sent(TAKE_OFF) else 0.0, armed=True)
        elif message.confirmation:
            served.parts.peer.says(refused)
            served.shows(GUIDED, up_m=20.0, armed=True)

    served.parts.peer.wire.answer = obey
    served.gate.opened.set()
    assert (await served.send(served.order(CommandKind.LAUNCH))).state is ReceiptState.SENT
    await until(lambda: bool(served.sent(REPOSITION)), 5.0, "it sets out")


async def flying(served: Served) -> None:
    await served.take()
    served.shows(GUIDED, up_m=20.0, armed=True)


async def test_a_move_is_not_repeated_once_the_vehicle_returns_by_itself(served: Served) -> None:
    await flying(served)
    served.parts.peer.wire.answer = lambda m: served.shows(RTL, up_m=20.0, armed=True)
    await served.send(served.order(CommandKind.GO_TO))
    await until(lambda: not served.parts.activities.active(DRONE))
    assert len(served.sent(REPOSITION)) == 1


async def test_a_move_is_not_repeated_under_an_old_epoch(served: Served) -> None:
    await flying(served)
    await served.send(served.order(CommandKind.GO_TO))
    await until(lambda: bool(served.sent(REPOSITION)))
    await served.hand_over()
    served.shows(STABILIZE, up_m=20.0, armed=True)
    await until(lambda: not served.parts.activities.active(DRONE))
    assert len(served.sent(REPOSITION)) == 1


async def test_a_move_is_not_repeated_once_another_is_asked_to_take_it(served: Served) -> None:
    await flying(served)
    await served.send(served.order(CommandKind.GO_TO))
    await until(lambda: bool(served.sent(REPOSITION)))
    asked = Handover("h1", HandoverKind.OFFERED, A, B, "relief", 0, 0)
    armed = replace(served.parts.record, state=ControlState.ARMED, handover=asked)
    assert await served.parts.registry.write(armed)
    served.shows(STABILIZE, up_m=20.0, armed=True)
    await until(lambda: not served.parts.activities.active(DRONE))
    assert len(served.sent(REPOSITION)) == 1


async def test_a_hold_is_repeated_while_it_is_wanted(served: Served) -> None:
    await flying(served)
    await served.send(served.order(CommandKind.HOLD))
    await until(lambda: not served.parts.activities.active(DRONE))
    assert len(served.sent(dialect.MAV_CMD_DO_SET_MODE)) == link_commands.SENDS


async def test_a_move_whose_entry_cannot_be_stored_is_broken_off(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "STORE_S", 0.05)
    await flying(served)
    served.parts.streams.down = True
    receipt = await served.send(served.order(CommandKind.GO_TO))
    assert receipt.state is ReceiptState.FAILED and "audit cannot be written" in receipt.text
    await until(lambda: bool(served.sent(dialect.MAV_CMD_DO_SET_MODE)), 2.0, "it is held")
    refused = await served.send(served.order(CommandKind.GO_TO))
    assert refused.state is ReceiptState.REFUSED and len(served.sent(REPOSITION)) == 1


async def test_a_move_broken_off_leaves_a_return_alone(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "STORE_S", 0.2)
    await flying(served)
    served.parts.streams.down = True
    task = asyncio.ensure_future(served.send(served.order(CommandKind.GO_TO)))
    await served.parts.settle()
    served.shows(RTL, up_m=20.0, armed=True)
    assert (await task).state is ReceiptState.FAILED
    await until(lambda: not served.parts.activities.active(DRONE))
    assert not served.sent(dialect.MAV_CMD_DO_SET_MODE)


async def test_the_holder_may_move_a_drone_he_is_returning(served: Served) -> None:
    await flying(served)
    served.shows(RTL, up_m=20.0, armed=True)
    receipt = await served.send(served.order(CommandKind.GO_TO))
    assert receipt.state is ReceiptState.SENT
    await until(lambda: bool(served.sent(REPOSITION)))


async def test_a_stale_order_is_refused_and_its_id_is_not_reused(served: Served) -> None:
    await flying(served)
    order = served.order(CommandKind.HOLD, epoch=0)
    first = await served.send(order)
    assert first.stale_epoch and await served.send(order) == first
    again = await served.send(replace(order, epoch=1))
    assert "used for another command" in again.text


async def test_a_command_under_way_is_remembered_through_a_flood_of_others(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "REMEMBERED", 5)
    await flying(served)
    order = served.order(CommandKind.HOLD)
    served.parts.peer.wire.answer = lambda m: served.parts.peer.says(ack(m.command, 0))
    first = await served.send(order)
    for _ in range(20):
        await served.send(served.order(CommandKind.RETURN, B, epoch=0))
    again = await served.send(order)
    assert (again.command_id, again.kind) == (first.command_id, CommandKind.HOLD)
    assert again.state is not ReceiptState.REFUSED
    served.parts.clock.advance(11.0)
    for _ in range(20):
        await served.send(served.order(CommandKind.RETURN, B, epoch=0, valid_s=-1.0))
    assert len(served.ledger) <= 5 + 1


def test_an_incident_of_any_length_does_not_get_into_the_audit() -> None:
    """An audit draft too long for the bus could never be stored, nor any behind it."""
    now = 1_790_000_000_000
    with pytest.raises(ValueError, match=r"command\.incident"):
        Command("c1", CommandKind.HOLD, DRONE, "a", "desk-1", 0, now, now, "x" * 900_000)
