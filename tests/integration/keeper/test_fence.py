"""The site's geofence on record: who sets it, on what version, and what the audit says of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.geo.fence_plan import plan_of
from gcs.model.audit import AuditAction
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.shared.bus import BucketEntry
from tests.integration.keeper.bench import A, B, D, KeeperBench, N, keeper_bench
from tests.support.nats import until


class FenceBench:
    """The bench's keeper with what a gateway sees of the fence."""

    def __init__(self, bench: KeeperBench) -> None:
        self.bench = bench
        self.seen: list[FencePlan] = []
        self._count = 0

    async def watch(self) -> None:
        def seen(entry: BucketEntry[FencePlan]) -> None:
            assert entry.key == "fence.site"
            self.seen.append(entry.value)

        await self.bench.gateway.bucket(N.record_bucket, FencePlan).watch("fence.*", seen)

    async def set(self, by: Holder, plan: FencePlan | None, reason: str = "") -> KeeperReply:
        self._count += 1
        request = KeeperRequest(f"f{self._count}", KeeperAct.SET_FENCE, by, None, reason, plan)
        return await self.bench.desks[by].request(
            N.keeper(by.person, by.desk), request, KeeperReply, 5.0
        )

    def with_circle(self, radius_m: float, plan: FencePlan) -> FencePlan:
        """The fence with a place to keep out of, away from the docks."""
        corner = plan.shapes[0].points[0]
        out = FenceShape(False, centre=corner, radius_m=radius_m)
        return replace(plan, shapes=(plan.shapes[0], out))


@pytest.fixture
async def fence(tmp_path: Path) -> AsyncIterator[FenceBench]:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        found = FenceBench(bench)
        await found.watch()
        await until(lambda: bool(found.seen), what="the fence on record")
        yield found


async def test_set_by_a_pilot_version_by_version(fence: FenceBench) -> None:
    bench = fence.bench
    own = plan_of(bench.site.fence)
    assert fence.seen == [own]  # version 0 is the site file's own
    await bench.sign_on(A, B)
    drawn = fence.with_circle(80.0, own)
    reply = await fence.set(A, drawn, "the school's fair")
    assert reply.ok, reply.text
    assert reply.fence is not None
    assert (reply.fence.version, reply.fence.set_by) == (1, "Pilot A")
    assert reply.text == f"{own.name}: version 1 is set by {A.label}."
    assert reply.fence.shapes == drawn.shapes
    await until(lambda: fence.seen[-1] == reply.fence, what="the gateway's sight of it")

    entry = [e for e in bench.audit if e.draft.action is AuditAction.FENCE_SET][-1].draft
    assert (entry.person, entry.desk, entry.role) == ("pilot-a", "desk-1", "pilot")
    assert entry.reason == "the school's fair"
    assert f"version 0, 1 shape, 0 rally points, ceiling 100 m, digest {own.digest}" in entry.before
    assert (
        f"version 1, 2 shapes, 0 rally points, ceiling 100 m, digest {drawn.digest}" in entry.after
    )

    late = await fence.set(B, drawn)  # drawn on version 0 too
    assert not late.ok
    assert late.text == (
        "The fence was changed by Pilot A meanwhile: it is version 1, yours was drawn on version 0."
    )
    assert late.fence == reply.fence
    again = await fence.set(B, fence.with_circle(90.0, reply.fence))
    assert again.ok and again.fence is not None and again.fence.version == 2


async def test_who_may_not(fence: FenceBench) -> None:
    bench = fence.bench
    own = plan_of(bench.site.fence)
    reply = await fence.set(A, own)
    assert reply.text == "Pilot A is not signed on at desk-1: sign on first."
    await bench.sign_on(D)
    reply = await fence.set(D, own)
    assert not reply.ok and "observes" in reply.text
    forged = KeeperRequest("x", KeeperAct.SET_FENCE, B, None, "", own)
    answer = await bench.desks[A].request(N.keeper("pilot-a", "desk-1"), forged, KeeperReply, 5.0)
    assert answer.text == "pilot-a may not act as pilot-b."
    assert {e.draft.action for e in bench.audit} == {AuditAction.SIGN_ON, AuditAction.REFUSAL}
    assert fence.seen == [own]


async def test_a_fence_that_may_not_be_used_is_refused_in_words(fence: FenceBench) -> None:
    bench = fence.bench
    own = plan_of(bench.site.fence)
    await bench.sign_on(A)
    dock = bench.site.docks[0]
    over = FenceShape(False, centre=dock.position, radius_m=60.0)
    reply = await fence.set(A, replace(own, shapes=(*own.shapes, over)))
    assert reply.text == (
        f"The fence may not be used: dock {dock.id} is inside shape 2 (keep out)."
    )
    assert reply.fence == own
    assert bench.audit[-1].draft.action is AuditAction.REFUSAL
    assert fence.seen == [own]


async def test_it_outlives_the_keeper_and_another_site_file_does_not_undo_it(
    tmp_path: Path,
) -> None:
    async with keeper_bench(tmp_path) as bench:
        fence = FenceBench(bench)
        await fence.watch()
        async with bench.keeper():
            await bench.sign_on(A)
            drawn = fence.with_circle(80.0, plan_of(bench.site.fence))
            assert (await fence.set(A, drawn)).ok
        own = bench.site.fence
        bench.site = replace(bench.site, fence=replace(own, name="Another", polygon=own.polygon))
        async with bench.keeper():
            reply = await fence.set(A, drawn)  # version 0 again
            assert reply.fence is not None and reply.fence.version == 1
        assert [p.version for p in fence.seen] == [0, 1]


async def test_a_new_site_file_stands_while_nobody_set_one(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench:
        fence = FenceBench(bench)
        await fence.watch()
        async with bench.keeper():
            await until(lambda: bool(fence.seen), what="the fence on record")
        bench.site = replace(bench.site, fence=replace(bench.site.fence, name="Moved"))
        async with bench.keeper():
            await until(lambda: fence.seen[-1].name == "Moved", what="the new one on record")
        assert [p.version for p in fence.seen] == [0, 0]
        (entry,) = [e.draft for e in bench.audit if e.draft.action is AuditAction.FENCE_SET]
        assert entry.outcome == "The site file has another geofence now: Moved is the site's fence."
