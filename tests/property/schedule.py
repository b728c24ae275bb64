"""Schedules of what people do and what breaks, as a hypothesis machine."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gcs.model.brief import Line
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct
from gcs.model.telemetry import FlightMode
from tests.property.gateway import Parts
from tests.property.observer import Auditor, Observer
from tests.property.world import World

KINDS = (CommandKind.GO_TO, CommandKind.GO_TO, CommandKind.HOLD, CommandKind.RETURN,
         CommandKind.PLAN_RESUME)  # fmt: skip
WAITS_S = (0.05, 0.3, 1.0, 2.5, 6.5, 11.0)
DESK = st.integers(0, 3)
HURTS = st.sampled_from(("pause", "pause", "wake", "wake", "kill", "start", "start", "cut", "mend"))


class Schedule(RuleBasedStateMachine):
    """The observer looks after each step; at the end all is mended and somebody must fly it."""

    parts = Parts()
    observer: type[Observer] = Auditor

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None

    @initialize(
        seed=st.integers(0, 2**32), desks=st.integers(2, 4), rough=st.sampled_from((0.0, 0.2, 0.7))
    )
    def begins(self, seed: int, desks: int, rough: float) -> None:
        self.world = World(seed, desks, rough, self.parts, self.observer)

    @property
    def there(self) -> World:
        assert self.world is not None
        return self.world

    @rule(steps=st.sampled_from((1, 4, 9, 14)), to=DESK)
    def a_hand_over_goes_on(self, steps: int, to: int) -> None:
        self.there.goes_on(steps, to)

    @rule(who=DESK, act=st.sampled_from(ControlAct), to=DESK)
    def somebody_asks(self, who: int, act: ControlAct, to: int) -> None:
        world = self.there
        desks = world.desks
        desks[who % len(desks)].say(act, desks[to % len(desks)])
        world.pass_time(0.05)

    @rule(who=DESK, kind=st.sampled_from(KINDS))
    def somebody_orders(self, who: int, kind: CommandKind) -> None:
        world = self.there
        world.desks[who % len(world.desks)].order(kind)
        world.pass_time(0.05)

    @rule(kind=st.sampled_from(KINDS))
    def everybody_orders(self, kind: CommandKind) -> None:
        self.there.all_order(kind)

    @rule(seconds=st.sampled_from((7.0, 14.0)), to=DESK)
    def the_world_splits(self, seconds: float, to: int) -> None:
        self.there.splits(seconds, to)

    @rule(who=DESK, number=st.integers(0, 7))
    def something_comes_again(self, who: int, number: int) -> None:
        world = self.there
        world.desks[who % len(world.desks)].again(number)
        world.pass_time(0.05)

    @rule(seconds=st.sampled_from(WAITS_S))
    def time_passes(self, seconds: float) -> None:
        self.there.pass_time(seconds)

    @rule(who=DESK, how=HURTS)
    def a_desk_is_hurt(self, who: int, how: str) -> None:
        self.there.hurt(self.there.desks[who % len(self.there.desks)], how)

    @rule(who=st.integers(0, 1), how=HURTS, seconds=st.sampled_from(WAITS_S))
    def a_gateway_is_hurt(self, who: int, how: str, seconds: float) -> None:
        self.there.hurt(self.there.gateways[who], how)
        self.there.pass_time(seconds)

    @rule(
        what=st.sampled_from(("bus", "link", "brief", "check", "return", "land")), on=st.booleans()
    )
    def something_happens(self, what: str, on: bool) -> None:
        world = self.there
        if what == "bus":
            world.bus_turns(down=on)
        elif what == "link":
            world.link_turns(up=on)
        elif what == "brief":
            world.lines = (Line("battery", world.number("b")), *world.lines[1:])
        elif what == "check":
            world.failed = ("video",) if on else ()
        else:
            world.trouble(FlightMode.RETURN if what == "return" else FlightMode.LAND)
        world.pass_time(0.05)

    def teardown(self) -> None:
        if self.world is not None:
            self.world.heal()
            self.world.end()
