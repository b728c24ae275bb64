"""Turning a camera at a rate: kept up while it is asked for, stopped by itself."""

import math
from collections.abc import Iterator

import pytest

from gcs.gateway import payload as payload_module
from gcs.gateway.rate_hold import LONGEST_S, STOPS
from gcs.link.camera_reports import GimbalManagerInformation
from gcs.model.command import CommandKind, ReceiptState
from tests.unit.gateway.carried import (
    Carried,
    attitude,
    manager,
)
from tests.unit.gateway.stage import DRONE, Stage, stage


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is not seen is given up soon."""
    for name in ("OBSERVE_S", "RATE_SEEN_S", "NO_SETTINGS_S", "SETTINGS_EACH_S", "STILL_S"):
        monkeypatch.setattr(payload_module, name, 0.05)
    yield


def rates(parts: Stage) -> list[tuple[float, float]]:
    sent = parts.peer.sent("GIMBAL_MANAGER_SET_PITCHYAW")
    return [
        (round(math.degrees(m.pitch_rate), 3), round(math.degrees(m.yaw_rate), 3)) for m in sent
    ]


def known() -> GimbalManagerInformation:
    return GimbalManagerInformation(1, 1, pans=True, tilts=True, points_at_places=True)


async def test_a_rate_is_kept_up_and_stops_by_itself() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.alive()
        assert made.rates.hold(parts.drone, known(), (10.0, -5.0), lambda: True)
        while parts.clock.monotonic() and made.rates.turns(DRONE):
            parts.clock.advance(0.2)
            made.rates.turn()
        for _ in range(10):
            parts.clock.advance(0.2)
            made.rates.turn()
        sent = rates(parts)
        turning = sent.count((10.0, -5.0))
        assert sent == [(10.0, -5.0)] * turning + [(0.0, 0.0)] * STOPS
        assert turning == round(LONGEST_S / 0.2)


async def test_asked_again_it_goes_on_and_without_control_it_stops() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.alive()
        wanted = [True]
        for _ in range(4):
            made.rates.hold(parts.drone, known(), (10.0, 0.0), lambda: wanted[0])
            for _ in range(5):
                parts.clock.advance(0.2)
                made.rates.turn()
        assert set(rates(parts)) == {(10.0, 0.0)}
        wanted[0] = False  # control changed hands
        made.rates.turn()
        assert rates(parts)[-1] == (0.0, 0.0)
        assert not made.rates.turns(DRONE)


async def test_another_order_ends_the_rate_without_a_stop_after_it() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(manager())
        made.answers()
        turn = made.command(CommandKind.GIMBAL_RATE, pitch_dps=10.0, yaw_dps=0.0)
        assert (await made.done(turn)).state is ReceiptState.NOT_OBSERVED  # nothing moved
        assert made.rates.turns(DRONE)
        await made.done(made.command(CommandKind.GIMBAL, pitch_deg=-30.0, yaw_deg=0.0))
        assert not made.rates.turns(DRONE)
        before = len(rates(parts))
        for _ in range(20):
            parts.clock.advance(0.2)
            made.rates.turn()
        assert len(rates(parts)) == before


async def test_a_rate_is_observed_by_what_moves() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(manager())
        made.says(attitude(0.0, 0.0))
        made.answers(
            lambda m: [attitude(5.0, 0.0)] if m.get_type() == "GIMBAL_MANAGER_SET_PITCHYAW" else []
        )
        turn = made.command(CommandKind.GIMBAL_RATE, pitch_dps=10.0, yaw_dps=0.0)
        receipt = await made.done(turn)
        assert receipt.state is ReceiptState.OBSERVED
        assert "+10°/s in pitch" in receipt.text and "2 s unless asked again" in receipt.text
        stop = made.command(CommandKind.GIMBAL_RATE, pitch_dps=0.0, yaw_dps=0.0)
        receipt = await made.done(stop)
        assert (receipt.state, receipt.text) == (
            ReceiptState.OBSERVED,
            f"the camera of {DRONE} stands still",
        )
        assert rates(parts)[-1] == (0.0, 0.0)


async def test_a_vehicle_in_trouble_is_sent_nothing_more() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.alive()
        made.rates.hold(parts.drone, known(), (10.0, 0.0), lambda: True)
        parts.drone.trouble_of = lambda: "two vehicles have system id 1"
        made.rates.turn()
        assert rates(parts) == [(10.0, 0.0)]
        assert not made.rates.turns(DRONE)
