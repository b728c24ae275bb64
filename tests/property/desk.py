"""A desk of the simulated world: it renews its lease, follows the record, and asks for what its
operator wants, by the record that it shows. It does not grey its controls: the gateway has to
refuse what it should not ask for.
"""

from typing import TYPE_CHECKING

from gcs.model.command import Command, CommandKind
from gcs.model.control import ANSWERS, ControlAct, ControlRecord, ControlRequest, ControlState
from gcs.model.people import Holder, Role
from gcs.model.place import Position
from tests.property.gateway import DRONE, RECORD
from tests.property.kernel import Party, Process, sleep

if TYPE_CHECKING:
    from tests.property.world import World

DEADLINE_MS = 5000
PLACE = Position(51.5, -0.1)
_A, _S = ControlAct, ControlState


class Desk(Party):
    """One person at one desk. `sent`: what may come a second time, late."""

    def __init__(self, world: "World", number: int, role: Role) -> None:
        super().__init__(world.kernel, f"desk-{number}")
        self.world = world
        self.me = Holder(f"pilot-{number}", f"Pilot {number}", self.name)
        self.role = role
        self.sent: list[Command | ControlRequest] = []
        world.bus.watchers.append(self._told)

    def begin(self) -> None:
        self.known = ControlRecord(DRONE, _S.UNOWNED, 0, 0)
        self._revision = 0
        self.spawn(self._renews())

    def _renews(self) -> Process:
        seconds = 0
        while True:
            for gateway in self.world.gateways:
                self._to(gateway, lambda g=gateway: g.serve_lease(self.me.person, self.name))
            if seconds % 2 == 0:  # what the watch did not bring
                entry = self.world.bus.values.get(RECORD)
                if entry is not None:
                    self._told(*entry)
            seconds += 1
            yield sleep(1.0)

    def _told(self, revision: int, record: ControlRecord) -> None:
        self.world.bus.carry(self, self.then(lambda: self._shows(revision, record)))

    def _shows(self, revision: int, record: ControlRecord) -> None:
        if revision > self._revision:
            self._revision, self.known = revision, record

    def _to(self, gateway: Party, serve: object, doubles: bool = False) -> None:
        """A message passes the bus twice: it may be lost on either side."""
        bus = self.world.bus
        there = gateway.then(serve)  # type: ignore[arg-type]
        if not gateway.cut:
            bus.carry(self, there, doubles)

    # -- what its operator does ----------------------------------------------------------------
    def say(self, act: ControlAct, to: "Desk | None" = None) -> None:
        """Ask for a change of control, as the record here stands."""
        record, world = self.known, self.world
        line = next((n for n in world.lines if n not in _ticked(record)), world.lines[0])
        self._send(
            ControlRequest(
                world.number("q"),
                act,
                DRONE,
                self.me,
                record.epoch,
                to_person=to.me.person if to else "x",
                to_name=to.me.name if to else "x",
                reason="why",
                line=line if act is _A.TICK else None,
                waive="video" if act is _A.WAIVE else "",
                about=record.answered_by(act) if act in ANSWERS else "",
            )
        )

    def order(self, kind: CommandKind) -> Command:
        """A command under the epoch that is shown here."""
        now = self.utc_ms()
        command = Command(
            self.world.number("c"),
            kind,
            DRONE,
            self.me.person,
            self.name,
            self.known.epoch,
            now,
            now + DEADLINE_MS,
            target=PLACE if kind is CommandKind.GO_TO else None,
            height_m=30.0 if kind is CommandKind.GO_TO else None,
        )
        self._send(command)
        return command

    def again(self, number: int) -> None:
        """Something said before comes once more."""
        if self.sent:
            self._send(self.sent[-1 - number % min(len(self.sent), 8)])

    def _send(self, message: Command | ControlRequest) -> None:
        if not self.runs:
            return
        self.sent.append(message)
        for gateway in self.world.gateways:
            if isinstance(message, Command):
                serve = lambda g=gateway: g.serve_command(message, self.role)  # noqa: E731
            else:
                serve = lambda g=gateway: g.serve_control(message, self.role)  # noqa: E731
            self._to(gateway, serve, doubles=True)

    def goes_on(self, other: "Desk") -> bool:
        """The next step of a hand-over, if it is this desk's. `other`: to whom it would offer."""
        record, me = self.known, self.me
        mine, handover = record.holder == me, record.handover
        act: ControlAct | None = None
        if record.state in (_S.UNOWNED, _S.ORPHANED):
            act = _A.TAKE
        elif record.state is _S.OWNED and mine:
            act = _A.OFFER if other is not self else None
        elif record.offer is not None:
            act = _A.OPEN if record.offer.to_person == me.person else None
        elif record.state is _S.REQUESTED:
            act = _A.GRANT if mine else None
        elif handover is not None and handover.receiver == me:
            act = {_S.BRIEFING: _A.TICK, _S.ARMED: _A.ASSUME}.get(record.state)
            if record.holder == me:
                self.order(CommandKind.HOLD)
                return True
        elif handover is not None and handover.giver == me:
            act = {_S.CHECKED: _A.ARM, _S.CONFIRMING: _A.CONFIRM}.get(record.state)
        if act is not None:
            if act is _A.ARM:
                self.order(self.world.rng.choice((CommandKind.HOLD, CommandKind.GO_TO)))
            self.say(act, other)
        return act is not None


def _ticked(record: ControlRecord) -> tuple[object, ...]:
    return record.handover.ticked if record.handover else ()
