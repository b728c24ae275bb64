"""What the gateway does by itself for a drone in the air that nobody attends to.

Hold at once, if the mode needs input or flies a plan; return after 30 s, or at once when the
battery leaves less than a minute beyond the flight home. A return, a landing or a failsafe of
the vehicle's own is never broken off. Without NATS the hold goes out before the send-fence
closes; then the vehicle's own GCS-loss failsafe brings it home at its staggered height. Where
that failsafe leaves out a vehicle that holds (`stays_held`), it is stopped in the mode in which it
flies to places instead, and brought home at once where there is no such mode beside holding.

A flight that changes hands in a mode that needs input is held too, until that is confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.fleet.endurance import endurance
from gcs.gateway.activity import Activities
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.batch import telemetry
from gcs.gateway.drone import COMING_DOWN, Drone
from gcs.gateway.events import EventLog
from gcs.link.autopilot import Order
from gcs.link.commands import Commander
from gcs.model.audit import AuditAction
from gcs.model.control import RECEIVING, ControlRecord, ControlState
from gcs.model.event import EventKind, Severity
from gcs.model.telemetry import FlightMode
from gcs.runtime.clock import Clock

RETURN_AFTER_S = 30.0
AGAIN_S = 2.0
SELDOM_S = 10.0
TRIES = 3  # then seldom, but never given up: a link may come back
NATS_LOST_AFTER_S = 2.3  # the send-fence closes at 3 s: time for the hold and one repeat
OBSERVE_S = 5.0
BUS_LOST = "the bus is lost"
CHANGES_HANDS = "control changes hands"


@dataclass(slots=True)
class _Care:
    """One unattended flight. `tries`: of the order that is due now, `mode` its aim."""

    since_s: float
    mode: FlightMode = FlightMode.UNKNOWN
    tries: int = 0
    next_s: float = 0.0


def _left_alone(drone: Drone) -> bool:
    """It comes down, or does what a failsafe of its own chose. In a mode that no failsafe
    chooses, somebody has overruled the failsafe, and it is cared for like any other."""
    overruled = drone.mode in (FlightMode.GUIDED, FlightMode.MANUAL)
    return drone.mode in COMING_DOWN or (drone.failsafe and not overruled)


class Contingency:
    """The lost-holder contingency. `attended` and `record` come from the arbiter."""

    def __init__(
        self,
        attended: Callable[[str], bool],
        record: Callable[[str], ControlRecord],
        unconfirmed_s: Callable[[], float | None],
        commander: Commander,
        activities: Activities,
        auditor: Auditor,
        events: EventLog,
        clock: Clock,
        stays_held: Callable[[Drone], bool] = lambda drone: False,
    ) -> None:
        self._stays_held = stays_held
        self._attended = attended
        self._record = record
        self._unconfirmed_s = unconfirmed_s
        self._commander = commander
        self._activities = activities
        self._auditor = auditor
        self._events = events
        self._clock = clock
        self._care: dict[str, _Care] = {}

    def turn(self, drone: Drone) -> None:
        """Look at one drone and act if it is time."""
        why = self._why(drone)
        if why is None:
            self._care.pop(drone.id, None)
            return
        now_s = self._clock.monotonic()
        care = self._care.setdefault(drone.id, _Care(self._begun_s(drone, now_s)))
        if _left_alone(drone):
            return
        if why == BUS_LOST and self._stays_held(drone):
            self._leave_awake(drone, care, why)
        elif why == CHANGES_HANDS:
            self._act(drone, care, drone.autopilot.hold(), FlightMode.HOLD, why)
        elif care.mode is FlightMode.RETURN or self._must_return(drone, now_s - care.since_s):
            self._act(drone, care, drone.autopilot.return_home(), FlightMode.RETURN, why)
        elif drone.flies_on:
            self._act(drone, care, drone.autopilot.hold(), FlightMode.HOLD, why)

    def _why(self, drone: Drone) -> str | None:
        if not drone.airborne:
            return None
        unconfirmed_s = self._unconfirmed_s()
        if unconfirmed_s is None:
            return None  # this instance does not speak for the network
        if unconfirmed_s >= NATS_LOST_AFTER_S:
            return BUS_LOST
        record = self._record(drone.id)
        if self._attended(drone.id):
            if record.state is ControlState.OWNED or drone.needs_no_input:
                return None
            return CHANGES_HANDS if self._changes_hands(record) else None
        lost = record.holder or (record.previous if record.state is ControlState.ORPHANED else None)
        return f"the desk of {lost.label} is lost" if lost else "nobody holds it"

    def _changes_hands(self, record: ControlRecord) -> bool:
        """Its holder has changed and is not confirmed, or a takeover may not be objected to."""
        claim = record.claim
        if record.state is not ControlState.FORCED or claim is None:
            return record.state in RECEIVING
        return self._clock.utc_ms() > claim.expires_utc_ms

    def _leave_awake(self, drone: Drone, care: _Care, why: str) -> None:
        """Stop it so that its own failsafe still brings it home when this gateway falls silent."""
        motion = drone.motion
        if motion is None or FlightMode.HOLD in drone.autopilot.moves_in:
            self._act(drone, care, drone.autopilot.return_home(), FlightMode.RETURN, why)
        elif drone.mode is not FlightMode.GUIDED or not drone.still:
            stop = drone.autopilot.reposition(motion.position, motion.relative_m)
            self._act(drone, care, stop, FlightMode.GUIDED, why)

    def _begun_s(self, drone: Drone, now_s: float) -> float:
        """After a restart the time that the record tells counts on."""
        record = self._record(drone.id)
        if record.state is not ControlState.ORPHANED:
            return now_s
        return now_s - max(0.0, (self._clock.utc_ms() - record.since_utc_ms) / 1000)

    def _must_return(self, drone: Drone, unattended_s: float) -> bool:
        if unattended_s >= RETURN_AFTER_S:
            return True
        left = endurance(telemetry(drone), drone.dock.position, drone.return_height_m)
        return left is not None and left.work_s < 0.0

    def _act(self, drone: Drone, care: _Care, order: Order, mode: FlightMode, why: str) -> None:
        now_s = self._clock.monotonic()
        if mode is care.mode and now_s < care.next_s:
            return
        care.tries = care.tries + 1 if mode is care.mode else 1
        care.mode = mode
        care.next_s = now_s + (AGAIN_S if care.tries < TRIES else SELDOM_S)
        drone.forget_errand()
        self._activities.begin(drone.id, self._carry_out(drone, order, mode, why), why)

    async def _carry_out(self, drone: Drone, order: Order, mode: FlightMode, why: str) -> None:
        incident = self._record(drone.id).incident
        text = f"{drone.id}: {why}: the gateway orders {order.words}"
        self._events.add(EventKind.CONTINGENCY, drone.id, text, Severity.WARNING, incident=incident)
        self._auditor.queue(Entry(AuditAction.CONTINGENCY, drone.id, text, incident=incident))
        answer = await self._commander.execute(
            drone.vehicle,
            order,
            lambda: self._why(drone) is not None and not _left_alone(drone),
        )

        def shown() -> bool:
            return drone.mode is mode and (mode is FlightMode.RETURN or drone.still)

        seen = await drone.vehicle.until(shown, OBSERVE_S)
        words = f"{order.words} seen at the vehicle" if seen else f"{order.words}: {answer.words}"
        outcome = "; ".join((f"{drone.id}: {words}", *answer.reasons))
        severity = Severity.INFO if seen else Severity.WARNING
        self._events.add(EventKind.CONTINGENCY, drone.id, outcome, severity, incident=incident)
        self._auditor.queue(Entry(AuditAction.OUTCOME, drone.id, outcome, incident=incident))
