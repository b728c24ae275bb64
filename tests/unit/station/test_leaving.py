"""Who signs off is not signed on again by the program that still runs."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder, Role
from gcs.model.site import Site
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station import network
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.state import DeskState

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
ME = Holder("pilot-a", "Pilot A", "desk-1")
TURNS = 50  # of the loop, until the keeper's answer to a sign-off comes


class Keeper:
    """A bus on which the record tells of a sign-off long before its answer comes."""

    connected = True

    def __init__(self, state: DeskState, lets_go: bool) -> None:
        self._state, self._lets_go = state, lets_go
        self.asked: list[KeeperAct] = []

    async def request(self, subject: str, request: KeeperRequest, *rest: object) -> KeeperReply:
        self.asked.append(request.act)
        if request.act is KeeperAct.SIGN_ON:
            return KeeperReply(True, "signed on", role=Role.PILOT)
        self._state.role = None
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return KeeperReply(self._lets_go, "signed off" if self._lets_go else "not done")


@pytest.mark.parametrize("lets_go", [True, False])
async def test_a_sign_off_is_not_undone_by_the_pulse(
    lets_go: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "SIGN_ON_AGAIN_S", 0.0)
    clock = ManualClock()
    state = DeskState(SITE, ME, clock)
    state.role = Role.PILOT
    keeper = Keeper(state, lets_go)
    bus: Any = keeper
    desk = Desk(SITE, state, clock)
    desk.attach(bus)
    pulse = asyncio.create_task(DeskNetwork(bus, SITE, state, desk, clock)._sign_on())
    outcome = await desk.sign_off()
    assert outcome.ok is lets_go
    assert keeper.asked == [KeeperAct.SIGN_OFF]
    for _ in range(TURNS):
        await asyncio.sleep(0)
    again = [] if lets_go else [KeeperAct.SIGN_ON]  # he is still here
    assert keeper.asked == [KeeperAct.SIGN_OFF, *again]
    pulse.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await pulse
