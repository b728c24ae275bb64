"""A desk on relief duty: receives what is offered to it, brings the drone home, closes.

For exercises with one person and for tests. It acts as any operator does, by `DeskActions`. It
takes the flight and no open alert: their lines in the brief it leaves unread.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import MissionState
from gcs.model.telemetry import Phase
from gcs.station.actions import DeskActions, Outcome
from gcs.station.state import DeskState, Topic

log = logging.getLogger(__name__)

READ_OFFER_S = 1.5
READ_LINE_S = 0.2
WATCH_S = 6.0
AGAIN_S = 2.0
NO_PICTURE = "video"  # a desk without windows has none: both waive it
HEARD = (Topic.CONTROL, Topic.BRIEF, Topic.MISSION, Topic.FLEET)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next, and how long it is left to show its effect."""

    words: str
    act: Callable[[], Awaitable[Outcome]]
    rests_s: float = 0.0


class ReliefDuty:
    """Waits for offers to this desk's person; `run` ends only by being cancelled."""

    def __init__(self, state: DeskState, actions: DeskActions) -> None:
        self._state = state
        self._actions = actions
        self._changed = asyncio.Event()
        for topic in HEARD:
            state.subscribe(topic, lambda _: self._changed.set())

    async def run(self) -> None:
        """Serve one offer after the other."""
        while True:
            await self._until(lambda: bool(self._state.offers_to_me()))
            await asyncio.sleep(READ_OFFER_S)
            for record in self._state.offers_to_me():
                await self._relieve(record)

    async def _relieve(self, offered: ControlRecord) -> None:
        drone, key = offered.drone, offered.incident
        if not (await self._say("open", self._actions.open_brief(drone))).ok:
            return
        if not await self._received(drone):
            return
        await asyncio.sleep(WATCH_S)
        while self._flying(drone) and self._held(drone):
            if (await self._say("return", self._actions.return_home(drone))).ok:
                break
            await asyncio.sleep(AGAIN_S)
        await self._until(lambda: not self._held(drone))
        while key is not None and self._mine(key):
            if (await self._say("close", self._actions.close_incident(key, "Area checked."))).ok:
                return
            await asyncio.sleep(AGAIN_S)

    # -- the hand-over -------------------------------------------------------------------------
    async def _received(self, drone: str) -> bool:
        """Through the hand-over, step by step; whether this desk has it at its end."""
        while self._receives(drone):
            self._changed.clear()
            step = self._next(drone)
            if step is None:
                await self._changed.wait()
                continue
            done = await self._say(step.words, step.act())
            await asyncio.sleep(step.rests_s if done.ok else AGAIN_S)
        return self._held(drone)

    def _next(self, drone: str) -> Step | None:
        """The receiver's next step; None while it is another's turn."""
        record = self._state.control(drone)
        if record is None or record.handover is None:
            return None
        if record.state is ControlState.BRIEFING:
            return self._reading(drone)
        if record.state is ControlState.ARMED:
            return Step("assume", lambda: self._actions.assume(drone))
        if record.state is ControlState.CONFIRMING and not record.handover.reasserted:
            return Step("hold", lambda: self._actions.hold(drone), AGAIN_S)
        return None

    def _reading(self, drone: str) -> Step | None:
        """A line that is not read as it stands, or the picture that this desk cannot have."""
        record, sheet = self._state.control(drone), self._state.brief(drone)
        if sheet is None or record is None or record.handover is None:
            return None
        handover = record.handover
        unread = next((line for line in sheet.lines if line not in handover.ticked), None)
        if unread is not None:
            line = unread
            return Step(f"read {line.key}", lambda: self._actions.tick(drone, line), READ_LINE_S)
        lacks = any(check.key == NO_PICTURE and not check.ok for check in sheet.checks)
        if lacks and (NO_PICTURE, self._state.me.person) not in handover.waived:
            return Step(f"waive {NO_PICTURE}", lambda: self._actions.waive(drone, NO_PICTURE))
        return None

    def _receives(self, drone: str) -> bool:
        record = self._state.control(drone)
        handover = record.handover if record else None
        return handover is not None and handover.receiver == self._state.me

    # -- the flight ----------------------------------------------------------------------------
    def _held(self, drone: str) -> bool:
        record = self._state.control(drone)
        return record is not None and record.holder == self._state.me

    def _flying(self, drone: str) -> bool:
        view = self._state.fleet.get(drone)
        return view is not None and view.telemetry.phase not in (Phase.RETURNING, Phase.DOCKED)

    def _mine(self, key: str) -> bool:
        mission = self._state.mission(key)
        return (
            mission is not None
            and mission.state is not MissionState.CLOSED
            and mission.owner == self._state.me
        )

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def _say(self, what: str, act: Awaitable[Outcome]) -> Outcome:
        outcome = await act
        log.info("relief: %s: %s", what, outcome.text)
        return outcome
