"""Desks, two gateways, one drone, a bus and a link between them, in virtual time.

`seed` decides every delay and loss; what people do and what breaks comes from outside.
"""

from itertools import count
from random import Random

from gcs.model.brief import Line
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct, ControlRecord, ControlState
from gcs.model.people import Holder, Role
from gcs.model.telemetry import FlightMode
from tests.property.bus import Bus
from tests.property.desk import Desk
from tests.property.gateway import DRONE, RECORD, Gateway, Parts
from tests.property.kernel import Kernel, Party
from tests.property.observer import Auditor, Observer, Violation
from tests.property.vehicle import Vehicle

HEALS_S = 16.0


class World:
    """Everything there is. A gateway is up and the first desk holds the drone in the air."""

    def __init__(
        self,
        seed: int,
        desks: int,
        rough: float,
        parts: Parts,
        observer: type[Observer] = Auditor,
    ) -> None:
        self._observer = observer
        self.rng = Random(seed)
        self.kernel = Kernel(self.rng)
        self.bus = Bus(self.kernel)
        self.bus.expects_revisions = parts.expects_revisions
        self.vehicle = Vehicle(self.kernel)
        self.lines = (Line("battery", "80"), Line("fence", "v1"), Line("alert-7", "open"))
        self.failed: tuple[str, ...] = ()
        self._numbers = count()
        self.gateways: list[Gateway] = []
        roles = [Role.PILOT, Role.PILOT, Role.SUPERVISOR, Role.SUPERVISOR]
        self.desks = [Desk(self, n + 1, roles[-1 - n]) for n in range(desks)]
        self.gateways += [Gateway(self, name, parts) for name in ("gw-1", "gw-2")]
        self.rough = rough
        self.hurt_ever = False
        self._begin()
        self.bus.rough = self.vehicle.rough = rough

    def _begin(self) -> None:
        holder = self.desks[0].me
        utc_ms = self.desks[0].utc_ms()
        record = ControlRecord(DRONE, ControlState.OWNED, 1, utc_ms, holder=holder)
        self.bus.values[RECORD] = 0, record
        self.bus._recorded(None, record)
        self.observer = self._observer(self)
        self.bus.watchers.append(lambda revision, record: self.observer.moment())
        for party in (*self.desks, self.gateways[0]):
            party.start()
        self.pass_time(0.5)
        self.gateways[1].start()
        self.pass_time(1.0)
        if not any(g.may_act() for g in self.gateways):
            raise Violation("no gateway acts")

    def number(self, letter: str) -> str:
        return f"{letter}{next(self._numbers)}"

    def pass_time(self, seconds: float) -> None:
        """In steps in which the observer can see what lasts."""
        while seconds > 0:
            self.kernel.run(min(seconds, 0.5))
            seconds -= 0.5
            self.observer.look()

    # -- what people do ----------------------------------------------------------------------------
    def goes_on(self, steps: int, to: int) -> None:
        """Whoever is next does the next thing; some time passes between."""
        for _ in range(steps):
            any(d.runs and d.goes_on(self.desks[to % len(self.desks)]) for d in self.desks)
            self.pass_time(0.4)

    def all_order(self, kind: CommandKind) -> None:
        """Each as if it were his."""
        for desk in self.desks:
            desk.order(kind)
        self.pass_time(0.05)

    def splits(self, seconds: float, to: int) -> None:
        """The gateway that acts sleeps and the holder is cut off, and the rest goes on. When they
        are back they do what they were about to do."""
        record = self.bus.history[-1].record
        asleep = [g for g in self.gateways if g.runs and g.may_act()]
        away = [d for d in self.desks if d.me == record.holder]
        for gateway in asleep:
            self.hurt(gateway, "pause")
        for desk in away:
            self.hurt(desk, "cut")
        self.pass_time(seconds)
        self.goes_on(3, to)
        self.all_order(CommandKind.HOLD)
        for desk in away:
            self.hurt(desk, "mend")
        for gateway in asleep:
            self.hurt(gateway, "wake")
        self.all_order(CommandKind.GO_TO)

    # -- what breaks -------------------------------------------------------------------------------
    def hurt(self, party: Party, how: str) -> None:
        """Pause, wake, kill, start, cut or mend it."""
        self.hurt_ever = True
        if how == "pause" and party.runs:
            party.pause()
        elif how == "wake" and party.paused:
            party.wake()
        elif how == "kill" and party.up:
            party.kill()
        elif how == "start" and not party.up:
            party.start()
        elif how in ("cut", "mend"):
            party.cut = how == "cut"

    def bus_turns(self, down: bool) -> None:
        self.hurt_ever = True
        self.bus.down = down

    def link_turns(self, up: bool) -> None:
        self.hurt_ever = True
        self.vehicle.link_up = up

    def trouble(self, mode: FlightMode) -> None:
        """The vehicle brings itself home, or down."""
        self.vehicle.turns(mode)

    @property
    def healthy(self) -> bool:
        """A gateway acts, the vehicle hears it, the bus works, and nothing has just broken."""
        works = self.vehicle.link_up and not self.bus.down
        acting = any(g.runs and not g.cut and g.may_act() and g.doubt is None
                     for g in self.gateways)  # fmt: skip
        quiet = all(g.runs or not g.up for g in self.gateways)
        return works and acting and quiet

    @property
    def acts_since(self) -> float:
        """When the gateway that acts began to, after it could not."""
        return max((g.acts_since for g in self.gateways if g.may_act()), default=0.0)

    def hears(self, holder: Holder) -> bool:
        """Whether this person's desk lives and is connected."""
        return any(d.me == holder and d.runs and not d.cut for d in self.desks)

    # -- the end -----------------------------------------------------------------------------------
    def heal(self) -> None:
        """Everything works again, for long enough."""
        self.bus.rough = self.vehicle.rough = 0.0
        self.bus.down, self.vehicle.link_up = False, True
        for party in (*self.desks, *self.gateways):
            party.cut = False
            if not party.up:
                party.start()
            elif party.paused:
                party.wake()
        self.pass_time(HEALS_S)

    def end(self) -> None:
        """After all is mended somebody has control or may take it; his Hold works, and no
        other's."""
        holder = next(filter(None, (self._holds() for _ in range(4))), None)
        if holder is None:
            raise Violation(f"nobody can hold it: {self.bus.history[-1].record}")
        for desk in self.desks:
            if desk is not holder and self._is_heard(desk):
                raise Violation(f"I8: {desk.name} is heard and {holder.name} holds it")

    def _holds(self) -> Desk | None:
        """Who holds it, or takes it now, and is heard; None when that changed just then."""
        record = self.bus.history[-1].record
        if record.holder is None:
            first = next((d for d in self.desks if d.me == record.first), self.desks[-1])
            first.say(ControlAct.TAKE)
            self.pass_time(0.5)
            record = self.bus.history[-1].record
        holder = next((d for d in self.desks if d.me == record.holder), None)
        if holder is None or self._is_heard(holder):
            return holder
        if self.bus.history[-1].record.epoch == record.epoch:
            raise Violation(f"I8: the holder's Hold does not work: {record}")
        return None

    def _is_heard(self, desk: Desk) -> bool:
        command = desk.order(CommandKind.HOLD)
        self.pass_time(0.5)
        return any(a.command == command for a in self.vehicle.log)
