"""Where a vehicle is with its plan, by what it shows: its mode, MISSION_CURRENT, points reached.

Asks nothing of the vehicle.
"""

from dataclasses import dataclass

from gcs.gateway.drone import Drone
from gcs.link.mavlink import dialect
from gcs.link.plan_items import WirePlan
from gcs.link.plan_reports import ItemReached, PlanProgress
from gcs.model.plan import FlightPlan, PlanState
from gcs.model.telemetry import FlightMode
from gcs.model.vehicle import PlanReport

_ACTIVE = int(dialect.MISSION_STATE_ACTIVE)
_COMPLETE = int(dialect.MISSION_STATE_COMPLETE)
_SAYS_NOTHING = int(dialect.MISSION_STATE_UNKNOWN)
_NONE = PlanReport()
_SOMEBODYS = PlanReport(PlanState.FLYING, text="a plan that this gateway did not upload")


@dataclass(slots=True)
class Course:
    """One drone's plan. `since_s`: what it showed before says nothing of this flight of it."""

    plan: FlightPlan | None = None
    wire: WirePlan | None = None
    state: PlanState = PlanState.NONE
    text: str = ""
    started: bool = False
    since_s: float = 0.0

    def uploading(self, plan: FlightPlan) -> None:
        """A plan is on its way: what was on board counts no more."""
        self.plan, self.wire = plan, None
        self.state, self.text, self.started = PlanState.UPLOADING, "", False

    def loaded(self, wire: WirePlan) -> None:
        """It was read back the same."""
        self.wire, self.state = wire, PlanState.READY

    def failed(self, text: str) -> None:
        """It did not come to be on board."""
        self.state, self.text = PlanState.FAILED, text

    def begun(self, now_s: float) -> None:
        """It is started, resumed, or flown on to another point."""
        self.started, self.since_s = True, now_s
        self.state, self.text = PlanState.READY, ""

    def moved(self, now_s: float) -> None:
        """Another point is the current one while the plan is not flown: it goes on from there."""
        self.begun(now_s)
        self.state = PlanState.PAUSED

    @property
    def on_board(self) -> bool:
        """Whether the vehicle holds the plan."""
        return self.plan is not None and self.wire is not None

    def look(self, drone: Drone) -> None:
        """Judge by what the drone shows now."""
        if not self.on_board or not self.started or self.state is PlanState.COMPLETE:
            return
        if not drone.airborne:
            self.started, self.state = False, PlanState.READY
        elif self._complete(drone):
            self.state = PlanState.COMPLETE
        elif flies(drone, self.since_s):
            self.state = PlanState.FLYING
        elif drone.mode is not FlightMode.PLAN and self.state is PlanState.FLYING:
            self.state = PlanState.PAUSED

    def current(self, drone: Drone) -> int:
        """The waypoint (from 1) that is flown to or next; 0 = none."""
        progress = drone.vehicle.value(PlanProgress)
        if self.wire is None or progress is None:
            return 0
        return self.wire.waypoint(progress.seq)

    def report(self, drone: Drone) -> PlanReport:
        """For the desks."""
        if self.plan is None:
            return _stranger(drone)
        return PlanReport(
            state=self.state,
            name=self.plan.name,
            digest=self.plan.digest,
            items=len(self.plan.items),
            current=self.current(drone),
            text=self.text,
        )

    def _complete(self, drone: Drone) -> bool:
        heard = drone.vehicle.last(PlanProgress)
        if heard is not None and heard.at_s >= self.since_s and heard.value.state != _SAYS_NOTHING:
            return heard.value.state == _COMPLETE
        reached = drone.vehicle.last(ItemReached)
        if self.wire is None or self.plan is None or reached is None:
            return False
        last = self.wire.waypoint(reached.value.seq) == len(self.plan.items)
        return last and reached.at_s >= self.since_s


def flies(drone: Drone, since_s: float) -> bool:
    """Whether the vehicle shows that it flies its plan; what it says itself comes first."""
    if drone.mode is not FlightMode.PLAN:
        return False
    heard = drone.vehicle.last(PlanProgress)
    if heard is None or heard.value.state == _SAYS_NOTHING:
        return True
    return heard.at_s >= since_s and heard.value.state == _ACTIVE


def _stranger(drone: Drone) -> PlanReport:
    """No plan was uploaded by this gateway; the vehicle may fly one nevertheless."""
    told = drone.vehicle.value(PlanProgress) is not None
    if told and drone.airborne and flies(drone, float("-inf")):
        return _SOMEBODYS
    return _NONE
