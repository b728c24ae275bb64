"""Who sits at the desks of a fault run: they fly, hand over, ask, take over and claim, by seed.

Each acts on what its own desk shows and on nothing else, through the desk's lines of JSON. Some
of what they try is not theirs to do; that has to be refused.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from gcs.gateway.drone import NEEDS_HOLD
from gcs.model.control import ControlState
from gcs.model.telemetry import Phase
from gcs.shared.bus import NoAnswer
from tests.support.course import HEIGHT_M
from tests.support.line_desk import LineDesk
from tests.support.marked import Mark, target_of
from tests.support.world import World

log = logging.getLogger(__name__)

Words = dict[str, Any]
_PAUSE_S = (0.02, 0.25)
_PRESSED = 0.7  # how often what waits for an answer goes first
_ON_GROUND = (Phase.DOCKED, Phase.LANDED, Phase.SILENT, Phase.ARMED)
_NOT_WAIVED = frozenset({"qualified", "limit", "fence", "plan"})
_NOBODYS = (ControlState.UNOWNED, ControlState.ORPHANED)


class Flyer:
    """One person at one desk. `counter` numbers the test moves of each drone."""

    def __init__(self, world: World, name: str, others: list[str], seed: int) -> None:
        self._world = world
        self.name = name
        self._number = int(name.removeprefix("desk-"))
        self._others = others
        self._random = random.Random(seed)
        self._counters: Counter[str] = Counter()
        self._incident = ""
        self.done: Counter[str] = Counter()  # acts that succeeded
        self.refused: Counter[str] = Counter()

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._random.uniform(*_PAUSE_S))
            shown = await self._desk.ask("show")
            drones = shown["drones"] if shown and shown["role"] else []
            pressing = [d for d in drones if "state" in d and self._handing(d) is not None]
            if drones:
                pressed = pressing if pressing and self._random.random() < _PRESSED else drones
                await self._look(self._random.choice(pressed))

    @property
    def _desk(self) -> LineDesk:
        return self._world.desks[self.name]  # another process after each death

    async def _look(self, shown: Words) -> None:
        """One thing to do about one drone."""
        if "state" not in shown:
            return
        act = self._handing(shown)
        if act is None and self._random.random() < 0.08:
            act = self._move  # whoever holds it: another's has to be refused
        if act is None:
            mine = shown["desk"] == self.name
            act = self._as_holder(shown) if mine else self._as_other(shown)
        if act is not None:
            await act(shown)

    # -- what is to be done ----------------------------------------------------------------------
    def _handing(self, shown: Words) -> "Act | None":
        """My part in a hand-over under way."""
        gives, receives = shown["giver"] == self.name, shown["receiver"] == self.name
        match shown["state"]:
            case ControlState.OFFERED if shown["offered_to"] == self._person:
                return self._one_of(("open_brief", 9), ("decline", 1))
            case ControlState.BRIEFING if receives:
                return self._read
            case ControlState.BRIEFING | ControlState.CHECKED if (
                gives and shown["mode"] in NEEDS_HOLD
            ):
                return self._one_of(("hold", 9), ("move", 1))
            case ControlState.BRIEFING if gives:
                return self._one_of(("waive", 6), ("move", 0.5), ("cancel_offer", 0.2))
            case ControlState.CHECKED if gives:
                return self._one_of(("arm", 9), ("move", 0.5), ("cancel_offer", 0.3))
            case ControlState.ARMED if receives:
                return self._one_of(("assume", 9), ("decline", 0.3))
            case ControlState.ARMED if gives:
                return self._one_of(("move", 1), ("hold", 1), ("cancel_offer", 0.2))
            case ControlState.TRANSFERRING | ControlState.CONFIRMING if receives:
                return self._one_of(("hold", 5), ("move", 5))
            case ControlState.CONFIRMING if gives:
                return self._one_of(("confirm", 8), ("move", 2))
            case ControlState.REQUESTED if shown["desk"] == self.name:
                return self._one_of(("grant", 8), ("refuse", 2))
            case ControlState.FORCED if shown["desk"] == self.name:
                return self._one_of(("object", 1), ("move", 6))
        return None

    def _as_holder(self, shown: Words) -> "Act | None":
        if shown["phase"] in _ON_GROUND:
            return self._launch
        return self._one_of(("move", 16), ("offer", 6), ("hold", 1), ("return", 0.2))

    def _as_other(self, shown: Words) -> "Act | None":
        grounded = shown["phase"] in _ON_GROUND
        if shown["state"] in _NOBODYS:
            return self._launch if grounded else self._one_of(("take", 1))
        if shown["state"] == ControlState.OWNED and not grounded:
            return self._one_of(("nothing", 12), ("request", 2), ("force", 1))
        return None

    def _one_of(self, *choices: tuple[str, float]) -> "Act":
        words = [word for word, _ in choices]
        chosen = self._random.choices(words, [weight for _, weight in choices])[0]
        acts: dict[str, Act] = {
            "move": self._move,
            "waive": self._waive,
            "offer": self._offer,
            "request": lambda s: self._say("request", s, reason="Test request."),
            "force": lambda s: self._say("force", s, reason="Test order."),
            "nothing": self._nothing,
        }
        return acts.get(chosen, lambda s: self._say(chosen, s))

    # -- the acts --------------------------------------------------------------------------------
    @property
    def _person(self) -> str:
        return f"flyer-{self._number}"

    async def _say(self, do: str, shown: Words, **words: Any) -> bool:
        answer = await self._desk.ask(do, drone=shown["drone"], **words)
        if answer is None:
            return False
        self._note(do, answer)
        return bool(answer["ok"])

    async def _nothing(self, shown: Words) -> None:
        """He watches."""

    async def _move(self, shown: Words) -> None:
        """A test move under the epoch that the desk acts under, or not at all."""
        drone, epoch = shown["drone"], shown["epoch"]
        self._counters[drone] += 1
        mark = Mark(self._number, epoch, self._counters[drone])
        at = target_of(self._world.site, drone, mark)
        place = {"lat_deg": at.lat_deg, "lon_deg": at.lon_deg, "height_m": HEIGHT_M}
        mine = "move" if shown["desk"] == self.name else "move of another's"
        answer = await self._desk.ask("go_to", drone=drone, epoch=epoch, **place)
        if answer is not None:
            self._note(mine, answer)

    def _note(self, act: str, answer: Words) -> None:
        (self.done if answer["ok"] else self.refused)[act] += 1
        if not answer["ok"]:
            log.debug("%s: %s: %s", self.name, act, answer["text"])

    async def _offer(self, shown: Words) -> None:
        await self._say("offer", shown, person=self._random.choice(self._others), reason="Test.")

    async def _waive(self, shown: Words) -> None:
        for key in set(shown["failed"]) - _NOT_WAIVED - set(shown["waived"]):
            await self._say("waive", shown, check=key)

    async def _read(self, shown: Words) -> None:
        """Every line that is not ticked, and what this run has no pictures for is waived."""
        await self._waive(shown)
        for key, digest in shown["unread"]:
            await self._say("tick", shown, key=key, digest=digest)

    async def _launch(self, shown: Words) -> None:
        if shown["phase"] != Phase.DOCKED:
            return
        try:
            async with asyncio.timeout(5.0):
                key = await self._world.call(shown["drone"])
        except (NoAnswer, TimeoutError):
            return  # no bus just now: later
        answer = await self._desk.ask("take_incident", incident=key)
        if answer and answer["ok"]:
            await self._say("launch", shown, incident=key, height_m=HEIGHT_M)


Act = Callable[[Words], Awaitable[object]]
