"""The keeper of one borough site: the only hand that writes its record and its audit.

It decides who may sign on, take an incident and launch for it; it never commands a drone.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable

from gcs.audit.log import AuditLog, AuditUnavailable
from gcs.keeper.alert_office import AlertOffice
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.controls import Controls
from gcs.keeper.counter import Counter
from gcs.keeper.fence_desk import FenceDesk
from gcs.keeper.follower import Follower
from gcs.keeper.intake import Intake, IntakeCounts
from gcs.keeper.launches import Launches
from gcs.keeper.missions import lapse
from gcs.keeper.people import People
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster
from gcs.keeper.sign_on import SignOn
from gcs.keeper.sign_on_entry import Entry
from gcs.keeper.sign_on_watch import SignOnWatch
from gcs.model.alert import Deployment
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.event import GatewayEvent
from gcs.model.mission import (
    DeskHello,
    Incident,
    KeeperHello,
    KeeperReply,
    KeeperRequest,
    LaunchAuthorisation,
    MissionState,
)
from gcs.model.people import EntryQuestion
from gcs.model.report import KeeperReport, ReportRequest
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.callout import Callout
from gcs.shared.callout_guests import Guests
from gcs.shared.roles import KEEPER_DURABLE
from gcs.shared.subjects import Subjects

log = logging.getLogger(__name__)

HELLO_S = 1.0
# A flood of malformed messages is counted, and audited up to this many a minute.
BAD_INPUT_A_MINUTE = 20


class Keeper:
    """One site's keeper. `run` takes over the log and closes it at its end.

    `callout` is opened once it can answer who may connect; who made it closes it, and `guests`.
    Alert images are kept in a folder beside the log.
    """

    def __init__(
        self,
        bus: Bus,
        site: Site,
        clock: Clock,
        log: AuditLog,
        build: str,
        people: People,
        callout: Callout,
        guests: Guests,
        deployments: Iterable[Deployment] = (),
    ) -> None:
        self._bus = bus
        self._site = site
        self._clock = clock
        self._names = Subjects(site.id)
        self._record = Record(bus, self._names)
        self._controls = Controls(bus, self._names, site)
        self._follower = Follower(self._record, self._controls)
        self._book = AuditBook(log, build, clock)
        self._launches = Launches(clock)
        self._counts = IntakeCounts()
        self._roster = Roster(site, people, self._record, clock, self._controls.held)
        self._callout = callout
        self._entry = Entry(site, people, self._roster, self._book, clock)
        self._sign_on = SignOn(
            self._record,
            self._roster,
            self._book,
            self._controls.held,
            lambda: self._sign_on_watch.wake(),
            clock,
        )
        self._sign_on_watch = SignOnWatch(
            people, self._record, self._roster, self._sign_on, guests, self._entry.listed
        )
        self._fences = FenceDesk(site, self._record, self._roster, self._book, clock)
        self._counter = Counter(
            self._record, self._roster, self._book, self._launches, self._fences, clock
        )
        self._alerts = AlertOffice(
            bus,
            site,
            deployments,
            log.path.parent,
            self._record,
            self._controls,
            self._book,
            self._roster,
            clock,
        )
        self._intake = Intake(
            self._record,
            self._book,
            self._launches,
            self._follower,
            self._counts,
            self._alerts.assignments.transition,
        )
        self._hellos: deque[DeskHello] = deque(maxlen=1000)
        self._wake = asyncio.Event()
        self._bad: asyncio.Queue[str] = asyncio.Queue(BAD_INPUT_A_MINUTE)

    async def run(self) -> None:
        """Keep the record until cancelled."""
        names, bus = self._names, self._bus
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._book.run())
            await self._record.load()
            await self._controls.load(self._follower.changed)
            await self._fences.begin()
            bus.on_bad_message = self._bad_message
            await self._serve()
            await self._callout.open(self._entry.decide)
            consume = (
                (names.incidents_stream, Incident, self._intake.incident),
                (names.events_stream, GatewayEvent, self._intake.event),
                (names.audit_stream, AuditDraft, self._intake.audit),
            )
            for stream, kind, handler in consume:
                tasks.create_task(bus.consume(stream, KEEPER_DURABLE, kind, handler))  # type: ignore[arg-type]
            tasks.create_task(self._alerts.run())
            tasks.create_task(self._follower.run())
            tasks.create_task(self._sign_on_watch.run())
            tasks.create_task(self._attend())
            tasks.create_task(self._pulse())
            tasks.create_task(self._audit_bad_input())

    def report(self) -> KeeperReport:
        """Figures from the record and the audit themselves."""
        missions = self._record.missions.values
        return KeeperReport(
            received=len(missions),
            taken=sum(m.taken_utc_ms is not None for m in missions),
            closed=sum(m.state is MissionState.CLOSED for m in missions),
            on_scene_seconds=tuple(
                (m.on_scene_utc_ms - m.launched_utc_ms) / 1000
                for m in missions
                if m.on_scene_utc_ms is not None and m.launched_utc_ms is not None
            ),
            audit_entries=self._book.entries,
            audit_path=self._book.path,
            bad_input=self._counts.bad_input,
            alerts=self._alerts.figures(),
        )

    # -- served --------------------------------------------------------------------------------
    async def _serve(self) -> None:
        def refuse(sentence: str) -> KeeperReply:
            return KeeperReply(False, f"Not understood: {sentence}")

        names, bus = self._names, self._bus
        await bus.serve(names.keeper(), KeeperRequest, self._counter.desk, refuse)
        await bus.serve(names.sign_on(), KeeperRequest, self._sign_on.serve, refuse)
        await bus.serve(names.refused_entry(), EntryQuestion, self._entry.why, refuse)
        await bus.serve(
            names.authorise_launch(), LaunchAuthorisation, self._counter.gateway, refuse
        )
        await bus.serve(
            names.report("keeper"), ReportRequest, self._report, lambda _: self.report()
        )
        await bus.listen(names.desk_hello(), DeskHello, self._hello)
        await self._alerts.serve()

    async def _report(self, _: str, request: ReportRequest) -> KeeperReport:
        del request
        return self.report()

    # -- desks' signs of life --------------------------------------------------------------------
    def _hello(self, subject: str, hello: DeskHello) -> None:
        if subject == self._names.desk_hello(hello.by.person, hello.by.desk):
            self._hellos.append(hello)
            self._wake.set()
        else:
            self._bad_message(f"{subject}: says it is {hello.by.person} at {hello.by.desk}")

    async def _attend(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._hellos:
                try:
                    await self._roster.hello(self._hellos.popleft())
                except RecordUnavailable as error:
                    log.warning("%s", error)

    # -- once a second ---------------------------------------------------------------------------
    async def _pulse(self) -> None:
        while True:
            await self._book.probe()
            await self._fences.begin()
            await self._bus.publish(self._names.keeper_hello, self._own_hello())
            try:
                await self._roster.notice_silence()
                await self._lapse_launches()
            except RecordUnavailable as error:
                log.warning("%s", error)
            await asyncio.sleep(HELLO_S)

    def _own_hello(self) -> KeeperHello:
        problem = self._book.problem
        return KeeperHello(
            site=self._site.id,
            instance=self._book.instance,
            utc_ms=self._clock.utc_ms(),
            audit_entries=self._book.entries,
            audit_ok=not problem,
            text=problem,
        )

    async def _lapse_launches(self) -> None:
        for mission in self._record.missions.values:
            for part in mission.drones:
                key, drone = mission.incident.key, part.drone
                if not part.away and self._launches.lapsed(key, drone):
                    await self._lapse(key, drone)

    async def _lapse(self, key: str, drone: str) -> None:
        async with self._record.missions.lock(key):
            present = self._record.missions.get(key)
            if present is not None:
                await self._record.missions.write(key, lapse(present, drone))
                self._launches.over(key, drone)

    # -- bad input -------------------------------------------------------------------------------
    def _bad_message(self, sentence: str) -> None:
        self._counts.bad_input += 1
        with contextlib.suppress(asyncio.QueueFull):
            self._bad.put_nowait(sentence)

    async def _audit_bad_input(self) -> None:
        """Put malformed messages on record, up to so many a minute; the rest is counted."""
        while True:
            begun_s = self._clock.monotonic()
            for _ in range(BAD_INPUT_A_MINUTE):
                await self._on_record(await self._bad.get())
            await asyncio.sleep(max(0.0, 60.0 - (self._clock.monotonic() - begun_s)))

    async def _on_record(self, sentence: str) -> None:
        while True:
            try:
                return await self._book.write(Act(AuditAction.BAD_INPUT, "bus", sentence))
            except AuditUnavailable:
                await asyncio.sleep(HELLO_S)
