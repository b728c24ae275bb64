"""What becomes of a checked packet of a known vehicle: kept, decoded, told, or refused.

The packet's way in is settled before; here is only what it says.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.link import codec, light
from gcs.link.boot_clock import CLOCKED, Timing
from gcs.link.codec import NAMES, Packet
from gcs.link.decode import DECODERS, FROM_ANY_COMPONENT, BadValue, decode, unused
from gcs.link.links import Link
from gcs.link.mavlink import dialect
from gcs.link.newest import NEWEST
from gcs.link.reports import Report
from gcs.link.vehicle import Vehicle

HEARTBEAT = dialect.MAVLINK_MSG_ID_HEARTBEAT
SYSTEM_TIME = dialect.MAVLINK_MSG_ID_SYSTEM_TIME
AUTOPILOT_VERSION = dialect.MAVLINK_MSG_ID_AUTOPILOT_VERSION
POSITION = dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT
_NUMBERS = {name: number for number, name in NAMES.items()}


def _numbers(*names: str) -> frozenset[int]:
    return frozenset(_NUMBERS[name] for name in names if name in _NUMBERS)


_KNOWN = _numbers(*DECODERS)
_UNUSED = _numbers(*(name for name in DECODERS if unused(name)))
OF_ANY_COMPONENT = _numbers(*FROM_ANY_COMPONENT)
_ADDRESSED_NAMES = (
    "COMMAND_ACK",
    "MISSION_COUNT",
    "MISSION_ITEM_INT",
    "MISSION_ITEM",
    "MISSION_REQUEST",
    "MISSION_REQUEST_INT",
    "MISSION_ACK",
)
# Answers to one station: they may come back on the link that was used before.
ANSWERS = _numbers(*_ADDRESSED_NAMES, "PARAM_VALUE", "PARAM_ERROR", "AUTOPILOT_VERSION")
# These tell whom they are for; what answers another station is not for us.
_ADDRESSED = _numbers(*_ADDRESSED_NAMES, "TIMESYNC")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class NetworkCounters:
    """Since the network was opened. `unsent`: packets the send-fence held back; `stations`:
    packets of or for other ground stations; `late`: states older than the one we have;
    `refused_signatures`: unsigned, wrongly signed or replayed."""

    messages_in: int = 0
    messages_bad: int = 0
    foreign_packets: int = 0
    unknown_types: int = 0
    unsent: int = 0
    stations: int = 0
    late: int = 0
    refused_signatures: int = 0


class Receiver:
    """Packets of vehicles -> their reports. `on_report` hears what is decoded at once."""

    def __init__(self, counters: NetworkCounters, gcs_system_id: int) -> None:
        self.on_report: Callable[[Vehicle, Report], None] = lambda vehicle, report: None
        self.on_reboot: Callable[[Vehicle], None] = lambda vehicle: None
        self._counters = counters
        self._us = gcs_system_id
        self._logged: set[str] = set()

    def take(self, vehicle: Vehicle, link: Link, packet: Packet, now_s: float) -> None:
        """A packet on the link in use, or an answer on another."""
        message = packet.message
        if message in CLOCKED and not self._is_newer(vehicle, link, message, packet.first, now_s):
            return
        if message in NEWEST:
            vehicle.keep(message, packet.data, now_s)
        else:
            self._at_once(vehicle, link, packet, now_s)

    def spare(self, link: Link, packet: Packet, now_s: float) -> None:
        """A packet on a link whose packets change no state: only what tells who is there."""
        message = packet.message
        if message in CLOCKED:
            link.boot_ms, link.boot_s = packet.first, now_s
        if message == HEARTBEAT:
            link.beat = packet
        elif message == POSITION:
            link.position, link.position_s = packet, now_s
        elif message in (SYSTEM_TIME, AUTOPILOT_VERSION):
            found = self._message(link.vehicle, message, packet.data)
            if found is not None:
                identify(link, found, now_s)

    def report(self, vehicle: Vehicle, number: int, data: bytes) -> Report | None:
        """Decoded; None for what is bad (and counted) or of no use."""
        message = light.read(number, data) or self._message(vehicle, number, data)
        return None if message is None else self._report(vehicle, message)

    def _is_newer(
        self, vehicle: Vehicle, link: Link, message: int, boot_ms: int, now_s: float
    ) -> bool:
        timing = vehicle.boot_clock.take(message, boot_ms, now_s)
        if timing is Timing.LATE:
            self._counters.late += 1
            return False
        link.boot_ms, link.boot_s = boot_ms, now_s
        if timing is not Timing.NEWER:
            for other in (*vehicle.links, *vehicle.candidates):
                if other is not link:
                    other.boot_s = None  # its old time proves nothing any more
        if timing is Timing.REBOOTED:
            vehicle.fresh_starts += 1
            self.on_reboot(vehicle)
        return True

    def _at_once(self, vehicle: Vehicle, link: Link, packet: Packet, now_s: float) -> None:
        number = packet.message
        if number not in _KNOWN:
            self._unknown(vehicle, number)
            return
        if number in _UNUSED and number not in (SYSTEM_TIME, AUTOPILOT_VERSION):
            vehicle.pass_over(number)
            return
        message = light.read(number, packet.data) or self._message(vehicle, number, packet.data)
        if message is None:
            return
        if number in _ADDRESSED and getattr(message, "target_system", 0) not in (0, self._us):
            self._counters.stations += 1
            return
        if number in (SYSTEM_TIME, AUTOPILOT_VERSION):
            identify(link, message, now_s)
            boot_ms = getattr(message, "time_boot_ms", None)
            if boot_ms is not None and not self._is_newer(vehicle, link, number, boot_ms, now_s):
                return
        report = self._report(vehicle, message)
        if report is not None:
            vehicle.take(report)
            self.on_report(vehicle, report)

    def _message(self, vehicle: Vehicle, number: int, data: bytes) -> Any:
        try:
            return codec.decode(data)
        except Exception:  # pymavlink raises many types on hostile bytes; none may pass
            self._bad(vehicle, NAMES.get(number, str(number)), "unreadable")
            return None

    def _report(self, vehicle: Vehicle, message: Any) -> Report | None:
        try:
            return decode(message)
        except BadValue as error:
            self._bad(vehicle, message.get_type(), str(error))
        except Exception:  # a hostile field must not take the other drones' telemetry down
            self._bad(vehicle, message.get_type(), "holds what cannot be read")
        return None

    def _bad(self, vehicle: Vehicle, name: str, what: str) -> None:
        self._counters.messages_bad += 1
        self._log_once(name + "!", f"system {vehicle.system_id}: {name} refused: {what}")

    def _unknown(self, vehicle: Vehicle, number: int) -> None:
        self._counters.unknown_types += 1
        name = NAMES.get(number, str(number))
        self._log_once(name, f"system {vehicle.system_id}: message type {name} is not known")

    def _log_once(self, key: str, text: str) -> None:
        if key not in self._logged and len(self._logged) < 1000:
            self._logged.add(key)
            log.warning(text)


def identify(link: Link, message: Any, now_s: float) -> None:
    """Keep what SYSTEM_TIME and AUTOPILOT_VERSION tell of who is at a link."""
    if message.get_type() == "SYSTEM_TIME":
        link.boot_ms, link.boot_s = message.time_boot_ms, now_s
        return
    unit = message.uid.to_bytes(8, "little") + bytes(getattr(message, "uid2", ()))
    link.unit = unit if any(unit) else b""
