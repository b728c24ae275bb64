"""One voice: a gateway that is killed is replaced at once, one that is paused never speaks again
after its heir has."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gcs.apps.shift import STANDBY
from tests.integration.apps.two_gateways import two_gateways

GCS_FAILSAFE_S = 4.9  # of an ArduPilot, from the last heartbeat of its ground station
PAUSE_S = 10.0


async def until(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        await asyncio.sleep(0.02)


async def test_a_killed_gateway_is_replaced_before_the_vehicle_misses_it(tmp_path: Path) -> None:
    async with two_gateways(tmp_path) as both:
        vehicle, first, second = both.vehicle, both.ports["gateway"], both.ports[STANDBY]
        both.start("gateway")
        await until(lambda: vehicle.first_from(first) is not None, "the first gateway's voice")
        both.start(STANDBY)
        log = both.folder / "logs" / f"{STANDBY}.log"
        await until(lambda: log.exists() and "is claimed by" in log.read_text(), "the stand-by")
        assert vehicle.first_from(second) is None, "a stand-by says nothing"
        both.signal("gateway", signal.SIGKILL)
        await until(lambda: vehicle.first_from(second) is not None, "the heir's voice")
        last, taken = vehicle.last_from(first), vehicle.first_from(second)
        assert last is not None and taken is not None
        assert taken - last < GCS_FAILSAFE_S - 1.0


@pytest.mark.slow
async def test_a_paused_gateway_never_speaks_after_its_heir(tmp_path: Path) -> None:
    async with two_gateways(tmp_path) as both:
        vehicle, first, second = both.vehicle, both.ports["gateway"], both.ports[STANDBY]
        both.start("gateway")
        await until(lambda: vehicle.first_from(first) is not None, "the first gateway's voice")
        both.start(STANDBY)
        log = both.folder / "logs" / f"{STANDBY}.log"
        await until(lambda: log.exists() and "is claimed by" in log.read_text(), "the stand-by")
        both.signal("gateway", signal.SIGSTOP)
        paused = time.monotonic()
        await until(lambda: vehicle.first_from(second) is not None, "the heir's voice")
        taken = vehicle.first_from(second)
        assert taken is not None and taken - paused > 3.0, "the fence had shut before"
        await until(lambda: time.monotonic() - paused > PAUSE_S, "the end of the pause")
        both.signal("gateway", signal.SIGCONT)
        woken = both.folder / "logs" / "gateway.log"
        await until(lambda: "silent from now" in woken.read_text(), "the woken one to see it")
        heard = len(vehicle.heard)
        await until(lambda: len(vehicle.heard) > heard + 3, "the heir to go on")
        said_late = [m for at, port, m in vehicle.heard if port == first and at >= taken]
        assert said_late == []
