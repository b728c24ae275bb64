"""pymavlink's own connection class, which knows nothing of this program, flies a drone.

It runs in a thread, as such clients do; the fleet runs in the loop, over real UDP.
"""

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

from gcs.runtime.clock import SystemClock
from gcs.sim.fleet import SimulatedFleet
from tests.integration.sim_drone.peers import SITE, WAIT_S, running
from tests.support.sites import heard_at


def mavutil_on_a_free_port() -> Any:
    mavutil = importlib.import_module("pymavlink.mavutil")
    return mavutil.mavlink_connection("udpin:127.0.0.1:0", source_system=255)


def port_of(connection: Any) -> int:
    return int(connection.port.getsockname()[1])


def wait(connection: Any, kind: str, fits: Callable[[Any], bool] = lambda m: True) -> Any:
    """The next message of a kind from system 1 that fits, within the deadline."""
    mavutil = importlib.import_module("pymavlink.mavutil")
    end = SystemClock().monotonic() + WAIT_S
    while (left := end - SystemClock().monotonic()) > 0:
        message = connection.recv_match(type=kind, blocking=True, timeout=left)
        if message is not None and message.get_srcSystem() == 1 and fits(message):
            return message
    raise AssertionError(f"no {kind} within {WAIT_S} s; {mavutil.__name__} heard other things")


def ack(connection: Any, command: int, *params: float) -> int:
    seven = [*params, *([0.0] * (7 - len(params)))]
    connection.mav.command_long_send(1, 1, command, 0, *seven)
    return int(wait(connection, "COMMAND_ACK", lambda m: m.command == command).result)


def fly(connection: Any) -> dict[str, Any]:
    """What an ordinary script does with an ordinary copter."""
    seen: dict[str, Any] = {"heartbeat": wait(connection, "HEARTBEAT")}
    connection.mav.heartbeat_send(6, 8, 0, 0, 0)
    seen["interval"] = ack(connection, 511, 33, 100_000)
    seen["position"] = wait(connection, "GLOBAL_POSITION_INT")
    connection.mav.param_request_read_send(1, 1, b"RTL_ALT_M", -1)
    seen["rtl"] = wait(connection, "PARAM_VALUE", lambda m: m.param_id == "RTL_ALT_M")
    seen["mode"] = ack(connection, 176, 1, 4)
    seen["arm"] = ack(connection, 400, 1)
    seen["armed"] = wait(connection, "HEARTBEAT", lambda m: m.base_mode & 128)
    seen["take_off"] = ack(connection, 22, 0, 0, 0, 0, 0, 0, 40)
    seen["rising"] = wait(connection, "GLOBAL_POSITION_INT", lambda m: m.relative_alt > 500)
    return seen


async def test_mavutil_listens_asks_arms_and_takes_off() -> None:
    connection = mavutil_on_a_free_port()
    try:
        gateway = ("127.0.0.1", port_of(connection))
        fleet = SimulatedFleet(heard_at(SITE, gateway), SystemClock(), seed=3)
        async with running(fleet):
            seen = await asyncio.to_thread(fly, connection)
    finally:
        connection.close()
    heartbeat = seen["heartbeat"]
    assert (heartbeat.type, heartbeat.autopilot, heartbeat.system_status) == (2, 3, 3)
    assert heartbeat.base_mode & 128 == 0
    assert {seen[k] for k in ("interval", "mode", "arm", "take_off")} == {0}
    assert seen["position"].alt == 30_000 + 18_000  # ground and roof
    assert seen["rtl"].param_value == SITE.required_return_height_m("ISL-01")
    assert seen["armed"].custom_mode == 4
    assert fleet.drone("ISL-01").flying
    assert not fleet.drone("ISL-02").flying
