"""Looks at each drone ten times a second and tells, as events, what changed: link, mode, phase,
fence, texts. Judges, but asks nothing of a vehicle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import is_

from gcs.fleet.endurance import LANDING_RESERVE_S, flight_home_s
from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.gateway.events import EventLog
from gcs.gateway.phase import judge
from gcs.link.mavlink import dialect
from gcs.link.reports import FenceStatus, Gnss, LandedState
from gcs.link.said import REPEATED
from gcs.model.control import ControlRecord
from gcs.model.event import EventKind, Severity
from gcs.model.telemetry import AIRBORNE, FlightMode, Phase
from gcs.runtime.clock import Clock

UPLINK_LOST_S = 6.0  # the time question goes out once a second
RESUMED_S = 2.0
JUDGE_S = 0.25
WEIGH_S = 1.0
TEXTS_AT_ONCE, TEXTS_PER_S = 30.0, 5.0
REASONS = 32
PREARM_KEPT_S = 35.0  # ArduPilot repeats its "PreArm:" texts each 30 s

_SEVERITIES: dict[int, Severity] = {
    dialect.MAV_SEVERITY_EMERGENCY: Severity.WARNING,
    dialect.MAV_SEVERITY_ALERT: Severity.WARNING,
    dialect.MAV_SEVERITY_CRITICAL: Severity.WARNING,
    dialect.MAV_SEVERITY_ERROR: Severity.CAUTION,
    dialect.MAV_SEVERITY_WARNING: Severity.CAUTION,
}


@dataclass(slots=True)
class _Seen:
    """What was last told of one drone."""

    heard: bool = False
    answers: bool = True
    mode: tuple[FlightMode, str] | None = None
    breached: bool = False
    state: tuple[object, ...] | None = None
    lost: bool = False
    low: bool = False
    weighed_s: float = 0.0
    troubles: frozenset[str] = frozenset()
    turned_s: float = 0.0
    asked_since_s: float = 0.0
    facts: tuple[object, ...] = ()
    judge_s: float = 0.0
    fence: FenceStatus | None = None
    fence_s: float = 0.0
    texts: float = 0.0
    text_s: float = 0.0
    left_out: int = 0


def reported_breach(drone: Drone) -> bool:
    """By the vehicle's own FENCE_STATUS."""
    status = drone.vehicle.value(FenceStatus)
    return status is not None and status.breached


class Watch:
    """What the vehicles show, as events.

    `uplink_age_s`: seconds since the vehicle last answered us, None = never. `breached`: whether
    it is outside its fence.
    """

    def __init__(
        self,
        drones: dict[str, Drone],
        record: Callable[[str], ControlRecord],
        events: EventLog,
        clock: Clock,
        uplink_age_s: Callable[[Drone], float | None] = lambda drone: None,
        breached: Callable[[Drone], bool] = reported_breach,
    ) -> None:
        self._drones = drones
        self._record = record
        self._events = events
        self._clock = clock
        self._uplink_age_s = uplink_age_s
        self._breached = breached
        self._seen = {d: _Seen() for d in drones}
        for drone in drones.values():
            drone.vehicle.on_text(self._text_of(drone))

    def turn(self, drone: Drone) -> None:
        """Look at one drone."""
        seen = self._seen[drone.id]
        self._forget_old_reasons(drone)
        self._link(drone, seen)
        self._uplink(drone, seen)
        self._mode(drone, seen)
        self._fence(drone, seen)
        self._trouble(drone, seen)
        self._phase(drone, seen)

    def _link(self, drone: Drone, seen: _Seen) -> None:
        heard = drone.vehicle.heard_within(SILENT_AFTER_S)
        if heard == seen.heard:
            return
        seen.heard = heard
        if heard:
            seen.asked_since_s = self._clock.monotonic()  # it could not answer before
            self._add(EventKind.LINK, drone, f"{drone.id} is heard")
        else:
            severity = Severity.WARNING if drone.airborne else Severity.CAUTION
            self._add(EventKind.LINK, drone, f"{drone.id} is silent: no heartbeat", severity)

    def _uplink(self, drone: Drone, seen: _Seen) -> None:
        """Heard, but our questions are not answered: told apart from a silent vehicle.

        Only the time in which this loop turned, and so asked, counts.
        """
        now_s, before_s = self._clock.monotonic(), seen.turned_s
        seen.turned_s = now_s
        if now_s - before_s > RESUMED_S:
            seen.asked_since_s = now_s
        age_s = self._uplink_age_s(drone)
        if age_s is None or not seen.heard:
            return
        answers = min(age_s, now_s - seen.asked_since_s) <= UPLINK_LOST_S
        if answers == seen.answers or (answers and age_s > UPLINK_LOST_S):
            return
        seen.answers = answers
        if answers:
            self._add(EventKind.LINK, drone, f"the uplink of {drone.id} is back: it answers")
        else:
            text = f"the uplink of {drone.id} is lost: it does not answer; it is still heard"
            self._add(EventKind.LINK, drone, text, Severity.CAUTION)

    def _mode(self, drone: Drone, seen: _Seen) -> None:
        if drone.heartbeat is None:
            return
        now = drone.mode_and_word
        if now == seen.mode:
            return
        first = seen.mode is None
        seen.mode = now
        if not first:
            severity = Severity.WARNING if drone.failsafe else Severity.INFO
            self._add(EventKind.MODE, drone, f"{drone.id} is in {now[1]}", severity)

    def _fence(self, drone: Drone, seen: _Seen) -> None:
        """At once by the vehicle's own word; by its place, which costs more, seldom."""
        status, now_s = drone.vehicle.value(FenceStatus), self._clock.monotonic()
        if status is seen.fence and now_s < seen.fence_s:
            return
        seen.fence, seen.fence_s = status, now_s + JUDGE_S
        breached = self._breached(drone)
        if breached == seen.breached:
            return
        seen.breached = breached
        text = f"{drone.id} is outside its geofence" if breached else f"{drone.id} is inside again"
        severity = Severity.WARNING if breached else Severity.INFO
        self._add(EventKind.FENCE, drone, text, severity)

    def _trouble(self, drone: Drone, seen: _Seen) -> None:
        """Note when something begins that ends a hand-off under way."""
        mode = FlightMode.UNKNOWN if seen.mode is None else seen.mode[0]
        now_s = self._clock.monotonic()
        if now_s >= seen.weighed_s:
            seen.weighed_s = now_s + WEIGH_S
            self._weigh(drone, seen)
        state = (mode, drone.failsafe, seen.breached, seen.lost, seen.low)
        if state == seen.state:
            return
        seen.state = state
        shown = {
            "it has begun to return": mode is FlightMode.RETURN,
            "it has begun to land": mode is FlightMode.LAND,
            "the vehicle is in a failsafe": drone.failsafe,
            "it is outside its geofence": seen.breached,
            "it has lost its GNSS fix": seen.lost,
            "its battery is down to the flight home": seen.low,
        }
        now = frozenset(words for words, is_so in shown.items() if is_so)
        begun = now - seen.troubles
        seen.troubles = now
        if begun:
            drone.setback = ", ".join(words for words in shown if words in begun)
            drone.setback_utc_ms = self._clock.utc_ms()

    def _weigh(self, drone: Drone, seen: _Seen) -> None:
        """Its GNSS fix, and whether its battery leaves nothing but the flight home and the
        reserve: once that is so it stays so until it has landed."""
        if not drone.airborne:
            seen.lost = seen.low = False
            return
        gnss, motion, left_s = drone.vehicle.value(Gnss), drone.motion, drone.endurance_s
        seen.lost = gnss is not None and not gnss.fix_3d
        if motion is not None and left_s is not None and not seen.low:
            home, back_m = drone.dock.position, drone.return_height_m
            home_s = flight_home_s(motion.position, motion.relative_m, home, back_m)
            seen.low = left_s < home_s + LANDING_RESERVE_S

    def _phase(self, drone: Drone, seen: _Seen) -> None:
        """Judged anew when its state or its errand changed; by its motion alone, seldom."""
        now_s = self._clock.monotonic()
        facts = (
            seen.heard,
            drone.heartbeat,
            drone.vehicle.value(LandedState),
            drone.stage,
            drone.scene,
            drone.phase,
        )
        if now_s < seen.judge_s and all(map(is_, facts, seen.facts)):
            return
        seen.facts, seen.judge_s = facts, now_s + JUDGE_S
        before, now = drone.phase, judge(drone.shown())
        if now == before:
            return
        drone.phase = now
        incident = self._record(drone.id).incident
        if now in AIRBORNE and not drone.flown:
            drone.flown = drone.ever_flown = True
        if now in (Phase.RETURNING, Phase.LANDING):
            drone.forget_errand()
        words = now.value.replace("_", " ")
        self._events.add(
            EventKind.PHASE, drone.id, f"{drone.id}: {words}", phase=now, incident=incident
        )
        if now in (Phase.DOCKED, Phase.LANDED):
            drone.forget_errand()
            drone.scene = None
        if now is Phase.DOCKED and drone.flown:
            drone.flown = False
            drone.came_home = True

    def _add(
        self, kind: EventKind, drone: Drone, text: str, severity: Severity = Severity.INFO
    ) -> None:
        incident = self._record(drone.id).incident
        self._events.add(kind, drone.id, text, severity, incident=incident)

    def _text_of(self, drone: Drone) -> Callable[[int, str], None]:
        def hear(severity: int, text: str) -> None:
            for prefix in drone.autopilot.prearm_texts:
                reason = text.removeprefix(prefix)
                if reason != text and (reason in drone.not_ready or len(drone.not_ready) < REASONS):
                    drone.not_ready[reason] = self._clock.monotonic()
            if text.startswith(REPEATED):
                return  # it repeats; the telemetry carries it as `not_ready_because`
            if not self._may_tell(drone):
                return
            words = f"{drone.id}: {text}"
            self._add(EventKind.TEXT, drone, words, _SEVERITIES.get(severity, Severity.INFO))

        return hear

    def _may_tell(self, drone: Drone) -> bool:
        """A vehicle that floods its link with texts must not flood the events of all."""
        seen, now_s = self._seen[drone.id], self._clock.monotonic()
        seen.texts = max(0.0, seen.texts - (now_s - seen.text_s) * TEXTS_PER_S)
        seen.text_s = now_s
        if seen.texts >= TEXTS_AT_ONCE:
            seen.left_out += 1
            return False
        seen.texts += 1.0
        if seen.left_out:
            words = f"{drone.id}: {seen.left_out} texts left out: it sent too many"
            seen.left_out = 0
            self._add(EventKind.TEXT, drone, words, Severity.CAUTION)
        return True

    def _forget_old_reasons(self, drone: Drone) -> None:
        if not drone.not_ready:
            return
        limit = self._clock.monotonic() - PREARM_KEPT_S
        if drone.ready:
            drone.not_ready.clear()
        elif any(at < limit for at in drone.not_ready.values()):
            drone.not_ready = {t: at for t, at in drone.not_ready.items() if at >= limit}
