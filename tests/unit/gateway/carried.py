"""A drone's camera parts around a stage, and what cameras and gimbals say."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

from gcs.gateway.camera_office import CameraOffice
from gcs.gateway.ledger import Ledger
from gcs.gateway.payload import Payload
from gcs.gateway.rate_hold import RateHold
from gcs.link.mavlink import Framer, dialect
from gcs.model.command import Command, CommandKind, Receipt
from gcs.model.place import Position
from tests.support.people import signed_on
from tests.unit.gateway.stage import DRONE, A, Stage
from tests.unit.link.peer import HOME, ack, heartbeat, motion

REQUEST = dialect.MAV_CMD_REQUEST_MESSAGE
CONFIGURE = dialect.MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE
PITCHYAW = dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW
MOUNT = dialect.MAV_CMD_DO_MOUNT_CONTROL
ROI = dialect.MAV_CMD_DO_SET_ROI_LOCATION
ZOOM = dialect.MAV_CMD_SET_CAMERA_ZOOM
NAN = math.nan
TILT = dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_AXIS
PAN = dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_AXIS
GUIDED, RTL = 4, 6
PLACE = Position(51.5262, -0.1068)


def manager(flags: int = TILT | PAN, device: int = 1) -> Any:
    low, turn = math.radians(-90.0), math.pi
    return dialect.MAVLink_gimbal_manager_information_message(
        1000, flags, device, 0.0, 0.0, low, math.radians(30.0), -turn, turn
    )


def camera(flags: int, device: int = 0) -> Any:
    name = list(b"Acme".ljust(32, b"\0"))
    return dialect.MAVLink_camera_information_message(
        0, name, name, 0, 4.0, 6.0, 4.0, 640, 480, 0, flags, 0, b"", 0, device
    )


def stream(uri: bytes) -> Any:
    kind = dialect.VIDEO_STREAM_TYPE_MPEG_TS
    return dialect.MAVLink_video_stream_information_message(
        1, 1, kind, 1, 30.0, 640, 360, 1, 0, 70, b"main", uri, 0, 0
    )


def capture(video_status: int) -> Any:
    return dialect.MAVLink_camera_capture_status_message(1000, 0, video_status, 0.0, 0, 0.0)


def attitude(pitch_deg: float, yaw_deg: float) -> Any:
    pitch, yaw = math.radians(pitch_deg) / 2, math.radians(yaw_deg) / 2
    q = [
        math.cos(pitch) * math.cos(yaw),
        -math.sin(pitch) * math.sin(yaw),
        math.sin(pitch) * math.cos(yaw),
        math.cos(pitch) * math.sin(yaw),
    ]
    return dialect.MAVLink_gimbal_device_attitude_status_message(
        0, 0, 1000, 12 | 32, q, NAN, NAN, NAN, 0, NAN, NAN, 1
    )


def settings(percent: float) -> Any:
    return dialect.MAVLink_camera_settings_message(1000, 1, percent, NAN)


class Carried:
    """A drone's camera parts around a stage, heard as the gateway's wire hears."""

    def __init__(self, parts: Stage) -> None:
        self.parts = parts
        self.office = CameraOffice((parts.drone,), parts.clock)
        self.rates = RateHold(parts.clock)
        directory = signed_on(parts.site.people)
        self.ledger = Ledger(directory, parts.events, parts.auditor, parts.clock)
        self.payload = Payload(
            parts.commander, self.ledger, parts.arbiter.record, self.office, self.rates
        )
        parts.peer.network.on_report = self._heard
        self._count = 0
        self._components: dict[int, Framer] = {}

    def _heard(self, vehicle: Any, report: Any) -> None:
        hearer = self.office.hears.get(type(report))
        if hearer is not None:
            hearer(vehicle, report)

    def says(self, *messages: Any, component: int = 1) -> None:
        framer = self._components.setdefault(component, Framer(1, component))
        for message in messages:
            self.parts.peer.network.datagram(framer.pack(message), HOME)

    def alive(self, mode: int = GUIDED) -> None:
        """It beats and tells where it is, nose to the east."""
        self.says(heartbeat(mode, armed=True), motion())

    def asked(self) -> list[tuple[int, int]]:
        sent = self.parts.peer.sent("COMMAND_LONG")
        return [(m.target_component, int(m.param1)) for m in sent if m.command == REQUEST]

    def found(self, *messages: Any) -> None:
        """The search is over, with these answers of the autopilot's."""
        self.alive()
        self.office.turn()
        self.says(*messages)
        for _ in range(200):
            self.parts.clock.advance(0.2)
            self.alive()
            self.office.turn()
        assert not self.office.searching(self.parts.drone)
        self.parts.peer.wire.sent.clear()

    def orders(self) -> list[Any]:
        wire = self.parts.peer.wire.sent
        kinds = ("COMMAND_LONG", "COMMAND_INT")
        return [m for m, _ in wire if m.get_type() in kinds and m.command != REQUEST]

    def command(self, kind: CommandKind, **wanted: Any) -> Command:
        self._count += 1
        now = self.parts.clock.utc_ms()
        command = Command(
            f"c{self._count}", kind, DRONE, A.person, A.desk, 0, now, now + 10_000, **wanted
        )
        assert self.ledger.open(command)
        return command

    def against(self, kind: CommandKind, **wanted: Any) -> tuple[str, ...]:
        return self.payload.reasons_against(self.parts.drone, self.command(kind, **wanted))

    async def done(self, command: Command) -> Receipt:
        """Carried out; its final receipt."""
        await asyncio.wait_for(self.payload.carry_out(self.parts.drone, command), 5.0)
        receipt = await self.ledger.present(command)
        assert receipt.final
        return receipt

    def answers(self, act: Callable[[Any], Any] = lambda message: ()) -> None:
        """Every order is accepted, and `act` tells what the vehicle then says."""

        def answer(message: Any) -> None:
            if message.get_type() in ("COMMAND_LONG", "COMMAND_INT") and message.command != REQUEST:
                self.says(ack(message.command, 0), component=message.target_component)
            self.says(*act(message))

        self.parts.peer.wire.answer = answer
