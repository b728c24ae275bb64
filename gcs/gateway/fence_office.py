"""Brings the site's geofence to every vehicle and says how far it has come there.

Read back first, upload what differs, read back again, compare, enable, see it enabled: only then
is it ACTIVE. A drone in the air gets another fence only while it is inside of that one. Which
fence is the site's is the keeper's word (`fence.site`); this part records nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.gateway.events import EventLog
from gcs.gateway.fence_bringer import FenceBringer
from gcs.gateway.spread import spread
from gcs.geo.fence_plan import inside, plan_of
from gcs.link.reports import FenceStatus
from gcs.model.event import EventKind, Severity
from gcs.model.fence import FencePlan
from gcs.model.site import Site
from gcs.model.vehicle import FenceReport, FenceState
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bucket, BucketEntry

TICK_S = 0.5
STATUS_STANDS_S = 8.0  # it is asked for each 2 s
AT_ONCE = 12
CHECKED_EVERY_S = 180.0
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
log = logging.getLogger(__name__)

_S = FenceState
_SETTLED = frozenset({_S.ACTIVE, _S.DIFFERS, _S.LOADED, _S.FAILED})


@dataclass(slots=True)
class _Case:
    """How it stands with one drone. `due_s` on the monotonic clock."""

    report: FenceReport = field(default_factory=FenceReport)
    told: tuple[FenceState, int, str] | None = None
    due_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    busy: bool = False
    outside: bool = False
    seen: tuple[object, ...] = ()
    heard: bool = False
    starts: int = 0


class FenceOffice:
    """The fence of every drone. `run` works for ever; nothing is sent before the record is read.

    `in_order(drone)`: whether this gateway may see to the drone now (its claim, the vehicle's
    identity). `gap(drone)`: why the fence would not hold it by its settings, empty = it would.
    """

    def __init__(
        self,
        site: Site,
        drones: dict[str, Drone],
        record: Bucket[FencePlan],
        bringer: FenceBringer,
        events: EventLog,
        clock: Clock,
        in_order: Callable[[Drone], bool],
        gap: Callable[[Drone], str] = lambda drone: "",
    ) -> None:
        self._drones = drones
        self._record = record
        self._bringer = bringer
        self._events = events
        self._clock = clock
        self._in_order = in_order
        self._gap = gap
        self._plan = plan_of(site.fence)
        self._read = False
        self._cases = {drone: _Case() for drone in drones}
        self._places = asyncio.Semaphore(AT_ONCE)

    # -- what is asked of it -------------------------------------------------------------------
    def plan(self) -> FencePlan:
        """The site's fence as last recorded; the site file's while none was read."""
        return self._plan

    def state(self, drone: str) -> FenceState:
        """How far the site's fence has come at a drone."""
        return self.report(drone).state

    def report(self, drone: str) -> FenceReport:
        """As `state`, with the words. ACTIVE ends at once when the vehicle shows it off, when
        its settings take the fence's force, and when another fence is the site's."""
        report, known = self._cases[drone].report, self._drones[drone]
        if report.state is not _S.ACTIVE:
            return report
        if report.version != self._plan.version:
            text = f"version {self._plan.version} of the fence is not there yet"
            return replace(report, state=_S.DIFFERS, text=text)
        if not self._shown_on(known):
            return replace(report, state=_S.LOADED, text="the vehicle shows its fence disabled")
        gap = self._gap(known)
        return replace(report, state=_S.LOADED, text=gap) if gap else report

    def breached(self, drone: Drone) -> bool:
        """Whether the drone is outside: by its own word about the site's fence, else by its
        place."""
        status = drone.vehicle.value(FenceStatus)
        age_s = drone.vehicle.age_s(FenceStatus)
        heard = drone.vehicle.heard_within(SILENT_AFTER_S)
        # ArduPilot sends it only while its fence is enabled: an old one says nothing of now.
        if status is not None and heard and age_s is not None and age_s > STATUS_STANDS_S:
            status = None
        if status is not None and status.breached:
            return True
        if status is not None and self._cases[drone.id].report.state is _S.ACTIVE:
            return False
        return self._outside(drone)

    def _outside(self, drone: Drone) -> bool:
        """By its place; worked out once for each."""
        case, seen = self._cases[drone.id], (drone.motion, self._plan, drone.airborne)
        if not (case.seen and all(a is b for a, b in zip(case.seen, seen, strict=True))):
            case.seen, case.outside = seen, self._is_outside(drone)
        return case.outside

    def _is_outside(self, drone: Drone) -> bool:
        motion = drone.motion
        if motion is None or not drone.airborne:
            return False
        above = motion.relative_m > self._plan.ceiling_relative_m
        return above or not inside(self._plan, motion.position)

    # -- its work ------------------------------------------------------------------------------
    async def run(self) -> None:
        """See to the drones until cancelled, a few at a time."""
        await self._record.watch("fence.*", self._seen)
        self._read = True
        async with asyncio.TaskGroup() as group:
            async for _, some in spread(tuple(self._drones.values()), TICK_S):
                for drone in filter(self._due, some):
                    self._cases[drone.id].busy = True
                    group.create_task(self._attend(drone), name=f"fence of {drone.id}")

    def _seen(self, entry: BucketEntry[FencePlan]) -> None:
        self._plan = entry.value
        for drone, case in self._cases.items():
            case.due_s, case.pause_s = 0.0, FIRST_PAUSE_S
            if case.report.state in _SETTLED and case.report.version != entry.value.version:
                text = f"version {entry.value.version} of the fence is not there yet"
                case.report = replace(case.report, state=_S.DIFFERS, text=text)
                self._drones[drone].fence_on_board = False

    def _due(self, drone: Drone) -> bool:
        case = self._cases[drone.id]
        heard = drone.vehicle.heard_within(SILENT_AFTER_S) and drone.autopilot.known
        starts = drone.vehicle.fresh_starts
        if (heard and not case.heard) or starts != case.starts:
            case.due_s, case.pause_s = 0.0, FIRST_PAUSE_S  # it may have been rebooted
        case.heard, case.starts = heard, starts
        if case.busy or not heard or not self._in_order(drone):
            return False
        now_s = self._clock.monotonic()
        lost = case.report.state is _S.ACTIVE and not self._shown_on(drone)
        return now_s >= case.due_s or lost

    async def _attend(self, drone: Drone) -> None:
        case, plan = self._cases[drone.id], self._plan
        try:
            async with self._places:
                plan = self._plan
                found = await self._brought(drone, plan)
            self._note(drone, found)
        finally:
            case.busy = False
        now_s = self._clock.monotonic()
        if self._plan is not plan:
            case.due_s = now_s
        elif found.state is _S.ACTIVE:
            case.due_s, case.pause_s = now_s + CHECKED_EVERY_S, FIRST_PAUSE_S
        else:
            case.due_s = now_s + case.pause_s
            case.pause_s = min(LONGEST_PAUSE_S, case.pause_s * 2)

    async def _brought(self, drone: Drone, plan: FencePlan) -> FenceReport:
        """One drone's failure is its own: the others' fences are seen to."""
        try:
            return await self._bringer.bring(
                drone,
                plan,
                lambda: self._plan is plan and self._in_order(drone),
                lambda report: self._note(drone, report),
            )
        except Exception:
            log.exception("%s: bringing its fence failed", drone.id)
            return FenceReport(
                _S.FAILED, plan.version, text="an error of this gateway; see its log"
            )

    def _shown_on(self, drone: Drone) -> bool:
        """Whether what the vehicle shows now still says so."""
        return drone.fence_active or not drone.autopilot.fence_has_switch

    def _note(self, drone: Drone, report: FenceReport) -> None:
        """Keep it, and tell the desks what is news."""
        case = self._cases[drone.id]
        first = case.told is None
        case.report = report
        drone.fence_on_board = report.state is _S.ACTIVE
        news = (report.state, report.version, report.text)
        if report.state not in _SETTLED or news == case.told:
            return
        case.told = news
        good = report.state is _S.ACTIVE and not report.text
        if good and first:
            return  # as it should be when it was first looked at
        words = f"geofence version {report.version} is {report.state.value}"
        said = f"{drone.id}: {words}" + (f": {report.text}" if report.text else "")
        severity = Severity.INFO if good else Severity.CAUTION
        self._events.add(EventKind.FENCE, drone.id, said, severity)
