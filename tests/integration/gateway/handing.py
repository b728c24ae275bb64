"""A drone held in the air on the real rig, two pilots and a supervisor who hand it around.

Leases are 1.2 s here and desks renew five times a second, so that a desk's death is soon seen.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gcs.model.brief import Readiness, fence_mark
from gcs.model.command import CommandKind, Receipt, ReceiptState
from gcs.model.control import ANSWERS, ControlAct, ControlRecord, ControlReply
from gcs.model.control import ControlState as S
from gcs.model.function import Function
from gcs.model.site import Site
from gcs.model.telemetry import Phase
from tests.integration.gateway.rig import Desk, Rig, make_gateway, near, rig
from tests.support.nats import until
from tests.support.sites import heard_at

DRONE = "ISL-01"
LEASE_S = 1.2
RENEWS_S = 0.2


class Handing:
    """Pilot A launched it and holds it in the air."""

    def __init__(self, shift: Rig, a: Desk, b: Desk, chief: Desk) -> None:
        self.shift, self.a, self.b, self.chief = shift, a, b, chief

    @property
    def record(self) -> ControlRecord:
        """As the gateway has it now."""
        return self.shift.gateway._parts.arbiter.record(DRONE)

    @property
    def camera(self) -> ControlRecord:
        """The payload's, where it is apart."""
        return self.shift.gateway._parts.arbiter.record(DRONE, Function.PAYLOAD)

    def prepare(self) -> None:
        """Short leases, and desks that show what a desk shows."""
        parts = self.shift.gateway._parts
        parts.leases._lease_s = LEASE_S
        for desk in (self.a, self.b, self.chief):
            desk.has, desk.renews_s = self.readiness, RENEWS_S

    def readiness(self) -> tuple[Readiness, ...]:
        """As of a desk that has the newest of everything."""
        parts = self.shift.gateway._parts
        fence, plan = fence_mark(parts.fences.plan()), parts.plans.report(DRONE).digest
        return (Readiness(DRONE, 0.1, 0.1, fence, plan, True),)

    async def fly(self, height_m: float = 8.0) -> None:
        """Pilot A launches, and holds it on its climb."""
        await self.shift.ready(DRONE)
        target = near(self.shift.site, DRONE, 60.0)
        epoch = self.record.epoch
        order = self.a.order(CommandKind.LAUNCH, DRONE, epoch, target, height_m)
        first = await self.a.send(order)
        assert first.state is ReceiptState.SENT, (first.text, first.reasons)
        await until(lambda: self.shift.phase(DRONE) is Phase.CLIMBING, 10.0, "climbing")
        await self.holds(self.a)

    async def holds(self, desk: Desk) -> Receipt:
        """A hold of his is seen at the vehicle."""
        order = desk.order(CommandKind.HOLD, DRONE, self.record.epoch)
        sent = await desk.send(order)
        assert sent.state is ReceiptState.SENT, sent.text
        receipt = await self.shift.final(order)
        assert receipt.state is ReceiptState.OBSERVED, receipt.text
        return receipt

    async def refused(self, desk: Desk, kind: CommandKind, **more: Any) -> Receipt:
        """An order of his under the present epoch that is refused."""
        receipt = await desk.send(desk.order(kind, DRONE, self.record.epoch, **more))
        assert receipt.state is ReceiptState.REFUSED, receipt.text
        return receipt

    async def ask(self, desk: Desk, act: ControlAct, **more: Any) -> ControlReply:
        """Under the epoch and about what stands in the record now."""
        function = more.get("function", Function.FLIGHT)
        record = self.shift.gateway._parts.arbiter.record(DRONE, function)
        if act in ANSWERS:
            more.setdefault("about", record.answered_by(act))
        return await desk.ask(act, DRONE, more.pop("epoch", record.epoch), **more)

    async def must(self, desk: Desk, act: ControlAct, **more: Any) -> None:
        reply = await self.ask(desk, act, **more)
        assert reply.ok, reply.text

    async def state(self, state: S, within_s: float = 8.0) -> None:
        """Until the record says so."""
        await until(lambda: self.record.state is state, within_s, f"{state}, is {self.record}")

    async def bring(self, state: S, giver: Desk, to: Desk) -> None:
        """From where it stands to this state of a hand-over from one desk to the other."""
        while (now := self.record.state) is not state:
            if now is S.OWNED:
                await self.must(giver, ControlAct.OFFER, to=to.me, reason="end of shift")
            elif now is S.OFFERED:
                await self.must(to, ControlAct.OPEN)
            elif now is S.BRIEFING:
                await self.reads(to)
            elif now is S.CHECKED:
                await self.must(giver, ControlAct.ARM)
            elif now is S.ARMED:
                await self.must(to, ControlAct.ASSUME)
            elif now is S.TRANSFERRING:
                await until(lambda: self.record.state is not S.TRANSFERRING, 4.0, "heard")
            else:
                raise AssertionError(f"{now} leads not to {state}")

    async def reads(self, to: Desk) -> None:
        """Each line of the brief as it is published, until every one is read and checked."""
        about = self.record.at_issue

        def published() -> bool:
            sheet = self.shift.sheets.get(DRONE)
            return sheet is not None and sheet.handover == about and bool(sheet.items)

        def over() -> bool:
            return self.record.state is not S.BRIEFING

        await until(published, 8.0, "a brief")
        for _ in range(40):
            handover = self.record.handover
            if over() or handover is None:
                return
            open_lines = [n for n in self.shift.sheets[DRONE].lines if n not in handover.ticked]
            for line in open_lines:
                await self.ask(to, ControlAct.TICK, line=line)
            await until_or(over, 0.3)
        raise AssertionError(f"never checked: {self.shift.sheets[DRONE].checks}")

    async def owned(self, giver: Desk, to: Desk) -> None:
        """The whole of it, confirmed on both sides."""
        await self.bring(S.CONFIRMING, giver, to)
        await self.holds(to)
        await self.must(giver, ControlAct.CONFIRM)
        await self.state(S.OWNED)
        assert self.record.holder == to.me

    async def taken(self, desk: Desk) -> None:
        """An orphaned drone is his, and he shows it. Until it is held a take is refused."""

        async def takes() -> bool:
            reply = await self.ask(desk, ControlAct.TAKE)
            assert reply.ok or "held first" in reply.text, reply.text
            return reply.ok

        for _ in range(40):
            if await takes():
                break
            await until_or(lambda: False, 0.1)
        await self.holds(desk)
        await self.state(S.OWNED)
        assert self.record.holder == desk.me

    async def gateway_restarts(self) -> None:
        """The gateway is killed and another takes its place at the same socket."""
        shift, port = self.shift, self.shift.gateway.address[1]
        await shift.die("gateway")
        await shift.gateway_bus.close()
        shift.gateway_bus = await shift.server.bus("gateway")
        site = heard_at(shift.site, ("127.0.0.1", port))
        shift.gateway = make_gateway(shift.gateway_bus, site)
        self.prepare()
        for desk in (self.a, self.b):
            desk.answers = 0
        shift.start("gateway", shift.gateway.run)
        await until(lambda: self.a.answers > 1 < self.b.answers, 6.0, "it answers both desks")

    async def dies(self, desk: Desk) -> None:
        """Its program ends."""
        await self.shift.die(desk.me.desk)

    async def lives(self, desk: Desk) -> None:
        """It is started again, and heard."""
        self.shift.start(desk.me.desk, desk.live)
        leases = self.shift.gateway._parts.leases
        await until(lambda: leases.alive(desk.me), 3.0, "its desk is heard")

    def said(self, words: str) -> bool:
        """Whether every desk was told so."""
        return any(words in e.text for e in self.shift.events)


async def until_or(condition: Callable[[], bool], within_s: float) -> bool:
    """Whether it came true in time."""
    try:
        await until(condition, within_s)
    except AssertionError:
        return False
    return True


@asynccontextmanager
async def handing(
    folder: Path, *, flies: bool = True, site: Site | None = None
) -> AsyncIterator[Handing]:
    """The rig with three desks; in the air unless told otherwise, else held in its dock."""
    async with rig(folder, site=site) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        chief = await shift.desk("super-c", "desk-3")
        found = Handing(shift, a, b, chief)
        found.prepare()
        if flies:
            await found.fly()
        else:
            await shift.ready(DRONE)
            await found.must(a, ControlAct.TAKE)
        yield found
