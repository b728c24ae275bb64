"""Who watches what the vehicle accepted and its mode, and judges the rules I1 to I8 by that.

`Observer` knows the vehicle alone, and which desks live. `Auditor` also holds the log against the
record's own history: no order without a record, and nothing for long under a record that is gone.
The times allow for what the world does: an answer of the bus that is waited for, an order that is
repeated on a bad link.
"""

from typing import TYPE_CHECKING

from gcs.gateway.drone import SAFE_MODES
from gcs.model.command import CommandKind
from gcs.model.control import HELD, RECEIVING, ControlRecord, ControlState
from gcs.model.people import Holder
from tests.property.bus import WRITE_S
from tests.property.vehicle import Accepted

if TYPE_CHECKING:
    from tests.property.world import World

KNOWN_S = WRITE_S + 0.5  # so long a gateway may not know of its own write
DOUBT_S = 8.0  # and so long in doubt it takes a holder's Hold under the old epoch
LEASE_AND_ONE_S = 6.0
_NEEDS_SAFE_MODE = frozenset({ControlState.ARMED}) | RECEIVING


class Violation(AssertionError):
    """A rule was broken."""


class Observer:
    """Looks after every step, and at each change of the record."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._read = 0
        self._newest = -1
        self._whose: dict[int, str] = {}
        self._since: dict[str, float] = {}
        # On a bad bus an old message may come 3 s late, and is a sign of life then.
        self._slow_s = 4.0 + 3.0 * world.rough if world.rough else 0.0

    def look(self) -> None:
        """At everything new."""
        log = self.world.vehicle.log
        for accepted in log[self._read :]:
            if accepted.command is not None:
                self._order(accepted)
        self._read = len(log)
        self.moment()

    def _order(self, accepted: Accepted) -> None:
        command = accepted.command
        assert command is not None
        if command.epoch < self._newest:
            raise Violation(f"I2: {command} after an order of epoch {self._newest}")
        calm = not (self.world.rough or self.world.hurt_ever)
        if self._newest < command.epoch and accepted.met not in SAFE_MODES and calm and self._whose:
            raise Violation(f"I3: {command} is the first of its epoch, in {accepted.met}")
        self._newest = command.epoch
        if self._whose.setdefault(command.epoch, command.desk) != command.desk:
            raise Violation(f"I1: {command} in the epoch of {self._whose[command.epoch]}")

    def moment(self) -> None:
        """With nobody at any desk it is held in time; who is in control otherwise is not known."""
        world = self.world
        alone = not any(world.hears(desk.me) for desk in world.desks)
        unsafe = world.vehicle.mode not in SAFE_MODES
        self._lasts("no desk lives and it is not held", unsafe and alone,
                    LEASE_AND_ONE_S + 0.5 + self._slow_s)  # fmt: skip
        last = self._whose.get(self._newest)
        gone = last is not None and not any(
            d.name == last and world.hears(d.me) for d in world.desks
        )
        self._lasts(f"{last} is gone and it is not held", unsafe and gone,
                    LEASE_AND_ONE_S + 0.5 + self._slow_s)  # fmt: skip

    def _lasts(self, what: str, so: bool, at_most_s: float) -> None:
        """While all that is needed works, nothing bad may last longer than so."""
        if not so or not self.world.healthy:
            self._since.pop(what, None)
            return
        now = self.world.kernel.now
        # Who could not be asked blames nobody: a gateway gives every desk a full lease again.
        since = max(self._since.setdefault(what, now), self.world.acts_since)
        if now - since > at_most_s:
            raise Violation(f"{what} for {now - since:.1f} s")


class Auditor(Observer):
    """Reads the record's history and the audit beside."""

    def __init__(self, world: "World") -> None:
        super().__init__(world)
        self._checked = 0
        self._holders: dict[int, Holder] = {}

    def look(self) -> None:
        history = self.world.bus.history
        for written in history[self._checked :]:
            self._version(written.record, written.before, written.at)
        self._checked = len(history)
        super().look()

    def _order(self, accepted: Accepted) -> None:
        super()._order(accepted)
        command = accepted.command
        assert command is not None
        holder = self._holders.get(command.epoch)
        if holder is None or (holder.person, holder.desk) != (command.person, command.desk):
            raise Violation(f"I2: {command} without a record; {holder}")
        safe = command.kind is not CommandKind.GO_TO
        allowed_s = DOUBT_S if safe else KNOWN_S
        then = self._record_at(accepted.at - allowed_s - self._slow_s)
        if then.epoch > command.epoch:
            raise Violation(f"I2: {command} after epoch {then.epoch} stood for {allowed_s} s")
        now = self._record_at(accepted.at)
        if not safe and then is now and now.state in _NEEDS_SAFE_MODE:
            raise Violation(f"I3: {command} while control of it is {now.state}")

    def _record_at(self, at: float) -> ControlRecord:
        history = self.world.bus.history
        return next((w.record for w in reversed(history) if w.at <= at), history[0].record)

    def _version(self, record: ControlRecord, before: ControlRecord | None, at: float) -> None:
        holder = record.holder
        if holder is not None and self._holders.setdefault(record.epoch, holder) != holder:
            raise Violation(f"I1: two holders under one epoch: {record}")
        if before is None or record == before:
            return
        if record.epoch < before.epoch:
            raise Violation(f"I2: the epoch falls: {before} {record}")
        if record.holder not in (None, before.holder):
            bus = self.world.bus
            stored = [a for a in bus.audit if a.after == record and a.at <= at]
            entries = {a.attempt for a in stored} - bus.not_done
            if len(entries) != 1:
                raise Violation(f"I7: {len(entries)} audit entries of {record}")

    def moment(self) -> None:
        """The same by who holds it, and since when it is so."""
        super().moment()
        world = self.world
        record, mode = world.bus.history[-1].record, world.vehicle.mode
        unsafe = mode not in SAFE_MODES
        attended = record.holder is not None and world.hears(record.holder)
        slow_s = self._slow_s
        self._lasts("I3: needs input while control changes hands",
                    unsafe and record.state in _NEEDS_SAFE_MODE, 1.5 + slow_s)  # fmt: skip
        self._lasts("no desk attends to it and it is not held",
                    unsafe and not attended, LEASE_AND_ONE_S + 0.5 + slow_s)  # fmt: skip
        self._lasts("its holder is lost and the record holds on to him",
                    record.state in HELD and not attended, LEASE_AND_ONE_S + slow_s)  # fmt: skip
