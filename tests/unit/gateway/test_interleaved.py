"""Three desks that ask for anything at once, in any order, many times: one holder, one entry each.

Seeded: what fails is found again.
"""

import asyncio
import random

import pytest

from gcs.control.stimulus import ControlEvent
from gcs.model.command import CommandKind
from gcs.model.control import HELD, ControlAct, ControlRecord, ControlReply
from gcs.model.control import ControlState as S
from gcs.model.people import Holder
from tests.unit.gateway.handed import AUTO, BRAKE, CHIEF, GUIDED, RTL, Handed, handed
from tests.unit.gateway.stage import DRONE, A, B

ACTS = [a for a in ControlAct if a not in (ControlAct.WAIVE, ControlAct.RELEASE)]


async def asks(shift: Handed, draw: random.Random) -> ControlReply:
    """Somebody asks for something, most often for what is possible; sometimes late."""
    by, act = draw.choice([A, B, CHIEF]), draw.choice(ACTS)
    epoch = shift.record.epoch - (draw.random() < 0.1)
    more: dict[str, object] = {"epoch": max(0, epoch), "reason": "nearer"}
    if act is ControlAct.TICK:
        more["line"] = draw.choice(shift.briefs.now)
    if draw.random() < 0.1:
        more["about"] = "something-else"
    return await shift.ask(by, act, **more)


async def happens(shift: Handed, draw: random.Random) -> None:
    """Time goes by, a desk falls silent or comes back, the vehicle does what it does."""
    chance = draw.random()
    if chance < 0.1:
        await shift.event(draw.choice([ControlEvent.CHECKS_PASSED, ControlEvent.BRIEF_CHANGED]))
    elif chance < 0.4:
        shift.mode = draw.choice([BRAKE, BRAKE, BRAKE, AUTO, GUIDED, RTL])
    elif chance < 0.5:
        shift.alive = draw.choice([[A, B, CHIEF], [A, B, CHIEF], [A, CHIEF], [B, CHIEF]])
    elif chance < 0.7 and shift.record.holder is not None:
        shift.seen(shift.record.holder, CommandKind.HOLD)
    await shift.turn(draw.choice([0.2, 0.2, 0.2, 1.0, 6.0]))


async def course(shift: Handed, draw: random.Random) -> None:
    """One step on the way of a hand-over, so that its later states are reached."""
    now, others = shift.record, [h for h in (A, B, CHIEF) if h != shift.record.holder]
    giver = now.holder or draw.choice(others)
    to = now.handover.receiver if now.handover else draw.choice(others)
    if now.state in (S.UNOWNED, S.ORPHANED):
        await shift.ask(to, ControlAct.TAKE)
    elif now.state is S.OWNED:
        await shift.ask(giver, ControlAct.OFFER, to_person=to.person, to_name=to.name)
    elif now.offer is not None:
        known = {h.person: h for h in (A, B, CHIEF)}
        await shift.ask(known[now.offer.to_person], ControlAct.OPEN)
    elif now.state is S.BRIEFING:
        for line in shift.briefs.now:
            await shift.ask(to, ControlAct.TICK, line=line)
        await shift.event(ControlEvent.CHECKS_PASSED)
    elif now.state is S.CHECKED:
        await shift.ask(giver, ControlAct.ARM)
    elif now.state is S.ARMED:
        await shift.ask(to, ControlAct.ASSUME)


def transitions(shift: Handed) -> list[ControlRecord]:
    """What every desk was told, in order."""
    return [e.control for e in shift.parts.streams.events if e.control is not None]


@pytest.mark.parametrize("seed", range(12))
async def test_there_is_one_holder_one_epoch_each_and_one_entry_for_each_change(seed: int) -> None:
    draw = random.Random(seed)
    async with handed() as shift:
        before = len([d for d in shift.parts.streams.drafts if d.epoch is not None])
        written = shift.parts.store.entries[f"drone.{DRONE}"].revision
        for _ in range(40):
            if draw.random() < 0.3:
                await asyncio.gather(*(asks(shift, draw) for _ in range(draw.randrange(1, 5))))
            await asyncio.gather(course(shift, draw), course(shift, draw))
            await happens(shift, draw)
            entry = shift.parts.store.entries[f"drone.{DRONE}"]
            assert entry.value == shift.record
        await shift.parts.settle()
        drafts = [d for d in shift.parts.streams.drafts if d.epoch is not None][before:]
        assert len(drafts) == shift.parts.store.entries[f"drone.{DRONE}"].revision - written
        epochs = [d.epoch for d in drafts if d.epoch is not None]
        assert epochs == sorted(epochs)
        holders: dict[int, Holder | None] = {}
        for record in transitions(shift):
            assert (record.holder is not None) == (record.state in HELD)
            assert holders.setdefault(record.epoch, record.holder) == record.holder
        assert len(holders) > 1, "control has changed hands"
