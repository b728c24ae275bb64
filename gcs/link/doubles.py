"""Two vehicles with one system id in one network: found out, never merged, told in words.

Also asks who is there, since an autopilot tells neither its clock nor its number unasked.
"""

from collections.abc import Callable

from gcs.link.identity import FRESH_S, Verdict, judge, unlike
from gcs.link.links import UP_S, Link
from gcs.link.mavlink import dialect
from gcs.link.receiver import AUTOPILOT_VERSION, POSITION, SYSTEM_TIME
from gcs.link.vehicle import Vehicle

_SURE_NEW = 2  # verdicts in a row that a new link leads to another vehicle
_SURE_KNOWN = 3
_SURE_UNLIKE = 4  # heartbeats: a change of mode comes late on a slow link, once
_UNIT_ASKS = 5
_MOST_CANDIDATES = 4
_CLOCK_PERIOD_US = 1e6

SendOn = Callable[[Link, object], bool]


class Doubles:
    """Proves second links and finds second vehicles. Asked at each heartbeat."""

    def __init__(self, send_on: SendOn) -> None:
        self.on_trouble: Callable[[Vehicle, str], None] = lambda vehicle, sentence: None
        self._send_on = send_on
        self._told: dict[int, str] = {}

    def trouble(self, vehicle: Vehicle, now_s: float) -> str:
        """Why this vehicle may not be commanded, in one sentence; empty: it may."""
        sentence = self._sentence(vehicle, now_s)
        told = self._told.get(vehicle.system_id, "")
        if bool(sentence) != bool(told):
            self.on_trouble(vehicle, sentence)
        self._told[vehicle.system_id] = sentence
        return sentence

    def candidate(self, vehicle: Vehicle, link: Link, now_s: float) -> bool:
        """A heartbeat on a link that is not proven; True: it is now."""
        known = vehicle.used
        assert known is not None, "a vehicle that is nowhere takes any link"
        verdict, why = judge(known, link, now_s)
        if verdict is Verdict.SAME:
            vehicle.rivals.forget(link)
            link.doubts = 0
            return True
        link.unlike = link.unlike + 1 if unlike(link) else 0
        if verdict is Verdict.UNKNOWN and link.unlike >= _SURE_UNLIKE:
            verdict, why = Verdict.OTHER, "they are not in the same state"
        link.doubts = link.doubts + 1 if verdict is Verdict.OTHER else 0
        if link.doubts >= _SURE_NEW:
            vehicle.rivals.beat(link, now_s, why, proven=True)
        self._ask_stranger(vehicle, link)
        self._ask_known(known, now_s)
        self.trouble(vehicle, now_s)
        return False

    def still_same(self, vehicle: Vehicle, link: Link, now_s: float) -> bool:
        """A heartbeat on a proven spare link; False: it leads elsewhere by now."""
        known = vehicle.used
        if known is None or known is link:
            return True
        verdict, why = judge(known, link, now_s)
        link.doubts = link.doubts + 1 if verdict is Verdict.OTHER else 0
        self._ask_known(known, now_s)
        self._ask_known(link, now_s)
        if link.doubts < _SURE_KNOWN:
            return True
        vehicle.rivals.beat(link, now_s, why, proven=True)
        return False

    def _sentence(self, vehicle: Vehicle, now_s: float) -> str:
        known = vehicle.used
        if known is None:
            return ""
        double = f"Two vehicles use system id {vehicle.system_id} in network {vehicle.network}"
        flips_s = vehicle.boot_clock.flips_s()
        if flips_s is not None and now_s - flips_s <= UP_S:
            return f"{double}, both at {known.where}: their clocks alternate."
        rival = vehicle.rivals.now(known, now_s)
        if rival is None:
            return ""
        where, why = rival
        return f"{double}: one at {known.where}, one at {where}{': ' + why if why else ''}."

    def _ask_stranger(self, vehicle: Vehicle, link: Link) -> None:
        self._request(link, SYSTEM_TIME)
        self._request(link, POSITION)
        self._ask_unit(link)

    def _ask_known(self, link: Link, now_s: float) -> None:
        self._ask_unit(link)
        if link.boot_s is None or now_s - link.boot_s > FRESH_S / 2:
            interval = dialect.MAV_CMD_SET_MESSAGE_INTERVAL
            self._command(link, interval, SYSTEM_TIME, _CLOCK_PERIOD_US)

    def _ask_unit(self, link: Link) -> None:
        if not link.unit and link.unit_asked < _UNIT_ASKS:
            link.unit_asked += 1
            self._request(link, AUTOPILOT_VERSION)

    def _request(self, link: Link, message: int) -> None:
        self._command(link, dialect.MAV_CMD_REQUEST_MESSAGE, message, 0.0)

    def _command(self, link: Link, command: int, first: float, second: float) -> None:
        to = (link.vehicle.system_id, dialect.MAV_COMP_ID_AUTOPILOT1)
        rest = (0.0, 0.0, 0.0, 0.0, 0.0)
        message = dialect.MAVLink_command_long_message(*to, command, 0, first, second, *rest)
        self._send_on(link, message)


def remember(vehicle: Vehicle, link: Link, now_s: float) -> bool:
    """Keep a new candidate; False: there are too many that speak now."""
    vehicle.candidates = [c for c in vehicle.candidates if c.is_up(now_s)]
    if len(vehicle.candidates) >= _MOST_CANDIDATES:
        return False
    vehicle.candidates.append(link)
    return True
