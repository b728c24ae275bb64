"""A drone whose camera is controlled apart, on the real rig: it goes along, and obeys its own."""

import secrets
from dataclasses import replace
from pathlib import Path

from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlAct
from gcs.model.control import ControlState as S
from gcs.model.function import Function
from gcs.model.site import Site
from tests.integration.gateway.handing import DRONE, handing
from tests.integration.gateway.rig import Desk, small_site
from tests.support.nats import until


def apart() -> Site:
    site = small_site()
    return replace(site, drones=tuple(replace(d, coupled=False) for d in site.drones))


async def looks_down(desk: Desk, epoch: int) -> Receipt:
    """An order to the camera under an epoch of the camera's record."""
    like = desk.order(CommandKind.HOLD, DRONE, epoch)
    return await desk.send(
        Command(
            secrets.token_hex(8),
            CommandKind.GIMBAL,
            DRONE,
            desk.me.person,
            desk.me.desk,
            epoch,
            like.issued_utc_ms,
            like.deadline_utc_ms,
            pitch_deg=-60.0,
            yaw_deg=0.0,
        )
    )


async def test_the_camera_goes_along_and_obeys_who_holds_it(tmp_path: Path) -> None:
    async with handing(tmp_path, site=apart()) as it:
        assert (it.camera.holder, it.camera.state) == (it.a.me, S.OWNED), "a launch takes both"
        await it.bring(S.ARMED, it.a, it.b)
        epoch = it.camera.epoch
        await it.must(it.b, ControlAct.ASSUME)
        assert (it.camera.holder, it.camera.epoch) == (it.b.me, epoch + 1)
        late = await looks_down(it.a, epoch)
        assert late.state is ReceiptState.REFUSED and late.holder == it.b.me
        assert (await looks_down(it.b, it.camera.epoch)).state is ReceiptState.SENT
        await it.holds(it.b)
        await it.must(it.a, ControlAct.CONFIRM)
        await it.state(S.OWNED)

        released = await it.ask(it.b, ControlAct.RELEASE, function=Function.PAYLOAD)
        assert released.ok, released.text
        assert (it.camera.state, it.record.holder) == (S.UNOWNED, it.b.me)
        await it.must(it.a, ControlAct.TAKE, function=Function.PAYLOAD)
        assert (await looks_down(it.a, it.camera.epoch)).state is ReceiptState.SENT
        stale = await looks_down(it.b, it.camera.epoch)
        assert stale.state is ReceiptState.REFUSED and stale.holder == it.a.me
        await it.holds(it.b)

        await it.dies(it.b)
        await it.state(S.ORPHANED)
        assert it.camera.holder == it.a.me, "who watches goes on watching"
        await it.dies(it.a)
        await until(lambda: it.camera.state is S.UNOWNED, 4.0, "freed, never orphaned")
