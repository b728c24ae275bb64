"""Two desks and a drone between them, brought to a state of the hand-over by their own lines."""

from typing import Any

from gcs.model.control import CLAIMED, ControlState
from gcs.model.telemetry import FlightMode
from tests.faults.records import Records
from tests.support.course import HEIGHT_M, launch
from tests.support.line_desk import LineDesk
from tests.support.marked import Mark, target_of
from tests.support.world import World, until

_WITHIN_S = 60.0
_WAIVED = frozenset({"telemetry", "video", "round_trip", "neutral", "battery", "clock"})
_ORDER = (
    ControlState.OWNED,
    ControlState.OFFERED,
    ControlState.BRIEFING,
    ControlState.CHECKED,
    ControlState.ARMED,
    ControlState.CONFIRMING,
)


class Duo:
    """Giver and receiver by the names of their desks. `step` does what leads to a state."""

    def __init__(
        self, world: World, records: Records, drone: str, giver: str, receiver: str
    ) -> None:
        self.world, self.records, self.drone = world, records, drone
        self.giver, self.receiver = giver, receiver
        self._moves = 0

    @property
    def gives(self) -> LineDesk:
        return self.world.desks[self.giver]

    @property
    def receives(self) -> LineDesk:
        return self.world.desks[self.receiver]

    @property
    def state(self) -> ControlState:
        return self.records.newest[self.drone].state

    async def owned(self) -> None:
        """The giver launches it and holds it."""
        await launch(self.world, self.giver, self.drone)
        await self.gives.done("hold", drone=self.drone)
        await until(self._holding, f"{self.drone} holding", _WITHIN_S)

    async def to(self, state: ControlState) -> None:
        """From where it is to a later state, step by step."""
        way = (ControlState.OWNED, state) if state in CLAIMED else _ORDER
        for step in way[way.index(self.state) + 1 : way.index(state) + 1]:
            await self.step(step)

    async def step(self, state: ControlState) -> None:
        """The one step that leads to this state."""
        person = f"flyer-{self.receiver.removeprefix('desk-')}"
        match state:
            case ControlState.OFFERED:
                await self._until_done(self.gives, "offer", person=person, reason="Test.")
            case ControlState.REQUESTED:
                await self._until_done(self.receives, "request", reason="Test.")
            case ControlState.FORCED:
                await self._until_done(self.receives, "force", reason="Test.")
            case ControlState.BRIEFING:
                await self._until_done(self.receives, "open_brief")
            case ControlState.CHECKED:
                await until(self._read, f"{self.drone} checked", _WITHIN_S)
            case ControlState.ARMED:
                await self._until_done(self.gives, "arm")
            case ControlState.CONFIRMING:
                await self._until_done(self.receives, "assume")
        await until(lambda: self.state is state, f"{self.drone} {state}", _WITHIN_S)

    async def move(self, by: str) -> bool:
        """A test move by one of the two desks; whether it was taken."""
        desk = self.world.desks[by]
        shown = await desk.drone(self.drone)
        if shown is None or "epoch" not in shown:
            return False
        self._moves += 1
        mark = Mark(int(by.removeprefix("desk-")), shown["epoch"], self._moves)
        at = target_of(self.world.site, self.drone, mark)
        place = {"lat_deg": at.lat_deg, "lon_deg": at.lon_deg, "height_m": HEIGHT_M}
        answer = await desk.ask("go_to", drone=self.drone, epoch=shown["epoch"], **place)
        return bool(answer and answer["ok"])

    # -- how -------------------------------------------------------------------------------------
    async def _holding(self) -> bool:
        shown = await self.gives.drone(self.drone)
        return shown is not None and shown["mode"] == FlightMode.HOLD

    async def _until_done(self, desk: LineDesk, do: str, **words: Any) -> None:
        async def done() -> bool:
            answer = await desk.ask(do, drone=self.drone, **words)
            return bool(answer and answer["ok"])

        await until(done, f"{do} of {self.drone}", _WITHIN_S)

    async def _read(self) -> bool:
        """Tick and waive what is open; whether it is checked."""
        for desk in (self.receives, self.gives):
            shown = await desk.drone(self.drone)
            if shown is None or shown["state"] != ControlState.BRIEFING:
                return self.state is ControlState.CHECKED
            for key in (set(shown["failed"]) & _WAIVED) - set(shown["waived"]):
                await desk.ask("waive", drone=self.drone, check=key)
            for key, digest in shown["unread"] if desk is self.receives else ():
                await desk.ask("tick", drone=self.drone, key=key, digest=digest)
        return False
