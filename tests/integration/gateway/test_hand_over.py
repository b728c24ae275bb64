"""A hand-over between real desks on a real bus, of a drone in the air: whole, broken off, lost."""

from pathlib import Path

from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct
from gcs.model.control import ControlState as S
from tests.integration.gateway.handing import DRONE, handing
from tests.integration.gateway.rig import near
from tests.support.nats import until


async def test_a_whole_hand_over_in_the_air(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        epoch, a, b = it.record.epoch, it.a, it.b
        await it.bring(S.ARMED, a, b)
        place = {"target": near(it.shift.site, DRONE, 50.0), "height_m": 10.0}
        muted = await it.refused(a, CommandKind.GO_TO, **place)
        assert "is asked to take ISL-01" in muted.text
        await it.holds(a)
        await it.must(b, ControlAct.ASSUME)
        assert (it.record.holder, it.record.epoch) == (b.me, epoch + 1)
        late = await it.refused(a, CommandKind.HOLD)
        assert late.stale_epoch and "Pilot B at desk-2" in late.text
        early = await it.refused(b, CommandKind.GO_TO, **place)
        assert "show that you control ISL-01 first" in early.text
        await it.holds(b)
        await it.state(S.CONFIRMING)
        await until(lambda: bool(it.record.handover and it.record.handover.reasserted))
        await it.must(a, ControlAct.CONFIRM)
        assert (it.record.state, it.record.holder) == (S.OWNED, b.me)
        handed = [d for d in it.shift.drafts if d.action is AuditAction.HANDOFF and d.epoch]
        steps = [d.outcome.split(":")[0] for d in handed if not d.outcome.startswith("tick")]
        await until(lambda: it.shift.controls[DRONE] == it.record)
        assert steps[:4] == ["offer", "open", "checks_passed", "arm"]
        assert all({d.person, d.other} == {a.me.person, b.me.person} for d in handed)
        assert len({d.brief for d in handed[-3:]}) == 1 and handed[-1].brief
