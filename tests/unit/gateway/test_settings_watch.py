"""The settings watch: read by name, again when it may have changed, worse ones told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from gcs.gateway.settings_watch import AGAIN_S, SettingsWatch
from gcs.link.mavlink import dialect
from gcs.link.parameters import ParameterReader
from gcs.link.reports import Parameter
from gcs.link.settings import Rules
from gcs.model.event import EventKind, Severity
from gcs.model.vehicle import SettingVerdict
from tests.support.nats import until
from tests.unit.gateway.stage import DRONE, Stage, stage
from tests.unit.link.peer import heartbeat

VALUES = {
    "FS_GCS_ENABLE": 1.0,
    "RTL_ALT_M": 40.0,
    "MAV_GCS_SYSID": 255.0,
    "BATT_FS_LOW_ACT": 2.0,
    "BATT_FS_CRT_ACT": 1.0,
    "FENCE_ACTION": 1.0,
    "FS_GCS_TIMEOUT": 5.0,
    "FS_OPTIONS": 0.0,
    "MAV_GCS_SYSID_HI": 0.0,
    "MAV_OPTIONS": 1.0,
    "FENCE_TYPE": 7.0,
    "FENCE_ALT_MAX": 100.0,
}


class Vehicle:
    """Answers what it is asked for by name, and keeps who asked."""

    def __init__(self, found: Stage) -> None:
        self.values = dict(VALUES)
        self.asked: list[str] = []
        self.mute = False
        self._peer = found.peer
        found.peer.wire.answer = self.answer

    def answer(self, message: Any) -> None:
        if message.get_type() != "PARAM_REQUEST_READ":
            return
        self.asked.append(message.param_id)
        assert message.param_index == -1 and message.target_system == 1
        if message.param_id in self.values and not self.mute:
            self._peer.says(self.param(message.param_id))

    def param(self, name: str) -> Any:
        value = self.values[name]
        return dialect.MAVLink_param_value_message(name.encode(), value, 9, 900, 65535)


@asynccontextmanager
async def watching(found: Stage) -> AsyncIterator[SettingsWatch]:
    rules = Rules(255, 40.0, 100.0)
    watch = SettingsWatch(
        [found.drone], ParameterReader(), lambda drone: rules, found.events, found.clock
    )
    found.peer.network.on_report = watch.heard
    task = asyncio.ensure_future(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_read_by_name_at_first_sight_and_again_after_a_reboot_and_after_minutes() -> None:
    async with stage() as found, watching(found) as watch:
        vehicle = Vehicle(found)
        assert watch.report(DRONE) == () and watch.values(DRONE) is None
        found.peer.says(heartbeat())
        await until(lambda: watch.age_s(DRONE) == 0.0, 5.0, "the first reading")
        assert {s.verdict for s in watch.report(DRONE)} == {SettingVerdict.GOOD}
        values = watch.values(DRONE)
        assert values is not None and values.return_height_m == 40.0 and values.heeds(255)
        assert found.peer.sent("PARAM_REQUEST_LIST") == []
        assert found.peer.sent("PARAM_SET") == []
        vehicle.values["RTL_ALT_M"] = 45.0
        found.clock.advance(1.0)
        found.peer.says(heartbeat())
        watch.rebooted(found.peer.vehicle)
        await until(lambda: watch.age_s(DRONE) == 0.0, 5.0, "the reading after a reboot")
        vehicle.values["RTL_ALT_M"] = 50.0
        found.clock.advance(AGAIN_S + 1.0)
        found.peer.says(heartbeat())
        await until(lambda: watch.age_s(DRONE) == 0.0, 5.0, "the reading after minutes")
        values = watch.values(DRONE)
        assert values is not None and values.return_height_m == 50.0


async def test_a_change_for_the_worse_that_somebody_else_made_is_told_and_nothing_is_asked() -> (
    None
):
    async with stage() as found, watching(found) as watch:
        vehicle = Vehicle(found)
        found.peer.says(heartbeat())
        await until(lambda: watch.age_s(DRONE) is not None, 5.0, "the first reading")
        asked = len(vehicle.asked)
        vehicle.values["FS_GCS_ENABLE"] = 0.0
        found.peer.says(vehicle.param("FS_GCS_ENABLE"))
        await found.settle()
        (event,) = [e for e in found.streams.events if e.kind is EventKind.SETTING]
        assert event.severity is Severity.WARNING
        assert "ISL-01: FS_GCS_ENABLE was return and is now nothing" in event.text
        found.peer.says(vehicle.param("FS_GCS_ENABLE"))
        vehicle.values["FS_GCS_ENABLE"] = 1.0
        found.peer.says(vehicle.param("FS_GCS_ENABLE"))
        found.peer.network.on_report(found.peer.vehicle, Parameter("WP_SPD", 3.0))
        await found.settle()
        assert len([e for e in found.streams.events if e.kind is EventKind.SETTING]) == 1
        assert {s.verdict for s in watch.report(DRONE)} == {SettingVerdict.GOOD}
        assert len(vehicle.asked) == asked


async def test_a_vehicle_that_tells_nothing_has_unknown_settings() -> None:
    async with stage() as found, watching(found) as watch:
        vehicle = Vehicle(found)
        vehicle.mute = True
        found.peer.says(heartbeat())
        await until(lambda: watch.report(DRONE) != (), 5.0, "the reading to be given up")
        assert {s.verdict for s in watch.report(DRONE)} == {SettingVerdict.UNKNOWN}
        assert watch.values(DRONE) is None and watch.age_s(DRONE) is None
