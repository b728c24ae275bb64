"""Makes the briefs of the hand-overs under way, publishes them, tells the arbiter of them.

Both desks read what is published here. A line that no longer stands loses its tick, a pre-check
that fails opens the brief again, and all read and all passed is CHECKED. Where no hand-over is
open it only looks for one. It decides nothing about control: the arbiter's machine does.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from gcs.control.handing import open_failures, unread
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.brief_facts import Facts
from gcs.gateway.brief_lines import brief_lines
from gcs.gateway.brief_sources import BriefSources
from gcs.gateway.desk_reports import DeskReports
from gcs.gateway.pre_checks import WAIVABLE, CheckFacts, failed, pre_checks
from gcs.gateway.steady import Steady
from gcs.gateway.ticker import every
from gcs.model.brief import BriefSheet, Line, PreCheck, fence_mark
from gcs.model.control import GIVING, ControlRecord, ControlState, LeaseRenewal
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.model.vehicle import FenceState
from gcs.runtime.clock import Clock

LOOK_S = 0.25
PERIOD_S = 1.0
AT_ONCE = 16  # of the briefs open, in one look; of more a share, each at least once a second
SETTLES_S = 15.0  # after a start, at most, until all is told
AGAIN_S = 2.0  # after a refusal

_E = ControlEvent
_UNSETTLED = frozenset({FenceState.UNKNOWN, FenceState.UPLOADING})
_AGAINST = frozenset({_E.BRIEF_CHANGED, _E.CHECK_FAILED})
_REVIEWED = frozenset({ControlState.CHECKED, ControlState.ARMED})
Key = tuple[str, Function]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """One hand-over under way. `news`: what was published last, but for numbers that run on;
    `settled`: nothing is left to be told after a start of this gateway."""

    handover: str
    steady: Steady
    news: object = None
    published_s: float = float("-inf")
    failing: frozenset[str] = frozenset()
    told: bool = False
    settled: bool = False
    again_s: float = float("-inf")
    broken: bool = False


class BriefOffice:
    """The arbiter's `BriefBook`. `unqualified` and `too_many` tell why a receiver may not, None =
    may; `spawn` runs work beside this; `may_act`: whether this gateway speaks for its vehicles."""

    def __init__(
        self,
        arbiter: Arbiter,
        records: Callable[[], Iterable[ControlRecord]],
        sources: BriefSources,
        unqualified: Callable[[Holder, str], Refusal | None],
        too_many: Callable[[Holder, str], Refusal | None],
        publish: Callable[[str, BriefSheet], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, None], str], object],
        clock: Clock,
        may_act: Callable[[], bool],
    ) -> None:
        self._arbiter = arbiter
        self._records = records
        self._sources = sources
        self._unqualified = unqualified
        self._too_many = too_many
        self._publish = publish
        self._spawn = spawn
        self._clock = clock
        self._may_act = may_act
        self._reports = DeskReports(clock)
        self._open: dict[Key, _Open] = {}
        self._acts_since_s: float | None = None
        self._turn = 0

    # -- as the arbiter asks -------------------------------------------------------------------
    def stands(self, record: ControlRecord, line: Line) -> bool:
        """Whether a line of the brief still reads so."""
        return line in self.lines(record)

    def lines(self, record: ControlRecord) -> tuple[Line, ...]:
        """Every line as it stands, those of alerts too; none where no brief is open."""
        sheet = self.sheet(record)
        return sheet.every_line if sheet else ()

    def failed(self, record: ControlRecord) -> tuple[str, ...]:
        """The pre-checks that do not pass now, by key."""
        sheet = self.sheet(record)
        return failed(sheet.checks) if sheet else ()

    def waivable(self) -> tuple[str, ...]:
        """The pre-checks that both persons may waive, by key."""
        return WAIVABLE

    def digest(self, record: ControlRecord) -> str:
        """Of the brief as it stands; empty where none is open."""
        sheet = self.sheet(record)
        return sheet.digest if sheet else ""

    def heard(self, renewal: LeaseRenewal) -> None:
        """A desk renewed its lease, and told what it has."""
        self._reports.heard(renewal)

    # -- its work ------------------------------------------------------------------------------
    async def run(self) -> None:
        """Look at the open hand-overs until cancelled; nothing is judged before the record is
        read."""
        await self._sources.watch()
        async for _ in every(LOOK_S):
            await self.look()

    async def look(self) -> None:
        """Publish what is due, and begin what changes of control follow from it."""
        if not self._may_act():
            self._acts_since_s = None
            return
        if self._acts_since_s is None:
            self._acts_since_s = self._clock.monotonic()
        found = [r for r in self._records() if r.state in GIVING]
        self._forget({(r.drone, r.function) for r in found})
        for record in self._some(found):
            await self._attend(record)

    def sheet(self, record: ControlRecord) -> BriefSheet | None:
        """The brief as it stands now; None where none is open. One that cannot be made has no
        line and a check that fails: nothing is handed over by it."""
        if record.handover is None or record.state not in GIVING:
            return None
        known, drone, handover = self._known(record), record.drone, record.handover.id
        if self._starting(known):
            known.steady = Steady(self._clock.monotonic)  # what was not known yet is no level
        try:
            facts = self._sources.facts(record)
            items = brief_lines(facts, known.steady)
            checks = pre_checks(self._check_facts(record.handover.receiver, facts, known))
            known.told = known.told or _told(facts)
        except Exception:
            if not known.broken:
                log.exception("%s: its brief cannot be made", drone)
            known.broken, items = True, ()
            text = "the brief cannot be made: an error of this gateway, see its log"
            checks = (PreCheck("brief", ok=False, text=text, waivable=False),)
        known.failing = frozenset(failed(checks))
        return BriefSheet(drone, handover, self._clock.utc_ms(), items, checks, record.function)

    # -- one hand-over -------------------------------------------------------------------------
    async def _attend(self, record: ControlRecord) -> None:
        sheet, known = self.sheet(record), self._known(record)
        if sheet is None:
            return
        await self._publish_if_due(sheet, known)
        event = _event(record, sheet)
        if self._starting(known) and not (known.told and event not in _AGAINST):
            return
        known.settled = True
        rests = self._clock.monotonic() < known.again_s
        if event is not None and not rests and self._arbiter.free(record.drone):
            known.again_s = float("inf")  # until this one has ended
            work = self._bring_about(record, event, sheet)
            self._spawn(work, f"{record.drone} {record.function}: {event}")

    def _starting(self, known: _Open) -> bool:
        """Whether it is just after a start and not all has been told yet: until then nothing is
        held against what was read before."""
        since_s = self._acts_since_s
        early = since_s is None or self._clock.monotonic() - since_s < SETTLES_S
        return early and not known.settled

    async def _publish_if_due(self, sheet: BriefSheet, known: _Open) -> None:
        now_s = self._clock.monotonic()
        news = (sheet.digest, tuple((c.key, c.ok) for c in sheet.checks))
        if news == known.news and now_s - known.published_s < PERIOD_S - LOOK_S / 2:
            return
        known.news, known.published_s = news, now_s
        await self._publish(sheet.drone, sheet)

    async def _bring_about(
        self, record: ControlRecord, event: ControlEvent, sheet: BriefSheet
    ) -> None:
        known = self._known(record)
        stimulus = Stimulus(
            event,
            self._clock.utc_ms(),
            epoch=record.epoch,
            about=sheet.handover,
            lines=sheet.every_line,
            brief=sheet.digest,
            failed=failed(sheet.checks),
        )
        try:
            first = event is _E.CHECKS_PASSED  # what opens it again is not kept waiting
            outcome = await self._arbiter.change(record.drone, stimulus, first, record.function)
        finally:
            known.again_s = self._clock.monotonic()
        if isinstance(outcome, Refusal):
            known.again_s += AGAIN_S
            log.info("%s of %s: %s", event, record.drone, outcome.text)

    def _check_facts(self, receiver: Holder, facts: Facts, known: _Open) -> CheckFacts:
        unqualified = self._unqualified(receiver, facts.drone)
        too_many = self._too_many(receiver, facts.drone)
        return CheckFacts(
            drone=facts.drone,
            function=facts.function,
            receiver=receiver,
            report=self._reports.of(receiver, facts.drone),
            plan=facts.plan_report.digest,
            fence=fence_mark(facts.fence),
            endurance=facts.endurance,
            battery_age_s=facts.telemetry.battery_age_s,
            unqualified=unqualified.text if unqualified else "",
            too_many=too_many.text if too_many else "",
            failing=known.failing,
        )

    # -- which ones ----------------------------------------------------------------------------
    def _some(self, found: list[ControlRecord]) -> list[ControlRecord]:
        """All of a few; of many the next ones in turn."""
        most = max(AT_ONCE, -(-len(found) * LOOK_S // PERIOD_S))
        if len(found) <= most:
            return found
        first = self._turn % len(found)
        self._turn = first + int(most)
        return (found + found)[first : first + int(most)]

    def _known(self, record: ControlRecord) -> _Open:
        key, handover = (record.drone, record.function), record.at_issue
        known = self._open.get(key)
        if known is None or known.handover != handover:
            known = self._open[key] = _Open(handover, Steady(self._clock.monotonic))
        return known

    def _forget(self, kept: set[Key]) -> None:
        for key in self._open.keys() - kept:
            del self._open[key]


def _event(record: ControlRecord, sheet: BriefSheet) -> ControlEvent | None:
    """What the brief brings about, if anything; the machine has the last word."""
    handover = record.handover
    if handover is None or not sheet.items:
        return None
    lines, reviewed = sheet.every_line, record.state in _REVIEWED
    open_lines = unread(handover, lines)
    failures = open_failures(handover, failed(sheet.checks))
    if any(t not in lines for t in handover.ticked) or (reviewed and open_lines):
        return _E.BRIEF_CHANGED
    if reviewed:
        return _E.CHECK_FAILED if failures else None
    return None if open_lines or failures else _E.CHECKS_PASSED


def _told(facts: Facts) -> bool:
    """Whether the vehicle has told the most of it; just after a start it has not."""
    seen = facts.telemetry
    told = seen.heartbeat_age_s is not None and seen.position is not None
    return told and seen.battery_percent is not None and facts.fence_report.state not in _UNSETTLED
