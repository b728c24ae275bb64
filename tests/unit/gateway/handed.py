"""A drone in the air, two pilots and a supervisor, and the arbiter's loop turned by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.gateway.contingency import Contingency
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.ledger import Ledger
from gcs.gateway.loop import ArbiterLoop
from gcs.gateway.report import Figures
from gcs.gateway.watch import Watch
from gcs.link.mavlink import dialect
from gcs.link.rates import RateKeeper
from gcs.link.voice import Voice
from gcs.model.brief import Line
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import (
    ANSWERS,
    ControlAct,
    ControlRecord,
    ControlReply,
    ControlRequest,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.control import ControlState as S
from gcs.model.function import Function
from gcs.model.people import Holder, Role
from tests.unit.gateway.stage import DRONE, A, B, Stage, stage
from tests.unit.link.peer import ack, heartbeat, motion

CHIEF = Holder("super-c", "Supervisor C", "desk-3")
GUIDED, AUTO, RTL, LAND, BRAKE = 4, 3, 6, 9, 17
LINES = (Line("task", "d1"), Line("hazards", "d2"))
DIGEST = "0123456789abcdef"


class Briefs:
    """Stands where the briefs are made: two lines, and pre-checks as the test says."""

    def __init__(self) -> None:
        self.now: tuple[Line, ...] = LINES
        self.fails: tuple[str, ...] = ()

    def stands(self, record: ControlRecord, line: Line) -> bool:
        return line in self.now

    def lines(self, record: ControlRecord) -> tuple[Line, ...]:
        return self.now

    def failed(self, record: ControlRecord) -> tuple[str, ...]:
        return self.fails

    def waivable(self) -> tuple[str, ...]:
        return ("video",)

    def digest(self, record: ControlRecord) -> str:
        return DIGEST if record.handover else ""

    def heard(self, renewal: LeaseRenewal) -> None:
        """Nothing is asked of what a desk has."""


class Handed:
    """`alive`: the desks that renew their leases; `mode`: what the vehicle shows."""

    def __init__(self, parts: Stage) -> None:
        self.parts, self.briefs = parts, Briefs()
        parts.arbiter.briefs = self.briefs
        parts.sign_on(CHIEF, Role.SUPERVISOR)
        self.alive = [A, B, CHIEF]
        self.mode, self.up_m, self.heard, self.obeys = BRAKE, 30.0, True, True
        self.orders: list[int] = []
        self.count = 0
        self.ledger = Ledger(parts.directory, parts.events, parts.auditor, parts.clock)
        self.ledger.on_observed = parts.arbiter.observed
        drones, network = (parts.drone,), parts.peer.network
        self.loop = ArbiterLoop(
            drones,
            Watch({DRONE: parts.drone}, parts.arbiter.record, parts.events, parts.clock),
            Contingency(
                parts.arbiter.attended,
                parts.arbiter.record,
                lambda: 0.1,
                parts.commander,
                parts.activities,
                parts.auditor,
                parts.events,
                parts.clock,
            ),
            parts.arbiter,
            parts.activities,
            Heartbeat(drones, Voice(parts.clock), RateKeeper(parts.clock), parts.clock),
            Figures(drones, [network.counters], parts.clock),
        )
        parts.peer.wire.answer = self._obey

    @property
    def record(self) -> ControlRecord:
        return self.parts.record

    @property
    def camera(self) -> ControlRecord:
        return self.parts.arbiter.record(DRONE, Function.PAYLOAD)

    def _obey(self, message: Any) -> None:
        if message.get_type() != "COMMAND_LONG":
            return
        self.orders.append(message.command)
        if self.obeys:
            self.parts.peer.says(ack(message.command, 0))
            self.mode = int(message.param2)
            self.show()

    def show(self) -> None:
        """What the vehicle sends by itself."""
        if self.heard:
            up = self.up_m > 0.0
            landed = dialect.MAV_LANDED_STATE_IN_AIR if up else dialect.MAV_LANDED_STATE_ON_GROUND
            self.parts.peer.says(
                heartbeat(self.mode, armed=up, state=4),
                motion(up_m=self.up_m, climb_mps=0.0),
                dialect.MAVLink_extended_sys_state_message(0, landed),
            )

    async def turn(self, seconds: float = 0.2) -> None:
        """Time goes by in steps of at most 0.5 s, with what happens in each."""
        while seconds > 0.0:
            step = min(seconds, 0.5)
            seconds -= step
            self.parts.clock.advance(step)
            for at in self.alive:
                self.parts.leases.renew(at.person, at.desk)
            self.show()
            self.loop.turn(self.parts.drone)
            await self.parts.settle()

    # -- what desks do -------------------------------------------------------------------------
    async def ask(self, by: Holder, act: ControlAct, **more: Any) -> ControlReply:
        function = more.get("function", Function.FLIGHT)
        record = self.parts.arbiter.record(DRONE, function)
        self.count += 1
        if act in ANSWERS:
            more.setdefault("about", record.answered_by(act))
        if act is ControlAct.OFFER:
            more = {"to_person": B.person, "to_name": B.name, "reason": "end of shift", **more}
        epoch = more.pop("epoch", record.epoch)
        request = ControlRequest(f"r{self.count}", act, DRONE, by, epoch, **more)
        subject = f"gcs.islington.ctl.gw1.{by.person}.{by.desk}.{DRONE}"
        return await self.parts.control.serve(subject, request)

    async def must(self, by: Holder, act: ControlAct, **more: Any) -> None:
        reply = await self.ask(by, act, **more)
        assert reply.ok, reply.text

    async def renew(self, by: Holder) -> LeaseReply:
        """A renewal of his desk's lease."""
        subject = f"gcs.islington.lea.gw1.{by.person}.{by.desk}"
        return await self.parts.control.serve_lease(subject, LeaseRenewal(by.person, by.desk, 1))

    async def event(
        self, event: ControlEvent, function: Function = Function.FLIGHT
    ) -> ControlRecord | Refusal:
        """As the office of the briefs brings one about."""
        stimulus = Stimulus(
            event,
            self.parts.clock.utc_ms(),
            lines=self.briefs.now,
            failed=self.briefs.fails,
            brief=DIGEST,
        )
        return await self.parts.arbiter.change(DRONE, stimulus, False, function)

    async def bring(self, state: S, function: Function = Function.FLIGHT) -> None:
        """From where it stands, held by Pilot A, to this state of a hand-over to Pilot B."""
        if state in (S.REQUESTED, S.FORCED):
            act = ControlAct.REQUEST if state is S.REQUESTED else ControlAct.FORCE
            await self.must(B if state is S.REQUESTED else CHIEF, act, reason="nearer to it")
            return
        course = {
            S.OWNED: self._offer,
            S.OFFERED: self._open,
            S.BRIEFING: self._read,
            S.CHECKED: self._arm,
            S.ARMED: self._assume,
            S.TRANSFERRING: self._heard,
        }
        while (now := self.parts.arbiter.record(DRONE, function).state) is not state:
            await course[now](function)
            assert self.parts.arbiter.record(DRONE, function).state is not now, now

    async def _offer(self, function: Function) -> None:
        await self.must(A, ControlAct.OFFER, function=function)

    async def _open(self, function: Function) -> None:
        await self.must(B, ControlAct.OPEN, function=function)

    async def _read(self, function: Function) -> None:
        for line in self.briefs.now:
            await self.must(B, ControlAct.TICK, line=line, function=function)
        await self.event(ControlEvent.CHECKS_PASSED, function)

    async def _arm(self, function: Function) -> None:
        await self.must(A, ControlAct.ARM, function=function)

    async def _assume(self, function: Function) -> None:
        await self.must(B, ControlAct.ASSUME, function=function)

    async def _heard(self, function: Function) -> None:
        await self.turn()

    def command(self, by: Holder, kind: CommandKind, epoch: int | None = None) -> Command:
        """Under the present epoch unless told otherwise."""
        self.count += 1
        now = self.parts.clock.utc_ms()
        epoch = self.record.epoch if epoch is None else epoch
        return Command(f"c{self.count}", kind, DRONE, by.person, by.desk, epoch, now, now + 9000)

    def seen(self, by: Holder, kind: CommandKind, epoch: int | None = None) -> None:
        """A command of his whose effect is seen at the vehicle."""
        command = self.command(by, kind, epoch)
        self.ledger.open(command)
        self.ledger.tell(command, ReceiptState.OBSERVED, "seen")

    @property
    def said(self) -> list[str]:
        """What every desk was told of control."""
        return [e.text for e in self.parts.streams.events if e.control is not None]


@asynccontextmanager
async def handed(*, coupled: bool = True) -> AsyncIterator[Handed]:
    """Pilot A holds the drone, which hovers in a hold, his camera with it."""
    async with stage(coupled=coupled) as parts:
        found = Handed(parts)
        await found.turn()
        await parts.given(A)
        if not coupled:
            await parts.given(A, Function.PAYLOAD)
        await found.turn()
        yield found


@asynccontextmanager
async def again(shift: Handed) -> AsyncIterator[Handed]:
    """Another gateway on the same bucket and clock, after the first has died."""
    async with stage(like=shift.parts) as parts:
        heir = Handed(parts)
        heir.mode, heir.up_m = shift.mode, shift.up_m
        yield heir
