"""The short way of a plain state: a city's drones send 14,000 of them a second.

It does what `codec.whole`, `Sorter._known`, `Receiver.take` and `Vehicle.keep` do together, for
the one case that is nearly all there is: one unsigned packet in a datagram, of a message the
newest alone counts (or nothing of it), on the link in use, its time goes on, and nobody listens.
Whatever is not plain is left to them, untouched. Tests hold the two ways to the same effects.
"""

from collections.abc import Mapping

from gcs.link.codec import HEAD, HEAD_BYTES, V2, V2_BYTES, crc
from gcs.link.endpoint import Address
from gcs.link.links import LOSS_WINDOW, Link
from gcs.link.mavlink import dialect
from gcs.link.newest import MOST

_AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1
_CLOCK_BYTES = 4


def plain(
    own: Mapping[tuple[Address, int], Link], data: bytes, source: Address, now_s: float
) -> bool:
    """Whether the datagram was taken the short way. `own`: the links of its endpoint.

    Only where no vehicle signs.
    """
    size = len(data)
    if size < HEAD_BYTES:
        return False
    magic, length, flags, _, number, system, component, low, high, first = HEAD.unpack_from(data)
    link = own.get((source, system))
    if link is None or magic != V2 or flags or size != length + V2_BYTES:
        return False
    vehicle, message = link.vehicle, low | high << 16
    lane = vehicle.lanes.get(message)
    if (
        lane is None
        or component != _AUTOPILOT
        or link is not vehicle.used
        or vehicle.listeners
        or crc(data[1:-2] + lane.extra) != data[-2] | data[-1] << 8
    ):
        return False
    if lane.clocked:
        if length < _CLOCK_BYTES or not vehicle.boot_clock.goes_on(message, first, now_s):
            return False
        link.boot_ms, link.boot_s = first, now_s
    link.packet_s = vehicle.last_packet_s = now_s
    loss = link.loss
    if number == loss.due and loss.received + loss.lost < LOSS_WINDOW:
        loss.due = (number + 1) & 255
        loss.received += 1
    else:
        loss.count(number)
    if lane.kind is not None:
        kept = lane.kept
        kept.append((data, now_s))
        if len(kept) > MOST:
            del kept[0]
        lane.count += 1
        if vehicle.waiting:
            vehicle.wake_soon()
    return True
