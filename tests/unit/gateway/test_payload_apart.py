"""A camera that is controlled apart: it goes with its flight unless another has it."""

import pytest

from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct
from gcs.model.control import ControlState as S
from gcs.model.function import Function
from gcs.model.telemetry import Phase
from tests.unit.gateway.handed import CHIEF, Handed, handed
from tests.unit.gateway.stage import DRONE, A, B

CAMERA = Function.PAYLOAD


async def give_camera(shift: Handed) -> None:
    """To Pilot B, by a hand-over of its own."""
    await shift.bring(S.TRANSFERRING, CAMERA)
    await shift.turn()
    assert (shift.camera.state, shift.camera.holder) == (S.OWNED, B)


async def test_it_has_a_record_of_its_own() -> None:
    async with handed(coupled=False) as shift:
        assert {"drone.ISL-01", "payload.ISL-01"} == set(shift.parts.store.entries)
        assert shift.camera.function is CAMERA and shift.record.function is Function.FLIGHT


async def test_where_it_is_not_apart_the_flights_record_counts() -> None:
    async with handed() as shift:
        assert shift.camera is shift.record
        await shift.must(A, ControlAct.OFFER, function=CAMERA)
        assert shift.record.state is S.OFFERED
        assert set(shift.parts.store.entries) == {"drone.ISL-01"}


async def test_it_goes_with_the_flight_at_the_transfer() -> None:
    async with handed(coupled=False) as shift:
        await shift.bring(S.ARMED)
        assert shift.camera.holder == A
        await shift.must(B, ControlAct.ASSUME)
        assert (shift.camera.state, shift.camera.holder, shift.camera.epoch) == (S.OWNED, B, 2)
        await shift.parts.settle()
        (entry,) = [d for d in shift.parts.streams.drafts if d.outcome.startswith("follow")]
        assert entry.action is AuditAction.TAKE
        assert {entry.person, entry.other} == {A.person, B.person}


async def test_it_stays_when_the_flight_alone_is_offered() -> None:
    async with handed(coupled=False) as shift:
        await shift.must(A, ControlAct.OFFER, payload=False)
        await shift.bring(S.TRANSFERRING)
        assert (shift.record.holder, shift.camera.holder) == (B, A)


async def test_it_stays_with_another_who_has_it() -> None:
    async with handed(coupled=False) as shift:
        await shift.parts.given(CHIEF, CAMERA)
        await shift.bring(S.TRANSFERRING)
        assert (shift.record.holder, shift.camera.holder) == (B, CHIEF)


async def test_it_is_offered_alone_while_the_flight_goes_on() -> None:
    async with handed(coupled=False) as shift:
        shift.mode = 4  # flying where it was sent: the camera asks nothing of that
        await shift.turn()
        await give_camera(shift)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, A)
        assert "the camera of ISL-01" in shift.said[-1]


async def test_its_desk_lost_frees_it_and_orphans_nothing() -> None:
    async with handed(coupled=False) as shift:
        await give_camera(shift)
        shift.alive = [A]
        await shift.turn(5.6)
        assert (shift.camera.state, shift.camera.epoch) == (S.UNOWNED, 3)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, A)


async def test_the_holders_desk_lost_frees_both() -> None:
    async with handed(coupled=False) as shift:
        shift.alive = [B]
        await shift.turn(5.6)
        assert (shift.record.state, shift.camera.state) == (S.ORPHANED, S.UNOWNED)
        await shift.turn(0.5)
        await shift.must(B, ControlAct.TAKE)
        assert (shift.record.holder, shift.camera.holder) == (B, B)


async def test_another_keeps_the_camera_of_a_flight_that_is_lost() -> None:
    async with handed(coupled=False) as shift:
        await give_camera(shift)
        shift.alive = [B]
        await shift.turn(5.6)
        assert (shift.record.state, shift.camera.holder) == (S.ORPHANED, B)


async def test_a_receiver_that_shows_nothing_loses_both() -> None:
    async with handed(coupled=False) as shift:
        await shift.bring(S.CONFIRMING)
        await shift.turn(10.5)
        assert (shift.record.state, shift.camera.state) == (S.ORPHANED, S.UNOWNED)


@pytest.mark.parametrize("with_b", [False, True])
async def test_back_in_the_dock_both_are_free(with_b: bool) -> None:
    async with handed(coupled=False) as shift:
        if with_b:
            await give_camera(shift)
        shift.up_m = 0.0
        shift.parts.drone.phase, shift.parts.drone.came_home = Phase.DOCKED, True
        await shift.turn()
        assert (shift.record.state, shift.camera.state) == (S.UNOWNED, S.UNOWNED)


async def test_released_on_the_ground_both_are_free_and_a_launch_takes_both() -> None:
    async with handed(coupled=False) as shift:
        shift.up_m = 0.0
        shift.parts.drone.phase = Phase.DOCKED
        await shift.must(A, ControlAct.RELEASE)
        assert (shift.record.state, shift.camera.state) == (S.UNOWNED, S.UNOWNED)
        launch = Stimulus(
            ControlEvent.LAUNCH,
            shift.parts.clock.utc_ms(),
            by=B,
            epoch=shift.record.epoch,
            incident="MPS-1",
        )
        await shift.parts.arbiter.change(DRONE, launch)
        assert (shift.record.holder, shift.camera.holder) == (B, B)
        event = shift.parts.arbiter
        assert event.attended(DRONE, CAMERA)


async def test_a_renewal_tells_of_flights_alone() -> None:
    async with handed(coupled=False) as shift:
        await give_camera(shift)
        held = await shift.renew(B)
        assert held.holds == ()
        assert (await shift.renew(A)).holds == ((DRONE, 1),)


async def test_a_safe_mode_ordered_at_the_flight_shows_nothing_of_the_camera() -> None:
    async with handed(coupled=False) as shift:
        shift.heard = False
        await shift.bring(S.TRANSFERRING, CAMERA)
        shift.seen(A, CommandKind.HOLD)
        await shift.turn(0.2)
        assert shift.camera.state is S.TRANSFERRING
