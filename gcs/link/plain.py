"""The short way of a plain state: a city's drones send 14,000 of them a second.

It does what `Sorter._known`, `Receiver.take` and `Vehicle.keep` do together, for the one case that
is nearly all there is: of a message the newest alone counts, it comes on the link in use, its time
goes on, and nobody listens. Whatever is not plain is left to them, untouched. Tests hold
the two ways to the same effects.
"""

from gcs.link.boot_clock import CLOCKED
from gcs.link.codec import Packet
from gcs.link.links import Link
from gcs.link.mavlink import dialect
from gcs.link.newest import NEWEST

_AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1


def plain(link: Link, packet: Packet, now_s: float) -> bool:
    """Whether the packet was taken the short way. Unsigned, checked packets only."""
    _, message, _, component, sequence, first, _, _ = packet
    kind = NEWEST.get(message)
    vehicle = link.vehicle
    if (
        kind is None
        or link is not vehicle.used
        or component != _AUTOPILOT
        or not vehicle.keeps(kind)
        or (message in CLOCKED and not vehicle.boot_clock.goes_on(message, first, now_s))
    ):
        return False
    if message in CLOCKED:
        link.boot_ms, link.boot_s = first, now_s
    link.packet_s = vehicle.last_packet_s = now_s
    link.loss.count(sequence)
    vehicle.keep_plain(kind, packet, now_s)
    return True
