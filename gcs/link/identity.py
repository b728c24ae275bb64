"""Whether two links lead to one vehicle, and who else speaks with a vehicle's system id.

Never guesses: without proof a second link stays apart, and what it says changes no state.
"""

from dataclasses import dataclass
from enum import Enum

from gcs.geo.earth import distance_m
from gcs.link import codec
from gcs.link.codec import Packet
from gcs.link.decode import decode
from gcs.link.links import UP_S, Link
from gcs.link.reports import Heartbeat, Motion, Report
from gcs.model.place import Position

FRESH_S = 5.0
PLACE_FRESH_S = 1.5
CLOCKS_AGREE_MS = 1000.0
CLOCKS_DIFFER_MS = 2000.0
TOGETHER_M = 30.0
APART_M = 100.0
_MOST_RIVALS = 16


class Verdict(Enum):
    """UNKNOWN: nothing proves either."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def judge(known: Link, other: Link, now_s: float) -> tuple[Verdict, str]:
    """Whether `other` leads to the vehicle that `known` leads to, and why not."""
    units = bool(known.unit and other.unit)
    if units and known.unit != other.unit:
        return Verdict.OTHER, "their hardware numbers differ"
    clocks_ms = _clocks_apart_ms(known, other, now_s)
    if clocks_ms is not None and clocks_ms > CLOCKS_DIFFER_MS:
        return Verdict.OTHER, f"they were switched on {clocks_ms / 1000.0:.0f} s apart"
    apart_m = _apart_m(known, other, now_s)
    if apart_m is not None and apart_m > APART_M:
        return Verdict.OTHER, f"they are {apart_m:.0f} m apart"
    together = apart_m is not None and apart_m <= TOGETHER_M
    if clocks_ms is not None and clocks_ms <= CLOCKS_AGREE_MS and (units or together):
        return Verdict.SAME, ""
    return Verdict.UNKNOWN, ""


def _clocks_apart_ms(known: Link, other: Link, now_s: float) -> float | None:
    if known.boot_s is None or other.boot_s is None:
        return None
    if now_s - min(known.boot_s, other.boot_s) > FRESH_S:
        return None
    elapsed_ms = (other.boot_s - known.boot_s) * 1000.0
    return abs((other.boot_ms - known.boot_ms) - elapsed_ms)


def _apart_m(known: Link, other: Link, now_s: float) -> float | None:
    a, b = _place(known, now_s), _place(other, now_s)
    return None if a is None or b is None else distance_m(a, b)


def _place(link: Link, now_s: float) -> Position | None:
    """Where it is, if that is so new that it cannot have flown far since."""
    if link is link.vehicle.used:
        heard = link.vehicle.last(Motion)
        return None if heard is None or now_s - heard.at_s > PLACE_FRESH_S else heard.value.position
    if link.position is None or now_s - link.position_s > PLACE_FRESH_S:
        return None
    report = _decoded(link.position)
    return report.position if isinstance(report, Motion) else None


def unlike(other: Link) -> bool:
    """Whether its last heartbeat shows another state than the vehicle's does."""
    report = None if other.beat is None else _decoded(other.beat)
    ours = other.vehicle.value(Heartbeat)
    return isinstance(report, Heartbeat) and ours is not None and report != ours


def _decoded(packet: Packet) -> Report | None:
    try:
        return decode(codec.decode(packet.data))
    except Exception:  # a hostile packet proves nothing
        return None


@dataclass(slots=True)
class _Rival:
    """Another sender of a vehicle's heartbeats."""

    first_s: float
    last_s: float
    beats: int
    where: str
    why: str
    proven: bool


class Rivals:
    """The others that use one vehicle's system id in its network."""

    def __init__(self) -> None:
        self._rivals: dict[tuple[int, tuple[str, int]], _Rival] = {}

    def beat(self, link: Link, now_s: float, why: str = "", proven: bool = False) -> None:
        """It sent a heartbeat, from where the vehicle is not taken from."""
        key = (link.port.index, link.address)
        rival = self._rivals.get(key)
        if rival is None or now_s - rival.last_s > UP_S:
            if len(self._rivals) >= _MOST_RIVALS:
                self._forget_old(now_s)
            if len(self._rivals) >= _MOST_RIVALS and key not in self._rivals:
                return
            rival = self._rivals[key] = _Rival(now_s, now_s, 0, link.where, why, proven)
        rival.last_s, rival.why = now_s, why
        rival.beats += 1
        rival.proven |= proven

    def forget(self, link: Link) -> None:
        """It is the vehicle after all."""
        self._rivals.pop((link.port.index, link.address), None)

    def now(self, known: Link, now_s: float) -> tuple[str, str] | None:
        """Where a proven second vehicle is, and why it is one; None: there is none.

        At one endpoint two senders prove it by beating both: a vehicle that changed its address
        falls silent at the old one.
        """
        for rival in self._rivals.values():
            both = rival.beats >= 2 and known.beat_s > rival.first_s
            if (rival.proven or both) and now_s - rival.last_s <= UP_S:
                return rival.where, rival.why
        return None

    def _forget_old(self, now_s: float) -> None:
        self._rivals = {k: r for k, r in self._rivals.items() if now_s - r.last_s <= UP_S}
