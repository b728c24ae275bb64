"""A gateway of the simulated world: the real machine, guards, leases and dues, and around them the
claim, the record and the orders as `gcs/gateway` has them, with the bus and the link simulated.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from gcs.control import guards
from gcs.control.lease import Leases
from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Outcome, Refusal, Stimulus
from gcs.gateway.awake import Awake
from gcs.gateway.claim import FENCE_S, RENEW_S, TAKE_OVER_S
from gcs.gateway.contingency import AGAIN_S, NATS_LOST_AFTER_S, RETURN_AFTER_S
from gcs.gateway.drone import COMING_DOWN, SAFE_MODES, Drone
from gcs.gateway.dues import Dues
from gcs.gateway.registry import READ_BACK_S, RETRY_S
from gcs.link.commands import SENDS
from gcs.model.command import Command, CommandKind
from gcs.model.control import (
    GIVING,
    RECEIVING,
    ControlAct,
    ControlRecord,
    ControlRequest,
    ControlState,
)
from gcs.model.people import Person, Role
from gcs.model.telemetry import FlightMode
from tests.property.bus import Bus, Conflict, Unknown
from tests.property.kernel import Party, Process, sleep
from tests.property.vehicle import MODES, Vehicle

if TYPE_CHECKING:
    from tests.property.world import World

TURN_S = 0.25
CLAIM, RECORD = "claim.x", "drone.ISL-02"
DRONE = "ISL-02"
Steps = Generator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of; the mutants have other ones."""

    step: Callable[[ControlRecord, Stimulus], Outcome] = step
    refusal: Callable[[Command, guards.Situation], Refusal | None] = guards.refusal
    leases: Callable[[Any], Leases] = Leases
    fenced: bool = True
    expects_revisions: bool = True
    sees_mode: bool = True
    writes_anew: bool = True
    reading_confirms: bool = False


@dataclass(slots=True)
class Seen:
    """What `Dues` asks of a drone."""

    setback_utc_ms: int = 0
    airborne: bool = True
    needs_no_input: bool = True
    mode: FlightMode = FlightMode.UNKNOWN
    heard_s: float = -1e9
    now_s: float = 0.0

    @property
    def vehicle(self) -> "Seen":
        return self

    def age_s(self, report: type) -> float:
        return self.now_s - self.heard_s


class Gateway(Party):
    """One instance after the other under one name."""

    def __init__(self, world: "World", name: str, parts: Parts) -> None:
        super().__init__(world.kernel, name)
        self.world = world
        self.bus: Bus = world.bus
        self.drone: Vehicle = world.vehicle
        self.parts = parts

    def begin(self) -> None:
        self.instance = f"{self.name}-{self._life}"
        self.ours = self.records_read = self._acted = False
        self.acts_since = 0.0  # without a break
        self._claim_revision: int | None = None
        self._renewals = 0
        self._sent_s = 0.0
        self._other: tuple[int, float] | None = None
        self._confirmed_s: float | None = None
        self.leases = self.parts.leases(self)
        self.dues = Dues(self.leases, self)
        self.seen = Seen()
        self._entry = (0, ControlRecord(DRONE, ControlState.UNOWNED, 0, 0))
        self._attempt: tuple[object, ControlRecord | None] = (None, None)  # the newest write
        self.doubt: ControlRecord | None = None
        self._busy = self._settling = False
        self._waiting: list[Callable[..., None]] = []
        self._ids: set[str] = set()
        self._order = 0
        self._care: list[Any] | None = None
        self._briefed_s = 0.0
        self._awake = Awake(lambda: self.ours, self)
        self.spawn(self._claims())
        self.spawn(self._turns())
        self.spawn(self._reconciles())

    # -- the claim -----------------------------------------------------------------------------
    def may_send(self) -> bool:
        age_s = self.unconfirmed_s
        fresh = age_s is not None and (age_s < FENCE_S or not self.parts.fenced)
        return self.ours and fresh

    def may_act(self) -> bool:
        return self.records_read and self.may_send()

    @property
    def unconfirmed_s(self) -> float | None:
        return None if self._confirmed_s is None else self.monotonic() - self._confirmed_s

    def _claims(self) -> Process:
        while True:
            try:
                if self.ours or (yield from self._free()):
                    sent_s = self._sent_s = self.monotonic()
                    self._renewals += 1
                    value = self.instance, self._renewals
                    revision = yield self.bus.put(CLAIM, value, self._claim_revision)
                    self._confirm(revision, sent_s)
            except (Unknown, Conflict):
                yield from self._read_claim()
            yield sleep(RENEW_S)

    def _free(self) -> Steps:
        entry = yield self.bus.get(CLAIM)
        self._claim_revision = entry[0] if entry else None
        if entry is None or entry[1][0] == self.instance:
            return True
        if self._other is None or self._other[0] != entry[0]:
            self._other = entry[0], self.monotonic()
        return self.monotonic() - self._other[1] >= TAKE_OVER_S

    def _confirm(self, revision: int, at_s: float) -> None:
        self._claim_revision, self._confirmed_s, self._other = revision, at_s, None
        if not self.ours:
            self.ours = True
            self.spawn(self._load())

    def _read_claim(self) -> Steps:
        asked_s = self.monotonic()
        try:
            entry = yield self.bus.get(CLAIM)
        except Unknown:
            return
        if entry and entry[1][0] == self.instance:
            self._claim_revision = entry[0]
            if entry[1][1] == self._renewals:
                self._confirm(entry[0], asked_s if self.parts.reading_confirms else self._sent_s)
        elif self.ours:
            self.ours = self.records_read = False
            self._confirmed_s = None

    # -- the record ----------------------------------------------------------------------------
    @property
    def record(self) -> ControlRecord:
        return self.doubt or self._entry[1]

    def _load(self) -> Steps:
        while self.ours and not self.records_read:
            try:
                found = yield self.bus.get(RECORD)
                revision = yield self.bus.put(RECORD, found[1], found[0])
            except (Unknown, Conflict):
                yield sleep(RETRY_S)
                continue
            self._entry, self.doubt = (revision, found[1]), None
            self.records_read = True

    def change(self, stimulus: Stimulus, audit_first: bool = True) -> Steps:
        """One transition: decided, audited, written. One at a time."""
        if self._busy:
            yield lambda party, wake: self._waiting.append(wake)
        self._busy = True
        yield from self._change(stimulus, audit_first)
        self._busy = False
        if self._waiting:
            self._busy = True
            self._waiting.pop(0)()

    def _change(self, stimulus: Stimulus, audit_first: bool) -> Steps:
        before = self.record
        if self.doubt is not None:
            return
        after = self.parts.step(before, self._as_seen(stimulus))
        if isinstance(after, Refusal) or after == before:
            return
        attempt = object()
        if audit_first:
            try:
                yield self.bus.store(before, after, attempt)
            except Unknown:
                self.bus.not_done.add(attempt)
                return
        else:
            self.spawn(self._audit_behind(before, after, attempt))
        self._attempt = attempt, after
        try:
            revision = yield self.bus.put(RECORD, after, self._entry[0])
        except (Unknown, Conflict):
            yield from self._settle()
        else:
            self._entry = revision, after

    def _as_seen(self, stimulus: Stimulus) -> Stimulus:
        mode = self.seen.mode
        return replace(
            stimulus,
            airborne=True,
            safe_without_input=mode in COMING_DOWN,
            needs_no_input=mode in SAFE_MODES or not self.parts.sees_mode,
            lines=self.world.lines,
            failed=self.world.failed,
        )

    def _audit_behind(self, before: ControlRecord, after: ControlRecord, attempt: object) -> Steps:
        while True:
            try:
                yield self.bus.store(before, after, attempt)
                return
            except Unknown:
                yield sleep(RETRY_S)

    def _settle(self) -> Steps:
        self.doubt = self._doubted(self._entry[1], ControlEvent.WRITE_UNKNOWN)
        give_up_s = self.monotonic() + READ_BACK_S
        self._settling = True
        while not (yield from self._adopt()):
            if self.monotonic() >= give_up_s and self.doubt is not None:
                self.doubt = self._doubted(self.doubt, ControlEvent.UNREADABLE)
                break
            yield sleep(RETRY_S)
        self._settling = False

    def _reconciles(self) -> Process:
        while True:
            if self.doubt is not None and not self._settling and self.may_act():
                yield from self._adopt()
            yield sleep(1.0)

    def _adopt(self) -> Steps:
        """What the bucket says wins, and is written anew, so that a late write finds it gone."""
        doubt = self.doubt
        if doubt is None:
            return True
        try:
            revision, found = yield self.bus.get(RECORD)
            if doubt.state is not ControlState.UNCERTAIN:
                uncertain = replace(found, state=ControlState.UNCERTAIN)
                left = self._doubted(uncertain, ControlEvent.UNREADABLE)
                found = replace(left, epoch=max(left.epoch, doubt.epoch))
            if self.parts.writes_anew or doubt.state is not ControlState.UNCERTAIN:
                if not self.may_act():
                    return False
                revision = yield self.bus.put(RECORD, found, revision)
        except (Unknown, Conflict):
            return False
        if self.doubt is not None:
            self._entry, self.doubt = (revision, found), None
            attempt, wanted = self._attempt
            if found != wanted:
                self.bus.not_done.add(attempt)  # the audit is told what it came to
        return True

    def _doubted(self, record: ControlRecord, event: ControlEvent) -> ControlRecord:
        after = self.parts.step(record, Stimulus(event, self.utc_ms(), airborne=True))
        assert isinstance(after, ControlRecord)
        return after

    # -- the loop ------------------------------------------------------------------------------
    def _turns(self) -> Process:
        while True:
            if self._awake():
                self._turn()
            yield sleep(TURN_S)

    def _turn(self) -> None:
        acts = self.may_act()
        if acts and not self._acted:
            self.dues.resume([self.record])
            self.acts_since = self.kernel.now
        self._acted = acts
        self._look()
        self._contingency()
        if acts and self.doubt is None and not self._busy:
            self._due()

    def _look(self) -> None:
        seen, link = self.seen, self.drone.link_up
        seen.now_s = self.monotonic()
        if not link:
            return
        seen.heard_s = seen.now_s
        mode = self.drone.shown()
        if mode in COMING_DOWN and seen.mode not in (mode, FlightMode.UNKNOWN):
            seen.setback_utc_ms = self.utc_ms()
        seen.mode, seen.needs_no_input = mode, mode in SAFE_MODES

    def _due(self) -> None:
        record = self.record
        event = self.dues.of(cast(Drone, self.seen), record)
        if event is not None:
            gives = event is ControlEvent.RUN_OUT and record.state is ControlState.FORCED
            self.spawn(self.change(Stimulus(event, self.utc_ms()), audit_first=gives))
        elif record.state in GIVING and self.monotonic() - self._briefed_s >= 1.0:
            self._briefed_s = self.monotonic()
            self.spawn(self._brief(record))

    def _brief(self, record: ControlRecord) -> Steps:
        """What a second brings: a change, a failure, or all read and passed."""
        now, failed = self.utc_ms(), bool(self.world.failed)
        yield from self.change(Stimulus(ControlEvent.BRIEF_CHANGED, now), audit_first=False)
        if record.state is ControlState.BRIEFING:
            yield from self.change(Stimulus(ControlEvent.CHECKS_PASSED, now), audit_first=False)
        elif failed:
            yield from self.change(Stimulus(ControlEvent.CHECK_FAILED, now), audit_first=False)

    def _contingency(self) -> None:
        why = self._why()
        if why is None:
            self._care = None
            return
        now_s = self.monotonic()
        care = self._care = self._care or [now_s, None, 0.0]  # since, what, not before
        kind = CommandKind.HOLD
        if why != "hands" and now_s - care[0] >= RETURN_AFTER_S:
            kind = CommandKind.RETURN
        elif self.seen.mode in SAFE_MODES - {FlightMode.PLAN}:
            return
        if self.seen.mode in COMING_DOWN or (kind is care[1] and now_s < care[2]):
            return
        care[1], care[2] = kind, now_s + AGAIN_S
        wanted = lambda: self._why() is not None and self.seen.mode not in COMING_DOWN  # noqa: E731
        self.spawn(self._give(kind, None, wanted))

    def _why(self) -> str | None:
        age_s = self.unconfirmed_s if self.records_read else None
        if age_s is None:
            return None
        if age_s >= NATS_LOST_AFTER_S:
            return "bus"
        record = self.record
        if record.holder is None or not self.leases.alive(record.holder):
            return "nobody"
        changes = record.state in RECEIVING
        if record.state is ControlState.FORCED and record.claim is not None:
            changes = self.utc_ms() > record.claim.expires_utc_ms
        return "hands" if changes and not self.seen.needs_no_input else None

    # -- what desks ask ------------------------------------------------------------------------
    def serve_lease(self, person: str, desk: str) -> None:
        if self.may_act():
            self.leases.renew(person, desk)

    def serve_control(self, request: ControlRequest, role: Role) -> None:
        if not self.may_act() or (request.act is ControlAct.FORCE and role is not Role.SUPERVISOR):
            return
        self.leases.renew(request.by.person, request.by.desk)
        stimulus = Stimulus(
            ControlEvent(request.act.value),
            self.utc_ms(),
            by=request.by,
            epoch=request.epoch,
            offer_id=request.id,
            about=request.about,
            to_person=request.to_person or "",
            to_name=request.to_name or "",
            reason=request.reason,
            line=request.line,
        )
        self.spawn(self.change(stimulus, audit_first=request.act is not ControlAct.TICK))

    def serve_command(self, command: Command, role: Role) -> None:
        record, holder = self.record, self.record.holder
        situation = guards.Situation(
            record=record,
            subject_person=command.person,
            subject_desk=command.desk,
            subject_drone=DRONE,
            person=Person(command.person, command.person, role),
            now_utc_ms=self.utc_ms(),
            lease_alive=holder is not None and self.leases.alive(holder),
        )
        if command.id in self._ids or not self.may_act():
            return
        self._ids.add(command.id)
        if self.parts.refusal(command, situation) is not None:
            return
        if command.kind in (CommandKind.RETURN, CommandKind.LAND):
            self.dues.ordered(command)
        begun_in = self.seen.mode

        def wanted() -> bool:
            came_down = self.seen.mode in COMING_DOWN and self.seen.mode is not begun_in
            return self.record.epoch == command.epoch and not came_down

        self.spawn(self._give(command.kind, command, wanted))

    def _give(
        self, kind: CommandKind, command: Command | None, wanted: Callable[[], bool]
    ) -> Steps:
        """Sent and repeated, until a newer order takes its place; then its effect is watched."""
        self._order += 1
        mine = self._order
        for _ in range(SENDS):
            if mine != self._order or not wanted() or not self.may_send():
                return
            if (yield self.drone.send(kind, command)):
                break
        for _ in range(8):
            yield sleep(TURN_S)
            if mine != self._order or command is None:
                return
            if self.drone.link_up and self.seen.mode is MODES[kind]:
                self.dues.observed(command, self.record)
                return
