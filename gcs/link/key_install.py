"""Puts a signing key into one vehicle, or takes it away, over an endpoint of its own.

SETUP_SIGNING has no ACK: whether it was taken is read off the next packets. An armed vehicle is
left alone.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Any

from gcs.link.codec import Packet, Splitter, decode
from gcs.link.endpoint import Address, parse_endpoint
from gcs.link.endpoints import make_endpoint
from gcs.link.mavlink import Framer, dialect
from gcs.link.signing import KEY_BYTES, SigningKey, VehicleSigning
from gcs.model.site import Site

HEARD_S = 12.0
TAKEN_S = 4.0
AGAIN_S = 0.4
BEAT_S = 1.0
_AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1
_STATION = dialect.MAV_COMP_ID_MISSIONPLANNER
_ARMED = dialect.MAV_MODE_FLAG_SAFETY_ARMED


class KeyInstaller:
    """Within `async with` the endpoint is open. Raises BadEndpoint on entering."""

    def __init__(self, site: Site, drone: str, endpoint: str, signing: VehicleSigning) -> None:
        self._drone = drone
        self._system = site.drone(drone).system_id
        self._signing = signing
        self._splitters: dict[Address, Splitter] = {}
        self._spec = parse_endpoint(endpoint, site.mode)
        self._endpoint = make_endpoint(self._spec, site.mode, self._take, lambda sentence: None)
        self._plain, self._signed = (Framer(site.gcs_system_id, _STATION) for _ in range(2))
        signing.attach(self._signed.mav)
        self._address: Address | None = None
        self._heard: asyncio.Queue[Packet] = asyncio.Queue(1000)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "KeyInstaller":
        await self._endpoint.open()
        self._tasks = [asyncio.create_task(self._endpoint.run()), asyncio.create_task(self._call())]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._endpoint.close()

    # -- what it is for ------------------------------------------------------------------------
    async def install(self, key: SigningKey) -> tuple[bool, str]:
        """Whether the vehicle signs with this key now, and a sentence."""
        beat, fault = await self._beat()
        if beat is None:
            return False, f"{self._drone} was not heard at {self._spec} within {HEARD_S:.0f} s"
        if fault == "":
            return True, f"{self._drone} signs with this key already, {key.fingerprint}"
        if beat.signed:
            return False, f"{self._drone} signs with another key: that one is to be removed first"
        if self._armed(beat):
            return False, f"{self._drone} is armed: a key is installed on the ground, disarmed"
        stamp = self._signing.next_stamp()
        await self._send_twice(self._plain, key.secret, stamp)
        if await self._shows(signed=True):
            return True, f"{self._drone} took its key, {key.fingerprint}, and signs with it now"
        return False, f"{self._drone} did not take the key: what it sends is not signed with it"

    async def remove(self) -> tuple[bool, str]:
        """Whether the vehicle no longer signs, and a sentence."""
        beat, fault = await self._beat()
        if beat is None:
            return False, f"{self._drone} was not heard at {self._spec} within {HEARD_S:.0f} s"
        if not beat.signed:
            return True, f"{self._drone} does not sign"
        if fault:
            return False, f"{self._drone} signs with another key than the one kept here"
        if self._armed(beat):
            return False, f"{self._drone} is armed: a key is removed on the ground, disarmed"
        await self._send_twice(self._signed, bytes(KEY_BYTES), 0)
        if await self._shows(signed=False):
            return True, f"{self._drone} no longer signs"
        return False, f"{self._drone} did not give up its key: it signs on"

    # -- how -----------------------------------------------------------------------------------
    def _take(self, data: bytes, source: Address) -> None:
        splitter = self._splitters.setdefault(source, Splitter())
        packets = splitter.stream(data) if self._spec.stream else splitter.datagram(data)
        for packet in packets:
            ours = (packet.system, packet.component) == (self._system, _AUTOPILOT)
            if ours and self._address in (None, source) and not self._heard.full():
                self._address = source
                self._heard.put_nowait(packet)

    async def _call(self) -> None:
        """Where vehicles do not find us, they answer whom they hear."""
        beat = dialect.MAVLink_heartbeat_message(
            dialect.MAV_TYPE_GCS, dialect.MAV_AUTOPILOT_INVALID, 0, 0, 4, 3
        )
        while True:
            to = self._address or self._endpoint.peer
            if to is not None:
                self._endpoint.send(self._signed.pack(beat), to)
            await asyncio.sleep(BEAT_S)

    async def _beat(self) -> tuple[Packet | None, str]:
        """A heartbeat of it, and what is wrong with its signature; empty = nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARD_S):
                while True:
                    packet = await self._heard.get()
                    fault = self._signing.check(packet.data)
                    if packet.message == dialect.MAVLINK_MSG_ID_HEARTBEAT:
                        return packet, fault
        return None, ""

    def _armed(self, beat: Packet) -> bool:
        message: Any = decode(beat.data)
        return bool(message.base_mode & _ARMED)

    async def _send_twice(self, framer: Framer, secret: bytes, stamp: int) -> None:
        to = self._address or self._endpoint.peer
        if to is None:
            return
        message = dialect.MAVLink_setup_signing_message(self._system, _AUTOPILOT, secret, stamp)
        for _ in range(2):
            self._endpoint.send(framer.pack(message), to)
            await asyncio.sleep(AGAIN_S)
        while not self._heard.empty():
            self._heard.get_nowait()  # said before it could have taken it

    async def _shows(self, signed: bool) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TAKEN_S):
                while True:
                    packet = await self._heard.get()
                    good = self._signing.check(packet.data) == ""
                    if (signed and good) or (not signed and not packet.signed):
                        return True
        return False
