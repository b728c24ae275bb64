"""The launch gate gathers: settings read now, the keeper asked, the dock, the fence, waivers."""

import asyncio
import struct
from typing import Any

import pytest

from gcs.gateway.dock_weather import DockWeatherBook
from gcs.gateway.gate import ASKED, LaunchGate
from gcs.gateway.ledger import Ledger
from gcs.gateway.override import Overrides
from gcs.geo.earth import offset
from gcs.link.mavlink import dialect
from gcs.link.parameters import ParameterReader, SafetySettings
from gcs.model.command import Command, CommandKind, Waiver
from gcs.model.mission import KeeperReply
from gcs.model.telemetry import Phase
from gcs.model.vehicle import FenceState
from gcs.model.weather import DockWeather
from gcs.shared.bus import NoAnswer
from gcs.shared.subjects import Subjects
from tests.support.people import signed_on
from tests.unit.gateway.stage import DRONE, A, Stage, stage
from tests.unit.link.peer import heartbeat, motion

NOW = 1_790_000_000_000
ARDU = {"FS_GCS_ENABLE": 1.0, "RTL_ALT_M": 40.0, "MAV_GCS_SYSID": 255.0, "MAV_GCS_SYSID_HI": 0.0}
ARDU["MAV_OPTIONS"] = 1.0
FINE = SafetySettings(1.0, 40.0, 255.0)
HEALTHY = dialect.MAV_SYS_STATUS_PREARM_CHECK | dialect.MAV_SYS_STATUS_GEOFENCE


class Keeper:
    """Stands where the bus stands."""

    def __init__(self) -> None:
        self.reply: KeeperReply | None = KeeperReply(True, "authorised")

    async def request(self, subject: str, value: Any, kind: type[Any], timeout_s: float) -> Any:
        if self.reply is None:
            raise NoAnswer("nobody is there")
        return self.reply


class Gated:
    """A drone that may be launched as far as it shows, and the gate before it."""

    def __init__(self, found: Stage) -> None:
        self.found, self.keeper = found, Keeper()
        self.parameters = dict(ARDU)
        self.as_bits = False
        self.fence = FenceState.ACTIVE
        self.known: SafetySettings | None = FINE
        self.weather = DockWeatherBook(found.site, found.clock)
        self.weather.take("gcs.islington.wx.D1", DockWeather("D1", 4.0, 6.0, 240.0, 0))
        directory = signed_on(found.site.people)
        self.ledger = Ledger(directory, found.events, found.auditor, found.clock)
        self.overrides = Overrides(directory, found.auditor, self.ledger, found.clock)
        bus: Any = self.keeper
        self.gate = LaunchGate(
            bus,
            Subjects("islington"),
            found.site,
            ParameterReader(),
            clock=found.clock,
            fence_state=lambda drone: self.fence,
            settings=lambda drone: self.known,
            weather=self.weather,
            overrides=self.overrides,
        )
        found.peer.wire.answer = self.answer
        self.show(heartbeat())

    def show(self, beat: Any) -> None:
        self.found.peer.says(
            beat,
            motion(up_m=0.0),
            dialect.MAVLink_sys_status_message(
                HEALTHY, HEALTHY, HEALTHY, 0, 25200, -1, 96, 0, 0, 0, 0, 0, 0
            ),
            dialect.MAVLink_gps_raw_int_message(0, 3, 0, 0, 0, 80, 80, 0, 0, 14),
        )
        self.found.drone.phase = Phase.DOCKED

    def answer(self, message: Any) -> None:
        if message.get_type() == "PARAM_REQUEST_READ" and message.param_id in self.parameters:
            value, kind = self.parameters[message.param_id], 9
            if self.as_bits and value == int(value):
                (value,), kind = struct.unpack("<f", struct.pack("<i", int(value))), 6
            self.found.peer.says(
                dialect.MAVLink_param_value_message(message.param_id.encode(), value, kind, 9, 0)
            )

    async def reasons(self, **changes: Any) -> tuple[str, ...]:
        target = offset(self.found.site.docks[0].position, 45.0, 300.0)
        command = Command(
            **{
                "id": "c1",
                "kind": CommandKind.LAUNCH,
                "drone": DRONE,
                "person": "pilot-a",
                "desk": "desk-1",
                "epoch": 0,
                "issued_utc_ms": NOW,
                "deadline_utc_ms": NOW + 5000,
                "incident": "MPS-1",
                "target": target,
                "height_m": 40.0,
                **changes,
            }
        )
        return await self.gate.reasons_against(self.found.drone, command, A)


async def test_a_good_drone_goes_and_what_matters_is_asked_by_name() -> None:
    async with stage() as found:
        gated = Gated(found)
        assert await gated.reasons() == ()
        assert gated.gate.standing(found.drone) == ()
        asked = {m.param_id for m in found.peer.sent("PARAM_REQUEST_READ")}
        wanted = [p for p in found.drone.autopilot.safety_parameters if p.key in ASKED]
        assert asked == {name for p in wanted for name, _ in p.names}
        assert found.peer.sent("PARAM_REQUEST_LIST") == []


async def test_px4_is_read_by_its_own_names_with_integers_as_bits() -> None:
    async with stage() as found:
        gated = Gated(found)
        gated.as_bits = True
        gated.parameters = {"NAV_DLL_ACT": 2.0, "RTL_RETURN_ALT": 60.5}
        gated.show(dialect.MAVLink_heartbeat_message(2, 12, 81, 0x3040000, 3, 3))
        assert await gated.reasons() == ()
        gated.parameters["NAV_DLL_ACT"] = 0.0
        assert await gated.reasons() == ("the GCS-loss action is off (NAV_DLL_ACT is 0)",)


async def test_settings_are_read_anew_before_a_launch_and_nothing_is_asked_for_standing() -> None:
    async with stage() as found:
        gated = Gated(found)
        gated.parameters["FS_GCS_ENABLE"] = 0.0
        assert gated.gate.standing(found.drone) == ()
        assert found.peer.sent("PARAM_REQUEST_READ") == []
        assert await gated.reasons() == ("the GCS-loss action is off (FS_GCS_ENABLE is 0)",)
        gated.known = None
        assert "not been read yet" in gated.gate.standing(found.drone)[0]


@pytest.mark.parametrize(
    ("reply", "words"),
    [(None, "the keeper does not answer"), (KeeperReply(False, "no such incident"), "no such inc")],
)
async def test_the_keeper_has_a_say(reply: KeeperReply | None, words: str) -> None:
    async with stage() as found:
        gated = Gated(found)
        gated.keeper.reply = reply
        (reason,) = await gated.reasons()
        assert words in reason


async def test_dock_fence_volume_and_live_prearm_reasons_come_together() -> None:
    async with stage() as found:
        gated = Gated(found)
        gated.weather.take("gcs.islington.wx.D1", DockWeather("D1", 4.0, 16.0, 240.0, 0))
        gated.fence = FenceState.DIFFERS
        found.drone.trouble_of = lambda: "two vehicles have system id 1"
        found.drone.not_ready["PreArm: Compass not healthy"] = 0.0
        found.peer.says(
            dialect.MAVLink_sys_status_message(0, 0, 0, 0, 25200, -1, 20, 0, 0, 0, 0, 0, 0)
        )
        standing = gated.gate.standing(found.drone)
        reasons = await gated.reasons(target=offset(found.site.docks[0].position, 180.0, 5000.0))
        for word in ("gusts of 16", "another geofence", "two vehicles", "Compass", "battery 20 %"):
            assert any(word in r for r in standing), (word, standing)
            assert any(word in r for r in reasons), (word, reasons)
        assert any("outside Geofence" in r for r in reasons)
        assert any("outside every authorised volume" in r for r in reasons)
        assert len(reasons) == len(standing) + 2


async def test_a_waiver_counts_until_the_launch_has_begun() -> None:
    async with stage() as found:
        gated = Gated(found)
        gated.parameters["RTL_ALT_M"] = 15.0
        assert "return height is 15 m" in (await gated.reasons())[0]
        allow = Command(
            "a1",
            CommandKind.ALLOW,
            DRONE,
            "super-c",
            "desk-3",
            0,
            NOW,
            NOW + 5000,
            waiver=Waiver.RETURN_HEIGHT,
            reason="roofs here are low",
        )
        gated.ledger.open(allow)
        await asyncio.wait_for(gated.overrides.carry_out(found.drone, allow), 5.0)
        assert await gated.reasons() == ()
        assert "Supervisor C: roofs here are low" in gated.gate.override(DRONE)
        gated.gate.begun(DRONE)
        assert len(await gated.reasons()) == 1
