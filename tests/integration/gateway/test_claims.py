"""Asking for another's drone and taking it over, between real desks on a real bus."""

from pathlib import Path

from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind, ReceiptState
from gcs.model.control import ControlAct, ControlState
from tests.integration.gateway.rig import rig
from tests.support.nats import until

DRONE = "ISL-01"


async def test_asked_refused_asked_again_and_granted_opens_the_brief(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        await shift.ready(DRONE)
        assert (await a.ask(ControlAct.TAKE, DRONE, 0)).ok
        assert (await b.ask(ControlAct.REQUEST, DRONE, 1, reason="nearer")).ok
        twice = await b.ask(ControlAct.REQUEST, DRONE, 1, reason="nearer")
        assert not twice.ok and "not possible now" in twice.text
        assert not (await b.ask(ControlAct.GRANT, DRONE, 1)).ok, "nobody gives to himself"
        assert (await a.ask(ControlAct.REFUSE, DRONE, 1)).ok
        await until(lambda: any("it was refused" in e.text for e in shift.events))
        assert (await b.ask(ControlAct.REQUEST, DRONE, 1, reason="nearer")).ok
        given = await a.ask(ControlAct.GRANT, DRONE, 1)
        assert given.record is not None and given.record.handover is not None
        assert (given.record.state, given.record.holder) == (ControlState.BRIEFING, a.me)
        assert (given.record.handover.receiver, given.record.epoch) == (b.me, 1)
        assert not (await a.ask(ControlAct.ARM, DRONE, 1)).ok, "the brief is not read yet"
        assert (await b.ask(ControlAct.DECLINE, DRONE, 1)).ok
        await until(
            lambda: any(
                (d.reason, d.person, d.other) == ("nearer", a.me.person, b.me.person)
                for d in shift.drafts
                if d.action is AuditAction.HANDOFF
            )
        )


async def test_a_supervisor_takes_over_and_an_objection_is_overridden_by_a_second_order(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        chief = await shift.desk("super-c", "desk-3")
        await shift.ready(DRONE)
        assert (await a.ask(ControlAct.TAKE, DRONE, 0)).ok
        refused = await b.ask(ControlAct.FORCE, DRONE, 1, reason="I want it")
        assert not refused.ok and "only a supervisor" in refused.text
        assert (await chief.ask(ControlAct.FORCE, DRONE, 1, reason="he is ill")).ok
        assert (await a.ask(ControlAct.OBJECT, DRONE, 1)).ok
        await until(lambda: shift.controls[DRONE].state is ControlState.OWNED)
        assert shift.controls[DRONE].holder == a.me
        again = await chief.ask(ControlAct.FORCE, DRONE, 1, reason="he is ill")
        assert again.record is not None
        assert (again.record.holder, again.record.epoch) == (chief.me, 2)
        late = await a.send(a.order(CommandKind.HOLD, DRONE, 1))
        assert late.state is ReceiptState.REFUSED and late.holder == chief.me
        await until(lambda: shift.controls[DRONE].state is ControlState.OWNED, 3.0, "heard")
        assert (await chief.ask(ControlAct.RELEASE, DRONE, 2)).ok
        assert (await a.ask(ControlAct.TAKE, DRONE, 3)).ok
        assert (await chief.ask(ControlAct.FORCE, DRONE, 4, reason="he is ill")).ok
        await until(lambda: shift.controls[DRONE].holder == chief.me, 8.0, "nobody objected")
        assert shift.controls[DRONE].epoch == 5
        await until(
            lambda: sum(d.action is AuditAction.FORCED for d in shift.drafts) == 5,
            what="two orders, an objection, an order and its end, each once",
        )


async def test_who_asks_and_is_gone_changes_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        await shift.ready(DRONE)
        assert (await a.ask(ControlAct.TAKE, DRONE, 0)).ok
        assert (await b.ask(ControlAct.REQUEST, DRONE, 1, reason="nearer")).ok
        await shift.die("desk-2")
        await until(lambda: shift.controls[DRONE].state is ControlState.OWNED, 8.0, "fallen back")
        assert (shift.controls[DRONE].holder, shift.controls[DRONE].epoch) == (a.me, 1)
