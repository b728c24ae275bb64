"""Fences and plans over real UDP: from the keeper's record to what the vehicle holds and flies."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.geo.fence_plan import plan_of
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.event import EventKind, Severity
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from gcs.model.telemetry import Phase
from gcs.model.vehicle import FenceState, PlanReport, VehicleProfile, VehicleProfiles
from gcs.runtime.clock import SystemClock
from gcs.shared.subjects import Subjects
from tests.integration.gateway.rig import Desk, Rig, near, rig
from tests.support.nats import until

DRONE = "ISL-01"


class Profiled:
    """What a desk hears of the vehicles' fences and plans."""

    def __init__(self, shift: Rig) -> None:
        self.shift = shift
        self.newest: dict[str, VehicleProfile] = {}

    async def listen(self) -> None:
        names = Subjects(self.shift.site.id)
        bus = await self.shift.server.desk("super-c", "desk-3")
        await bus.listen(names.vehicles(), VehicleProfiles, self._heard)

    def _heard(self, subject: str, told: VehicleProfiles) -> None:
        self.newest.update({p.drone: p for p in told.profiles})

    def plan(self) -> tuple[PlanState, int, int]:
        """State, current point, points."""
        found = self.newest.get(DRONE)
        told = PlanReport() if found is None else found.plan
        return (told.state, told.current, told.items)

    def fence(self, state: FenceState, version: int) -> bool:
        found = self.newest.get(DRONE)
        return found is not None and (found.fence.state, found.fence.version) == (state, version)


async def record(shift: Rig, plan: FencePlan, revision: int | None) -> int:
    """As the keeper writes it."""
    names = Subjects(shift.site.id)
    bucket = shift.keeper_bus.bucket(names.record_bucket, FencePlan)
    return await bucket.put("fence.site", plan, revision)


async def test_a_new_fence_reaches_the_vehicle_and_is_active(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        desk = Profiled(shift)
        await desk.listen()
        await shift.ready(DRONE)
        await until(lambda: desk.fence(FenceState.ACTIVE, 0), 15.0, "the site's own fence")
        own = plan_of(shift.site.fence)
        out = FenceShape(False, centre=near(shift.site, DRONE, 200.0), radius_m=60.5)
        rally = RallyPoint(near(shift.site, DRONE, 50.0, 180.0), 45.0)
        new = replace(own, shapes=(*own.shapes, out), rally=(rally,), version=1, set_by="Pilot A")
        await record(shift, new, None)
        await until(lambda: desk.fence(FenceState.ACTIVE, 1), 15.0, "the new fence active")
        report = desk.newest[DRONE].fence
        assert (report.items, report.rally, report.text) == (len(own.shapes[0].points) + 1, 1, "")
        told = [e for e in shift.kinds(EventKind.FENCE) if "version 1" in e.text]
        assert told[-1].text == f"{DRONE}: geofence version 1 is active"
        assert told[-1].severity is Severity.INFO


async def test_a_fence_the_vehicle_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    """More points than it has room for, which no other vehicle of the site need mind."""
    async with rig(tmp_path) as shift:
        desk = Profiled(shift)
        await desk.listen()
        await shift.ready(DRONE)
        own = plan_of(shift.site.fence)
        many = FenceShape(False, centre=near(shift.site, DRONE, 200.0), radius_m=20.0)
        await record(shift, replace(own, shapes=own.shapes + (many,) * 200, version=1), None)
        await until(
            lambda: any(e.severity is Severity.CAUTION for e in shift.kinds(EventKind.FENCE)),
            15.0,
            "a caution of the fence",
        )
        caution = next(e for e in shift.kinds(EventKind.FENCE) if e.severity is Severity.CAUTION)
        assert "geofence version 1 is failed: uploading the points of the fence" in caution.text
        assert not desk.fence(FenceState.ACTIVE, 1)


def order(desk: Desk, kind: CommandKind, epoch: int, **more: object) -> Command:
    """A command on a plan."""
    now = SystemClock().utc_ms()
    me = desk.me
    return Command(
        secrets.token_hex(8),
        kind,
        DRONE,
        me.person,
        me.desk,
        epoch,
        now,
        now + 10_000,
        **more,  # type: ignore[arg-type]
    )


async def done(shift: Rig, desk: Desk, command: Command, within_s: float = 20.0) -> Receipt:
    """Send it; its final receipt."""
    first = await desk.send(command)
    assert first.state is ReceiptState.SENT, (first.text, first.reasons)
    return await shift.final(command, within_s)


@pytest.mark.slow
async def test_a_plan_is_flown_paused_resumed_and_ends_in_hold(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        seen = Profiled(shift)
        await seen.listen()
        await shift.launch(a, DRONE, 20.0, 10.0)
        epoch = shift.controls[DRONE].epoch
        places = [near(shift.site, DRONE, 40.0, bearing) for bearing in (0.0, 90.0, 180.0)]
        plan = FlightPlan("round", tuple(PlanItem(p, 12.0, speed_mps=6.0) for p in places))
        fly = order(a, CommandKind.PLAN, epoch, plan=plan)
        receipt = await done(shift, a, fly)
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        states = [r.state for r in shift.receipts(fly)]
        assert states == [ReceiptState.ACKED, ReceiptState.OBSERVED]
        await until(lambda: seen.plan() == (PlanState.FLYING, 1, 3), 5.0, "flying to point 1")

        receipt = await done(shift, a, order(a, CommandKind.PLAN_PAUSE, epoch))
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        await until(lambda: seen.plan()[0] is PlanState.PAUSED, 5.0, "paused")
        receipt = await done(shift, a, order(a, CommandKind.PLAN_ITEM, epoch, item=3))
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        receipt = await done(shift, a, order(a, CommandKind.PLAN_RESUME, epoch))
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        assert receipt.text == f"{DRONE} flies the plan, to point 3"

        await until(lambda: seen.plan()[0] is PlanState.COMPLETE, 40.0, "complete")
        telemetry = shift.telemetry(DRONE)
        assert telemetry is not None and telemetry.airborne
        assert "complete" in shift.kinds(EventKind.PLAN)[-1].text

        home = order(a, CommandKind.RETURN, epoch)
        assert (await done(shift, a, home)).state is ReceiptState.OBSERVED
        await until(lambda: shift.phase(DRONE) is Phase.DOCKED, 120.0, "docked")
