"""Puts a feed's transport packets on loopback UDP, seven to a datagram. Nowhere else."""

import contextlib
import socket

from gcs.video.transport import KLV_PID, TS_PACKET

LOOPBACK = "127.0.0.1"
DATAGRAM_BYTES = 7 * TS_PACKET


class Sender:
    """One feed's socket. `without_klv` leaves the metadata's packets out."""

    def __init__(self, udp_port: int) -> None:
        self._address = (LOOPBACK, udp_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.without_klv = False

    def send(self, data: bytes) -> None:
        """Whole transport packets; what the system cannot take now is lost, as on a real link."""
        if self.without_klv:
            data = _without(data, KLV_PID)
        for at in range(0, len(data), DATAGRAM_BYTES):
            with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
                self._socket.sendto(data[at : at + DATAGRAM_BYTES], self._address)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _without(data: bytes, pid: int) -> bytes:
    packets = (data[at : at + TS_PACKET] for at in range(0, len(data), TS_PACKET))
    return b"".join(p for p in packets if (p[1] & 0x1F) << 8 | p[2] != pid)
